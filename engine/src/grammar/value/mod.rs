//! Readers of single values: text in, a value or a fact about what is wrong with it out.

mod clock;
mod format;
mod game;
mod plain;

pub(super) use clock::{duration, time};
pub(super) use format::{format, is_code};
pub(super) use game::{exact_game, game};
pub(super) use plain::{
    channel, clan, command, count, is_winner_keyword, outcome, range, score, text, url, war,
    winner, word, yes_no, zone,
};

use crate::reply::Code;

/// What is wrong with a value; its place is known to the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// What kind of mistake.
    pub(super) code: Code,
    /// What is wrong, as a [`super::Problem`] says it.
    pub(super) message: String,
    /// What to write instead, where something is close.
    pub(super) suggestion: Option<String>,
}

impl Fault {
    fn new(code: Code, message: String) -> Self {
        Self { code, message, suggestion: None }
    }

    fn value(message: String) -> Self {
        Self::new(Code::BadValue, message)
    }

    fn suggest(self, suggestion: Option<impl Into<String>>) -> Self {
        Self { suggestion: suggestion.map(Into::into), ..self }
    }
}
