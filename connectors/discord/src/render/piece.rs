//! A reply as pieces of markdown, each small enough to stand in a message, in reading order. What is
//! larger than its place is divided here: between rows, then between words.

use gmbot_engine::render;
use gmbot_engine::reply::{Action, Block, Diagnostics, Text};
use gmbot_engine::{Reply, grammar};

use super::Capabilities;
use super::markup::{bare, code_line, escaped, heading, inline_code, is_plain, rich};
use crate::payload::{length, limit};

/// How wide the line with its mistakes is shown: they are read on a line of their own.
const LINE_COLUMNS: usize = 100;
/// What opens and closes a block of code.
const FENCE: &str = "```";
/// The longest piece of running text, in UTF-16 code units: it fits into a message without embeds.
const LONGEST: usize = 1900;

/// A piece of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// A line that names what follows.
    Title(String),
    /// A line of text.
    Line(String),
    /// A labelled value.
    Field {
        /// The label.
        name: String,
        /// The value.
        value: String,
    },
    /// Rows that are shown letter for letter, each of them whole.
    Rows(Vec<String>),
    /// Advice: with markdown, and as bare words where those say the same.
    Hint {
        /// With markdown.
        rich: String,
        /// As bare words.
        bare: Option<String>,
    },
}

/// The pieces of a reply, without what can be pressed.
pub(super) fn pieces(reply: &Reply, can: &Capabilities) -> Vec<Piece> {
    let mut pieces = Vec::new();
    if let Some(found) = &reply.diagnostics {
        pieces.push(Piece::Rows(diagnostics(found)));
    }
    for block in &reply.blocks {
        match block {
            Block::Title(text) => {
                // A title can't be divided, but a line can.
                let title = heading(text, reply);
                if length(&title) <= limit::TITLE {
                    pieces.push(Piece::Title(title));
                } else {
                    lines(&mut pieces, &rich(text, reply));
                }
            }
            Block::Paragraph(text) => lines(&mut pieces, &rich(text, reply)),
            Block::Fields(fields) => {
                for (name, value) in fields {
                    field(&mut pieces, name, value, reply);
                }
            }
            Block::Table { .. } => pieces.push(Piece::Rows(table(block, reply, can.columns))),
            Block::List(texts) => {
                for text in texts {
                    lines(&mut pieces, &format!("- {}", rich(text, reply)));
                }
            }
            Block::Code(code) => {
                let rows = code.lines().map(|line| code_line(&render::visible(line)));
                pieces.push(Piece::Rows(rows.flat_map(|row| divided(&row, LONGEST)).collect()));
            }
            Block::Hint(text) => hint(&mut pieces, text, reply),
        }
    }
    pieces.retain(|piece| !matches!(piece, Piece::Rows(rows) if rows.is_empty()));
    pieces
}

/// Something that can't be pressed, as a line to type.
pub(super) fn to_type(action: &Action) -> Vec<Piece> {
    let label = escaped(&render::visible(&action.label));
    let line = render::visible(&grammar::print(&action.command));
    let mut pieces = Vec::new();
    lines(&mut pieces, &format!("{label}: {}", inline_code(&line)));
    pieces
}

fn lines(pieces: &mut Vec<Piece>, text: &str) {
    pieces.extend(divided(text, LONGEST).into_iter().map(Piece::Line));
}

fn field(pieces: &mut Vec<Piece>, name: &str, value: &Text, reply: &Reply) {
    let name = escaped(&render::visible(name));
    let mut value = rich(value, reply);
    if value.is_empty() {
        // Discord takes no empty value.
        "–".clone_into(&mut value);
    }
    if name.is_empty() || length(&name) > limit::FIELD_NAME || length(&value) > limit::FIELD_VALUE {
        lines(pieces, &format!("**{name}:** {value}"));
    } else {
        pieces.push(Piece::Field { name, value });
    }
}

fn hint(pieces: &mut Vec<Piece>, text: &Text, reply: &Reply) {
    let mark = "hint: ";
    let small = Some(format!("{mark}{}", bare(text, reply)));
    let small = small.filter(|words| is_plain(text) && length(words) <= limit::FOOTER);
    let marked = format!("{mark}{}", rich(text, reply));
    let mut parts = divided(&marked, LONGEST).into_iter();
    let (Some(first), None) = (parts.next(), parts.next()) else {
        return lines(pieces, &marked);
    };
    pieces.push(Piece::Hint { rich: first, bare: small });
}

/// A table in columns, or as `name: value` lines where it is too wide.
fn table(block: &Block, reply: &Reply, columns: usize) -> Vec<String> {
    let alone = Reply {
        legend: reply.legend.clone(),
        ..Reply::new(reply.code).in_zone(&reply.zone).block(block.clone())
    };
    code_rows(&alone, columns)
}

fn diagnostics(found: &Diagnostics) -> Vec<String> {
    let mut alone = Reply::new(gmbot_engine::reply::Code::UnknownCommand);
    alone.diagnostics = Some(found.clone());
    code_rows(&alone, LINE_COLUMNS)
}

fn code_rows(reply: &Reply, columns: usize) -> Vec<String> {
    let text = render::plain(reply, columns);
    text.lines().flat_map(|row| divided(&code_line(row), LONGEST)).collect()
}

/// Rows as blocks of code, each at most so long, no row in two of them.
pub(super) fn fenced(rows: &[String], longest: usize) -> Vec<String> {
    let room = longest - 2 * (FENCE.len() + 1);
    let mut blocks = Vec::new();
    let mut block = String::new();
    for row in rows {
        if !block.is_empty() && length(&block) + length(row) + 1 > room {
            blocks.push(fence(&std::mem::take(&mut block)));
        }
        if !block.is_empty() {
            block.push('\n');
        }
        block.push_str(row);
    }
    blocks.push(fence(&block));
    blocks
}

fn fence(text: &str) -> String {
    format!("{FENCE}\n{text}\n{FENCE}")
}

/// A text in parts that are at most so long, divided between words where there are any.
fn divided(text: &str, longest: usize) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while length(rest) > longest {
        let (part, after) = rest.split_at(cut(rest, longest));
        parts.push(part.trim_end().to_owned());
        rest = after.trim_start();
    }
    if !rest.trim().is_empty() {
        parts.push(rest.to_owned());
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// Where to cut a text that is too long, in bytes: after a space, else between letters; not inside
/// of code or a moment, and never behind a backslash, which belongs to what follows.
fn cut(text: &str, longest: usize) -> usize {
    let (mut used, mut escapes, mut in_code, mut in_moment) = (0, false, false, false);
    let (mut after_space, mut after_letter, mut anywhere) = (0, 0, 0);
    for (place, letter) in text.char_indices() {
        let rest = text.get(place..).unwrap_or_default();
        in_moment |= !escapes && rest.starts_with("<t:");
        if !escapes {
            anywhere = place;
            if !in_code && !in_moment {
                after_letter = place;
            }
        }
        used += letter.len_utf16();
        if used > longest {
            break;
        }
        if letter == ' ' && !in_code && !in_moment {
            after_space = place + 1;
        }
        in_code ^= letter == '`' && !escapes;
        // A moment ends with what it is relative to: `<t:0:f> (<t:0:R>)`.
        in_moment &=
            !(letter == ')' && text.get(..place).is_some_and(|before| before.ends_with(":R>")));
        escapes = letter == '\\' && !escapes && !in_code;
    }
    let first = text.chars().next().map_or(0, char::len_utf8);
    [after_space, after_letter, anywhere, first].into_iter().find(|place| *place > 0).unwrap_or(0)
}
