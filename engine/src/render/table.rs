//! Rows under headings: columns where they fit, `name: value` lines where they don't.

use super::line::{Line, Role};
use super::visible::visible;

/// What stands between two columns.
const GAP: usize = 2;

/// A table as lines of at most `width` columns, or one line per cell. No cell is ever left out:
/// also a row that is longer than the headings is shown whole.
pub(super) fn lines(head: &[String], rows: Vec<Vec<Line>>, width: usize) -> Vec<Line> {
    let head: Vec<Line> =
        head.iter().map(|name| Line::new().with(Role::Label, &visible(name))).collect();
    let widths = column_widths(&head, &rows);
    let total = widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
    if total <= width {
        std::iter::once(head).chain(rows).map(|cells| in_columns(cells, &widths)).collect()
    } else {
        rows.into_iter().flat_map(|row| one_by_one(&head, row)).collect()
    }
}

fn column_widths(head: &[Line], rows: &[Vec<Line>]) -> Vec<usize> {
    let mut widths: Vec<usize> = Vec::new();
    for row in std::iter::once(head).chain(rows.iter().map(Vec::as_slice)) {
        widths.resize(widths.len().max(row.len()), 0);
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(cell.width());
        }
    }
    widths
}

fn in_columns(cells: Vec<Line>, widths: &[usize]) -> Line {
    let mut line = Line::new();
    let mut column = 0;
    for (cell, width) in cells.into_iter().zip(widths) {
        line = line.pad_to(column).join(cell);
        column += width + GAP;
    }
    line
}

/// A row as a list item with a line per cell.
fn one_by_one(head: &[Line], row: Vec<Line>) -> Vec<Line> {
    let names = head.iter().cloned().map(|name| name.plain(": "));
    let names = names.chain(std::iter::repeat_with(Line::new));
    let marks = std::iter::once("- ").chain(std::iter::repeat("  "));
    let cells = marks.zip(names).zip(row);
    cells.map(|((mark, name), cell)| Line::new().plain(mark).join(name).join(cell)).collect()
}
