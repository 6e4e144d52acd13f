//! A line with its mistakes: carets under each, or its word where carets would point elsewhere.

use unicode_bidi::BidiClass;
use unicode_width::UnicodeWidthStr;

use super::line::{Line, Role};
use super::visible::{show, visible};
use crate::grammar::{Problem, Span};
use crate::reply::Diagnostics;

/// What stands for the left-out parts of a long line.
const CUT: &str = "…";

/// The line and what is wrong with it.
pub(super) fn lines(found: &Diagnostics, width: usize) -> Vec<Line> {
    let cells = cells(&found.line);
    if turns(&found.line) {
        quoted_lines(found, width)
    } else if cells.iter().map(|cell| cell.width).sum::<usize>() <= width {
        let line = Line::new().with(Role::Code, &text(&cells));
        let carets = found.problems.iter().map(|problem| pointed(&cells, "", problem));
        std::iter::once(line).chain(carets).collect()
    } else {
        let around = |problem| excerpt_lines(&cells, problem, width);
        found.problems.iter().flat_map(around).collect()
    }
}

/// The line, and for each mistake its word.
fn quoted_lines(found: &Diagnostics, width: usize) -> Vec<Line> {
    let line = Line::new().with(Role::Code, &excerpt(&found.line, width));
    let quotes = found.problems.iter().map(|problem| quoted(&found.line, problem));
    std::iter::once(line).chain(quotes).collect()
}

/// What surrounds a mistake in a long line, and carets under it.
fn excerpt_lines(cells: &[Cell], problem: &Problem, width: usize) -> [Line; 2] {
    let part = surroundings(cells, problem.span, width);
    let line = format!("{}{}{}", part.before, text(part.cells), part.after);
    [Line::new().with(Role::Code, &line), pointed(part.cells, part.before, problem)]
}

/// A character as it is shown.
struct Cell {
    /// Where it begins in the line, in bytes.
    at: usize,
    /// What is shown for it.
    shown: String,
    /// How many columns that takes.
    width: usize,
}

fn cells(line: &str) -> Vec<Cell> {
    let cell = |(at, letter)| {
        let mut shown = String::new();
        show(letter, &mut shown);
        let width = shown.width();
        Cell { at, shown, width }
    };
    line.char_indices().map(cell).collect()
}

fn text(cells: &[Cell]) -> String {
    cells.iter().map(|cell| cell.shown.as_str()).collect()
}

/// The caret line under (a part of) the line that begins with `mark`.
fn pointed(cells: &[Cell], mark: &str, problem: &Problem) -> Line {
    let columns = |from: usize, to: usize| -> usize {
        cells.iter().filter(|cell| (from..to).contains(&cell.at)).map(|cell| cell.width).sum()
    };
    let before = mark.width() + columns(0, problem.span.start);
    let under = columns(problem.span.start, problem.span.end).max(1);
    let carets = Line::new().plain(&" ".repeat(before)).with(Role::Caret, &"^".repeat(under));
    carets.plain(" ").join(sentence(problem))
}

/// A part of a long line.
struct Part<'a> {
    /// What stands for the characters before it.
    before: &'static str,
    cells: &'a [Cell],
    /// What stands for the characters after it.
    after: &'static str,
}

/// The part of a long line around a place.
fn surroundings(cells: &[Cell], span: Span, width: usize) -> Part<'_> {
    let room = width.saturating_sub(2 * CUT.width()).max(1);
    let place = cells.iter().take_while(|cell| cell.at < span.start).count();
    let mut left = room / 2;
    let ahead = cells.iter().take(place).rev().take_while(|cell| take(cell, &mut left)).count();
    let first = place - ahead;
    let mut right = room;
    let shown = cells.iter().skip(first).take_while(|cell| take(cell, &mut right)).count();
    let cut = |is_cut: bool| if is_cut { CUT } else { "" };
    Part {
        before: cut(first > 0),
        cells: cells.get(first..first + shown).unwrap_or_default(),
        after: cut(first + shown < cells.len()),
    }
}

/// Takes a character's columns from what is left, if there is enough.
fn take(cell: &Cell, left: &mut usize) -> bool {
    let enough = cell.width <= *left;
    *left = left.saturating_sub(cell.width);
    enough
}

/// Whether some of a line runs from right to left, so that columns say nothing about places in it.
pub fn turns(line: &str) -> bool {
    use unicode_bidi::BidiDataSource as _;
    line.chars().any(|letter| {
        let class = unicode_bidi::HardcodedBidiData.bidi_class(letter);
        matches!(class, BidiClass::R | BidiClass::AL | BidiClass::AN)
    })
}

/// As much of the line as fits.
fn excerpt(line: &str, width: usize) -> String {
    let cells = cells(line);
    let mut left = width;
    let shown = cells.iter().take_while(|cell| take(cell, &mut left)).count();
    let mark = if shown < cells.len() { CUT } else { "" };
    format!("{}{mark}", text(cells.get(..shown).unwrap_or_default()))
}

/// A mistake in a line that has no columns: its word, then the sentence.
fn quoted(line: &str, problem: &Problem) -> Line {
    let word = line.get(problem.span.start..problem.span.end).unwrap_or_default();
    if word.is_empty() {
        return Line::new().plain("at the end: ").join(sentence(problem));
    }
    let word = format!("`{}`", visible(word));
    Line::new().plain("at ").with(Role::Code, &word).plain(": ").join(sentence(problem))
}

/// What is wrong, and what to write instead.
fn sentence(problem: &Problem) -> Line {
    let line = Line::new().with(Role::Error, &visible(&problem.message));
    match &problem.suggestion {
        Some(instead) => line
            .with(Role::Error, "; did you mean ")
            .with(Role::Suggestion, &format!("`{}`", visible(instead)))
            .with(Role::Error, "?"),
        None => line,
    }
}
