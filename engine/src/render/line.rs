//! A line of output in pieces, each with what it is.

use unicode_width::UnicodeWidthStr;

/// What a piece of output is; a face decides how that looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Words between the others.
    Plain,
    /// A line that names what follows.
    Title,
    /// What a value is called: a field's label, a table's heading, an action.
    Label,
    /// Something to type, or a value.
    Code,
    /// A person.
    Person,
    /// A war's id.
    War,
    /// A clan.
    Clan,
    /// A moment.
    Time,
    /// What somebody wrote.
    User,
    /// Advice in passing.
    Hint,
    /// What is wrong.
    Error,
    /// The marks under what is wrong.
    Caret,
    /// What to write instead.
    Suggestion,
}

/// A line without its end.
#[derive(Debug, Clone, Default)]
pub(super) struct Line(Vec<(Role, String)>);

impl Line {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Adds a piece.
    pub(super) fn with(mut self, role: Role, text: &str) -> Self {
        self.0.push((role, text.to_owned()));
        self
    }

    /// Adds words between other pieces.
    pub(super) fn plain(self, text: &str) -> Self {
        self.with(Role::Plain, text)
    }

    /// Adds all pieces of another line.
    pub(super) fn join(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Adds spaces up to a column.
    pub(super) fn pad_to(self, column: usize) -> Self {
        let missing = column.saturating_sub(self.width());
        self.plain(&" ".repeat(missing))
    }

    /// How many columns it takes.
    pub(super) fn width(&self) -> usize {
        self.0.iter().map(|(_, text)| text.width()).sum()
    }

    /// The line without white space at its end.
    fn trimmed(mut self) -> Self {
        while let Some((_, text)) = self.0.last_mut() {
            text.truncate(text.trim_end().len());
            if !text.is_empty() {
                break;
            }
            self.0.pop();
        }
        self
    }
}

/// Lines with line ends between them; neighbours that are the same thing become one piece.
pub(super) fn join(lines: Vec<Line>) -> Vec<(Role, String)> {
    let mut pieces: Vec<(Role, String)> = Vec::new();
    let mut push = |role: Role, text: &str| match pieces.last_mut() {
        Some((last, before)) if *last == role => before.push_str(text),
        Some(_) | None => pieces.push((role, text.to_owned())),
    };
    for (number, line) in lines.into_iter().enumerate() {
        if number > 0 {
            push(Role::Plain, "\n");
        }
        for (role, text) in line.trimmed().0 {
            push(role, &text);
        }
    }
    pieces.retain(|(_, text)| !text.is_empty());
    pieces
}
