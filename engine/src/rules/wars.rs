//! Commands about a war that is known: which one is meant, who may see it, substitutes, messages,
//! conceding, and the operator's word.

use unicode_width::UnicodeWidthStr;

use super::context::{Context, Who};
use super::refusal::{Ruling, Stop, refuse, require};
use super::{course, notices, players};
use crate::event::Event;
use crate::grammar::{Command, PlayerRef, WarRef, Winner};
use crate::model::{Cause, ClanId, DurationMs, Outcome, PersonId, Phase, Side, War, WarId};
use crate::reply::{Code, Inline, Reply, Text};
use crate::store::{Read, WarFilter};

/// The longest message, in characters.
const LONGEST_MESSAGE: usize = 500;
/// How many messages a side may send in a minute.
const MESSAGES_A_MINUTE: u32 = 5;
/// How long messages are kept.
pub(super) const MESSAGES_KEPT: DurationMs = DurationMs::days(90);

/// Whether somebody may see a war: everybody a public one; its clans, its players and the operator
/// a private one.
pub(crate) fn may_see(war: &War, who: &Who) -> bool {
    let involved = |clan: ClanId| war.side_of(clan).is_some() || war.named == Some(clan);
    !war.private
        || who.operator
        || who.clan.is_some_and(involved)
        || who.person.is_some_and(|person| war.player_side(person).is_some())
}

/// The war that is meant: by its id, or the only one that can be meant.
pub(crate) fn which(
    read: &dyn Read,
    who: &Who,
    named: Option<&WarRef>,
    meant: impl Fn(&War) -> bool,
) -> Ruling<War> {
    if let Some(named) = named {
        let war = match named.0.parse::<WarId>() {
            Ok(id) => read.war(id)?,
            Err(_not_an_id) => None,
        };
        return war.filter(|war| may_see(war, who)).ok_or_else(|| unknown(named));
    }
    let running = WarFilter { running: true, limit: 50, ..WarFilter::default() };
    let mut wars = Vec::new();
    if who.clan.is_some() {
        wars.extend(read.wars(&WarFilter { of: who.clan, ..running.clone() })?);
        // Its challenges that still wait are among its newest wars.
        let newest = WarFilter { of: who.clan, limit: 50, ..WarFilter::default() };
        wars.extend(read.wars(&newest)?.into_iter().filter(|war| war.phase == Phase::Open));
    }
    if who.person.is_some() {
        wars.extend(read.wars(&WarFilter { player: who.person, ..running })?);
    }
    wars.sort_by_key(|war| (war.created_at, war.id));
    wars.dedup_by_key(|war| war.id);
    wars.retain(|war| may_see(war, who) && meant(war));
    match wars.len() {
        0 => Err(refuse(Code::NoWarMeant, "there is no war that you can mean")
            .hint(Text::new().code("gmbot status").and(" lists the wars"))
            .into()),
        1 => Ok(wars.remove(0)),
        _ => Err(say_which(wars.iter().map(|war| war.id))),
    }
}

/// Asks which of several wars is meant.
pub(crate) fn say_which(wars: impl ExactSizeIterator<Item = WarId>) -> Stop {
    let several = wars.len();
    refuse(Code::WhichWar, format!("you can mean {several} wars; say which"))
        .hint(Text::list(wars.map(Inline::from)))
        .into()
}

pub(super) fn unknown(named: &WarRef) -> Stop {
    refuse(Code::UnknownWar, Text::from("there is no war ").code(named.0.clone()))
        .hint(Text::new().code("gmbot status").and(" lists the wars"))
        .into()
}

/// The war that a change is about, with what is due of it settled.
pub(super) fn of(
    context: &mut Context<'_>,
    named: Option<&WarRef>,
    meant: impl Fn(&War) -> bool,
) -> Ruling<War> {
    let who = context.who;
    let id = which(context.read(), &who, named, meant)?.id;
    Ok(context.war(id)?.ok_or_else(|| super::context::missing("war", id.as_str()))?)
}

