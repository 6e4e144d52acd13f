//! What only the operator of a gmbot may do to clans and games.

use super::context::Context;
use super::offices;
use super::players;
use super::refusal::{Ruling, refuse, require};
use crate::event::Event;
use crate::grammar::{ClanRef, PlayerRef};
use crate::model::{Clan, Game, GameId, names};
use crate::reply::{Code, Reply, Text};

/// The most players that a side of any game may field.
const MOST_PLAYERS: u32 = 100;
/// The longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// Makes a member of a clan its leader.
pub(super) fn appoint(
    context: &mut Context<'_>,
    clan: &ClanRef,
    player: &PlayerRef,
    reason: &str,
) -> Ruling<Reply> {
    let reason = checked_reason(reason)?;
    let clan = context.clan_of(clan)?;
    let leader = players::member(context, &clan, player)?;
    require(clan.leader != Some(leader), || {
        refuse(Code::HasRole, Text::from(leader).and(" leads ").and(&clan).and(" already"))
            .hint("name another member")
    })?;
    offices::hand_over(context, &clan, leader)?;
    let notice = offices::moved(&clan, leader, "whom the operator appointed");
    context.notify(clan.id, None, notice.say(because(&reason)))?;
    Ok(Reply::new(Code::LeaderAppointed)
        .say(Text::from(leader).and(" leads ").and(&clan).and(" now"))
        .say(because(&reason)))
}

/// Keeps a clan from challenging, accepting and writing.
pub(super) fn suspend(context: &mut Context<'_>, clan: &ClanRef, reason: &str) -> Ruling<Reply> {
    let reason = checked_reason(reason)?;
    let clan = context.clan_of(clan)?;
    require(clan.suspended.is_none(), || {
        let fact = Text::from(&clan).and(" is suspended already");
        refuse(Code::AlreadySuspended, fact).hint(
            Text::new().code(format!("gmbot restore -clan {}", clan.id)).and(" takes it back"),
        )
    })?;
    context.record(Event::ClanSuspended { clan: clan.id, reason: reason.clone() })?;
    let reply = suspended(&clan, &reason);
    context.notify(clan.id, None, reply.clone())?;
    Ok(reply)
}

/// Takes a suspension back.
pub(super) fn restore(context: &mut Context<'_>, clan: &ClanRef, reason: &str) -> Ruling<Reply> {
    let reason = checked_reason(reason)?;
    let clan = context.clan_of(clan)?;
    require(clan.suspended.is_some(), || {
        refuse(Code::NotSuspended, Text::from(&clan).and(" is not suspended"))
            .hint("name a clan that is; `gmbot status -clan CLAN` says whether it is")
    })?;
    context.record(Event::ClanRestored { clan: clan.id })?;
    let reply = Reply::new(Code::ClanRestored)
        .say(Text::from(&clan).and(" may challenge, accept and write again"))
        .say(because(&reason));
    context.notify(clan.id, None, reply.clone())?;
    Ok(reply)
}

/// Adds a game under the next number.
pub(super) fn add_game(
    context: &mut Context<'_>,
    name: &str,
    min_players: u32,
    max_players: u32,
) -> Ruling<Reply> {
    let name = names::normal(name);
    if let Err(why) = names::check(&name) {
        let fact = Text::from("a game can't be called ").user(name).and(format!(": {why}"));
        return Err(refuse(Code::BadName, fact).hint("choose another name").into());
    }
    require((1..=max_players).contains(&min_players) && max_players <= MOST_PLAYERS, || {
        let fact = format!("a side of {min_players} to {max_players} players is not possible");
        let next = format!("write the fewest and the most, within 1 and {MOST_PLAYERS}: `1-5`");
        refuse(Code::BadValue, fact).hint(next)
    })?;
    let games = context.read().games()?;
    require_new(&games, &name)?;
    let game = GameId(games.iter().map(|game| game.id.0).max().unwrap_or(0).saturating_add(1));
    context.record(Event::GameAdded { game, name: name.clone(), min_players, max_players })?;
    Ok(Reply::new(Code::GameAdded).say(
        Text::from(format!("{game} "))
            .user(name)
            .and(format!(" can be played, with {min_players} to {max_players} players a side")),
    ))
}

fn require_new(games: &[Game], name: &str) -> Ruling<()> {
    let key = names::key(name);
    match games.iter().find(|game| names::key(&game.name) == key) {
        None => Ok(()),
        Some(game) => {
            let fact = Text::from("there is a game like that: ")
                .and(format!("{} ", game.id))
                .user(game.name.clone());
            let next = Text::new().code("gmbot games").and(" lists them all");
            Err(refuse(Code::GameExists, fact).hint(next).into())
        }
    }
}

fn suspended(clan: &Clan, reason: &str) -> Reply {
    Reply::new(Code::ClanSuspended)
        .say(Text::from(clan).and(" may not challenge, accept or write until it is restored"))
        .say(because(reason))
        .hint("wars that it plays already go on")
}

/// A reason that can be shown: there is one, and it is not a novel.
fn checked_reason(reason: &str) -> Ruling<String> {
    let reason = reason.trim().to_owned();
    require((1..=LONGEST_REASON).contains(&reason.chars().count()), || {
        refuse(Code::BadValue, format!("the reason has 1 to {LONGEST_REASON} characters"))
            .hint("say in a sentence why")
    })?;
    Ok(reason)
}

fn because(reason: &str) -> Text {
    Text::from("reason: ").user(reason)
}
