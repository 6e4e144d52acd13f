//! Who somebody is and which clan they act as; and the birth of a clan at its first command.

use super::context::{Context, Who};
use super::notices;
use super::refusal::{Ruling, refuse};
use crate::event::Event;
use crate::grammar::{Access, Command, CommandSpec};
use crate::model::{AccountKey, Clan, ClanId, PersonId, Role, WarId, names};
use crate::reply::{Code, Text};
use crate::request::{AccountRef, MentionTarget, Presence, Request, SpaceRef};
use crate::store::{Read, Stored};

/// Finds out who acts as which clan, and writes down whoever and whatever is new.
pub(super) fn arrive(context: &mut Context<'_>, command: &Command) -> Ruling<()> {
    let request = context.request;
    context.who.operator = request.authority.operator;
    if let Some(actor) = &request.actor {
        context.who.person = Some(meet(context, actor)?);
    }
    match &request.space {
        // The operator stands outside of clans: their word founds none, and joins none.
        Some(space) if CommandSpec::of(command).access == Access::Operator => {
            context.who.clan = context.clan_of_space(&space.key)?;
        }
        Some(space) if !space.direct => {
            let clan = enter(context, space)?;
            context.who.clan = Some(clan);
            greet(context, clan)?;
        }
        Some(_) | None => {
            let person = context.who.person;
            context.who.clan = clan_in_private(context.read(), person, command)?;
        }
    }
    Ok(())
}

/// The same for a query, which writes nothing: whoever is new stays unknown.
pub(super) fn recognise(read: &dyn Read, request: &Request, command: &Command) -> Ruling<Who> {
    let person = match &request.actor {
        Some(actor) => read.person_of_account(&AccountKey::new(&actor.platform, &actor.id))?,
        None => None,
    };
    let clan = match &request.space {
        Some(space) if !space.direct => read.clan_of_space(&space.key)?,
        Some(_) | None => clan_in_private(read, person, command)?,
    };
    Ok(Who { person, clan, operator: request.authority.operator })
}

/// The person behind an account; a new one is written down.
pub(super) fn meet(context: &mut Context<'_>, account: &AccountRef) -> Stored<PersonId> {
    let key = AccountKey::new(&account.platform, &account.id);
    let known = context.read().person_of_account(&key)?;
    let person = match known {
        Some(person) => person,
        None => {
            let person = PersonId::draw(&mut context.rng, 0);
            context.record(Event::PersonSeen { person, account: key.clone() })?;
            person
        }
    };
    context.store().keep_account(&key, &account.platform, &account.id, &account.name)?;
    Ok(person)
}

/// Makes a person a member, unless they are one; whether they are new.
pub(super) fn join(context: &mut Context<'_>, clan: ClanId, person: PersonId) -> Stored<bool> {
    let new_here = context.read().member(clan, person)?.is_none();
    if new_here {
        context.record(Event::MemberJoined { clan, person })?;
    }
    Ok(new_here)
}

/// The clan that a space acts as; a space that is new brings one to life.
pub(super) fn enter(context: &mut Context<'_>, space: &SpaceRef) -> Stored<ClanId> {
    if let Some(clan) = context.clan_of_space(&space.key)? {
        let clan = context.clan(clan)?;
        if clan.spaces.iter().any(|known| known.key == space.key && !known.awake) {
            let woke = Event::SpaceWoke { clan: clan.id, space: space.key.clone() };
            context.record(woke)?;
        }
        return Ok(clan.id);
    }
    found(context, space)
}

/// Founds the clan of a space, under the space's name as far as a clan may have it.
fn found(context: &mut Context<'_>, space: &SpaceRef) -> Stored<ClanId> {
    let clan = context.new_clan_id()?;
    let name = free_name(context.read(), &space.name)?;
    let name_key = names::key(&name);
    context.record(Event::ClanFounded { clan, name: name.clone(), name_key })?;
    context.record(Event::SpaceJoined { clan, space: space.key.clone() })?;
    context.newborn = Some(clan);
    if name != names::normal(&space.name) {
        context.notify(clan, None, notices::name_changed(&space.name, &name))?;
    }
    Ok(clan)
}

/// A name for a new clan that no other has: the wanted one, mended, with a number where needed.
pub(super) fn free_name(read: &dyn Read, wanted: &str) -> Stored<String> {
    let mended = names::mend(wanted);
    for number in 1_u32.. {
        let name = if number == 1 { mended.clone() } else { format!("{mended} ({number})") };
        if read.clan_named(&names::key(&name))?.is_none() {
            return Ok(name);
        }
    }
    unreachable!("some number is free")
}

/// Makes whoever acts, and whoever their platform confirms, a member; in a clan that was just born
/// the actor leads where the platform says so.
fn greet(context: &mut Context<'_>, clan: ClanId) -> Stored<()> {
    let request = context.request;
    let newborn = context.newborn == Some(clan);
    if let Some(person) = context.who.person {
        let authority = request.authority;
        let leads = newborn && (authority.owner || authority.founder);
        welcome(context, clan, person, authority.stated_role.filter(|_| !leads))?;
        if newborn
            && authority.founder
            && let Some(space) = &request.space
        {
            let space = space.key.clone();
            context.record(Event::SpaceOwned { clan, space, owner: person })?;
        }
        if leads {
            context.record(Event::RoleChanged { clan, person, role: Role::Leader })?;
        }
    }
    for mention in &request.mentions {
        let MentionTarget::Account { account, presence, bot: false, stated_role } = &mention.target
        else {
            continue;
        };
        match presence {
            Presence::Inside => {}
            Presence::Unknown if newborn => {}
            Presence::Unknown | Presence::Outside => continue,
        }
        let person = meet(context, account)?;
        welcome(context, clan, person, *stated_role)?;
    }
    Ok(())
}

/// Makes a person a member, in the role that a trusted client states of them: that counts for
/// somebody who is new to the clan, and nobody becomes its leader that way.
fn welcome(
    context: &mut Context<'_>,
    clan: ClanId,
    person: PersonId,
    stated: Option<Role>,
) -> Stored<()> {
    let new_here = join(context, clan, person)?;
    match stated {
        Some(role @ Role::CoLeader) if new_here => {
            context.record(Event::RoleChanged { clan, person, role })
        }
        Some(Role::Leader | Role::CoLeader | Role::Member) | None => Ok(()),
    }
}

/// Which clan a person means outside of any space: the one that the war says, or their only one.
fn clan_in_private(
    read: &dyn Read,
    person: Option<PersonId>,
    command: &Command,
) -> Ruling<Option<ClanId>> {
    let Some(person) = person else { return Ok(None) };
    let clans = read.clans_of(person)?;
    if let Some(war) = command.war()
        && let Ok(war) = war.0.parse::<WarId>()
        && let Some(war) = read.war(war)?
    {
        let sides: Vec<_> = clans
            .iter()
            .copied()
            .filter(|clan| war.side_of(*clan).is_some() || war.named == Some(*clan))
            .collect();
        if let [only] = sides.as_slice() {
            return Ok(Some(*only));
        }
    }
    match clans.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(*only)),
        several if command.needs_clan() => {
            let mut known = Vec::new();
            for id in several {
                known.extend(read.clan(*id)?);
            }
            let names =
                Text::list(known.iter().map(|clan: &Clan| crate::reply::Inline::from(clan)));
            Err(refuse(Code::NoClan, Text::from("you belong to several clans: ").join(names))
                .hint("say it in the space of the clan that you mean")
                .into())
        }
        _ => Ok(None),
    }
}
