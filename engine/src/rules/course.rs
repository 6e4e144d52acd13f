//! The course of a war: what falls due is carried out, and results are settled and overturned.

use super::context::{Context, missing};
use super::notices;
use crate::event::Event;
use crate::model::glory::{MOST_RECENT, NOVICE_WINS_A_WEEK};
use crate::model::{
    AtMs, Cause, Clan, ClanId, Due, DurationMs, Outcome, Phase, Score, Settlement, Side, Sides,
    Stakes, War, WarId,
};
use crate::reply::Receipt;
use crate::store::{Read, Stored};

/// How far back the glory formula looks.
const LOOKS_BACK: DurationMs = DurationMs::days(7);

/// The clock passed a deadline of a war: whatever is due is carried out, once.
pub(super) fn tick(context: &mut Context<'_>, war: WarId) -> Stored<()> {
    context.war(war).map(|_| ())
}

/// The question who won reached a side: its voting time begins.
pub(super) fn reached(context: &mut Context<'_>, war: WarId, side: Side) -> Stored<()> {
    let Some(mut war) = context.war(war)? else { return Ok(()) };
    if war.phase == Phase::Voting && war.reached_at.of(side).is_none() {
        let event = Event::QuestionDelivered { war: war.id, side };
        context.record_for(&mut war, event)?;
    }
    settle_due(context, &mut war)
}

/// Carries out everything that is due of a war.
pub(super) fn settle_due(context: &mut Context<'_>, war: &mut War) -> Stored<()> {
    while let Some(due) = war.due(context.at()) {
        match due {
            Due::Settle(outcome, score, cause) => settle(context, war, outcome, score, cause)?,
            Due::Lapse | Due::Start | Due::TimeUp | Due::Dispute | Due::Remind(_) => {
                if due == Due::Dispute {
                    // Both clans count it: the clock must not go back behind either.
                    clans(context, war)?;
                }
                if let Some(event) = simple_event(war, &due) {
                    context.record_for(war, event)?;
                }
                tell(context, war, &due)?;
            }
        }
    }
    Ok(())
}

/// The war as it stands at `now`: what is due is applied to the copy in memory alone.
///
/// # Errors
/// When the store failed.
pub(crate) fn as_of(read: &dyn Read, war: &War, now: AtMs) -> Stored<War> {
    let mut war = war.clone();
    let now = now.max(war.last_at);
    while let Some(due) = war.due(now) {
        let event = match due {
            Due::Settle(outcome, score, cause) => settling(read, &war, now, outcome, score, cause)?,
            Due::Lapse | Due::Start | Due::TimeUp | Due::Dispute | Due::Remind(_) => {
                simple_event(&war, &due)
            }
        };
        let Some(event) = event else { break };
        war.apply(now, &event);
    }
    Ok(war)
}

/// The event of what is due, where it needs nothing but the war.
fn simple_event(war: &War, due: &Due) -> Option<Event> {
    let id = war.id;
    match due {
        Due::Lapse => Some(Event::WarLapsed { war: id }),
        Due::Start => Some(Event::WarStarted { war: id }),
        Due::TimeUp => Some(Event::TimeRanOut { war: id }),
        Due::Dispute => {
            war.guest.map(|guest| Event::WarDisputed { war: id, host: war.host, guest })
        }
        Due::Remind(reminder) => Some(Event::ReminderSent { war: id, reminder: *reminder }),
        Due::Settle(..) => None,
    }
}

/// Tells the clans of what was due.
fn tell(context: &mut Context<'_>, war: &War, due: &Due) -> Stored<()> {
    let id = Some(war.id);
    match due {
        Due::Lapse => context.notify(war.host, id, notices::lapsed(war)),
        Due::Start => {
            both(context, war, |clans, side| notices::started(war, clans.of(side.other())))
        }
        Due::TimeUp => ask(context, war),
        Due::Dispute => {
            both(context, war, |clans, side| notices::disputed(war, clans.of(side.other())))
        }
        Due::Remind(reminder) => {
            let clans = clans(context, war)?;
            for (side, notice) in notices::reminders(war, *reminder, &clans) {
                context.notify(clans.of(side).id, id, notice)?;
            }
            Ok(())
        }
        Due::Settle(..) => Ok(()),
    }
}

