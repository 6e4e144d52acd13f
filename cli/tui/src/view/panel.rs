//! What all panels have in common: a title with a rule, rows of which one is chosen, and words
//! where there are none.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::layout::{first_row, lines_a_row, rows_of};
use crate::state::{Panel, State};
use crate::text::{columns, cut, fit};

/// The columns before a row, where the mark of the chosen one stands.
pub(super) const MARGIN: usize = 2;

/// Draws a panel; `row` makes the lines of a row, `MARGIN` columns narrower than the panel, and is
/// told whether it is chosen.
pub(super) fn draw(
    state: &State,
    panel: Panel,
    area: Rect,
    frame: &mut Frame<'_>,
    row: impl Fn(usize, usize) -> Vec<Line<'static>>,
    empty: &str,
) {
    let count = state.subjects(panel).len();
    let focused = state.focus == panel;
    frame.render_widget(title(state, panel.title(), area.width, focused), area);
    let rows = rows_of(area);
    if count == 0 {
        let words = if state.world.is_some() { empty } else { "…" };
        let text = Paragraph::new(format!("  {words}")).style(state.theme.quiet());
        frame.render_widget(text, rows);
        return;
    }
    let lines_a_row = lines_a_row(panel);
    let shown = usize::from(rows.height) / lines_a_row;
    let chosen = state.chosen(panel);
    let width = usize::from(rows.width).saturating_sub(MARGIN);
    let first = first_row(chosen, count, shown);
    let mut lines = Vec::new();
    for number in (first..count).take(shown.max(1)) {
        let is_chosen = focused && number == chosen;
        for (at, mut line) in row(number, width).into_iter().take(lines_a_row).enumerate() {
            let mark = if is_chosen && at == 0 { "▸ " } else { "  " };
            line.spans.insert(0, Span::styled(mark, state.theme.focus()));
            if is_chosen {
                for span in &mut line.spans {
                    span.style = span.style.patch(state.theme.raised());
                }
            }
            lines.push(line);
        }
    }
    frame.render_widget(Paragraph::new(lines), rows);
}

/// A title with a rule to the end of its line.
pub(super) fn title(state: &State, words: &str, width: u16, focused: bool) -> Line<'static> {
    let theme = state.theme;
    let style = if focused { theme.focus() } else { theme.strong() };
    let rule = usize::from(width).saturating_sub(columns(words) + 1);
    let rule_style = if focused { theme.code() } else { theme.quiet() };
    Line::from(vec![
        Span::styled(format!("{words} "), style),
        Span::styled("─".repeat(rule), rule_style),
    ])
}

/// A line that grows by cells until its columns are used up.
pub(super) struct Row {
    line: Line<'static>,
    left: usize,
}

impl Row {
    /// A line of so many columns.
    pub(super) fn new(width: usize) -> Self {
        Self { line: Line::default(), left: width }
    }

    /// Adds text, as much as there is room for.
    pub(super) fn add(mut self, text: &str, style: Style) -> Self {
        let text = cut(text, self.left);
        self.left -= columns(&text);
        self.line.push_span(Span::styled(text, style));
        self
    }

    /// Adds text in exactly so many columns, if there are as many.
    pub(super) fn cell(self, text: &str, width: usize, style: Style) -> Self {
        let width = width.min(self.left);
        self.add(&fit(text, width), style)
    }

    /// Adds spaces and then text, so that it ends where the line does.
    pub(super) fn end(mut self, text: &str, style: Style) -> Self {
        let text = cut(text, self.left);
        let gap = self.left - columns(&text);
        self.line.push_span(Span::raw(" ".repeat(gap)));
        self.line.push_span(Span::styled(text, style));
        self.line.spans.retain(|span| !span.content.is_empty());
        self.left = 0;
        self
    }

    /// How many columns are left.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    /// The line.
    pub(super) fn line(self) -> Line<'static> {
        self.line
    }
}
