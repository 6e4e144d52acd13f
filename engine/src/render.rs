//! Replies as text for a terminal, a log or a transcript: labelled by meaning, coloured by nobody.
//!
//! [`styled`] gives the text in pieces with their [`Role`]s, [`plain`] the same without them. What
//! people typed is made harmless here and nowhere else: see [`visible`].

mod block;
mod diagnostics;
mod inline;
mod line;
mod table;
mod visible;

use crate::grammar;
use crate::reply::Reply;

use block::Blocks;
pub use diagnostics::turns;
pub use line::Role;
pub use visible::visible;

/// A reply as plain text: lines with `\n` between them and none at the end.
///
/// `width` is how many columns there are: a wider table becomes one `name: value` line per cell,
/// and of a wider line only what surrounds its mistakes is shown. Paragraphs are not wrapped.
pub fn plain(reply: &Reply, width: usize) -> String {
    styled(reply, width).into_iter().map(|(_, text)| text).collect()
}

/// A reply as pieces of text with what each of them is; joined, they are [`plain`].
pub fn styled(reply: &Reply, width: usize) -> Vec<(Role, String)> {
    let mut lines = Vec::new();
    if let Some(found) = &reply.diagnostics {
        lines.extend(diagnostics::lines(found, width));
    }
    let blocks = Blocks { reply, width };
    for block in &reply.blocks {
        lines.extend(blocks.lines(block, lines.is_empty()));
    }
    for action in &reply.actions {
        let line = line::Line::new().with(Role::Label, &visible(&action.label)).plain(": ");
        lines.push(line.with(Role::Code, &visible(&grammar::print::print(&action.command))));
    }
    line::join(lines)
}

#[cfg(test)]
mod tests;
