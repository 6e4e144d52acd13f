//! What can be wrong with a patch, with the table of what notices them, or with the computer.

use std::io;
use std::path::{Path, PathBuf};

/// Why a patch can't be tried, or should not have ended as it did.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error("`{}`: {error}", path.display())]
    File { path: PathBuf, error: io::Error },
    #[error("the folder of the project can't be listed: {0}")]
    NoListing(#[from] ignore::Error),
    #[error("nothing can be written: {0}")]
    NoTerminal(io::Error),
    #[error("there is no patch `{0}`; `ls snapshots/mutants/patches` lists them")]
    Unknown(String),
    #[error("the patch `{name}` can't be read: {why}")]
    BadPatch { name: String, why: String },
    #[error("the patch `{name}` no longer applies to `{}`: {why}; make it anew", file.display())]
    Rotten { name: String, file: PathBuf, why: String },
    #[error("with `{name}` the project does not build, which says nothing about its tests:\n{why}")]
    NoBuild { name: String, why: String },
    #[error("`{test}` ended with {ended} and named nothing that failed:\n{said}")]
    NoVerdict { test: String, ended: String, said: String },
    #[error(
        "`{0}` only shows on PostgreSQL: `.ci/with-postgres just mutants {0}`, or set GMBOT_TEST_POSTGRES"
    )]
    NoServer(String),
    #[error("nothing notices `{0}`: a test is missing")]
    Survivor(String),
    #[error(
        "docs/reliability.md says something else of `{0}`; `just mutants --write {0}` corrects it"
    )]
    TableDiffers(String),
    #[error("docs/reliability.md has no table between `{0}` and `{1}`")]
    NoTable(&'static str, &'static str),
}

impl Trouble {
    /// For `map_err` on what was done with a file.
    pub(crate) fn with(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::File { path: path.to_owned(), error }
    }
}
