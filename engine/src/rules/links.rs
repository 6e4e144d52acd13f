//! `link`: a one-time code that makes two spaces one clan, or two accounts one person.

use sha2::{Digest, Sha256};

use super::arrival;
use super::context::Context;
use super::persons;
use super::refusal::{Ruling, refuse, require};
use crate::event::Event;
use crate::model::ids::hex;
use crate::model::{Clan, ClanId, DurationMs, PersonId, ShortId, SpaceKey};
use crate::reply::{Block, Code, Reply, Text};
use crate::store::{LinkCode, Stored, WarFilter};

/// How long a code works.
const CODE_LASTS: DurationMs = DurationMs::minutes(15);
/// The length of a code, in characters: 31 to the power of 10 can't be guessed in 15 minutes.
const CODE_LENGTH: usize = 10;
/// The most members that move with a space, and the most wars that are looked at.
const MOST: usize = 100_000;

/// Prints a code, or redeems one.
pub(super) fn link(context: &mut Context<'_>, code: Option<&str>) -> Ruling<Reply> {
    match code {
        None => issue(context),
        Some(code) => redeem(context, code),
    }
}

/// A new code. One that the leader asks for in a space of the clan joins spaces too.
fn issue(context: &mut Context<'_>) -> Ruling<Reply> {
    let person = context.actor()?;
    let led = led_here(context, person)?;
    let code = ShortId::draw(&mut context.rng, CODE_LENGTH);
    let until = context.at() + CODE_LASTS;
    let clan = led.as_ref().map(|clan| clan.id);
    context.store().keep_link_code(&LinkCode { hash: hash(&code), person, clan, until })?;
    let reply = Reply::new(Code::LinkCode)
        .to_actor()
        .say("say this once, from your other account, within 15 minutes")
        .block(Block::Code(format!("gmbot link {code}")));
    let reply = match led {
        Some(clan) => reply.hint(
            Text::from(
                "said by the leader of another clan in its space, it makes that space one of ",
            )
            .and(&clan),
        ),
        None => reply,
    };
    Ok(reply.hint("tell it nobody else: who says it elsewhere becomes the same person as you"))
}

fn redeem(context: &mut Context<'_>, code: &str) -> Ruling<Reply> {
    let person = context.actor()?;
    let known = match code.trim().parse::<ShortId>() {
        Ok(code) => context.read().link_code(&hash(&code), context.at())?,
        Err(_) => None,
    };
    let Some(known) = known else { return Err(bad_code().into()) };
    if let Some(kept) = known.clan
        && let Some(from) = other_clan_here(context, kept)?
    {
        return join_space(context, &known, kept, &from);
    }
    require(known.person != person, || {
        refuse(Code::SameBoth, "both are joined already: you are one person in one clan")
            .hint("say the code from another account, or in a space of another clan that you lead")
    })?;
    join_accounts(context, &known, person)
}

fn bad_code() -> super::refusal::Refusal {
    refuse(Code::BadCode, "no such code works: it is mistyped, used or older than 15 minutes")
        .hint(Text::new().code("gmbot link").and(" prints a new one"))
}

/// The clan of the space in which something was said; none for a direct message.
fn clan_here(context: &mut Context<'_>) -> Stored<Option<Clan>> {
    let in_space = context.request.space.as_ref().is_some_and(|space| !space.direct);
    context.who.clan.filter(|_| in_space).map(|clan| context.clan(clan)).transpose()
}

fn led_here(context: &mut Context<'_>, person: PersonId) -> Stored<Option<Clan>> {
    Ok(clan_here(context)?.filter(|clan| clan.leader == Some(person)))
}

fn other_clan_here(context: &mut Context<'_>, clan: ClanId) -> Stored<Option<Clan>> {
    Ok(clan_here(context)?.filter(|here| here.id != clan))
}

