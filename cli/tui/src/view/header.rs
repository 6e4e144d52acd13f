//! The first line: which clan, who looks, how the clan stands, and whether what one sees is live.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::panel::Row;
use crate::layout;
use crate::state::{Panel, State};
use crate::text::columns;

pub(super) fn draw(state: &State, area: Rect, frame: &mut Frame<'_>) {
    if area.is_empty() {
        return;
    }
    let theme = state.theme;
    let (live, style) = match (&state.lost, &state.world) {
        (Some(_), _) => ("○ connection lost, trying again", theme.bad()),
        (None, Some(_)) => ("● live", theme.good()),
        (None, None) => ("○ looking", theme.quiet()),
    };
    let width = usize::from(area.width);
    let room = width.saturating_sub(columns(live) + 2);
    let mut row = Row::new(room).add("gmbot ", theme.focus());
    if let Some(world) = &state.world {
        row = match world.clan() {
            Some(clan) => row.add(" ", theme.quiet()).add(&clan.name, theme.strong()),
            None => row.add(" no clan yet", theme.quiet()),
        };
        if let Some(name) = &world.me.name {
            let role = world.me.role.map_or_else(String::new, |role| format!(", {}", role.word()));
            row = row.add(&format!("  @{name}{role}"), theme.quiet());
        }
        row = standing(state, row);
    }
    row = row.add(&format!("  {}", state.place), theme.quiet());
    let mut line = row.end("", theme.quiet()).line();
    line.push_span(Span::raw("  "));
    line.push_span(Span::styled(live.to_owned(), style));
    frame.render_widget(line, area);
}

/// The clan's own place among all.
fn standing(state: &State, row: Row) -> Row {
    let theme = state.theme;
    let Some(world) = &state.world else { return row };
    let board = &world.leaderboard;
    let own = board
        .rows
        .iter()
        .chain(&board.own)
        .find(|row| world.clan().is_some_and(|clan| clan.id == row.clan.id));
    match own {
        Some(own) => row
            .add(&format!("  #{}", own.rank), theme.strong())
            .add(&format!(" with {} glory", own.glory), theme.quiet()),
        None => row,
    }
}

/// The names of the panels, where one shows at a time.
pub(super) fn draw_tabs(state: &State, area: Rect, frame: &mut Frame<'_>) {
    let theme = state.theme;
    let span = |(panel, _): (Panel, Rect)| {
        let style = if panel == state.focus { theme.focus() } else { theme.quiet() };
        Span::styled(format!("{} ", tab(panel)), style)
    };
    let line: Line<'_> = tabs(area).into_iter().map(span).collect();
    frame.render_widget(line, area);
}

/// A panel's name in one word.
fn tab(panel: Panel) -> &'static str {
    match panel {
        Panel::Wars => "Wars",
        Panel::Challenges => "Open",
        Panel::Feed => "Feed",
        Panel::Leaderboard => "Glory",
        Panel::Roster => "Members",
    }
}

fn tabs(area: Rect) -> Vec<(Panel, Rect)> {
    let mut x = area.x;
    let place = |panel: Panel| {
        let width = u16::try_from(tab(panel).len() + 1).unwrap_or(u16::MAX);
        let tab = Rect { x, width, ..area }.intersection(area);
        x += width;
        (panel, tab)
    };
    Panel::ALL.into_iter().map(place).collect()
}

/// The panel whose name stands at a place.
pub(crate) fn tab_at(state: &State, column: u16, row: u16) -> Option<Panel> {
    let area = layout::places(state).tabs;
    let hit = |(_, tab): &(Panel, Rect)| tab.contains((column, row).into());
    tabs(area).into_iter().find(hit).map(|(panel, _)| panel)
}
