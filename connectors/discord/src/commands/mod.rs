//! Application commands, made of the command table: one command `/gmbot` with a group for each kind
//! of command, and `/gmbot run line:…` for whatever is quicker to type.

mod fingerprint;

use gmbot_engine::grammar::{Access, CommandSpec, Kind, ParamSpec, TABLE, ValueKind};
use serde::Serialize;

pub use fingerprint::fingerprint;

/// The name of the one application command.
pub const NAME: &str = "gmbot";
/// The subcommand that takes a whole line, and the name of its only option.
pub const RUN: (&str, &str) = ("run", "line");
/// The option by which an image comes with `proof`: a file has no place in the command language.
pub const IMAGE: &str = "image";
/// The longest line, in characters: what the language takes.
const LONGEST_LINE: u32 = 4000;

/// An application command, or an option of one, as Discord's JSON has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Definition {
    /// 1 for the command itself; an option's type otherwise.
    #[serde(rename = "type")]
    pub kind: u8,
    /// The name, 1 to 32 lower-case letters, digits, `-` or `_`.
    pub name: String,
    /// What it is, in 1 to 100 characters.
    pub description: String,
    /// Whether it has to be filled in.
    #[serde(skip_serializing_if = "is_false")]
    pub required: bool,
    /// Whether the bot proposes values while one types.
    #[serde(skip_serializing_if = "is_false")]
    pub autocomplete: bool,
    /// The only values it takes, each with its name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// The smallest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_value: Option<u32>,
    /// The largest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_value: Option<u32>,
    /// How long a text may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// The kinds of channels to choose from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub channel_types: Vec<u8>,
    /// Its own options: groups, subcommands, parameters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Self>,
    /// Where it can be used: 0 servers, 1 direct messages with the bot. For the command itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contexts: Vec<u8>,
    /// How the bot is installed: 0 in servers. For the command itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub integration_types: Vec<u8>,
}

/// A value to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// What is shown.
    pub name: String,
    /// What is sent.
    pub value: String,
}

fn is_false(value: &bool) -> bool {
    !*value
}

/// Discord's numbers for the types of options.
mod kind {
    pub(super) const COMMAND: u8 = 1;
    pub(super) const SUBCOMMAND: u8 = 1;
    pub(super) const GROUP: u8 = 2;
    pub(super) const STRING: u8 = 3;
    pub(super) const INTEGER: u8 = 4;
    pub(super) const BOOLEAN: u8 = 5;
    pub(super) const USER: u8 = 6;
    pub(super) const CHANNEL: u8 = 7;
    pub(super) const ATTACHMENT: u8 = 11;
}

/// A group of subcommands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    War,
    Clan,
    Info,
    Operator,
}

impl Group {
    const ALL: [Self; 4] = [Self::War, Self::Clan, Self::Info, Self::Operator];

    /// Where a command belongs: what the operator alone may, what is about one war, what only looks,
    /// and the rest, which is about clans and people.
    fn of(spec: &CommandSpec) -> Self {
        let about_war =
            |param: &ParamSpec| matches!(param.value, ValueKind::War | ValueKind::Format);
        if spec.access == Access::Operator {
            Self::Operator
        } else if spec.params.iter().any(about_war) {
            Self::War
        } else if spec.kind == Kind::Query {
            Self::Info
        } else {
            Self::Clan
        }
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::War => ("war", "wars: challenge, accept, vote, and what belongs to them"),
            Self::Clan => ("clan", "your clan, its people, and yourself"),
            Self::Info => ("info", "what there is to look up"),
            Self::Operator => ("operator", "for who operates this gmbot"),
        }
    }
}

/// The commands as they are registered.
pub fn definitions() -> Vec<Definition> {
    let groups = Group::ALL.into_iter().map(|group| {
        let (name, about) = group.words();
        let rows = TABLE.iter().filter(|row| Group::of(row) == group);
        let options = rows.map(subcommand).collect();
        Definition { options, ..Definition::new(kind::GROUP, name, about) }
    });
    let line = Definition {
        required: true,
        max_length: Some(LONGEST_LINE),
        ..Definition::new(kind::STRING, RUN.1, "a line as you would write it in the chat")
    };
    let run = Definition {
        options: vec![line],
        ..Definition::new(kind::SUBCOMMAND, RUN.0, "runs a line: createwar @ann -game 4")
    };
    let gmbot = Definition {
        options: groups.chain([run]).collect(),
        contexts: vec![0, 1],
        integration_types: vec![0],
        ..Definition::new(kind::COMMAND, NAME, "clan wars against other servers")
    };
    vec![gmbot]
}

