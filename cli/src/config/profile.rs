//! Profiles: for what the program runs, which chooses a part of the file, and some defaults.

use clap::ValueEnum;
use gmbot_engine::grammar::nearest;

use super::{Fault, Mistake, Origin, PROFILE_VARIABLE};
use crate::options::Flags;

/// For what the program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Profile {
    /// To try things.
    #[default]
    Development,
    /// For a community.
    Production,
}

impl Profile {
    /// Its name, as the file has it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Production => "production",
        }
    }

    /// The profile of a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::from_str(name, false).ok()
    }
}

/// The mistake of a profile that does not exist.
pub(super) fn unknown(name: &str, origin: Origin) -> Mistake {
    let names = Profile::value_variants().iter().map(|profile| profile.name());
    let next = match nearest(name, names) {
        Some(close) => format!("did you mean `{close}`?"),
        None => "there are `development` and `production`".to_owned(),
    };
    Mistake::At(origin, Fault::UnknownProfile { name: name.to_owned(), next })
}

/// The profile that the flag or the environment chooses. The file chooses none, so that one file
/// serves both.
pub(super) fn chosen(flags: &Flags, mistakes: &mut Vec<Mistake>) -> (Profile, Origin) {
    if let Some(profile) = flags.profile {
        return (profile, Origin::Flag("--profile"));
    }
    let set = std::env::var_os(PROFILE_VARIABLE).filter(|value| !value.is_empty());
    let Some(value) = set else { return (Profile::default(), Origin::Default) };
    let name = value.to_string_lossy();
    let origin = Origin::Environment(PROFILE_VARIABLE.to_owned());
    match Profile::named(&name) {
        Some(profile) => (profile, origin),
        None => {
            mistakes.push(unknown(&name, origin));
            (Profile::default(), Origin::Default)
        }
    }
}
