//! What people decide about themselves: whether they can play, and being forgotten.

use super::context::Context;
use super::refusal::{Ruling, Stop, refuse};
use crate::event::Event;
use crate::grammar::Command;
use crate::model::{Clan, PersonId, War};
use crate::reply::{Code, Reply, Text};
use crate::store::{Stored, WarFilter};

/// How many of a person's newest wars are looked at for one that is not over. Challenges lapse
/// within a day and wars last weeks, so no unfinished one is older than that many others.
const NEWEST: usize = 100;

/// Switches whether a person can be put in a line-up.
pub(super) fn set_available(context: &mut Context<'_>, available: bool) -> Ruling<Reply> {
    let person = context.actor()?;
    let known = context.read().person(person)?;
    if known.is_none_or(|known| known.available != available) {
        context.record(Event::AvailabilityChanged { person, available })?;
    }
    Ok(if available {
        Reply::new(Code::Available).say("you can be put in a line-up")
    } else {
        Reply::new(Code::Unavailable)
            .say("you can't be put in a line-up until you say `gmbot available`")
            .hint("line-ups that are agreed already stay as they are")
    })
}

/// Erases a person's names, messages and images; the log keeps an id that means nobody.
pub(super) fn forget(context: &mut Context<'_>, yes: bool) -> Ruling<Reply> {
    let person = context.actor()?;
    require_no_war(context, person, "you play in war ")?;
    if !yes {
        let reply = Reply::new(Code::Confirm)
            .to_actor()
            .say("your names, messages, notes and images would be erased, for good")
            .hint("wars that you played stay in the history, without your name");
        let reply = led_by(context, person)?.iter().fold(reply, |reply, clan| {
            reply.hint(
                Text::from("you lead ")
                    .and(clan)
                    .and("; to hand it over first, use ")
                    .code("gmbot relinquish"),
            )
        });
        return Ok(reply.action("Confirm", Command::Forget { yes: true }));
    }
    context.record(Event::PersonForgotten { person })?;
    context.store().forget(person)?;
    Ok(Reply::new(Code::Forgotten)
        .to_actor()
        .say("your names, messages, notes and images are erased")
        .hint("gmbot learns your name again if you talk to it again"))
}

/// The clans that a person leads.
fn led_by(context: &Context<'_>, person: PersonId) -> Stored<Vec<Clan>> {
    let mut led = Vec::new();
    for id in context.read().clans_of(person)? {
        led.extend(context.read().clan(id)?.filter(|clan| clan.leader == Some(person)));
    }
    Ok(led)
}

/// Stops while a person is in the line-up of a war that is not over; `who` begins the sentence.
pub(super) fn require_no_war(context: &mut Context<'_>, person: PersonId, who: &str) -> Ruling<()> {
    match unfinished_war(context, person)? {
        None => Ok(()),
        Some(war) => Err(still_plays(&war, who)),
    }
}

fn still_plays(war: &War, who: &str) -> Stop {
    let fact = Text::from(who).and(war.id).and(", which is not over");
    refuse(Code::RunningWars, fact)
        .hint(
            Text::from("wait for its end, or be replaced with ")
                .code(format!("gmbot substitute -war {}", war.id)),
        )
        .into()
}

/// A war that is not over with the person in its line-up, after what is due has been done.
fn unfinished_war(context: &mut Context<'_>, person: PersonId) -> Stored<Option<War>> {
    let running =
        WarFilter { player: Some(person), running: true, limit: 1, ..WarFilter::default() };
    let newest = WarFilter { player: Some(person), limit: NEWEST, ..WarFilter::default() };
    let mut wars = context.read().wars(&running)?;
    wars.extend(context.read().wars(&newest)?);
    for war in wars.into_iter().filter(|war| !war.phase.is_ended()) {
        if let Some(war) = context.war(war.id)?
            && !war.phase.is_ended()
        {
            return Ok(Some(war));
        }
    }
    Ok(None)
}
