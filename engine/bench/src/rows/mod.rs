//! The rows of the table, a file for each family.

mod clients;
mod createwar;
mod growth;
mod observing;
pub(crate) mod parse;
mod rank;
mod screen;
mod startup;
mod verify;

use std::fmt;

use clap::ValueEnum;

use gmbot_bench::Failure;
use gmbot_bench::page::Line;

/// A family of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Row {
    /// A line, to the typed command.
    Parse,
    /// One client: what the engine costs beside SQLite.
    Createwar,
    /// What it costs to be looked at.
    Observing,
    /// Many clients: group commit.
    Clients,
    /// The binary as a process.
    Startup,
    /// The screen at a terminal.
    Screen,
    /// A clan's rank and the first ten.
    Rank,
    /// What more wars make of a command.
    Growth,
    /// Replaying and comparing the log.
    Verify,
}

impl Row {
    /// All of them, as they stand in the table.
    pub(crate) fn all() -> Vec<Self> {
        Self::value_variants().to_vec()
    }

    /// Measures.
    pub(crate) fn measure(self) -> Result<Vec<Line>, Failure> {
        match self {
            Self::Parse => parse::measure(),
            Self::Createwar => createwar::measure(),
            Self::Observing => observing::measure(),
            Self::Clients => clients::measure(),
            Self::Startup => startup::measure(),
            Self::Screen => screen::measure(),
            Self::Rank => rank::measure(),
            Self::Growth => growth::measure(),
            Self::Verify => verify::measure(),
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.to_possible_value().as_ref().map_or("", |value| value.get_name()))
    }
}
