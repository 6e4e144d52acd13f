//! How a rule says no: a fact with a code, a sentence, and a way out.

use crate::grammar::Command;
use crate::reply::{Code, Reply, Text};
use crate::store::StoreError;

/// A rule's result.
pub(crate) type Ruling<T> = Result<T, Stop>;

/// Why a rule stopped. Neither is a panic: the first is an answer, the second rolls back.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The user gets an answer that says why not.
    Refused(Box<Reply>),
    /// The world outside failed.
    Failed(StoreError),
}

/// A refusal being written.
#[derive(Debug)]
pub(crate) struct Refusal(Box<Reply>);

/// A refusal: what does not work, lower case, without a final period.
pub(crate) fn refuse(code: Code, fact: impl Into<Text>) -> Refusal {
    Refusal(Box::new(Reply::new(code).to_actor().say(fact)))
}

impl Refusal {
    /// Adds the next step.
    pub(crate) fn hint(self, next: impl Into<Text>) -> Self {
        Self(Box::new(self.0.hint(next)))
    }

    /// Adds something to press.
    pub(crate) fn action(self, label: &str, command: Command) -> Self {
        Self(Box::new(self.0.action(label, command)))
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal.0)
    }
}

/// Stops with a refusal unless a condition holds.
pub(crate) fn require(holds: bool, refusal: impl FnOnce() -> Refusal) -> Ruling<()> {
    if holds { Ok(()) } else { Err(refusal().into()) }
}