/// Asks both sides who won, unless what they said already decides.
fn ask(context: &mut Context<'_>, war: &War) -> Stored<()> {
    if matches!(war.due(context.at()), Some(Due::Dispute | Due::Settle(..))) {
        return Ok(());
    }
    let clans = clans(context, war)?;
    for side in Side::BOTH {
        let notice = notices::who_won(war, &clans, side);
        let receipt = Receipt::Question { war: war.id, side };
        context.post(clans.of(side).id, Some(war.id), notice, Some(receipt))?;
    }
    Ok(())
}

/// Writes each side its notice.
fn both(
    context: &mut Context<'_>,
    war: &War,
    notice: impl Fn(&Sides<Clan>, Side) -> crate::Reply,
) -> Stored<()> {
    let clans = clans(context, war)?;
    for side in Side::BOTH {
        context.notify(clans.of(side).id, Some(war.id), notice(&clans, side))?;
    }
    Ok(())
}

/// Both clans of a war that was accepted.
fn clans(context: &mut Context<'_>, war: &War) -> Stored<Sides<Clan>> {
    let guest = war.guest.ok_or_else(|| missing("guest of war", war.id.as_str()))?;
    Ok(Sides { host: context.clan(war.host)?, guest: context.clan(guest)? })
}

/// Gives a war an outcome: for the first time, or another one.
pub(super) fn settle(
    context: &mut Context<'_>,
    war: &mut War,
    outcome: Outcome,
    score: Option<Score>,
    cause: Cause,
) -> Stored<()> {
    // Both clans change: the clock must not go back behind either.
    let clans = clans(context, war)?;
    let at = context.at();
    let Some(event) = settling(context.read(), war, at, outcome, score, cause)? else {
        return Ok(());
    };
    context.record_for(war, event)?;
    for side in Side::BOTH {
        let notice = notices::settled(war, &clans);
        context.notify(clans.of(side).id, Some(war.id), notice)?;
    }
    Ok(())
}

/// The event by which a war gets an outcome, with what that gives.
fn settling(
    read: &dyn Read,
    war: &War,
    at: AtMs,
    outcome: Outcome,
    score: Option<Score>,
    cause: Cause,
) -> Stored<Option<Event>> {
    let (host, Some(guest)) = (war.host, war.guest) else { return Ok(None) };
    let stakes = match war.stakes {
        Some(stakes) => stakes,
        None => stakes(read, host, guest, at)?,
    };
    let settlement = Settlement { outcome, score, cause, at, given: stakes.glory_of(outcome) };
    Ok(Some(match war.settlement() {
        None => Event::WarSettled { war: war.id, host, guest, settlement, stakes },
        Some(before) => {
            Event::WarOverturned { war: war.id, host, guest, before: before.clone(), settlement }
        }
    }))
}

/// The inputs of the glory formula, as they are now.
fn stakes(read: &dyn Read, host: ClanId, guest: ClanId, at: AtMs) -> Stored<Stakes> {
    let since = at - LOOKS_BACK;
    let load = |id: ClanId| read.clan(id)?.ok_or_else(|| missing("clan", id.as_str()));
    let (host, guest) = (load(host)?, load(guest)?);
    let capped = |winner: &Clan, loser: &Clan| -> Stored<bool> {
        Ok(loser.tally.won == 0 && read.novice_wins(winner.id, since)? >= NOVICE_WINS_A_WEEK)
    };
    Ok(Stakes {
        recent: read.recent_between(host.id, guest.id, since)?.min(MOST_RECENT),
        glory: Sides { host: host.glory, guest: guest.glory },
        shared: read.shares_person(host.id, guest.id, since)?,
        capped: Sides { host: capped(&host, &guest)?, guest: capped(&guest, &host)? },
    })
}
