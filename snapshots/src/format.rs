//! The transcript format as values: what a file says, line by line.

use std::fmt;
use std::ops::Range;

use gmbot_engine::model::{AtMs, DurationMs, Role};
use gmbot_engine::reply::Code;
use regex::Regex;

use crate::world::{Meaning, World};

pub(crate) mod escape;
mod event;
mod header;
mod parse;
mod speaker;
mod words;

/// The name under which a person speaks to the bot alone: `dm/ann> gmbot status`.
pub const DIRECT: &str = "dm";

/// A transcript that was read.
#[derive(Debug, Clone)]
pub struct Transcript {
    /// Where it was read from, as it is shown in failures.
    pub path: String,
    /// Its lines as they stand.
    pub lines: Vec<String>,
    /// When it begins.
    pub clock: AtMs,
    /// Who is there when it begins.
    pub world: World,
    /// What happens, in order.
    pub steps: Vec<Step>,
}

/// One thing that a transcript says.
#[derive(Debug, Clone)]
pub struct Step {
    /// The lines that say it, counted from 0.
    pub lines: Range<usize>,
    /// What it says.
    pub kind: StepKind,
}

impl Step {
    /// The number of its first line as people count, from 1.
    pub fn line(&self) -> usize {
        self.lines.start + 1
    }
}

/// Kinds of steps.
#[derive(Debug, Clone)]
pub enum StepKind {
    /// `clan/actor> line`: somebody says something.
    Say {
        /// Who says it, and where.
        speaker: Speaker,
        /// The files that come with it.
        files: Vec<File>,
        /// The line, with `$name` still in it.
        text: String,
    },
    /// `clan/actor! Label`: somebody presses the newest action of this name that their clan saw.
    Press {
        /// Who presses, and where.
        speaker: Speaker,
        /// What the action is called.
        label: String,
    },
    /// `= CODE` and what follows: the answer to the line before.
    Reply(Expected),
    /// `clan< CODE` and what follows: a notice that arrives at a clan.
    Notice {
        /// The clan, by its short name in the transcript.
        clan: String,
        /// What arrives.
        expected: Expected,
    },
    /// `let name = REGEX`: keeps what the group matches in the plain text read last.
    Let {
        /// What `$name` stands for from here on.
        name: String,
        /// What to look for; it has one group.
        pattern: Regex,
    },
    /// `>> 25h`: the clock moves; `<< 5m`: it is set back.
    Advance(DurationMs),
    /// `!dup`: the last line arrives a second time, under the same key; `!dup clan/actor`: the last
    /// one that this person said.
    Duplicate(Option<(String, String)>),
    /// `!reuse`: the next line comes under the key of the last one.
    Reuse,
    /// `!restart`: the backend stops and starts again on the same database.
    Restart,
    /// `!outage clan` and `!online clan`: nothing reaches a clan until it is online again.
    Reach {
        /// The clan.
        clan: String,
        /// Whether notices get there from here on.
        online: bool,
    },
    /// `!late 11m`: the next line was said so long before it reaches the bot.
    Late(DurationMs),
    /// `!gone clan`, `!rename clan "Name"` and the like: what a platform says happened.
    Fact(Happening),
    /// `!bot @name`, `!role @name` and the like: what a mention means from here on.
    Mean {
        /// The mention, without its `@`.
        name: String,
        /// What it means.
        meaning: Meaning,
    },
    /// `@only a,b` and `@requires ABILITY "why"`: a part for some faces, up to its `@end`.
    Begin(Restriction),
    /// `@end`: the end of such a part.
    End,
}

impl StepKind {
    /// Whether it is said under an idempotency key of its own.
    pub(crate) fn takes_key(&self) -> bool {
        matches!(self, Self::Say { .. } | Self::Press { .. } | Self::Fact(_))
    }
}

/// Who speaks, where, and what the platform vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speaker {
    /// The clan's short name in the transcript, or [`DIRECT`].
    pub clan: String,
    /// The person's name; none: a client that acts for itself (`clan/> line`).
    pub actor: Option<String>,
    /// `+operator`: the person operates the bot.
    pub operator: bool,
    /// `+member` or `+co-leader`: a role that a trusted client states.
    pub stated_role: Option<Role>,
}

/// A file that comes with a line. Its content follows from its name, so that it is the same on every
/// face.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name; what it ends in decides what is in it.
    pub name: String,
    /// How long it is in bytes; none: as short as it can be.
    pub size: Option<usize>,
}

/// What an answer or a notice has to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Its code.
    pub code: Wanted,
    /// Its plain text.
    pub text: Vec<TextLine>,
}

/// Which answer is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// One with this code.
    Code(Code),
    /// None at all, written `-`: the line was not for the bot.
    Nothing,
    /// Not written yet: blessing fills it in.
    Blank,
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => code.fmt(f),
            Self::Nothing => f.write_str("-"),
            Self::Blank => f.write_str("(blank)"),
        }
    }
}

/// A line of expected text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextLine {
    /// This line, with odd characters as `\u{…}`.
    Exactly(String),
    /// `| …`: any lines, or none.
    Any,
}

/// What a platform says happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// `!gone clan`: the bot was removed from the space.
    Gone(String),
    /// `!back clan`: the bot is in the space (again).
    Back(String),
    /// `!left clan/actor`: somebody left the space.
    Left(String, String),
    /// `!joined clan/actor`: somebody is in the space from here on; platforms tell the bot nothing.
    Joined(String, String),
    /// `!rename clan "Name"`: the space has another name.
    Renamed(String, String),
    /// `!moved clan id`: the platform gave the space another id.
    Moved(String, String),
    /// `!owner clan @actor`: somebody else owns the space.
    Owner(String, String),
}

/// On which faces a part of a transcript runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Restriction {
    /// On these, by name.
    Only(Vec<String>),
    /// On those that have an ability.
    Requires {
        /// The ability's name.
        ability: crate::face::Ability,
        /// Why the part needs it.
        why: String,
    },
}

/// A transcript that can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}:{line}: {message}")]
pub struct FormatError {
    /// The file.
    pub path: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong and what is expected.
    pub message: String,
}

impl Transcript {
    /// Reads a transcript; `path` is what failures call it.
    ///
    /// # Errors
    /// At the first line that can't be read.
    pub fn parse(path: &str, text: &str) -> Result<Self, FormatError> {
        parse::parse(path, text)
    }
}
