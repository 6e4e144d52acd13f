//! The page of all keys.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::keys::Place;
use crate::state::State;
use crate::text::{columns, fit};
use crate::theme::Theme;

/// From how many columns on two places stand beside each other.
const TWO_COLUMNS: u16 = 100;

pub(super) fn draw(state: &State, scroll: usize, area: Rect, frame: &mut Frame<'_>) {
    let lines: Vec<Line<'_>> = lines(state.theme, area.width).into_iter().skip(scroll).collect();
    frame.render_widget(Paragraph::new(lines), area);
}

/// The page, line by line.
pub(super) fn lines(theme: Theme, width: u16) -> Vec<Line<'static>> {
    let sections: Vec<Vec<Line<'static>>> =
        Place::ALL.into_iter().map(|place| section(theme, place)).collect();
    if width < TWO_COLUMNS {
        return sections.concat();
    }
    let half = usize::from(width) / 2;
    let mut lines = Vec::new();
    for pair in sections.chunks(2) {
        let [left, right] =
            [pair.first(), pair.get(1)].map(|part| part.map_or(&[][..], Vec::as_slice));
        for number in 0..left.len().max(right.len()) {
            let mut line = left.get(number).cloned().unwrap_or_default();
            let gap = half.saturating_sub(line.width());
            line.push_span(Span::raw(" ".repeat(gap)));
            line.extend(right.get(number).cloned().unwrap_or_default());
            lines.push(line);
        }
    }
    lines
}

fn section(theme: Theme, place: Place) -> Vec<Line<'static>> {
    let rows = place.rows();
    let widest = rows.iter().map(|(names, _)| columns(names)).max().unwrap_or(0);
    let row = |(names, help): &(String, String)| {
        Line::from(vec![
            Span::styled(format!("  {}", fit(names, widest + 2)), theme.code()),
            Span::raw(help.clone()),
        ])
    };
    let title = Line::styled(place.words(), theme.strong());
    std::iter::once(title).chain(rows.iter().map(row)).chain([Line::default()]).collect()
}
