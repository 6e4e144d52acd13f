//! What can be wrong with a configuration, as its author is told: where, what, what to do next.

use std::path::PathBuf;

use super::Origin;

/// A mistake in the sources of settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Mistake {
    /// Something is wrong at one place.
    #[error("{0}: {1}")]
    At(Origin, Fault),
    /// Two settings exclude each other.
    #[error("{0} and {1} exclude each other; leave one of them out")]
    Both(String, String),
    /// `--set` without a value.
    #[error("`--set` takes a key and a value: `--set http.listen=127.0.0.1:8080`")]
    NoValue,
    /// Others can change the file.
    #[error(
        "everybody on this computer can change `{file}`, and with it what gmbot does; \
         take that right away with `chmod o-w {file}`",
        file = .0.display()
    )]
    Unguarded(PathBuf),
}

/// What is wrong at a place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    /// The file is not TOML there.
    #[error("this is not TOML: {0}")]
    Syntax(String),
    /// No setting has that name.
    #[error("unknown key `{key}`; {next}")]
    UnknownKey {
        /// The name.
        key: String,
        /// What to do about it.
        next: String,
    },
    /// No profile has that name.
    #[error("unknown profile `{name}`; {next}")]
    UnknownProfile {
        /// The name.
        name: String,
        /// What to do about it.
        next: String,
    },
    /// A setting can't have that value.
    #[error("`{key}` is {found}; it has to be {wanted}")]
    BadValue {
        /// The setting.
        key: &'static str,
        /// What is there.
        found: String,
        /// What has to be there.
        wanted: String,
    },
    /// A secret is where others may see it.
    #[error("`{key}` is a secret and does not belong here; {next}")]
    ExposedSecret {
        /// The setting.
        key: &'static str,
        /// Where it belongs.
        next: String,
    },
    /// A setting belongs to a face that was not built.
    #[error("`{key}` needs a gmbot that was built with the feature `{feature}`")]
    NotBuilt {
        /// The setting.
        key: String,
        /// What to build it with.
        feature: &'static str,
    },
}

impl Mistake {
    /// The line of the file where it is; what is elsewhere comes last.
    pub(super) fn line(&self) -> usize {
        match self {
            Self::At(Origin::File { line, .. }, _) => *line,
            Self::At(..) | Self::Both(..) | Self::NoValue | Self::Unguarded(_) => usize::MAX,
        }
    }
}