/// The side on which the acting clan is.
pub(super) fn own_side(context: &mut Context<'_>, war: &War) -> Ruling<Side> {
    let clan = context.own_clan()?;
    war.side_of(clan.id).ok_or_else(|| {
        refuse(Code::NotYourWar, Text::new().and(&clan).and(" is not part of the war ").and(war.id))
            .hint(Text::new().code("gmbot status").and(" lists your wars"))
            .into()
    })
}

/// Stops where a war is not accepted yet, or is over.
pub(super) fn require_running(war: &War) -> Ruling<()> {
    match war.phase {
        Phase::Open => Err(refuse(
            Code::NotAccepted,
            Text::from("nobody has accepted the war ").and(war.id).and(" yet"),
        )
        .hint(Text::from("it waits until ").and(war.lapses_at))
        .into()),
        Phase::Scheduled | Phase::Ongoing | Phase::Voting | Phase::Disputed => Ok(()),
        Phase::Settled | Phase::Withdrawn | Phase::Lapsed | Phase::Declined => Err(over(war)),
    }
}

pub(super) fn over(war: &War) -> Stop {
    refuse(Code::WarOver, Text::from("the war ").and(war.id).and(" is over"))
        .action("Explain", Command::Explain { war: Some(reference(war)) })
        .into()
}

/// How a command names a war.
pub(super) fn reference(war: &War) -> WarRef {
    WarRef(war.id.to_string())
}

