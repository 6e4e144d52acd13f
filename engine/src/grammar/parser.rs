//! From words to a typed command: a parser that recovers, and reports all that is wrong at once.

use super::command::Command;
use super::problem::Problem;
use super::table::{CommandSpec, Kind};
use crate::model::Game;
use crate::request::Input;

/// What the parser must be told to read live names: games, people, and how the space calls the bot.
pub trait Vocabulary {
    /// All games, in order of id.
    fn games(&self) -> &[Game];
    /// Whether somebody in the clan has this name, as last seen (for names of several words).
    fn is_player_name(&self, name: &str) -> bool;
    /// A word that starts a line for the bot here, besides `gmbot`.
    fn prefix(&self) -> Option<&str>;
    /// Whether a line is for the bot without any such word (a direct message).
    fn is_direct(&self) -> bool;
    /// Whether this word mentions the bot itself.
    fn is_bot(&self, written: &str) -> bool;
}

/// What an input turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// Not for the bot: no answer, ever.
    NotForBot,
    /// A command, with remarks on how it was understood (`took "Mini Miltitia" for Mini Militia`).
    Command {
        /// What is to be done.
        command: Command,
        /// Remarks for the answer.
        notes: Vec<String>,
    },
    /// Something is wrong with it.
    Problems {
        /// The line, or the terminal's words as one.
        line: String,
        /// All that is wrong, in order of place; never empty.
        problems: Vec<Problem>,
        /// The command that was meant, as far as that is clear.
        spec: Option<&'static CommandSpec>,
    },
}

/// Reads a line, a terminal's words or structured input. Facts are no commands: they read as
/// [`Reading::NotForBot`].
pub fn read(input: &Input, vocabulary: &dyn Vocabulary) -> Reading {
    unimplemented!("{input:?} {}", vocabulary.is_direct())
}

/// Whether an input can be answered without writing, as far as its first words say; what can't be
/// read is a query, since its answer writes nothing.
pub fn kind_of(input: &Input) -> Kind {
    unimplemented!("{input:?}")
}
