//! Where a setting came from.

use std::fmt;
use std::path::PathBuf;

use super::Profile;

/// Where a setting came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The program itself.
    Default,
    /// A line of the file (from 1), in the part of a profile or outside of all.
    File { file: PathBuf, line: usize, profile: Option<Profile> },
    /// A variable of the environment.
    Environment(String),
    /// An option on the command line.
    Flag(&'static str),
}

impl Origin {
    /// Which source wins: the one with the larger number.
    pub(crate) fn weight(&self) -> u8 {
        match self {
            Self::Default => 0,
            Self::File { profile: None, .. } => 1,
            Self::File { profile: Some(_), .. } => 2,
            Self::Environment(_) => 3,
            Self::Flag(_) => 4,
        }
    }

    /// The source in one word, for programs.
    pub(crate) fn source(&self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::File { .. } => "file",
            Self::Environment(_) => "environment",
            Self::Flag(_) => "flag",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { file, line, .. } => write!(f, "{}:{line}", file.display()),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::Flag(name) => f.write_str(name),
        }
    }
}