/// `substitute`: until the first ballot.
pub(super) fn substitute(
    context: &mut Context<'_>,
    named: &WarRef,
    out: &PlayerRef,
    r#in: &PlayerRef,
) -> Ruling<Reply> {
    let mut war = of(context, Some(named), |_| true)?;
    let side = own_side(context, &war)?;
    if war.phase.is_ended() {
        return Err(over(&war));
    }
    require(!war.has_ballots(), || {
        refuse(Code::BallotsCast, "somebody has voted already; the line-ups are final")
            .hint("if the war can't be played so, both sides may vote for void")
    })?;
    let clan = context.own_clan()?;
    let out = leaving(context, &war, side, &clan, out)?;
    let joining = players::member(context, &clan, r#in)?;
    require(war.player_side(joining) != Some(side), || {
        refuse(Code::AlreadyInLineUp, Text::from(joining).and(" is in the line-up already"))
            .hint("name a member who is not")
    })?;
    require_not_opposed(&war, side, &[joining])?;
    players::require_available(context, &[joining])?;
    let event = Event::PlayerSubstituted { war: war.id, side, out, r#in: joining };
    context.record_for(&mut war, event)?;
    if let Some(other) = war.clan(side.other()) {
        let notice = notices::line_up_changed(&war, &clan, out, joining);
        context.notify(other, Some(war.id), notice)?;
    }
    Ok(Reply::new(Code::PlayerSubstituted)
        .say(Text::from(joining).and(" plays for ").and(out).and(" in the war ").and(war.id))
        .say(Text::from("line-up: ").join(people(war.line_ups.of(side)))))
}

/// The player who leaves a line-up; they need not be a member any more.
fn leaving(
    context: &Context<'_>,
    war: &War,
    side: Side,
    clan: &crate::model::Clan,
    out: &PlayerRef,
) -> Ruling<PersonId> {
    let found = players::anyone(context, clan, out)?;
    require(war.line_ups.of(side).contains(&found), || {
        refuse(Code::NotInLineUp, Text::from(found).and(" is not in the line-up"))
            .hint(Text::from("the line-up is ").join(people(war.line_ups.of(side))))
    })?;
    Ok(found)
}

/// Stops where somebody is in the other side's line-up.
pub(super) fn require_not_opposed(war: &War, side: Side, players: &[PersonId]) -> Ruling<()> {
    let opposed = players.iter().find(|person| war.line_ups.of(side.other()).contains(person));
    match opposed {
        Some(person) => {
            Err(refuse(Code::BothSides, Text::from(*person).and(" plays for the other side"))
                .hint("nobody can be on both sides, whatever account they use")
                .into())
        }
        None => Ok(()),
    }
}

/// Names with commas between them.
pub(crate) fn people(people: &[PersonId]) -> Text {
    Text::list(people.iter().copied().map(Inline::from))
}

/// The war whose other side somebody writes to: where none is named, one that nobody has accepted has
/// no other side, and is meant only if there is nothing else.
fn written_to(context: &mut Context<'_>, named: Option<&WarRef>, author: PersonId) -> Ruling<War> {
    let played = |war: &War| war.player_side(author).is_some();
    match of(context, named, |war| played(war) && war.phase != Phase::Open) {
        Err(Stop::Refused(reply)) if reply.code == Code::NoWarMeant => of(context, named, played),
        found => found,
    }
}

/// `say`: to the other clan's war channel, and nobody else.
pub(super) fn say(context: &mut Context<'_>, named: Option<&WarRef>, text: &str) -> Ruling<Reply> {
    let author = context.actor()?;
    let text = text.trim();
    require(text.width() > 0, || {
        refuse(Code::MessageEmpty, "there is nothing to be seen in the message")
            .hint("write some words")
    })?;
    // Nothing behind `say` is read as a flag, and this is not what anybody wants to tell others.
    require(!matches!(text, "--help" | "-help" | "-h"), || {
        refuse(Code::MessageEmpty, format!("`{text}` is no message"))
            .hint(Text::new().code("gmbot help say").and(" explains it"))
    })?;
    let length = text.chars().count();
    require(length <= LONGEST_MESSAGE, || {
        refuse(
            Code::MessageTooLong,
            format!("the message has {length} characters, {} too many", length - LONGEST_MESSAGE),
        )
        .hint("send it in parts")
    })?;
    let mut war = written_to(context, named, author)?;
    let Some(side) = war.player_side(author) else { return Err(not_a_player(&war)) };
    require_running(&war)?;
    let (Some(from), Some(to)) = (war.clan(side), war.clan(side.other())) else {
        return Err(not_a_player(&war));
    };
    let (from, to) = (context.clan(from)?, context.clan(to)?);
    require_unsuspended(&from)?;
    require_unblocked(&from, &to)?;
    let minute_ago = context.at() - DurationMs::minutes(1);
    let sent = context.read().messages_since(war.id, from.id, minute_ago)?;
    require(sent < MESSAGES_A_MINUTE, || {
        refuse(Code::TooFast, format!("{sent} messages in a minute are enough for a war"))
            .hint("wait a minute")
    })?;
    let until = context.at() + MESSAGES_KEPT;
    let id = context.keep_text(war.id, author, Some(until), text)?;
    let event = Event::MessageSent { war: war.id, side, text: id };
    context.record_for(&mut war, event)?;
    context.notify(to.id, Some(war.id), notices::message(&war, &from, author, id))?;
    Ok(Reply::new(Code::MessageSent).say(Text::from("sent to ").and(&to)))
}

/// Somebody who speaks for a side of a war.
#[derive(Debug, Clone, Copy)]
pub(super) struct Speaker {
    pub(super) person: PersonId,
    pub(super) side: Side,
    /// Whether as an officer of its clan, outside of the line-ups.
    pub(super) officer: bool,
}

/// The war being played for which somebody may speak: the one that is named, or the only one in
/// which they play, or their clan does.
pub(super) fn spoken_of(
    context: &mut Context<'_>,
    named: Option<&WarRef>,
    person: PersonId,
) -> Ruling<(War, Speaker)> {
    let own = context.who.clan;
    let war = of(context, named, |war| {
        war.phase.is_played()
            && (war.player_side(person).is_some()
                || own.is_some_and(|own| war.side_of(own).is_some()))
    })?;
    let speaker = speaker(context, &war, person)?;
    Ok((war, speaker))
}

/// A player of the line-ups, or an officer of the acting clan outside of them.
fn speaker(context: &mut Context<'_>, war: &War, person: PersonId) -> Ruling<Speaker> {
    if let Some(side) = war.player_side(person) {
        return Ok(Speaker { person, side, officer: false });
    }
    let side = context.who.clan.and_then(|clan| war.side_of(clan));
    if let Some(side) = side
        && let Some(clan) = war.clan(side)
        && context.clan(clan)?.office(person).is_some()
    {
        return Ok(Speaker { person, side, officer: true });
    }
    Err(not_a_player(war))
}

/// A refusal for whoever is not in a war's line-ups.
pub(super) fn not_a_player(war: &War) -> Stop {
    let all = [war.line_ups.host.as_slice(), war.line_ups.guest.as_slice()].concat();
    refuse(Code::NotAPlayer, Text::from("you do not play in the war ").and(war.id))
        .hint(Text::from("its players are ").join(people(&all)))
        .into()
}

/// Stops a suspended clan.
pub(super) fn require_unsuspended(clan: &crate::model::Clan) -> Ruling<()> {
    match &clan.suspended {
        Some(reason) => Err(refuse(
            Code::Suspended,
            Text::new().and(clan).and(" is suspended: ").user(reason.clone()),
        )
        .hint("ask the operator of this gmbot")
        .into()),
        None => Ok(()),
    }
}

/// Stops where one of two clans has blocked the other. It does not say which.
pub(super) fn require_unblocked(
    own: &crate::model::Clan,
    other: &crate::model::Clan,
) -> Ruling<()> {
    require(!own.blocked.contains(&other.id) && !other.blocked.contains(&own.id), || {
        refuse(
            Code::Blocked,
            Text::new()
                .and(own)
                .and(" and ")
                .and(other)
                .and(" have nothing to do with each other: there is a block"),
        )
        .hint(Text::from("if it is yours, ").code("gmbot unblock").and(" takes it back"))
    })
}

/// `concede`: from the acceptance until the end of a dispute.
pub(super) fn concede(context: &mut Context<'_>, named: &WarRef, yes: bool) -> Ruling<Reply> {
    let mut war = of(context, Some(named), |_| true)?;
    let side = own_side(context, &war)?;
    require_running(&war)?;
    let outcome = Outcome::Won(side.other());
    if !yes {
        let command = Command::Concede { war: reference(&war), yes: true };
        return Ok(confirm(
            Text::from("this gives the war ")
                .and(war.id)
                .and(" up: the other side wins it, and gets the glory"),
            command,
        ));
    }
    course::settle(context, &mut war, outcome, None, Cause::Conceded { side })?;
    let summary = notices::result_line(context.read(), &war)?;
    Ok(Reply::new(Code::WarConceded).say(summary))
}

/// What a command would do, and the way to have it done.
pub(super) fn confirm(would: Text, command: Command) -> Reply {
    Reply::new(Code::Confirm).to_actor().say(would).action("Confirm", command)
}

/// `resolve`: the operator decides a war, or overturns what was decided.
pub(super) fn resolve(
    context: &mut Context<'_>,
    named: &WarRef,
    winner: &Winner,
    reason: &str,
    yes: bool,
) -> Ruling<Reply> {
    let mut war = of(context, Some(named), |_| true)?;
    let outcome = match winner {
        Winner::Host => Outcome::Won(Side::Host),
        Winner::Guest => Outcome::Won(Side::Guest),
        Winner::Draw => Outcome::Drawn,
        Winner::Void | Winner::None | Winner::Us | Winner::Them | Winner::Clan(_) => Outcome::Void,
    };
    require(war.guest.is_some(), || {
        refuse(
            Code::NotAccepted,
            Text::from("nobody has accepted the war ")
                .and(war.id)
                .and(", so there is nothing to decide"),
        )
        .hint("an open challenge lapses by itself")
    })?;
    let before = war.settlement().map(|settlement| settlement.outcome);
    require(before != Some(outcome), || {
        refuse(
            Code::SameOutcome,
            Text::from("the war ").and(war.id).and(" has this outcome already"),
        )
        .hint(Text::new().code(format!("gmbot explain {}", war.id)).and(" says why"))
    })?;
    if !yes {
        let would = notices::outcome_text(context.read(), &war, outcome)?;
        let (war, winner, reason) = (reference(&war), winner.clone(), reason.to_owned());
        return Ok(confirm(
            Text::from("this would decide the war ").and(war.0.clone()).and(": ").join(would),
            Command::Resolve { war, winner, reason, yes: true },
        ));
    }
    let cause = Cause::Operator { reason: reason.to_owned() };
    course::settle(context, &mut war, outcome, None, cause)?;
    let summary = notices::result_line(context.read(), &war)?;
    Ok(Reply::new(Code::WarResolved).say(summary).say(Text::from("reason: ").user(reason)))
}
