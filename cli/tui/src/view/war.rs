//! The page of one war: where it stands, who plays, what they say, how it came about, and what
//! these clans fought before.

use gmbot_engine::model::war::Evidence;
use gmbot_engine::model::{PersonId, Side, WarId};
use gmbot_engine::render::{Role, styled};
use gmbot_engine::reply::{Code, Text};
use gmbot_engine::view::{MessageSeen, ProofSeen, WarLine, WarView};
use gmbot_engine::{Reply, render};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::panel::{self, Row};
use super::wars::waits;
use crate::state::State;
use crate::text::{clock, wrapped};
use crate::world::Sight;

/// How many earlier wars of the two clans are listed.
const EARLIER: usize = 8;

pub(super) fn draw(
    state: &State,
    id: WarId,
    sight: Option<&Sight>,
    scroll: usize,
    area: Rect,
    frame: &mut Frame<'_>,
) {
    let lines: Vec<Line<'_>> =
        lines(state, id, sight, area.width).into_iter().skip(scroll).collect();
    frame.render_widget(Paragraph::new(lines), area);
}

/// The page, line by line.
pub(super) fn lines(
    state: &State,
    id: WarId,
    sight: Option<&Sight>,
    width: u16,
) -> Vec<Line<'static>> {
    let theme = state.theme;
    let Some(sight) = sight else {
        return vec![Line::styled(format!("war {id} …"), theme.quiet())];
    };
    let Some(war) = &sight.war else {
        return vec![Line::styled(format!("there is no war {id} to see"), theme.quiet())];
    };
    let mut lines = head(state, war, width);
    lines.push(Line::default());
    lines.extend(sides(state, war, usize::from(width)));
    if !war.proofs.is_empty() {
        lines.push(Line::default());
        lines.push(panel::title(state, "Proof", width, false));
        lines.extend(war.proofs.iter().map(|proof| self::proof(state, war, proof)));
    }
    if !war.messages.is_empty() {
        lines.push(Line::default());
        lines.push(panel::title(state, "Messages", width, false));
        lines.extend(war.messages.iter().map(|message| self::message(state, war, message)));
    }
    if let Some(explained) = &sight.explained {
        lines.push(Line::default());
        lines.push(panel::title(state, "How it came about", width, false));
        let room = usize::from(width).saturating_sub(2);
        let body = without_title(explained);
        lines.extend(wrapped(&styled(&body, room), room, &theme).into_iter().map(indented));
    }
    let earlier = earlier(state, &war.line);
    if !earlier.is_empty() {
        lines.push(Line::default());
        lines.push(panel::title(state, "Earlier wars of the two", width, false));
        lines.extend(earlier);
    }
    lines
}

fn indented(mut line: Line<'static>) -> Line<'static> {
    line.spans.insert(0, Span::raw("  "));
    line
}

/// The page has a title of its own.
fn without_title(reply: &Reply) -> Reply {
    let blocks = reply.blocks.iter().skip(1).cloned().collect();
    Reply { blocks, actions: Vec::new(), ..reply.clone() }
}

/// What stands above the line-ups.
fn head(state: &State, war: &WarView, width: u16) -> Vec<Line<'static>> {
    let theme = state.theme;
    let line = &war.line;
    let [word, left] = waits(state, line);
    let rival = line.guest.as_ref().or(line.named.as_ref()).map(|clan| clan.name.as_str());
    let title = Row::new(usize::from(width))
        .add(&line.id.to_string(), theme.war())
        .add("  ", theme.quiet())
        .add(&line.host.name, theme.clan().patch(theme.strong()))
        .add(" – ", theme.quiet())
        .add(rival.unwrap_or("everybody"), theme.clan().patch(theme.strong()));
    let state_words = match line.settlement {
        Some(_) => title.add(&format!("  {}", plain(line.state(), war, state)), theme.strong()),
        None => title.add("  ", theme.quiet()).add(&word.0, word.1).add(&left.0, left.1),
    };
    let private = if line.private { ", private" } else { "" };
    let sort = format!(
        "{}, {}, {} a side, played for {}{private}",
        line.game.name,
        line.format.words(),
        line.players,
        line.duration
    );
    let mut lines = vec![state_words.line(), Line::styled(sort, theme.quiet())];
    let moments = [
        ("begins", line.begins_at.or(line.start_at)),
        ("ends", line.ends_at),
        ("closes", line.closes_at),
    ];
    let moment = |(name, at): (&str, Option<_>)| {
        let (day, time) = clock(at?, state.zone());
        Some(format!("{name} {day} {time}"))
    };
    let moments: Vec<String> = moments.into_iter().filter_map(moment).collect();
    if !moments.is_empty() {
        lines.push(Line::styled(moments.join(", "), theme.quiet()));
    }
    lines
}

/// A text of the view as plain words.
fn plain(text: Text, war: &WarView, state: &State) -> String {
    let mut reply = Reply::new(Code::WarShown).say(text).in_zone(state.zone());
    reply.legend = war.legend.clone();
    render::plain(&reply, usize::MAX)
}