/// Makes this space one of the clan whose leader asked for the code.
fn join_space(
    context: &mut Context<'_>,
    code: &LinkCode,
    kept: ClanId,
    from: &Clan,
) -> Ruling<Reply> {
    let kept = context.clan(kept)?;
    // A clan's code never joins accounts in another clan's space: whoever reads it there must not
    // become the leader who asked for it.
    require(from.leader.is_some() && from.leader == context.who.person, || {
        let fact = Text::from("only the leader of ").and(from).and(" may give this space away");
        refuse(Code::NotAllowed, fact)
            .hint("to join accounts, ask for a code in a direct message and say it in another")
    })?;
    let Some(space) = context.request.space.as_ref().map(|space| space.key.clone()) else {
        return Err(refuse(Code::NoSpace, "only a space can join a clan")
            .hint("say the code in the space that you mean")
            .into());
    };
    // Whoever asked for the code spoke for the clan only as long as they led it.
    require(kept.leader == Some(code.person), bad_code)?;
    require_at_peace(context, from)?;
    move_members(context, &kept, from, &space)?;
    context.store().spend_link_code(&code.hash)?;

    let said = Text::from("a space of ").and(from).and(" acts as ").and(&kept).and(" from now on");
    let notice = Reply::new(Code::SpacesLinked).say(said.clone());
    context.notify(kept.id, None, notice)?;
    context.who.clan = Some(kept.id);
    Ok(Reply::new(Code::SpacesLinked)
        .say(said)
        .hint("its members are members there; offices were not taken over")
        .hint("accounts are joined the same way, with a code in a direct message"))
}

/// A clan that loses a space must not be in the middle of anything.
fn require_at_peace(context: &mut Context<'_>, clan: &Clan) -> Ruling<()> {
    let running =
        WarFilter { of: Some(clan.id), running: true, limit: MOST, ..WarFilter::default() };
    let mut unfinished = Vec::new();
    for war in context.read().wars(&running)? {
        unfinished.extend(context.war(war.id)?.filter(|war| !war.phase.is_ended()));
    }
    let wars = Text::list(unfinished.iter().map(|war| war.id));
    require(unfinished.is_empty(), || {
        refuse(Code::RunningWars, Text::from(clan).and(" has wars that are not over: ").join(wars))
            .hint("wait for their end, or concede them")
    })?;
    let open = context.read().open_count(clan.id)?;
    require(open == 0, || {
        let challenges =
            if open == 1 { "a challenge".to_owned() } else { format!("{open} challenges") };
        refuse(Code::RunningWars, Text::from(clan).and(format!(" has {challenges} out")))
            .hint(Text::new().code("gmbot removewar").and(" takes a challenge back"))
    })
}

/// The space and its people go over. A clan without any space left keeps its history and nobody.
fn move_members(
    context: &mut Context<'_>,
    kept: &Clan,
    from: &Clan,
    space: &SpaceKey,
) -> Stored<()> {
    let members = context.read().members(from.id, MOST)?;
    let space = space.clone();
    let deserted = from.spaces.iter().all(|known| known.key == space);
    context.record(Event::SpaceLinked { clan: kept.id, space, from: from.id })?;
    for member in members {
        arrival::join(context, kept.id, member.person)?;
        if deserted {
            context.record(Event::MemberLeft { clan: from.id, person: member.person })?;
        }
    }
    Ok(())
}

/// Makes the acting person the one who asked for the code.
fn join_accounts(context: &mut Context<'_>, code: &LinkCode, merged: PersonId) -> Ruling<Reply> {
    persons::require_no_war(context, merged, "this account plays in war ")?;
    let kept = code.person;
    let clans = context.read().clans_of(merged)?;
    // What is recorded must not be earlier than what it touches.
    for clan in &clans {
        context.clan(*clan)?;
    }
    context.record(Event::PersonsJoined { kept, merged, clans })?;
    context.store().spend_link_code(&code.hash)?;
    context.who.person = Some(kept);
    Ok(Reply::new(Code::AccountsLinked)
        .to_actor()
        .say("this account and the one that asked for the code are one person now")
        .hint("clans, roles and wars of both are yours, on either account"))
}

fn hash(code: &ShortId) -> String {
    hex(&Sha256::digest(code.as_str()))
}
