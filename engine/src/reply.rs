//! What goes out: replies and notices, by meaning, not by looks. A face renders them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::grammar::{Command, Problem};
use crate::model::{AtMs, ClanId, PersonId, Side, SpaceKey, TextId, WarId};

mod code;
mod text;

pub use code::{Code, Status};
pub use text::{Inline, Text};

/// The answer to a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Reply {
    /// What kind of answer, for programs and tests.
    pub code: Code,
    /// Who should see it.
    pub audience: Audience,
    /// The answer itself.
    pub blocks: Vec<Block>,
    /// What one may do next.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
    /// The mistakes in a line, with their places.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diagnostics: Option<Diagnostics>,
    /// The IANA time zone in which moments are shown.
    pub zone: String,
    /// Names of the persons in it, and texts of the messages in it, as the backend filled them in
    /// last: neither is kept with a stored reply.
    #[serde(default, skip_serializing_if = "Legend::is_empty")]
    pub legend: Legend,
}

/// The names and texts that a reply's ids stand for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Legend {
    /// Persons' names, as last seen.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub people: BTreeMap<PersonId, String>,
    /// Messages, notes and links.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: BTreeMap<TextId, String>,
}

impl Legend {
    /// Whether it explains nothing.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty() && self.texts.is_empty()
    }
}

/// Who should see an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Everybody in the space.
    Everyone,
    /// The asking person alone, where the platform can do that.
    Actor,
}

/// A part of an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A line that names what follows.
    Title(Text),
    /// A paragraph.
    Paragraph(Text),
    /// Labelled values.
    Fields(Vec<(String, Text)>),
    /// Rows under headings.
    Table {
        /// The headings.
        head: Vec<String>,
        /// The rows, each as long as the headings.
        rows: Vec<Vec<Text>>,
    },
    /// Lines that belong together.
    List(Vec<Text>),
    /// Something to be shown letter for letter.
    Code(String),
    /// Advice in passing: what was understood, what comes next.
    Hint(Text),
}

/// Something that one may do next: a button, a reaction, a key, or a line to type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Action {
    /// What it is called: `Accept`.
    pub label: String,
    /// What it does.
    pub command: Command,
    /// How many players have to be named besides: a face that can offers them for choice, and puts
    /// them into the command.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub players: u32,
}

/// For serde, which hands out references.
fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// The mistakes in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Diagnostics {
    /// The line as it was understood to be typed.
    pub line: String,
    /// What is wrong with it, in order of place.
    pub problems: Vec<Problem>,
}

/// A notice for the outbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Post {
    /// Where it goes.
    pub to: Address,
    /// The war it is about; notices of one war stay in order.
    pub war: Option<WarId>,
    /// When it was written.
    pub at: AtMs,
    /// What it says.
    pub reply: Reply,
    /// What its delivery means, if it means anything.
    pub receipt: Option<Receipt>,
}

/// Where a notice goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Address {
    /// To a clan's war channel.
    Clan {
        /// The clan.
        clan: ClanId,
        /// The space of it where it is told things.
        space: SpaceKey,
    },
    /// To a space, as the answer to a request.
    Answer {
        /// The space.
        space: SpaceKey,
        /// The request's key: the message that is answered.
        key: String,
    },
}

/// What the delivery of a notice means to the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Receipt {
    /// A side was asked who won; its voting time begins.
    Question {
        /// The war.
        war: WarId,
        /// The side.
        side: Side,
    },
}

impl Reply {
    /// An answer for everybody, with nothing in it yet.
    pub fn new(code: Code) -> Self {
        Self {
            code,
            audience: Audience::Everyone,
            blocks: Vec::new(),
            actions: Vec::new(),
            diagnostics: None,
            zone: "UTC".to_owned(),
            legend: Legend::default(),
        }
    }

    /// Adds a block.
    #[must_use]
    pub fn block(mut self, block: Block) -> Self {
        self.blocks.push(block);
        self
    }

    /// Adds a title.
    #[must_use]
    pub fn title(self, text: impl Into<Text>) -> Self {
        self.block(Block::Title(text.into()))
    }

    /// Adds a paragraph.
    #[must_use]
    pub fn say(self, text: impl Into<Text>) -> Self {
        self.block(Block::Paragraph(text.into()))
    }

    /// Adds advice in passing.
    #[must_use]
    pub fn hint(self, text: impl Into<Text>) -> Self {
        self.block(Block::Hint(text.into()))
    }

    /// Adds something that one may do next.
    #[must_use]
    pub fn action(self, label: &str, command: Command) -> Self {
        self.action_with(label, command, 0)
    }

    /// Adds something that one may do next by naming so many players.
    #[must_use]
    pub fn action_with(mut self, label: &str, command: Command, players: u32) -> Self {
        self.actions.push(Action { label: label.to_owned(), command, players });
        self
    }

    /// Shows it to the asking person alone, where the platform can.
    #[must_use]
    pub fn to_actor(mut self) -> Self {
        self.audience = Audience::Actor;
        self
    }

    /// Shows moments in this time zone.
    #[must_use]
    pub fn in_zone(mut self, zone: &str) -> Self {
        zone.clone_into(&mut self.zone);
        self
    }

    /// Every text in it, in reading order.
    pub fn texts(&self) -> impl Iterator<Item = &Text> {
        self.blocks.iter().flat_map(|block| -> Vec<&Text> {
            match block {
                Block::Title(text) | Block::Paragraph(text) | Block::Hint(text) => vec![text],
                Block::Fields(fields) => fields.iter().map(|(_, text)| text).collect(),
                Block::Table { rows, .. } => rows.iter().flatten().collect(),
                Block::List(texts) => texts.iter().collect(),
                Block::Code(_) => Vec::new(),
            }
        })
    }
}
