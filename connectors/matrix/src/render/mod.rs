//! Replies as Matrix's messages: a pure function of the reply. What a message says as plain text and
//! what it says as HTML is the same, since both are made of the same labelled words.

mod html;
mod pack;

use gmbot_engine::Reply;
use gmbot_engine::render::{Role, styled};
use gmbot_engine::reply::{Block, Diagnostics};

/// How many columns a table takes: what a phone shows without breaking lines.
pub const COLUMNS: usize = 30;
/// How wide the line with its mistakes is shown: they are read on a line of their own.
const LINE_COLUMNS: usize = 100;
/// How much of an event a message may take, in bytes of JSON. Matrix takes 65,536 for the whole
/// event; encryption makes four bytes of three, and what surrounds it needs some as well.
pub const LARGEST: usize = 40_000;

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    /// As plain text.
    pub body: String,
    /// As HTML.
    pub html: String,
}

/// A part of a message that stays together if it can.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    /// Whether its letters stand below each other.
    aligned: bool,
    /// Its lines, in labelled words.
    lines: Vec<Vec<(Role, String)>>,
}

/// The messages that show a reply, in order; never none, and none larger than [`LARGEST`].
///
/// They are divided between blocks; a block that is too large for a message between its lines, and a
/// line that is too long between its letters.
pub fn render(reply: &Reply) -> Vec<Message> {
    let mut pieces: Vec<Piece> = reply.diagnostics.iter().map(diagnostics).collect();
    for block in &reply.blocks {
        let alone = Reply { blocks: vec![block.clone()], ..bare(reply) };
        let aligned = matches!(block, Block::Table { .. } | Block::Code(_));
        pieces.push(Piece { aligned, lines: lines(&alone, COLUMNS) });
    }
    let actions = Reply { actions: reply.actions.clone(), ..bare(reply) };
    pieces.push(Piece { aligned: false, lines: lines(&actions, COLUMNS) });
    pieces.retain(|piece| piece.lines.iter().any(|line| !line.is_empty()));
    if pieces.is_empty() {
        // An empty message would be taken for a mistake.
        let code = vec![(Role::Plain, reply.code.to_string())];
        pieces.push(Piece { aligned: false, lines: vec![code] });
    }
    pack::messages(pieces, LARGEST)
}

/// A reply of the same names and zone that says nothing.
fn bare(reply: &Reply) -> Reply {
    Reply { legend: reply.legend.clone(), ..Reply::new(reply.code).in_zone(&reply.zone) }
}

fn diagnostics(found: &Diagnostics) -> Piece {
    let mut alone = Reply::new(gmbot_engine::reply::Code::UnknownCommand);
    alone.diagnostics = Some(found.clone());
    Piece { aligned: true, lines: lines(&alone, LINE_COLUMNS) }
}

/// A reply's lines in labelled words.
fn lines(reply: &Reply, columns: usize) -> Vec<Vec<(Role, String)>> {
    let mut lines = vec![Vec::new()];
    for (role, text) in styled(reply, columns) {
        for (number, part) in text.split('\n').enumerate() {
            if number > 0 {
                lines.push(Vec::new());
            }
            if let Some(line) = lines.last_mut().filter(|_| !part.is_empty()) {
                line.push((role, part.to_owned()));
            }
        }
    }
    lines
}
