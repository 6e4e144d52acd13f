//! Asking for a war, taking the challenge back, and declining it.

use super::context::Context;
use super::refusal::{Ruling, refuse, require};
use super::{notices, players, times, wars};
use crate::event::Event;
use crate::grammar::command::CreateWar;
use crate::grammar::{Command, WarRef};
use crate::model::deadline::OPEN_FOR;
use crate::model::{AtMs, Clan, DurationMs, Game, GameId, Phase, War};
use crate::reply::{Block, Code, Reply, Text};
use crate::store::Read;

/// How many open challenges a clan may have out.
const MOST_OPEN: u32 = 10;
/// How many challenges a clan may make in 24 hours.
const MOST_A_DAY: u32 = 20;

/// `createwar` and `privatewar`.
pub(super) fn create(context: &mut Context<'_>, wanted: &CreateWar) -> Ruling<Reply> {
    let clan = context.own_clan()?;
    wars::require_unsuspended(&clan)?;
    let now = context.at();
    let start_at = match wanted.start {
        Some(spec) => Some(times::start(spec, &clan.profile.timezone, now)?),
        None => None,
    };
    let named = match &wanted.clan {
        Some(named) => Some(challenged(context, &clan, named)?),
        None => None,
    };
    require_within_limits(context, &clan, now)?;
    let game = game(context.read(), wanted.game)?;
    let line_up = players::line_up(context, &clan, &game, &wanted.players)?;

    if !clan.subscriptions.contains(&game.id) {
        context.record(Event::Subscribed { clan: clan.id, games: vec![game.id] })?;
    }
    let war = open(context, &clan, wanted, named.as_ref(), start_at, line_up)?;
    match &named {
        Some(named) => {
            let notice = notices::challenge(&war, &clan, &game);
            context.notify(named.id, Some(war.id), notice)?;
        }
        None if !war.private => context.store().broadcast(war.id)?,
        None => {}
    }
    Ok(created(&war, &game, named.as_ref()))
}

/// Writes the challenge down.
fn open(
    context: &mut Context<'_>,
    clan: &Clan,
    wanted: &CreateWar,
    named: Option<&Clan>,
    start_at: Option<AtMs>,
    line_up: Vec<crate::model::PersonId>,
) -> Ruling<War> {
    let now = context.at();
    let lapses_at = start_at.map_or(now + OPEN_FOR, |start| start.min(now + OPEN_FOR));
    let event = Event::WarCreated {
        war: context.new_war_id()?,
        host: clan.id,
        named: named.map(|named| named.id),
        private: wanted.private,
        game: wanted.game,
        format: wanted.format,
        duration: wanted.duration,
        start_at,
        lapses_at,
        line_up,
    };
    context.record(event.clone())?;
    Ok(War::created(now, &event).unwrap_or_else(|| unreachable!("the event creates a war")))
}

/// The clan that is challenged by name, if it can be.
fn challenged(
    context: &mut Context<'_>,
    own: &Clan,
    named: &crate::grammar::ClanRef,
) -> Ruling<Clan> {
    let other = context.clan_of(named)?;
    require(other.id != own.id, || {
        refuse(Code::OwnClan, "a clan can't challenge itself")
            .hint(Text::new().code("gmbot clans").and(" lists others"))
    })?;
    wars::require_unblocked(own, &other)?;
    require(other.suspended.is_none(), || {
        refuse(Code::ClanIsSuspended, Text::new().and(&other).and(" is suspended"))
            .hint(Text::new().code("gmbot clans").and(" lists others"))
    })?;
    require(other.awake(), || {
        refuse(
            Code::ClanAsleep,
            Text::new().and(&other).and(" can't be challenged: the bot was removed from it"),
        )
        .hint(Text::new().code("gmbot clans").and(" lists others"))
    })?;
    Ok(other)
}

fn require_within_limits(context: &Context<'_>, clan: &Clan, now: AtMs) -> Ruling<()> {
    let open = context.read().open_count(clan.id)?;
    require(open < MOST_OPEN, || {
        refuse(Code::TooManyOpen, format!("{open} challenges of your clan are open already"))
            .hint(Text::from("take one back with ").code("gmbot removewar"))
    })?;
    let today = context.read().created_since(clan.id, now - DurationMs::hours(24))?;
    require(today < MOST_A_DAY, || {
        refuse(Code::TooManyToday, format!("your clan made {today} challenges in 24 hours"))
            .hint("accept one of another clan, or wait")
    })
}

