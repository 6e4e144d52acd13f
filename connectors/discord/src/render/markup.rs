//! Pieces of text in Discord's markdown. Here, and nowhere else, what people typed is made harmless.

use gmbot_engine::Reply;
use gmbot_engine::model::AtMs;
use gmbot_engine::render::visible;
use gmbot_engine::reply::{Inline, Text};

/// What stands for a person whose name is not known, or erased.
const NOBODY_KNOWN: &str = "@someone";
/// What stands for a text that is past its time, or erased.
const NO_TEXT: &str = "(forgotten)";

/// A text with Discord's markdown.
pub(super) fn rich(text: &Text, reply: &Reply) -> String {
    let mut marked = String::new();
    for piece in &text.0 {
        let piece = rich_piece(piece, reply);
        // Two codes without anything between them would be read as one.
        if marked.ends_with('`') && piece.starts_with('`') {
            marked.push(' ');
        }
        marked.push_str(&piece);
    }
    marked
}

fn rich_piece(piece: &Inline, reply: &Reply) -> String {
    match piece {
        Inline::Code(code) => inline_code(&visible(code)),
        Inline::Time(at) => time(*at),
        Inline::War(war) => format!("**{war}**"),
        Inline::Clan { name, .. } => format!("**{}**", escaped(&visible(name))),
        Inline::Words(_) | Inline::User(_) | Inline::Person(_) | Inline::Message(_) => {
            escaped(&bare_piece(piece, reply))
        }
    }
}

/// A text for a place that shows markdown, but neither moments nor code: a title, a field's name.
pub(super) fn heading(text: &Text, reply: &Reply) -> String {
    escaped(&bare(text, reply))
}

/// A text for a place that shows letters alone: a footer.
pub(super) fn bare(text: &Text, reply: &Reply) -> String {
    text.0.iter().map(|piece| bare_piece(piece, reply)).collect()
}

fn bare_piece(piece: &Inline, reply: &Reply) -> String {
    let legend = &reply.legend;
    match piece {
        Inline::Words(words) | Inline::User(words) => visible(words),
        Inline::Code(code) => format!("`{}`", visible(code)),
        Inline::Person(person) => legend
            .people
            .get(person)
            .map_or_else(|| NOBODY_KNOWN.to_owned(), |name| format!("@{}", visible(name))),
        Inline::War(war) => war.to_string(),
        Inline::Clan { name, .. } => visible(name),
        Inline::Time(at) => at.in_zone(&reply.zone),
        Inline::Message(text) => {
            legend.texts.get(text).map_or_else(|| NO_TEXT.to_owned(), |words| visible(words))
        }
    }
}

/// Whether a text says the same where letters alone are shown.
pub(super) fn is_plain(text: &Text) -> bool {
    text.0.iter().all(|piece| !matches!(piece, Inline::Time(_)))
}

/// A moment as each reader's own clock shows it, and how far away it is.
fn time(at: AtMs) -> String {
    let seconds = at.0.div_euclid(1000);
    format!("<t:{seconds}:f> (<t:{seconds}:R>)")
}

/// Words in which Discord finds no markdown, mention, channel, emoji or link with another face.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for (place, letter) in text.char_indices() {
        let anywhere = matches!(letter, '\\' | '*' | '_' | '~' | '|' | '`' | '<' | '[' | ']');
        // Quotes, headings and lists begin a line.
        let in_front = place == 0 && matches!(letter, '>' | '#' | '-' | '+');
        if anywhere || in_front {
            safe.push('\\');
        }
        safe.push(letter);
    }
    safe
}

/// Something to type, letter for letter; where a sign in it would end the code, as escaped words.
pub(super) fn inline_code(code: &str) -> String {
    if code.is_empty() || code.contains('`') { escaped(code) } else { format!("`{code}`") }
}

/// A line inside of a block of code: nothing in it closes the block.
pub(super) fn code_line(line: &str) -> String {
    line.replace("``", "`\u{200b}`")
}
