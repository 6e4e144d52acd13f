//! Whom a player's name or mention means, and whether they can be put in a line-up.

use std::collections::BTreeSet;

use super::context::Context;
use super::refusal::{Ruling, refuse, require};
use crate::grammar::PlayerRef;
use crate::model::{AccountKey, Clan, Game, PersonId, names};
use crate::reply::{Code, Inline, Text};
use crate::request::{AccountRef, MentionTarget, Presence};
use crate::store::Read;

/// The member of a clan that is meant.
pub(crate) fn member(context: &Context<'_>, clan: &Clan, player: &PlayerRef) -> Ruling<PersonId> {
    find_member(context.read(), context.request, clan, player)
}

/// The same, for queries.
pub(crate) fn find_member(
    read: &dyn Read,
    request: &crate::Request,
    clan: &Clan,
    player: &PlayerRef,
) -> Ruling<PersonId> {
    match player {
        PlayerRef::Name(name) => by_name(read, clan, name),
        PlayerRef::Mention(written) => {
            let mention = request.mentions.iter().find(|mention| mention.written == *written);
            match mention.map(|mention| &mention.target) {
                Some(MentionTarget::Account { account, presence, bot, .. }) => {
                    require(!bot, || {
                        refuse(Code::IsABot, named(account).and(" is a bot"))
                            .hint("name people instead")
                    })?;
                    by_account(read, clan, account, presence_in(request, clan, *presence))
                }
                Some(MentionTarget::Role | MentionTarget::Everyone) => Err(refuse(
                    Code::NotAPerson,
                    Text::new().user(written.clone()).and(" is not one person"),
                )
                .hint("name each player")
                .into()),
                // A mention that no face explained: the bare name may still be a member's.
                None => by_name(read, clan, written.trim_start_matches('@')),
                Some(MentionTarget::Nobody) => {
                    Err(stranger(clan, Text::new().user(written.clone())))
                }
            }
        }
    }
}

/// What a platform's word on who is in the request's space says of a clan: of one that acts
/// elsewhere it says nothing.
fn presence_in(request: &crate::Request, clan: &Clan, presence: Presence) -> Presence {
    let here = request.space.as_ref().map(|space| &space.key);
    let acts_here = clan.spaces.iter().any(|space| Some(&space.key) == here);
    if acts_here { presence } else { Presence::Unknown }
}

fn by_account(
    read: &dyn Read,
    clan: &Clan,
    account: &AccountRef,
    presence: Presence,
) -> Ruling<PersonId> {
    let person = match presence {
        Presence::Outside => None,
        Presence::Inside | Presence::Unknown => {
            read.person_of_account(&AccountKey::new(&account.platform, &account.id))?
        }
    };
    match person {
        Some(person) if super::context::role_in(read, clan, person)?.is_some() => Ok(person),
        _ => Err(stranger(clan, named(account))),
    }
}

fn by_name(read: &dyn Read, clan: &Clan, name: &str) -> Ruling<PersonId> {
    // A name with spaces has to be quoted, and may have the sign of a mention all the same.
    let people =
        read.members_named(clan.id, &names::key(name.strip_prefix('@').unwrap_or(name)))?;
    match people.as_slice() {
        [only] => Ok(*only),
        [] => Err(refuse(
            Code::UnknownPlayer,
            Text::from("nobody in ").and(clan).and(" is called ").user(name),
        )
        .hint(Text::new().code("gmbot roles").and(" lists who is in the clan"))
        .into()),
        several => Err(refuse(
            Code::WhichPlayer,
            Text::new().user(name).and(format!(" is the name of {} members", several.len())),
        )
        .hint("mention the one you mean with `@`")
        .into()),
    }
}

fn named(account: &AccountRef) -> Text {
    Text::from("@").user(account.name.clone())
}

fn stranger(clan: &Clan, who: Text) -> super::refusal::Stop {
    refuse(Code::Stranger, who.and(" is not a member of ").and(clan))
        .hint("people become members when they say anything to gmbot there, as `gmbot available`; at a terminal that is `gmbot --as NAME available`")
        .into()
}

/// A line-up for a game: enough players, not too many, each once, each a member and available.
pub(crate) fn line_up(
    context: &Context<'_>,
    clan: &Clan,
    game: &Game,
    players: &[PlayerRef],
) -> Ruling<Vec<PersonId>> {
    let people = members(context, clan, players)?;
    let (least, most) = (game.min_players as usize, game.max_players as usize);
    require(people.len() >= least, || {
        refuse(
            Code::TooFewPlayers,
            format!("{} needs {}, you named {}", game.name, players_word(least), people.len()),
        )
        .hint("name more of your clan")
    })?;
    require(people.len() <= most, || {
        refuse(
            Code::TooManyPlayers,
            format!(
                "{} takes {} a side, you named {}",
                game.name,
                players_word(most),
                people.len()
            ),
        )
        .hint("leave somebody out")
    })?;
    require_available(context, &people)?;
    Ok(people)
}

/// `1 player`, `2 players`.
pub(crate) fn players_word(count: usize) -> String {
    if count == 1 { "1 player".to_owned() } else { format!("{count} players") }
}

/// The members that are meant, each once.
pub(crate) fn members(
    context: &Context<'_>,
    clan: &Clan,
    players: &[PlayerRef],
) -> Ruling<Vec<PersonId>> {
    require(!players.is_empty(), || {
        refuse(Code::NoPlayers, "nobody is named").hint("name players as `@name`")
    })?;
    let mut people = Vec::with_capacity(players.len());
    let mut seen = BTreeSet::new();
    for player in players {
        let person = member(context, clan, player)?;
        require(seen.insert(person), || {
            refuse(Code::PlayerTwice, Text::from(person).and(" is named twice"))
                .hint("name each player once")
        })?;
        people.push(person);
    }
    Ok(people)
}

/// Stops where somebody has switched themselves off.
pub(crate) fn require_available(context: &Context<'_>, people: &[PersonId]) -> Ruling<()> {
    let away = unavailable(context.read(), people)?;
    require(away.is_empty(), || {
        let who = Text::list(away.iter().copied().map(Inline::from));
        refuse(Code::PlayerUnavailable, who.and(" can't be put in a line-up now"))
            .hint("they can switch that themselves with `gmbot available`")
    })
}

/// Those of some people who have switched themselves off.
pub(crate) fn unavailable(read: &dyn Read, people: &[PersonId]) -> Ruling<Vec<PersonId>> {
    let mut away = Vec::new();
    for person in people {
        if read.person(*person)?.is_some_and(|known| !known.available) {
            away.push(*person);
        }
    }
    Ok(away)
}

/// Whoever is meant, whether still a member or not; for taking somebody out of a line-up.
pub(crate) fn anyone(context: &Context<'_>, clan: &Clan, player: &PlayerRef) -> Ruling<PersonId> {
    if let PlayerRef::Mention(written) = player
        && let Some(mention) = context.request.mentions.iter().find(|m| m.written == *written)
        && let MentionTarget::Account { account, .. } = &mention.target
    {
        let key = AccountKey::new(&account.platform, &account.id);
        if let Some(person) = context.read().person_of_account(&key)? {
            return Ok(person);
        }
    }
    member(context, clan, player)
}
