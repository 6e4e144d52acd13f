//! Accepting a challenge: the first accept wins, with a line-up of the same size.

use super::context::Context;
use super::refusal::{Ruling, refuse, require};
use super::{challenge, notices, players, wars};
use crate::event::Event;
use crate::grammar::{PlayerRef, WarRef};
use crate::model::{Clan, Game, PersonId, Phase, Side, War, WarId};
use crate::reply::{Block, Code, Reply, Text};

/// `accept`.
pub(super) fn accept(
    context: &mut Context<'_>,
    named: &WarRef,
    players: &[PlayerRef],
) -> Ruling<Reply> {
    let mut war = addressed(context, named)?;
    let clan = context.own_clan()?;
    require(war.host != clan.id, || {
        refuse(Code::OwnClan, "a clan can't accept its own challenge")
            .hint(Text::new().code("gmbot removewar").and(" takes it back"))
    })?;
    challenge::require_open(&war)?;
    wars::require_unsuspended(&clan)?;
    let host = context.clan(war.host)?;
    wars::require_unblocked(&clan, &host)?;
    require(host.suspended.is_none(), || {
        refuse(Code::ClanIsSuspended, Text::new().and(&host).and(" is suspended"))
            .hint(Text::new().code("gmbot status").and(" lists what else your clan can accept"))
    })?;
    let game = challenge::game(context.read(), war.game)?;
    let line_up = guest_line_up(context, &war, &clan, players)?;
    require_host_line_up(context, &war, &host)?;

    let begins_at = war.start_at.map_or(context.at(), |start| start.max(context.at()));
    let ends_at = begins_at + war.duration;
    let event = Event::WarAccepted { war: war.id, guest: clan.id, line_up, begins_at, ends_at };
    context.record_for(&mut war, event)?;
    let notice = notices::accepted(&war, &clan, &game);
    context.notify(host.id, Some(war.id), notice)?;
    Ok(answer(&war, &host, &game))
}

/// The war that an id means to a clan that would accept it. Whoever is told the id of a private war
/// that names nobody may accept it; one that names another clan is unknown to everybody else.
fn addressed(context: &mut Context<'_>, named: &WarRef) -> Ruling<War> {
    let found = match named.0.parse::<WarId>() {
        Ok(id) => context.war(id)?,
        Err(_not_an_id) => None,
    };
    let war = found.ok_or_else(|| wars::unknown(named))?;
    let hidden = !wars::may_see(&war, &context.who);
    let may_know = war.named.is_none() && war.phase == Phase::Open;
    if hidden && !may_know {
        return Err(wars::unknown(named));
    }
    let clan = context.own_clan()?;
    require(war.named.is_none_or(|named| named == clan.id || war.host == clan.id), || {
        refuse(
            Code::NotChallenged,
            Text::from("the challenge ").and(war.id).and(" is for another clan"),
        )
        .hint(Text::new().code("gmbot status").and(" lists what your clan can accept"))
    })?;
    Ok(war)
}

/// The guest's line-up. In a war of one against one whoever accepts plays, unless they name
/// somebody.
fn guest_line_up(
    context: &Context<'_>,
    war: &War,
    clan: &Clan,
    players: &[PlayerRef],
) -> Ruling<Vec<PersonId>> {
    let size = war.line_ups.host.len();
    let line_up = match (players, context.who.person) {
        ([], Some(person)) if size == 1 => {
            players::require_available(context, &[person])?;
            vec![person]
        }
        ([], _) => {
            let wanted = players::players_word(size);
            return Err(refuse(Code::NoPlayers, format!("name {wanted} of your clan"))
                .hint(Text::from("as in ").code(format!(
                    "gmbot accept {} {}",
                    war.id,
                    "@name ".repeat(size).trim_end()
                )))
                .into());
        }
        _ => {
            let people = players::members(context, clan, players)?;
            require(people.len() == size, || {
                refuse(
                    Code::LineUpSize,
                    format!(
                        "{} fields {}, you named {}",
                        "the host",
                        players::players_word(size),
                        people.len()
                    ),
                )
                .hint(format!("name exactly {} of your clan", players::players_word(size)))
            })?;
            players::require_available(context, &people)?;
            people
        }
    };
    wars::require_not_opposed(war, Side::Guest, &line_up)?;
    Ok(line_up)
}

/// The host's line-up is checked again: members and available still. If not, the host is told.
fn require_host_line_up(context: &mut Context<'_>, war: &War, host: &Clan) -> Ruling<()> {
    let mut gone = players::unavailable(context.read(), &war.line_ups.host)?;
    for person in &war.line_ups.host {
        if context.role(host, *person)?.is_none() && !gone.contains(person) {
            gone.push(*person);
        }
    }
    if gone.is_empty() {
        return Ok(());
    }
    let notice = notices::accept_failed(war, &gone);
    context.notify(host.id, Some(war.id), notice)?;
    Err(refuse(
        Code::HostLineUp,
        Text::from("the line-up of ").and(host).and(" can't play any more"),
    )
    .hint("they were told; try again when they have changed it")
    .into())
}

fn answer(war: &War, host: &Clan, game: &Game) -> Reply {
    let (code, title) = if war.phase == Phase::Scheduled {
        (Code::WarScheduled, " is scheduled")
    } else {
        (Code::WarAccepted, " begins")
    };
    Reply::new(code)
        .title(Text::from("war ").and(war.id).and(" against ").and(host).and(title))
        .block(Block::Fields(notices::meeting(war, game)))
        .hint(
            Text::from("players say who won with ")
                .code(format!("gmbot vote {} -winner us", war.id)),
        )
}
