//! What platforms and the clock say happened: spaces come and go, people leave, time passes.

use super::arrival;
use super::broadcast;
use super::context::Context;
use super::course;
use super::notices;
use super::offices;
use crate::event::Event;
use crate::model::{AccountKey, Clan, PersonId, Role, SpaceKey, names};
use crate::reply::{Code, Reply};
use crate::request::{AccountRef, Fact, SpaceRef};
use crate::store::Stored;

/// Notes a fact. Nobody is refused: what a platform says has happened, whatever rules say.
pub(super) fn note(context: &mut Context<'_>, fact: &Fact) -> Stored<Reply> {
    match fact {
        Fact::SpaceSeen { owner, members } => {
            if let Some(space) = acting_space(context) {
                space_seen(context, space, owner.as_ref(), members)?;
            }
        }
        Fact::SpaceRenamed { before } => {
            if let Some((space, clan)) = clan_here(context)? {
                space_renamed(context, space, &clan, before.as_deref())?;
            }
        }
        Fact::SpaceMoved { to } => {
            if let Some((space, clan)) = clan_here(context)? {
                space_moved(context, space, &clan, to)?;
            }
        }
        Fact::SpaceGone => {
            if let Some((space, clan)) = clan_here(context)? {
                space_gone(context, space, &clan)?;
            }
        }
        // Leadership does not follow ownership by itself; the new owner may reclaim it.
        Fact::OwnerChanged { owner } => {
            arrival::meet(context, owner)?;
        }
        Fact::MemberLeft { account, owner } => {
            if let Some((_, clan)) = clan_here(context)? {
                member_left(context, &clan, account, owner.as_ref())?;
            }
        }
        Fact::QuestionDelivered { war, side } => course::reached(context, *war, *side)?,
        // The outbox parks the notice; a vote that nobody was asked about ends by its own deadline.
        Fact::Undeliverable { .. } => {}
        Fact::Tick { war } => course::tick(context, *war)?,
        Fact::Broadcast { war } => broadcast::expand(context, *war)?,
    }
    Ok(Reply::new(Code::FactNoted))
}

/// The request's space, unless it is a direct message: those never act as a clan.
fn acting_space<'a>(context: &Context<'a>) -> Option<&'a SpaceRef> {
    let request = context.request;
    request.space.as_ref().filter(|space| !space.direct)
}

/// The request's space with its clan, if it acts as one.
fn clan_here<'a>(context: &mut Context<'a>) -> Stored<Option<(&'a SpaceRef, Clan)>> {
    let Some(space) = acting_space(context) else { return Ok(None) };
    match context.clan_of_space(&space.key)? {
        Some(clan) => Ok(Some((space, context.clan(clan)?))),
        None => Ok(None),
    }
}

/// The bot is in a space: its owner leads the clan if nobody does, its people are members.
fn space_seen(
    context: &mut Context<'_>,
    space: &SpaceRef,
    owner: Option<&AccountRef>,
    members: &[AccountRef],
) -> Stored<()> {
    let clan = arrival::enter(context, space)?;
    if let Some(owner) = owner {
        let person = arrival::meet(context, owner)?;
        arrival::join(context, clan, person)?;
        if context.clan(clan)?.leader.is_none() {
            context.record(Event::RoleChanged { clan, person, role: Role::Leader })?;
        }
    }
    for member in members {
        let person = arrival::meet(context, member)?;
        arrival::join(context, clan, person)?;
    }
    Ok(())
}

/// A clan that still has its only space's old name takes the new one, as far as it may.
fn space_renamed(
    context: &mut Context<'_>,
    space: &SpaceRef,
    clan: &Clan,
    before: Option<&str>,
) -> Stored<()> {
    let inherited = before.is_some_and(|before| is_from(&clan.name, before));
    let only_space = clan.spaces.len() == 1;
    if !inherited || !only_space || is_from(&clan.name, &space.name) {
        return Ok(());
    }
    let name = arrival::free_name(context.read(), &space.name)?;
    let name_key = names::key(&name);
    context.record(Event::ClanRenamed { clan: clan.id, name: name.clone(), name_key })?;
    if name != names::normal(&space.name) {
        context.notify(clan.id, None, notices::name_changed(&space.name, &name))?;
    }
    Ok(())
}

/// Whether a clan's name is what a space's name was made into, with or without a number.
fn is_from(clan_name: &str, space_name: &str) -> bool {
    let mended = names::mend(space_name);
    let Some(rest) = clan_name.strip_prefix(&mended) else { return false };
    let number = rest.strip_prefix(" (").and_then(|rest| rest.strip_suffix(')'));
    rest.is_empty() || number.is_some_and(|number| number.parse::<u32>().is_ok())
}

/// A platform gave a space another key; a key that another space has already is left alone.
fn space_moved(
    context: &mut Context<'_>,
    space: &SpaceRef,
    clan: &Clan,
    to: &SpaceKey,
) -> Stored<()> {
    if context.clan_of_space(to)?.is_some() {
        return Ok(());
    }
    let space = space.key.clone();
    context.record(Event::SpaceMoved { clan: clan.id, space, to: to.clone() })
}

fn space_gone(context: &mut Context<'_>, space: &SpaceRef, clan: &Clan) -> Stored<()> {
    if clan.spaces.iter().any(|known| known.key == space.key && known.awake) {
        let space = space.key.clone();
        context.record(Event::SpaceSlept { clan: clan.id, space })?;
    }
    Ok(())
}

/// Somebody left; if they led the clan, the space's owner does now, or else a co-leader.
fn member_left(
    context: &mut Context<'_>,
    clan: &Clan,
    account: &AccountRef,
    owner: Option<&AccountRef>,
) -> Stored<()> {
    let key = AccountKey::new(&account.platform, &account.id);
    let Some(person) = context.read().person_of_account(&key)? else { return Ok(()) };
    if context.role(clan, person)?.is_none() {
        return Ok(());
    }
    context.record(Event::MemberLeft { clan: clan.id, person })?;
    if clan.leader != Some(person) {
        return Ok(());
    }
    let (heir, why) = match owner_after(context, clan, person, owner)? {
        Some(owner) => (owner, "who owns its space: the leader left"),
        None => match clan.co_leaders.first() {
            Some(first) => (*first, "a co-leader: the leader left"),
            None => return Ok(()),
        },
    };
    context.record(Event::RoleChanged { clan: clan.id, person: heir, role: Role::Leader })?;
    context.notify(clan.id, None, offices::moved(clan, heir, why))
}

/// The owner of the space as a member of the clan, unless it is the owner who left.
fn owner_after(
    context: &mut Context<'_>,
    clan: &Clan,
    left: PersonId,
    owner: Option<&AccountRef>,
) -> Stored<Option<PersonId>> {
    let Some(owner) = owner else { return Ok(None) };
    let owner = arrival::meet(context, owner)?;
    if owner == left {
        return Ok(None);
    }
    arrival::join(context, clan.id, owner)?;
    Ok(Some(owner))
}

#[cfg(test)]
mod tests {
    use super::is_from;

    #[test]
    fn an_inherited_name_is_told_from_a_chosen_one() {
        let check = |clan: &str, space: &str, expect| {
            assert_eq!(is_from(clan, space), expect, "{clan:?} from {space:?}");
        };
        check("Clan F", "Clan F", true);
        check("Clan F (2)", "Clan F", true);
        check("us clan", "us", true);
        check("Clan F (two)", "Clan F", false);
        check("Clan Four", "Clan F", false);
        check("Headshot Killers", "Clan F", false);
    }
}
