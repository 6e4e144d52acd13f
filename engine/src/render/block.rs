//! The parts of an answer as lines.

use unicode_width::UnicodeWidthStr;

use super::line::{Line, Role};
use super::visible::visible;
use super::{inline, table};
use crate::reply::{Block, Reply, Text};

/// What the blocks of one reply have in common.
pub(super) struct Blocks<'a> {
    pub(super) reply: &'a Reply,
    pub(super) width: usize,
}

impl Blocks<'_> {
    /// A block as lines; `first`: nothing stands before it.
    pub(super) fn lines(&self, block: &Block, first: bool) -> Vec<Line> {
        match block {
            // A title in the middle begins something new: an empty line says so.
            Block::Title(text) => {
                let gap = if first { None } else { Some(Line::new()) };
                gap.into_iter().chain([self.text(text, Role::Title)]).collect()
            }
            Block::Paragraph(text) => vec![self.text(text, Role::Plain)],
            Block::Fields(fields) => self.fields(fields),
            Block::Table { head, rows } => {
                let cell = |text: &Text| self.text(text, Role::Plain);
                let rows = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
                table::lines(head, rows, self.width)
            }
            Block::List(texts) => {
                let item = |text| Line::new().plain("- ").join(self.text(text, Role::Plain));
                texts.iter().map(item).collect()
            }
            Block::Code(code) => {
                let line = |line: &str| Line::new().plain("  ").with(Role::Code, &visible(line));
                code.lines().map(line).collect()
            }
            Block::Hint(text) => {
                let hint = Line::new().with(Role::Hint, "hint: ");
                vec![hint.join(self.text(text, Role::Hint))]
            }
        }
    }

    fn text(&self, text: &Text, base: Role) -> Line {
        inline::line(text, self.reply, base)
    }

    /// `label: value`, the values one below the other.
    fn fields(&self, fields: &[(String, Text)]) -> Vec<Line> {
        let widest = fields.iter().map(|(label, _)| visible(label).width()).max().unwrap_or(0);
        let line = |(label, value): &(String, Text)| {
            let label = Line::new().with(Role::Label, &visible(label)).plain(": ");
            label.pad_to(widest + 2).join(self.text(value, Role::Plain))
        };
        fields.iter().map(line).collect()
    }
}
