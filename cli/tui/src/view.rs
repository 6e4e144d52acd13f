//! What the screen looks like: drawn from the state alone.

mod answer;
mod dialog;
mod glory;
mod header;
mod keys;
mod line;
mod lists;
mod panel;
mod war;
mod wars;

use ratatui::Frame;

use crate::layout::{self, Places};
use crate::state::{Page, Panel, State};

pub(crate) use answer::answer_at;
pub(crate) use dialog::row_at as dialog_row_at;
pub(crate) use header::tab_at;

/// Draws the screen.
pub(crate) fn draw(state: &State, frame: &mut Frame<'_>) {
    let places = layout::places(state);
    header::draw(state, places.header, frame);
    match &state.page {
        Some(Page::War { id, sight, scroll }) => {
            war::draw(state, *id, sight.as_deref(), *scroll, places.page, frame);
        }
        Some(Page::Keys { scroll }) => keys::draw(state, *scroll, places.page, frame),
        Some(Page::Glory) => glory::draw(state, places.page, frame),
        None => panels(state, &places, frame),
    }
    answer::draw(state, frame);
    line::draw(state, &places, frame);
    dialog::draw(state, frame);
}

fn panels(state: &State, places: &Places, frame: &mut Frame<'_>) {
    header::draw_tabs(state, places.tabs, frame);
    for (panel, area) in &places.panels {
        match panel {
            Panel::Wars => wars::draw(state, *area, frame),
            Panel::Challenges => lists::challenges(state, *area, frame),
            Panel::Feed => lists::feed(state, *area, frame),
            Panel::Leaderboard => lists::leaderboard(state, *area, frame),
            Panel::Roster => lists::roster(state, *area, frame),
        }
    }
    glory::draw(state, places.glory, frame);
}

/// Brings what is scrolled back to where there is something to see.
pub(crate) fn clamp(state: &mut State) {
    if let Some(most) = answer::most_scroll(state)
        && let Some(answer) = &mut state.answer
    {
        answer.scroll = answer.scroll.min(most);
    }
    let page = layout::places(state).page;
    let lines = match &state.page {
        Some(Page::War { id, sight, .. }) => war::lines(state, *id, sight.as_deref(), page.width),
        Some(Page::Keys { .. }) => keys::lines(state.theme, page.width),
        Some(Page::Glory) | None => return,
    };
    let most = lines.len().saturating_sub(usize::from(page.height));
    if let Some(Page::War { scroll, .. } | Page::Keys { scroll }) = &mut state.page {
        *scroll = (*scroll).min(most);
    }
}
