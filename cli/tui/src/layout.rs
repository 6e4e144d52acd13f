//! Where everything stands: a pure function of the state, asked by whoever draws and by the mouse.

use ratatui::layout::{Constraint, Layout, Rect};

use crate::state::{Page, Panel, State};

/// From how many columns and rows on all panels show at once.
const ALL_PANELS: (u16, u16) = (72, 18);
/// From how many columns on there are three columns of panels.
const THREE_COLUMNS: u16 = 132;

/// Where everything stands; a part without room has no area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Places {
    /// Who, where, how it stands.
    pub(crate) header: Rect,
    /// The panels that show.
    pub(crate) panels: Vec<(Panel, Rect)>,
    /// The names of the panels, where one shows at a time.
    pub(crate) tabs: Rect,
    /// Where the clan's glory is drawn beside the panels.
    pub(crate) glory: Rect,
    /// A page in place of the panels.
    pub(crate) page: Rect,
    /// The parameter that is being written, or what can be done.
    pub(crate) hint: Rect,
    /// The command line.
    pub(crate) line: Rect,
    /// What is wrong with it.
    pub(crate) marks: Rect,
}

/// How far apart columns of panels stand.
const GAP: u16 = 2;

/// Where everything stands.
pub(crate) fn places(state: &State) -> Places {
    let (columns, rows) = state.size;
    let screen = Rect::new(0, 0, columns, rows);
    // What is nearest to the command line goes last when there is no room.
    let spare = |from: u16| u16::from(rows >= from);
    let rows = [
        Constraint::Length(spare(8)),
        Constraint::Fill(1),
        Constraint::Length(spare(4)),
        Constraint::Length(1),
        Constraint::Length(spare(2)),
    ];
    let [header, body, hint, line, marks] = Layout::vertical(rows).areas(screen);
    let mut places = Places {
        header,
        panels: Vec::new(),
        tabs: Rect::ZERO,
        glory: Rect::ZERO,
        page: body,
        hint,
        line,
        marks,
    };
    match &state.page {
        Some(Page::War { .. } | Page::Keys { .. } | Page::Glory) => {}
        None if columns >= THREE_COLUMNS && screen.height >= ALL_PANELS.1 => {
            wide(&mut places, body);
        }
        None if columns >= ALL_PANELS.0 && screen.height >= ALL_PANELS.1 => two(&mut places, body),
        None => one(&mut places, body, state.focus),
    }
    places
}

/// Three columns: what one acts on, what happened, who.
fn wide(places: &mut Places, body: Rect) {
    let columns = [Constraint::Fill(5), Constraint::Fill(4), Constraint::Fill(3)];
    let [left, middle, right] = Layout::horizontal(columns).spacing(GAP).areas(body);
    let [wars, challenges] =
        Layout::vertical([Constraint::Fill(3), Constraint::Fill(2)]).spacing(1).areas(left);
    let [feed, glory] =
        Layout::vertical([Constraint::Fill(3), Constraint::Fill(2)]).spacing(1).areas(middle);
    let [leaderboard, roster] =
        Layout::vertical([Constraint::Fill(1), Constraint::Fill(1)]).spacing(1).areas(right);
    places.glory = glory;
    places.panels = in_order([wars, challenges, feed, leaderboard, roster]);
}

/// Two columns.
fn two(places: &mut Places, body: Rect) {
    let columns = [Constraint::Fill(5), Constraint::Fill(3)];
    let [left, right] = Layout::horizontal(columns).spacing(GAP).areas(body);
    let [wars, challenges, feed] =
        Layout::vertical([Constraint::Fill(5), Constraint::Fill(4), Constraint::Fill(4)])
            .areas(left);
    let [leaderboard, roster] =
        Layout::vertical([Constraint::Fill(1), Constraint::Fill(1)]).areas(right);
    places.panels = in_order([wars, challenges, feed, leaderboard, roster]);
}

/// All panels with their areas, in the order of the keys.
fn in_order(areas: [Rect; Panel::ALL.len()]) -> Vec<(Panel, Rect)> {
    Panel::ALL.into_iter().zip(areas).collect()
}

/// One panel at a time, and the names of all above it.
fn one(places: &mut Places, body: Rect, focus: Panel) {
    let tabs = u16::from(body.height >= 3);
    let [tabs, panel] =
        Layout::vertical([Constraint::Length(tabs), Constraint::Fill(1)]).areas(body);
    places.tabs = tabs;
    places.panels = vec![(focus, panel)];
}

/// Where the rows of a panel stand: below its title.
pub(crate) fn rows_of(panel: Rect) -> Rect {
    let title = panel.height.min(1);
    Rect { y: panel.y + title, height: panel.height - title, ..panel }
}

/// How many lines a row of a panel takes.
pub(crate) fn lines_a_row(panel: Panel) -> usize {
    match panel {
        Panel::Wars => 2,
        Panel::Challenges | Panel::Feed | Panel::Leaderboard | Panel::Roster => 1,
    }
}

/// The first row that shows, so that the chosen one does.
pub(crate) fn first_row(chosen: usize, count: usize, shown: usize) -> usize {
    let shown = shown.max(1);
    let centred = chosen.saturating_sub(shown / 2);
    centred.min(count.saturating_sub(shown))
}

/// The area of a box in front of everything, centred, no larger than what it stands in.
pub(crate) fn centred(width: u16, height: u16, within: Rect) -> Rect {
    let (width, height) = (width.min(within.width), height.min(within.height));
    Rect {
        x: within.x + (within.width - width) / 2,
        y: within.y + (within.height - height) / 2,
        width,
        height,
    }
}

/// The row of a panel at a place on the screen.
pub(crate) fn row_at(state: &State, column: u16, row: u16) -> Option<(Panel, Option<usize>)> {
    let at = |area: &Rect| area.contains((column, row).into());
    let (panel, area) = places(state).panels.into_iter().find(|(_, area)| at(area))?;
    let rows = rows_of(area);
    if !at(&rows) {
        return Some((panel, None));
    }
    let lines = lines_a_row(panel);
    let (count, chosen) = (state.subjects(panel).len(), state.chosen(panel));
    let first = first_row(chosen, count, usize::from(rows.height) / lines);
    let number = first + usize::from(row - rows.y) / lines;
    Some((panel, Some(number).filter(|number| *number < count)))
}
