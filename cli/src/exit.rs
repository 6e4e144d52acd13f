//! Exit statuses: what a script learns without reading.

use std::process::ExitCode;

use gmbot_engine::reply::{Code, Status};

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// It was done, or here is the answer.
    Done = 0,
    /// A rule refuses it.
    Refused = 1,
    /// It was not understood.
    NotUnderstood = 2,
    /// The store or the backend failed.
    Failed = 3,
}

impl From<Code> for Exit {
    fn from(code: Code) -> Self {
        match code.status() {
            Status::Done | Status::Created => Self::Done,
            Status::NotUnderstood => Self::NotUnderstood,
            Status::Forbidden
            | Status::NotFound
            | Status::Conflict
            | Status::Refused
            | Status::TooMany => Self::Refused,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