fn subcommand(spec: &CommandSpec) -> Definition {
    let mut options: Vec<_> = spec.params.iter().map(parameter).collect();
    if takes_image(spec) {
        options.push(Definition::new(kind::ATTACHMENT, IMAGE, "the image: PNG, JPEG or WebP"));
    }
    // What a form can ask for later comes behind what is needed at once.
    options.sort_by_key(|option| !option.required);
    Definition { options, ..Definition::new(kind::SUBCOMMAND, spec.name, spec.summary) }
}

/// Whether a command takes an image that comes with it.
pub(crate) fn takes_image(spec: &CommandSpec) -> bool {
    spec.name == "proof"
}

/// Whether a form asks for the parameter where it is left out: running text is easier to write there.
pub(crate) fn is_asked_by_form(param: &ParamSpec) -> bool {
    param.value == ValueKind::Rest
}

fn parameter(param: &ParamSpec) -> Definition {
    let about = match param.default {
        Some(default) => format!("{} ({default})", param.summary),
        None => param.summary.to_owned(),
    };
    let about = if about.chars().count() > DESCRIPTION { param.summary } else { &about };
    let option = Definition::new(kind_of(param.value), param.name, about);
    let required = param.required && !is_asked_by_form(param);
    let counts = param.value == ValueKind::Count;
    Definition {
        required,
        autocomplete: is_completed(param.value),
        choices: choices(param.value),
        channel_types: channel_types(param.value),
        min_value: counts.then_some(1),
        max_value: counts.then_some(100),
        ..option
    }
}

/// How long a description may be, in characters.
const DESCRIPTION: usize = 100;

fn kind_of(value: ValueKind) -> u8 {
    match value {
        ValueKind::Player => kind::USER,
        ValueKind::Channel => kind::CHANNEL,
        ValueKind::Count => kind::INTEGER,
        ValueKind::YesNo | ValueKind::Switch => kind::BOOLEAN,
        // Discord has no option that takes a list: players are mentions in a text.
        ValueKind::Players
        | ValueKind::Game
        | ValueKind::Games
        | ValueKind::Duration
        | ValueKind::Format
        | ValueKind::Time
        | ValueKind::War
        | ValueKind::Clan
        | ValueKind::Winner
        | ValueKind::Outcome
        | ValueKind::Score
        | ValueKind::Text
        | ValueKind::Rest
        | ValueKind::Texts
        | ValueKind::Zone
        | ValueKind::Url
        | ValueKind::Word
        | ValueKind::Range
        | ValueKind::Command => kind::STRING,
    }
}

/// Whether values are proposed while one types.
fn is_completed(value: ValueKind) -> bool {
    matches!(
        value,
        ValueKind::Game
            | ValueKind::Games
            | ValueKind::Format
            | ValueKind::War
            | ValueKind::Clan
            | ValueKind::Winner
            | ValueKind::Command
    )
}

fn choices(value: ValueKind) -> Vec<Choice> {
    let words: &[&str] = match value == ValueKind::Outcome {
        true => &["host", "guest", "draw", "void"],
        false => &[],
    };
    let choice = |word: &&str| Choice { name: (*word).to_owned(), value: (*word).to_owned() };
    words.iter().map(choice).collect()
}

/// Channels that people write in: text and announcements.
fn channel_types(value: ValueKind) -> Vec<u8> {
    if value == ValueKind::Channel { vec![0, 5] } else { Vec::new() }
}

impl Definition {
    fn new(kind: u8, name: &str, description: &str) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            description: description.to_owned(),
            required: false,
            autocomplete: false,
            choices: Vec::new(),
            min_value: None,
            max_value: None,
            max_length: None,
            channel_types: Vec::new(),
            options: Vec::new(),
            contexts: Vec::new(),
            integration_types: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests;
