//! Text with meaning: words, names and moments, each to be shown as a platform shows them.

use serde::{Deserialize, Serialize};

use crate::model::{AtMs, Clan, ClanId, DurationMs, PersonId, TextId, WarId};

/// A piece of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Inline {
    /// Plain words of gmbot's own, or of people where `User` is not needed.
    Words(String),
    /// Words that somebody typed: escaped by the face, and never markup.
    User(String),
    /// Something to type, or a value.
    Code(String),
    /// A person, shown by name; pinged only where a notice is for them.
    Person(PersonId),
    /// A war, by its id.
    War(WarId),
    /// A clan, by the name it had.
    Clan {
        /// Which.
        id: ClanId,
        /// What it was called.
        name: String,
    },
    /// A moment.
    Time(AtMs),
    /// A message, note or link of the side table.
    Message(TextId),
}

/// Text as a list of pieces.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Text(pub Vec<Inline>);

impl Text {
    /// No text.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds words or a piece.
    #[must_use]
    pub fn and(mut self, piece: impl Into<Inline>) -> Self {
        self.0.push(piece.into());
        self
    }

    /// Adds all pieces of another text.
    #[must_use]
    pub fn join(mut self, text: impl Into<Self>) -> Self {
        self.0.extend(text.into().0);
        self
    }

    /// Adds something to type.
    #[must_use]
    pub fn code(self, code: impl Into<String>) -> Self {
        self.and(Inline::Code(code.into()))
    }

    /// Adds words that somebody typed.
    #[must_use]
    pub fn user(self, words: impl Into<String>) -> Self {
        self.and(Inline::User(words.into()))
    }

    /// Pieces with `, ` between them.
    pub fn list<T: Into<Inline>>(pieces: impl IntoIterator<Item = T>) -> Self {
        let mut text = Self::new();
        for piece in pieces {
            if !text.0.is_empty() {
                text.0.push(Inline::from(", "));
            }
            text.0.push(piece.into());
        }
        text
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for Inline {
    fn from(words: &str) -> Self {
        Self::Words(words.to_owned())
    }
}

impl From<String> for Inline {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

impl From<PersonId> for Inline {
    fn from(person: PersonId) -> Self {
        Self::Person(person)
    }
}

impl From<WarId> for Inline {
    fn from(war: WarId) -> Self {
        Self::War(war)
    }
}

impl From<&Clan> for Inline {
    fn from(clan: &Clan) -> Self {
        Self::Clan { id: clan.id, name: clan.name.clone() }
    }
}

impl From<AtMs> for Inline {
    fn from(at: AtMs) -> Self {
        Self::Time(at)
    }
}

impl From<DurationMs> for Inline {
    fn from(length: DurationMs) -> Self {
        Self::Words(length.to_string())
    }
}

impl From<TextId> for Inline {
    fn from(text: TextId) -> Self {
        Self::Message(text)
    }
}

impl<T: Into<Inline>> From<T> for Text {
    fn from(piece: T) -> Self {
        Self(vec![piece.into()])
    }
}
