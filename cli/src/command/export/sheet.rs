//! A table as spreadsheets read it: CSV by RFC 4180.

use std::io::{self, Write};

use gmbot_engine::model::AtMs;
use jiff::Timestamp;

/// Writes rows.
pub(super) struct Sheet<'a> {
    to: &'a mut dyn Write,
}

/// A value in a row.
pub(super) enum Cell {
    /// Written by people or about them.
    Text(String),
    /// A number.
    Number(i64),
    /// A moment, or nothing.
    Time(Option<AtMs>),
    /// Nothing.
    Nothing,
}

impl<'a> Sheet<'a> {
    /// A table with these columns.
    pub(super) fn new(to: &'a mut dyn Write, columns: &[&str]) -> io::Result<Self> {
        write!(to, "{}\r\n", columns.join(","))?;
        Ok(Self { to })
    }

    /// Writes a row; it has a cell for each column.
    pub(super) fn row<const N: usize>(&mut self, cells: [Cell; N]) -> io::Result<()> {
        write!(self.to, "{}\r\n", cells.map(Cell::written).join(","))
    }
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    fn written(self) -> String {
        match self {
            Self::Text(text) => quoted(&text),
            Self::Number(number) => number.to_string(),
            Self::Time(None) | Self::Nothing => String::new(),
            Self::Time(Some(at)) => Timestamp::from_millisecond(at.0)
                .map_or_else(|_beyond| at.0.to_string(), |moment| moment.to_string()),
        }
    }
}

/// A text as one cell. What a spreadsheet would take for a formula gets an apostrophe: a clan's
/// name must not run on the computer of whoever opens the table.
fn quoted(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_back_as_they_were() {
        for (text, cell) in [
            ("red", "red"),
            ("", ""),
            ("red, white", "\"red, white\""),
            ("the \"best\"", "\"the \"\"best\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("-1", "'-1"),
        ] {
            assert_eq!(Cell::text(text).written(), cell);
        }
        assert_eq!(Cell::Number(-1).written(), "-1");
        assert_eq!(Cell::Time(Some(AtMs(0))).written(), "1970-01-01T00:00:00Z");
    }
}
