//! Who leads a clan and who helps: roles change hands.

use super::context::Context;
use super::players;
use super::refusal::{Ruling, refuse, require};
use crate::event::Event;
use crate::grammar::{Command, PlayerRef};
use crate::model::{Clan, PersonId, Role};
use crate::reply::{Code, Inline, Reply, Text};
use crate::store::Stored;

/// Makes members co-leaders.
pub(super) fn promote(context: &mut Context<'_>, who: &[PlayerRef]) -> Ruling<Reply> {
    let clan = context.own_clan()?;
    let people = players::members(context, &clan, who)?;
    for person in &people {
        match clan.office(*person) {
            Some(Role::Leader) => return Err(leads_already(*person).into()),
            Some(Role::CoLeader) => {
                let fact = Text::from(*person).and(" is a co-leader already");
                return Err(refuse(Code::HasRole, fact).hint("name members alone").into());
            }
            Some(Role::Member) | None => {}
        }
    }
    set_roles(context, &clan, &people, Role::CoLeader)?;
    Ok(Reply::new(Code::Promoted).say(now_are(&people, "co-leader", &clan)))
}

/// Makes co-leaders members.
pub(super) fn demote(context: &mut Context<'_>, who: &[PlayerRef]) -> Ruling<Reply> {
    let clan = context.own_clan()?;
    let people = players::members(context, &clan, who)?;
    for person in &people {
        match clan.office(*person) {
            Some(Role::Leader) => return Err(leads_already(*person).into()),
            Some(Role::CoLeader) => {}
            Some(Role::Member) | None => {
                let fact = Text::from(*person).and(" is no co-leader of ").and(&clan);
                let refusal = refuse(Code::NotCoLeader, fact);
                let next = Text::new().code("gmbot roles").and(" says who is what");
                return Err(refusal.hint(next).into());
            }
        }
    }
    set_roles(context, &clan, &people, Role::Member)?;
    Ok(Reply::new(Code::Demoted).say(now_are(&people, "member", &clan)))
}

/// Hands the leadership to another member, or to the only co-leader.
pub(super) fn relinquish(
    context: &mut Context<'_>,
    player: Option<&PlayerRef>,
    yes: bool,
) -> Ruling<Reply> {
    let clan = context.own_clan()?;
    let successor = match player {
        Some(player) => players::member(context, &clan, player)?,
        None => only_co_leader(&clan)?,
    };
    require(clan.leader != Some(successor), || {
        refuse(Code::HasRole, Text::from(successor).and(" leads ").and(&clan).and(" already"))
            .hint("name another member")
    })?;
    if !yes {
        let asked = Command::Relinquish { player: player.cloned(), yes: true };
        return Ok(Reply::new(Code::Confirm)
            .to_actor()
            .say(
                Text::from(successor)
                    .and(" would lead ")
                    .and(&clan)
                    .and(", and you would be a co-leader"),
            )
            .action("Confirm", asked));
    }
    hand_over(context, &clan, successor)?;
    Ok(Reply::new(Code::LeaderChanged)
        .say(Text::from(successor).and(" leads ").and(&clan).and(" now")))
}

/// The owner of the clan's home takes the leadership back.
pub(super) fn reclaim(context: &mut Context<'_>) -> Ruling<Reply> {
    let owner = context.actor()?;
    let here = context.request.space.as_ref().filter(|space| !space.direct);
    let Some(here) = here else {
        return Err(refuse(Code::NoSpace, "leadership is reclaimed in the clan's own space")
            .hint("say it there")
            .into());
    };
    let clan = context.own_clan()?;
    require(clan.home().is_some_and(|home| home.key == here.key), || {
        let fact = Text::from("only the owner of the oldest space of ")
            .and(&clan)
            .and(" may use ")
            .code("reclaim");
        refuse(Code::OwnerOnly, fact).hint("say it in that space")
    })?;
    require(clan.leader != Some(owner), || {
        refuse(Code::HasRole, Text::from("you lead ").and(&clan).and(" already"))
            .hint(Text::new().code("gmbot roles").and(" lists what you may do"))
    })?;
    hand_over(context, &clan, owner)?;
    context.notify(clan.id, None, moved(&clan, owner, "who owns its space"))?;
    Ok(Reply::new(Code::LeadershipReclaimed).say(Text::from("you lead ").and(&clan).and(" now")))
}

/// Gives a clan another leader; the one before, if any, becomes a co-leader.
pub(super) fn hand_over(context: &mut Context<'_>, clan: &Clan, to: PersonId) -> Stored<()> {
    if let Some(before) = clan.leader {
        set_roles(context, clan, &[before], Role::CoLeader)?;
    }
    set_roles(context, clan, &[to], Role::Leader)
}

/// Tells a clan that somebody else leads it; `why` follows the person's name.
pub(super) fn moved(clan: &Clan, leader: PersonId, why: &str) -> Reply {
    Reply::new(Code::LeadershipMoved)
        .say(Text::from(clan).and(" is led by ").and(leader).and(format!(", {why}")))
}

fn only_co_leader(clan: &Clan) -> Ruling<PersonId> {
    let mut co_leaders = clan.co_leaders.iter().copied();
    match (co_leaders.next(), co_leaders.next()) {
        (Some(only), None) => Ok(only),
        (Some(_), Some(_)) => {
            let who = Text::list(clan.co_leaders.iter().copied().map(Inline::from));
            Err(refuse(Code::WhichSuccessor, Text::from("any of these can lead: ").join(who))
                .hint(Text::from("name one: ").code("gmbot relinquish -player @name"))
                .into())
        }
        (None, _) => Err(refuse(
            Code::WhichSuccessor,
            Text::from(clan).and(" has no co-leader who could lead"),
        )
        .hint(Text::from("name a member: ").code("gmbot relinquish -player @name"))
        .into()),
    }
}

fn leads_already(person: PersonId) -> super::refusal::Refusal {
    refuse(Code::IsLeader, Text::from(person).and(" is the leader"))
        .hint(Text::new().code("gmbot relinquish").and(" hands the leadership on"))
}

fn set_roles(
    context: &mut Context<'_>,
    clan: &Clan,
    people: &[PersonId],
    role: Role,
) -> Stored<()> {
    for person in people {
        context.record(Event::RoleChanged { clan: clan.id, person: *person, role })?;
    }
    Ok(())
}

/// `ann is a co-leader of Clan F now`, `ann, ben are co-leaders of Clan F now`.
fn now_are(people: &[PersonId], role: &str, clan: &Clan) -> Text {
    let verb = match people {
        [_] => format!(" is a {role} of "),
        _ => format!(" are {role}s of "),
    };
    Text::list(people.iter().copied().map(Inline::from)).and(verb).and(clan).and(" now")
}