/// A game that a command named; the parser knows it, unless it is gone since.
pub(crate) fn game(read: &dyn Read, id: GameId) -> Ruling<Game> {
    read.games()?.into_iter().find(|game| game.id == id).ok_or_else(|| {
        refuse(Code::UnknownGame, format!("there is no game {id}"))
            .hint(Text::new().code("gmbot games").and(" lists them"))
            .into()
    })
}

fn created(war: &War, game: &Game, named: Option<&Clan>) -> Reply {
    let mut reply = Reply::new(Code::WarCreated)
        .title(Text::from("war ").and(war.id).and(" is open"))
        .block(Block::Fields(notices::terms(war, game)))
        .say(match named {
            Some(named) => Text::from("challenged: ").and(named),
            None if war.private => Text::from("private: tell the other clan the id ").and(war.id),
            None => Text::from("every clan that hears of ").and(game.name.clone()).and(" is told"),
        })
        .say(Text::from("it waits until ").and(war.lapses_at));
    if war.start_at == Some(war.lapses_at) {
        reply = reply.hint("it lapses when the start comes and nobody has accepted");
    }
    reply.action("Withdraw", Command::RemoveWar { war: wars::reference(war) })
}

/// `removewar`: until somebody accepts.
pub(super) fn withdraw(context: &mut Context<'_>, named: &WarRef) -> Ruling<Reply> {
    let mut war = wars::of(context, Some(named), |_| true)?;
    let clan = context.own_clan()?;
    require(war.host == clan.id, || {
        refuse(
            Code::NotYourWar,
            Text::from("the war ").and(war.id).and(" is not your clan's challenge"),
        )
        .hint(Text::new().code("gmbot status").and(" lists your challenges"))
    })?;
    require_open(&war)?;
    let event = Event::WarWithdrawn { war: war.id };
    context.record_for(&mut war, event)?;
    if let Some(named) = war.named {
        let notice = notices::withdrawn(&war, &clan);
        context.notify(named, Some(war.id), notice)?;
    }
    Ok(Reply::new(Code::WarWithdrawn)
        .say(Text::from("the challenge ").and(war.id).and(" is taken back")))
}

/// `decline`: by the clan that was challenged by name.
pub(super) fn decline(context: &mut Context<'_>, named: &WarRef) -> Ruling<Reply> {
    let mut war = wars::of(context, Some(named), |_| true)?;
    let clan = context.own_clan()?;
    require(war.named == Some(clan.id), || {
        refuse(
            Code::NotChallenged,
            Text::from("the challenge ").and(war.id).and(" does not name your clan"),
        )
        .hint("a challenge to everybody needs no answer")
    })?;
    require_open(&war)?;
    let event = Event::WarDeclined { war: war.id, by_clan: clan.id };
    context.record_for(&mut war, event)?;
    let notice = notices::declined(&war, &clan);
    context.notify(war.host, Some(war.id), notice)?;
    Ok(Reply::new(Code::WarDeclined)
        .say(Text::from("the challenge ").and(war.id).and(" is declined")))
}

/// Stops where a challenge is not open any more, saying what became of it.
pub(super) fn require_open(war: &War) -> Ruling<()> {
    match war.phase {
        Phase::Open => Ok(()),
        Phase::Scheduled | Phase::Ongoing | Phase::Voting | Phase::Disputed | Phase::Settled => {
            Err(refuse(
                Code::AlreadyAccepted,
                Text::from("the war ").and(war.id).and(" was accepted already"),
            )
            .action("Show", Command::Show { war: Some(wars::reference(war)) })
            .into())
        }
        Phase::Withdrawn | Phase::Lapsed | Phase::Declined => Err(refuse(
            Code::NotOpen,
            Text::from("the challenge ")
                .and(war.id)
                .and(format!(" is not open any more: it was {}", past(war.phase))),
        )
        .hint(Text::new().code("gmbot status").and(" lists what is open"))
        .into()),
    }
}

fn past(phase: Phase) -> &'static str {
    match phase {
        Phase::Withdrawn => "taken back",
        Phase::Lapsed => "not accepted in time",
        Phase::Declined => "declined",
        Phase::Open
        | Phase::Scheduled
        | Phase::Ongoing
        | Phase::Voting
        | Phase::Disputed
        | Phase::Settled => "accepted",
    }
}
