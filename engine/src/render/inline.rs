//! Pieces of text as words: names for ids, moments on the clocks of the reply's zone.

use super::line::{Line, Role};
use super::visible::visible;
use crate::reply::{Inline, Reply, Text};

/// What stands for a person whose name is not known, or erased.
const NOBODY_KNOWN: &str = "@someone";

/// What stands for a text that is past its time, or erased.
const NO_TEXT: &str = "(forgotten)";

/// A text on one line; `base` is the role of its plain words.
pub(super) fn line(text: &Text, reply: &Reply, base: Role) -> Line {
    text.0.iter().fold(Line::new(), |line, piece| {
        let (role, words) = words(piece, reply, base);
        line.with(role, &words)
    })
}

fn words(piece: &Inline, reply: &Reply, base: Role) -> (Role, String) {
    let legend = &reply.legend;
    match piece {
        Inline::Words(words) => (base, visible(words)),
        Inline::User(words) => (Role::User, visible(words)),
        Inline::Code(code) => (Role::Code, format!("`{}`", visible(code))),
        Inline::Person(person) => {
            let name = legend.people.get(person).map(|name| format!("@{}", visible(name)));
            (Role::Person, name.unwrap_or_else(|| NOBODY_KNOWN.to_owned()))
        }
        Inline::War(war) => (Role::War, war.to_string()),
        Inline::Clan { name, .. } => (Role::Clan, visible(name)),
        Inline::Time(at) => (Role::Time, at.in_zone(&reply.zone)),
        Inline::Message(text) => {
            let words = legend.texts.get(text).map(|words| visible(words));
            (Role::User, words.unwrap_or_else(|| NO_TEXT.to_owned()))
        }
    }
}
