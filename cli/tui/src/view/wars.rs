//! The clan's wars: what each waits for, how long still, and who plays, with the ballots that are in.

use gmbot_engine::model::{Phase, Side};
use gmbot_engine::view::{WarLine, WarView};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::panel::{self, Row};
use crate::deadline::{Left, stage};
use crate::state::{Panel, State};
use crate::text::columns;
use crate::world::World;

/// The mark of a player whose ballot is in.
const VOTED: &str = "✓";
/// The mark of a player whose ballot is not.
const NOT_VOTED: &str = "·";

pub(super) fn draw(state: &State, area: Rect, frame: &mut Frame<'_>) {
    let Some(world) = &state.world else {
        return panel::draw(state, Panel::Wars, area, frame, |_, _| Vec::new(), "");
    };
    let wars: Vec<&WarLine> = world.own_wars().collect();
    let row = |number: usize, width: usize| match wars.get(number) {
        Some(war) => vec![first(state, world, war, width), second(state, world, war, width)],
        None => Vec::new(),
    };
    let empty = match world.status {
        Some(_) => "no war runs; accept or make a challenge",
        None => "no clan acts here yet; `available` founds one",
    };
    panel::draw(state, Panel::Wars, area, frame, row, empty);
}

/// Id, rival, game; on the right what it waits for.
fn first(state: &State, world: &World, war: &WarLine, width: usize) -> Line<'static> {
    let theme = state.theme;
    let waits = waits(state, war);
    let room = width.saturating_sub(waits.iter().map(|(text, _)| columns(text)).sum::<usize>() + 2);
    let row = Row::new(room).add(&war.id.to_string(), theme.war()).add(" ", theme.quiet());
    let row = match rival(world, war) {
        Some(name) => row.add(name, theme.clan()),
        None => row.add("everybody", theme.quiet()),
    };
    let details = format!("  {} {}", war.game.name, war.format.code());
    let mut line = row.add(&details, theme.quiet()).end("", theme.quiet()).line();
    line.push_span(Span::raw("  "));
    line.extend(waits.into_iter().map(|(text, style)| Span::styled(text, style)));
    line
}

/// What a war waits for, and how long still.
pub(super) fn waits(state: &State, war: &WarLine) -> [(String, ratatui::style::Style); 2] {
    let theme = state.theme;
    let (word, until) = stage(war);
    let attention = matches!(war.phase, Phase::Voting | Phase::Disputed);
    let style = if attention { theme.urgent() } else { theme.quiet() };
    let Some(until) = until else { return [(word.to_owned(), style), (String::new(), style)] };
    let left = Left::until(until, state.now);
    let style_left = if left.is_short() { theme.urgent() } else { theme.strong() };
    [(format!("{word} "), style), (left.words(), style_left)]
}

/// The other clan of a war, or the one that is challenged.
fn rival<'w>(world: &World, war: &'w WarLine) -> Option<&'w str> {
    let other = match world.side(war) {
        Some(side) => war.clan(side.other()).or(war.named.as_ref()),
        None => Some(&war.host),
    };
    other.map(|clan| clan.name.as_str())
}

/// The line-ups, one's own first.
fn second(state: &State, world: &World, war: &WarLine, width: usize) -> Line<'static> {
    let theme = state.theme;
    let row = Row::new(width).add("      ", theme.quiet());
    let Some(seen) = world.in_full.get(&war.id) else {
        return row.add(&format!("{} a side", war.players), theme.quiet()).line();
    };
    let own = world.side(war).unwrap_or(Side::Host);
    let row = side(state, row, seen, own);
    if war.guest.is_none() {
        return row.add("  waits for an answer", theme.quiet()).line();
    }
    let row = row.add("  –  ", theme.quiet());
    side(state, row, seen, own.other()).line()
}

/// One side's players, each with a mark where one may see who voted.
fn side(state: &State, row: Row, war: &WarView, side: Side) -> Row {
    let theme = state.theme;
    let votes = matches!(war.line.phase, Phase::Ongoing | Phase::Voting | Phase::Disputed);
    let ballots = war.ballots.of(side).as_ref().filter(|_| votes);
    let mut row = row;
    for (number, person) in war.line_ups.of(side).iter().enumerate() {
        let gap = if number > 0 { " " } else { "" };
        let name = war.legend.people.get(person).map_or("someone", String::as_str);
        row = row.add(gap, theme.quiet()).add(name, theme.person());
        row = match ballots {
            Some(cast) if cast.players.contains_key(person) => row.add(VOTED, theme.good()),
            Some(_) => row.add(NOT_VOTED, theme.quiet()),
            None => row,
        };
    }
    row
}
