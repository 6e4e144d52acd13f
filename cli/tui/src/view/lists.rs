//! The panels whose rows are one line: challenges, what happened, most glory, members.

use gmbot_engine::view::{Standing, WarLine};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::panel::{self, Row};
use super::wars::waits;
use crate::feed::Entry;
use crate::state::{Panel, State};
use crate::text::{clock, fit_right};

/// The width of a war's id with room behind it.
const ID: usize = 6;
/// From how many columns on the leaderboard shows how many wars were won.
const ROOM_FOR_WON: usize = 34;

pub(super) fn challenges(state: &State, area: Rect, frame: &mut Frame<'_>) {
    let open: Vec<&WarLine> = state.world.iter().flat_map(|world| world.acceptable()).collect();
    let theme = state.theme;
    let row = |number: usize, width: usize| {
        vec![match (open.get(number), number - open.len().min(number)) {
            (Some(war), _) => challenge(state, war, width),
            (None, 0) => Row::new(width).add("+ challenge others", theme.code()).line(),
            (None, _) => {
                Row::new(width).add("+ ", theme.code()).add(&heard(state), theme.quiet()).line()
            }
        }]
    };
    let empty = "none that your clan can accept";
    panel::draw(state, Panel::Challenges, area, frame, row, empty);
}

/// The games whose challenges the clan hears of.
fn heard(state: &State) -> String {
    let status = state.world.iter().filter_map(|world| world.status.as_ref());
    let games: Vec<&str> =
        status.flat_map(|status| &status.subscriptions).map(|game| game.name.as_str()).collect();
    if games.is_empty() {
        "hear of challenges".to_owned()
    } else {
        format!("hears of {}", games.join(", "))
    }
}

fn challenge(state: &State, war: &WarLine, width: usize) -> Line<'static> {
    let theme = state.theme;
    let [_, (left, urgency)] = waits(state, war);
    let sort = format!("{0}v{0} {1} {2}", war.players, war.format.code(), war.duration);
    let row = Row::new(width).cell(&war.id.to_string(), ID, theme.war());
    let room = row.left();
    let row = row
        .cell(&war.host.name, (room / 3).max(8), theme.clan())
        .add(" ", theme.quiet())
        .cell(&war.game.name, (room / 4).max(8), theme.role(gmbot_engine::render::Role::Plain))
        .add(" ", theme.quiet());
    let room = row.left().saturating_sub(crate::text::columns(&left) + 1);
    row.cell(&sort, room, theme.quiet()).end(&left, urgency).line()
}

pub(super) fn feed(state: &State, area: Rect, frame: &mut Frame<'_>) {
    let (today, _) = clock(state.now, state.zone());
    let row = |number: usize, width: usize| match state.feed.entries.get(number) {
        Some(entry) => vec![happened(state, entry, &today, width)],
        None => Vec::new(),
    };
    panel::draw(state, Panel::Feed, area, frame, row, "nothing yet");
}

/// When, to the minute if it was today, and what.
fn happened(state: &State, entry: &Entry, today: &str, width: usize) -> Line<'static> {
    let theme = state.theme;
    let (day, time) = clock(entry.at, state.zone());
    let when = if day == today { &time } else { day.get(5..).unwrap_or(&day) };
    let row = Row::new(width).cell(when, 6, theme.quiet());
    entry.what.iter().fold(row, |row, (role, text)| row.add(text, theme.role(*role))).line()
}

pub(super) fn leaderboard(state: &State, area: Rect, frame: &mut Frame<'_>) {
    let board = state.world.as_ref().map(|world| &world.leaderboard);
    let rows: Vec<&Standing> =
        board.map(|board| board.rows.iter().chain(&board.own).collect()).unwrap_or_default();
    let row = |number: usize, width: usize| match rows.get(number) {
        Some(standing) => vec![rank(state, standing, width)],
        None => Vec::new(),
    };
    panel::draw(state, Panel::Leaderboard, area, frame, row, "no clan has any yet");
}

fn rank(state: &State, standing: &Standing, width: usize) -> Line<'static> {
    let theme = state.theme;
    let own = state.world.as_ref().and_then(|world| world.clan());
    let is_own = own.is_some_and(|own| own.id == standing.clan.id);
    let name = if is_own { theme.clan().patch(theme.strong()) } else { theme.clan() };
    let glory = fit_right(&standing.glory.to_string(), 6);
    // Where there is little room, the names need it more.
    let won = if width < ROOM_FOR_WON { 0 } else { 8 };
    let won = fit_right(&format!("{} won", standing.won), won);
    let rank = fit_right(&standing.rank.to_string(), 2);
    let row = Row::new(width).add(&rank, theme.quiet()).add("  ", theme.quiet());
    let room = row.left().saturating_sub(glory.len() + won.len());
    row.cell(&standing.clan.name, room, name)
        .add(&glory, theme.strong())
        .add(&won, theme.quiet())
        .line()
}

pub(super) fn roster(state: &State, area: Rect, frame: &mut Frame<'_>) {
    let row = |number: usize, width: usize| member(state, number, width).into_iter().collect();
    panel::draw(state, Panel::Roster, area, frame, row, "nobody yet");
}

fn member(state: &State, number: usize, width: usize) -> Option<Line<'static>> {
    let theme = state.theme;
    let world = state.world.as_ref()?;
    let member = world.roster.as_ref()?.members.get(number)?;
    let name = world.name(member.person).unwrap_or("someone");
    let you = if world.me.person == Some(member.person) { " (you)" } else { "" };
    let (style, away) =
        if member.available { (theme.person(), "") } else { (theme.quiet(), "away  ") };
    let role = format!("{away}{}", member.role.word());
    let row = Row::new(width);
    let room = row.left().saturating_sub(role.len() + 1);
    let row = Row::new(room).add(&format!("@{name}"), style).add(you, theme.quiet()).end("", style);
    let mut line = row.line();
    line.extend(Row::new(role.len() + 1).end(&role, theme.quiet()).line().spans);
    Some(line)
}
