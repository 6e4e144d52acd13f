//! Text in columns: cut, filled up and wrapped by what a screen shows, never by bytes.

use gmbot_engine::model::AtMs;
use gmbot_engine::render::{Role, visible};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use crate::theme::Theme;

/// What stands for what was cut off.
const CUT: &str = "…";

/// As much of a text as fits into so many columns, with a mark where something is left out. What a
/// screen would obey is made harmless.
pub(crate) fn cut(text: &str, width: usize) -> String {
    let text = visible(text);
    if text.width() <= width {
        return text;
    }
    let mut short = String::new();
    let mut left = width.saturating_sub(CUT.width());
    for cluster in text.graphemes(true) {
        if cluster.width() > left {
            break;
        }
        left -= cluster.width();
        short.push_str(cluster);
    }
    if width > 0 {
        short.push_str(CUT);
    }
    short
}

/// A text of exactly so many columns, cut or followed by spaces.
pub(crate) fn fit(text: &str, width: usize) -> String {
    let short = cut(text, width);
    let missing = width.saturating_sub(short.width());
    short + &" ".repeat(missing)
}

/// A text of exactly so many columns, cut or preceded by spaces.
pub(crate) fn fit_right(text: &str, width: usize) -> String {
    let short = cut(text, width);
    " ".repeat(width.saturating_sub(short.width())) + &short
}

/// How many columns a text takes.
pub(crate) fn columns(text: &str) -> usize {
    text.width()
}

/// A moment on the clocks of a zone: the day as `2026-01-05`, the time as `18:00`.
pub(crate) fn clock(at: AtMs, zone: &str) -> (String, String) {
    let moment = at.in_zone(zone);
    let mut parts = moment.split_whitespace().map(str::to_owned);
    (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
}

/// Pieces of a reply as lines that are no wider than `width`, broken between words where there are
/// any; what follows a break stands under the beginning of its line's text.
pub(crate) fn wrapped(
    pieces: &[(Role, String)],
    width: usize,
    theme: &Theme,
) -> Vec<Line<'static>> {
    let mut wrapper = Wrapper { width: width.max(1), ..Wrapper::default() };
    for (role, text) in pieces {
        for (number, part) in text.split('\n').enumerate() {
            if number > 0 {
                wrapper.end_line();
            }
            wrapper.add(part, theme.role(*role));
        }
    }
    wrapper.end_line();
    wrapper.lines
}

/// Lines being wrapped.
#[derive(Default)]
struct Wrapper {
    width: usize,
    lines: Vec<Line<'static>>,
    line: Vec<Span<'static>>,
    column: usize,
    indent: usize,
}

impl Wrapper {
    fn add(&mut self, text: &str, style: Style) {
        if self.column == 0 {
            let marks = text.len() - text.trim_start_matches([' ', '-']).len();
            self.indent = marks.min(self.width / 2);
        }
        for word in text.split_word_bounds() {
            if self.column + word.width() <= self.width {
                self.push(word, style);
            } else if word.width() <= self.width - self.indent {
                self.go_on();
                self.push(word.trim_start(), style);
            } else {
                word.graphemes(true).for_each(|cluster| {
                    if self.column + cluster.width() > self.width {
                        self.go_on();
                    }
                    self.push(cluster, style);
                });
            }
        }
    }

    fn push(&mut self, text: &str, style: Style) {
        self.column += text.width();
        match self.line.last_mut() {
            Some(last) if last.style == style => last.content.to_mut().push_str(text),
            Some(_) | None => self.line.push(Span::styled(text.to_owned(), style)),
        }
    }

    /// Goes on below, indented.
    fn go_on(&mut self) {
        let indent = self.indent;
        self.end_line();
        self.push(&" ".repeat(indent), Style::default());
        self.indent = indent;
    }

    fn end_line(&mut self) {
        self.lines.push(Line::from(std::mem::take(&mut self.line)));
        (self.column, self.indent) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_by_columns() {
        let cases = [
            ("Clan F", 6, "Clan F"),
            ("Clan F", 5, "Clan…"),
            ("龍の一族", 7, "龍の一…"),
            ("龍の一族", 6, "龍の…"),
            ("👩‍👩‍👧 family", 4, "👩‍👩‍👧 …"),
            ("a\u{1b}[31m", 20, "a\\u{1b}[31m"),
            ("x", 0, ""),
        ];
        for (text, width, short) in cases {
            assert_eq!(cut(text, width), short);
            assert_eq!(fit(text, width).width(), width, "{text}");
            assert_eq!(fit_right(text, width).width(), width, "{text}");
        }
    }

    #[track_caller]
    fn check(text: &str, width: usize, expected: &[&str]) {
        let lines = wrapped(&[(Role::Plain, text.to_owned())], width, &Theme::plain());
        let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
        let trimmed: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
        assert_eq!(trimmed, expected);
    }

    #[test]
    fn lines_break_between_words_and_go_on_below_their_text() {
        check("one two three", 20, &["one two three"]);
        check("one two three", 8, &["one two", "three"]);
        check("- one two three", 8, &["- one", "  two", "  three"]);
        check("a\n\nb", 8, &["a", "", "b"]);
        check("abcdefghij", 4, &["abcd", "efgh", "ij"]);
        check("龍の一族の", 5, &["龍の", "一族", "の"]);
    }
}