/// The two line-ups beside each other, each player with what they say.
fn sides(state: &State, war: &WarView, width: usize) -> Vec<Line<'static>> {
    let half = (width.saturating_sub(2) / 2).min(48);
    let columns = Side::BOTH.map(|side| side_lines(state, war, side, half));
    let [left, right] = &columns;
    let mut lines = Vec::new();
    for number in 0..left.len().max(right.len()) {
        let mut line = left.get(number).cloned().unwrap_or_default();
        let gap = (half + 2).saturating_sub(line.width());
        line.push_span(Span::raw(" ".repeat(gap)));
        line.extend(right.get(number).cloned().unwrap_or_default());
        lines.push(line);
    }
    lines
}

fn side_lines(state: &State, war: &WarView, side: Side, width: usize) -> Vec<Line<'static>> {
    let theme = state.theme;
    let Some(clan) = war.line.clan(side) else { return Vec::new() };
    let short = u16::try_from(width).unwrap_or(u16::MAX);
    let mut lines = vec![panel::title(
        state,
        &crate::text::cut(&clan.name, width.saturating_sub(2)),
        short,
        false,
    )];
    let ballots = war.ballots.of(side).as_ref();
    let says = |person: &PersonId| {
        let cast = ballots?;
        cast.players.get(person).or_else(|| cast.officers.get(person))
    };
    let line_up = war.line_ups.of(side);
    let officers = ballots.iter().flat_map(|cast| cast.officers.keys());
    for person in line_up.iter().chain(officers.filter(|person| !line_up.contains(person))) {
        let name = war.legend.people.get(person).map_or("someone", String::as_str);
        let row = Row::new(width).add("  ", theme.quiet()).add(&format!("@{name}"), theme.person());
        let row = match (says(person), ballots) {
            (Some(ballot), _) => row
                .add("  says ", theme.quiet())
                .add(&plain(war.line.ballot(ballot), war, state), theme.strong()),
            (None, Some(_)) => row.add("  has not voted", theme.quiet()),
            (None, None) => row,
        };
        lines.push(row.line());
    }
    if ballots.is_none() && war.line.guest.is_some() {
        lines.push(Line::styled("  ballots sealed until it is settled", theme.quiet()));
    }
    lines
}

fn proof(state: &State, war: &WarView, proof: &ProofSeen) -> Line<'static> {
    let theme = state.theme;
    let (day, time) = clock(proof.at, state.zone());
    let name = war.legend.people.get(&proof.by).map_or("someone", String::as_str);
    let text = |id| war.legend.texts.get(id).cloned().unwrap_or_default();
    let what = match &proof.evidence {
        Some(Evidence::Image(hash)) => format!("image {}", hash.get(..12).unwrap_or(hash)),
        Some(Evidence::Link(link)) => text(link),
        None => String::new(),
    };
    let note = proof.note.as_ref().map(text).unwrap_or_default();
    Row::new(usize::from(state.size.0))
        .add(&format!("  {day} {time} "), theme.quiet())
        .add(&format!("@{name} "), theme.person())
        .add(&format!("{what} "), theme.code())
        .add(&note, theme.role(Role::User))
        .line()
}

fn message(state: &State, war: &WarView, message: &MessageSeen) -> Line<'static> {
    let theme = state.theme;
    let (day, time) = clock(message.at, state.zone());
    let name = war.legend.people.get(&message.by).map_or("someone", String::as_str);
    let words = war.legend.texts.get(&message.text).map_or("", String::as_str);
    Row::new(usize::from(state.size.0))
        .add(&format!("  {day} {time} "), theme.quiet())
        .add(&format!("@{name} "), theme.person())
        .add(words, theme.role(Role::User))
        .line()
}

/// What the two clans fought before.
fn earlier(state: &State, war: &WarLine) -> Vec<Line<'static>> {
    let Some(guest) = &war.guest else { return Vec::new() };
    let history = state.world.iter().filter_map(|world| world.history.as_ref());
    let of_both = |other: &&WarLine| {
        let Some(their_guest) = &other.guest else { return false };
        let clans = [other.host.id, their_guest.id];
        other.id != war.id && clans.contains(&war.host.id) && clans.contains(&guest.id)
    };
    let row = |other: &WarLine| {
        let theme = state.theme;
        let (day, _) = clock(other.created_at, state.zone());
        let outcome = Reply::new(Code::WarShown).say(other.state());
        Row::new(usize::from(state.size.0))
            .add(&format!("  {day}  "), theme.quiet())
            .cell(&other.id.to_string(), 7, theme.war())
            .cell(&other.game.name, 18, theme.role(Role::Plain))
            .add(&render::plain(&outcome, usize::MAX), theme.strong())
            .line()
    };
    history.flat_map(|history| &history.wars).filter(of_both).take(EARLIER).map(row).collect()
}
