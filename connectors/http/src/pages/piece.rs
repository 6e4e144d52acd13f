//! Words, names and moments as HTML. Names that people chose are made harmless, and kept from turning
//! the text around them.

#![expect(unused_qualifications, reason = "askama writes its own for an enum")]

use askama::Template;
use askama::filters::HtmlSafe;
use gmbot_engine::model::{AtMs, PersonId};
use gmbot_engine::render::visible;
use gmbot_engine::reply::{Inline, Legend, Text};
use gmbot_engine::view::{ClanName, WarLine};

/// A piece of text as HTML.
#[derive(Debug, Template)]
#[template(path = "piece.html")]
pub(super) enum Piece {
    /// gmbot's own words.
    Plain(String),
    /// A name that somebody chose, or words that somebody typed.
    Name(String),
    /// Something to type, or a value.
    Code(String),
    /// A name that leads to a page.
    Link {
        /// The page.
        href: String,
        /// The name.
        name: String,
    },
    /// A moment.
    Moment {
        /// As programs read it.
        written: String,
        /// As people read it where no script shows it on their own clock.
        shown: String,
    },
}

/// Several pieces, one after the other.
#[derive(Debug, Template)]
#[template(ext = "html", source = "{% for piece in self.0 %}{{ piece }}{% endfor %}")]
pub(super) struct Pieces(Vec<Piece>);

// Their templates escape what is not gmbot's own.
impl HtmlSafe for Piece {}
impl HtmlSafe for Pieces {}

impl Piece {
    /// A name that somebody chose.
    pub(super) fn name(name: &str) -> Self {
        Self::Name(visible(name))
    }

    /// A clan, linked if it has a page.
    pub(super) fn clan(clan: &ClanName) -> Self {
        let name = visible(&clan.name);
        if clan.public {
            Self::Link { href: format!("/clans/{}", clan.id), name }
        } else {
            Self::Name(name)
        }
    }

    /// A person, by the name they were last seen with.
    pub(super) fn person(person: PersonId, legend: &Legend) -> Self {
        match legend.people.get(&person) {
            Some(name) => Self::name(name),
            None => Self::Plain("somebody".to_owned()),
        }
    }

    pub(super) fn moment(at: AtMs) -> Self {
        Self::Moment { written: at.rfc3339(), shown: at.in_zone("UTC") }
    }

    fn of(inline: &Inline, line: &WarLine, legend: &Legend) -> Self {
        match inline {
            Inline::Words(words) => Self::Plain(words.clone()),
            Inline::User(words) => Self::name(words),
            Inline::Code(code) => Self::Code(visible(code)),
            Inline::Person(person) => Self::person(*person, legend),
            Inline::War(war) => Self::Plain(war.to_string()),
            Inline::Clan { id, name } => {
                let known = [Some(&line.host), line.guest.as_ref(), line.named.as_ref()];
                match known.into_iter().flatten().find(|clan| clan.id == *id) {
                    Some(clan) => Self::clan(clan),
                    None => Self::name(name),
                }
            }
            Inline::Time(at) => Self::moment(*at),
            Inline::Message(text) => legend
                .texts
                .get(text)
                .map_or_else(|| Self::Plain("…".to_owned()), |text| Self::name(text)),
        }
    }
}

impl Pieces {
    /// The engine's words on a war.
    pub(super) fn of(text: &Text, line: &WarLine, legend: &Legend) -> Self {
        Self(text.0.iter().map(|inline| Piece::of(inline, line, legend)).collect())
    }

    pub(super) fn new(pieces: impl IntoIterator<Item = Piece>) -> Self {
        Self(pieces.into_iter().collect())
    }
}
