//! How the clan's glory went, as a line over its days.

use gmbot_engine::view::GloryThen;
use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::symbols::Marker;
use ratatui::text::Line;
use ratatui::widgets::{Axis, Chart, Dataset, GraphType, Paragraph};

use super::panel;
use crate::state::State;
use crate::text::clock;

/// The fewest rows and columns in which a line says anything.
const LEAST: (u16, u16) = (30, 5);

pub(super) fn draw(state: &State, area: Rect, frame: &mut Frame<'_>) {
    if area.height < LEAST.1 || area.width < LEAST.0 {
        return;
    }
    let theme = state.theme;
    let is_page = state.page.is_some();
    frame.render_widget(panel::title(state, "Our glory", area.width, is_page), area);
    let below = Rect { y: area.y + 1, height: area.height - 1, ..area };
    let course = state.world.as_ref().and_then(|world| world.course.as_ref());
    let days = course.map_or(&[][..], |course| &course.days);
    let [first, .., last] = days else {
        let words = Paragraph::new("  no wars yet").style(theme.quiet());
        return frame.render_widget(words, below);
    };
    let points: Vec<(f64, f64)> = points(days);
    let (least, most) = bounds(days);
    let days_label = |then: &GloryThen| clock(then.day, "UTC").0;
    let axis = Axis::default().style(theme.quiet());
    let set = Dataset::default()
        .marker(Marker::Braille)
        .graph_type(GraphType::Line)
        .style(theme.good())
        .data(&points);
    let end = points.last().map_or(1.0, |point| point.0);
    let chart = Chart::new(vec![set])
        .x_axis(
            axis.clone()
                .bounds([0.0, end])
                .labels([days_label(first), days_label(last)])
                .labels_alignment(Alignment::Right),
        )
        .y_axis(
            axis.bounds([as_height(least), as_height(most)])
                .labels([Line::raw(least.to_string()), Line::raw(most.to_string())]),
        );
    frame.render_widget(chart, below);
}

/// Glory as a height on the screen.
#[expect(clippy::cast_precision_loss, reason = "a screen is coarser than that")]
fn as_height(glory: i64) -> f64 {
    glory as f64
}

/// The days as points, a column a day.
fn points(days: &[GloryThen]) -> Vec<(f64, f64)> {
    let number = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    days.iter().enumerate().map(|(day, then)| (number(day), as_height(then.glory))).collect()
}

/// The least and the most that is shown; never the same.
fn bounds(days: &[GloryThen]) -> (i64, i64) {
    let all = || days.iter().map(|then| then.glory);
    let (least, most) = (all().min().unwrap_or(0), all().max().unwrap_or(0));
    (least.min(0).max(least - (most - least)), most.max(least + 1))
}
