//! What a clan decides about itself and others: its profile, the games it hears of, whom it blocks.

mod setup;

use super::context::Context;
use super::refusal::{Ruling, refuse, require};
use crate::event::Event;
use crate::grammar::ClanRef;
use crate::model::{Clan, Game, GameId};
use crate::reply::{Block, Code, Reply, Text};
use crate::store::Stored;

pub(super) use setup::setup;

/// Hears of challenges at games from now on; none named: shows those it hears of.
pub(super) fn subscribe(context: &mut Context<'_>, games: &[GameId]) -> Ruling<Reply> {
    let clan = context.own_clan()?;
    let known = context.read().games()?;
    if games.is_empty() {
        return Ok(subscriptions(&clan, &known));
    }
    require_known(&known, games)?;
    let new = each_once(games, |game| !clan.subscriptions.contains(&game));
    if !new.is_empty() {
        context.record(Event::Subscribed { clan: clan.id, games: new })?;
    }
    let said = Text::from(&clan).and(" hears of challenges at ").join(names(&known, games));
    Ok(Reply::new(Code::Subscribed).say(said))
}

/// Hears no more of challenges at games; none named: shows those it hears of.
pub(super) fn unsubscribe(context: &mut Context<'_>, games: &[GameId]) -> Ruling<Reply> {
    let clan = context.own_clan()?;
    let known = context.read().games()?;
    if games.is_empty() {
        return Ok(subscriptions(&clan, &known));
    }
    require_known(&known, games)?;
    let gone = each_once(games, |game| clan.subscriptions.contains(&game));
    require(!gone.is_empty(), || {
        let fact = Text::from(&clan).and(" does not hear of ").join(names(&known, games));
        refuse(Code::NotSubscribed, fact)
            .hint(Text::new().code("gmbot mygames").and(" lists what it hears of"))
    })?;
    let said = Text::from(&clan).and(" hears no more of challenges at ").join(names(&known, &gone));
    context.record(Event::Unsubscribed { clan: clan.id, games: gone })?;
    Ok(Reply::new(Code::Unsubscribed).say(said))
}

/// Wants nothing from another clan from now on.
pub(super) fn block(context: &mut Context<'_>, other: &ClanRef) -> Ruling<Reply> {
    let (clan, other) = two_clans(context, other)?;
    require(!clan.blocked.contains(&other.id), || {
        refuse(Code::AlreadyBlocked, Text::from(&other).and(" is blocked already"))
            .hint(Text::new().code("gmbot unblock").and(" takes it back"))
    })?;
    context.record(Event::ClanBlocked { clan: clan.id, other: other.id })?;
    Ok(Reply::new(Code::ClanBlocked)
        .say(
            Text::from(&other)
                .and(" can't challenge, accept or message ")
                .and(&clan)
                .and(" any more, nor the other way round"),
        )
        .hint("wars that already run between you go on"))
}

/// Takes a block back.
pub(super) fn unblock(context: &mut Context<'_>, other: &ClanRef) -> Ruling<Reply> {
    let (clan, other) = two_clans(context, other)?;
    require(clan.blocked.contains(&other.id), || {
        refuse(Code::NotBlocked, Text::from(&other).and(" is not blocked by your clan")).hint(
            "if nothing reaches it all the same, it has blocked yours; only it can take that back",
        )
    })?;
    context.record(Event::ClanUnblocked { clan: clan.id, other: other.id })?;
    Ok(Reply::new(Code::ClanUnblocked).say(
        Text::from(&other).and(" can challenge, accept and message ").and(&clan).and(" again"),
    ))
}

/// The clan that acts and another one that is named.
fn two_clans(context: &mut Context<'_>, other: &ClanRef) -> Ruling<(Clan, Clan)> {
    let clan = context.own_clan()?;
    let other = context.clan_of(other)?;
    require(clan.id != other.id, || {
        refuse(Code::OwnClan, Text::from(&other).and(" is your own clan")).hint("name another clan")
    })?;
    Ok((clan, other))
}

/// The games that a clan hears of, as a table.
pub(crate) fn subscriptions(clan: &Clan, games: &[Game]) -> Reply {
    let rows: Vec<_> = games
        .iter()
        .filter(|game| clan.subscriptions.contains(&game.id))
        .map(|game| vec![Text::from(game.id.to_string()), Text::new().user(game.name.clone())])
        .collect();
    let reply = Reply::new(Code::Subscriptions);
    if rows.is_empty() {
        return reply
            .say(Text::from(clan).and(" hears of no challenges"))
            .hint(Text::new().code("gmbot games").and(" lists the games to subscribe to"));
    }
    reply
        .title(Text::from(clan).and(" hears of challenges at"))
        .block(Block::Table { head: vec!["Id".to_owned(), "Game".to_owned()], rows })
}

/// Structured input may name games that no parser looked up.
fn require_known(known: &[Game], games: &[GameId]) -> Ruling<()> {
    let unknown = games.iter().find(|id| !known.iter().any(|game| game.id == **id));
    match unknown {
        None => Ok(()),
        Some(id) => Err(refuse(
            Code::UnknownGame,
            Text::from("there is no game with the number ").code(id.to_string()),
        )
        .hint(Text::new().code("gmbot games").and(" lists them"))
        .into()),
    }
}

fn each_once(games: &[GameId], keep: impl Fn(GameId) -> bool) -> Vec<GameId> {
    let mut kept = Vec::new();
    for game in games {
        if keep(*game) && !kept.contains(game) {
            kept.push(*game);
        }
    }
    kept
}

fn names(known: &[Game], games: &[GameId]) -> Text {
    let named = each_once(games, |_| true);
    let named = named.iter().filter_map(|id| known.iter().find(|game| game.id == *id));
    Text::list(named.map(|game| crate::reply::Inline::User(game.name.clone())))
}

/// What a clan tells of itself, and how one of its spaces is set up.
pub(super) fn profile(context: &Context<'_>, clan: &Clan) -> Stored<Reply> {
    let profile = &clan.profile;
    let none = || Text::from("none");
    let mut fields = vec![
        ("Name".to_owned(), Text::from(clan)),
        ("Id".to_owned(), Text::new().code(clan.id.to_string())),
        ("Leader".to_owned(), clan.leader.map_or_else(|| Text::from("nobody"), Text::from)),
        ("Location".to_owned(), Text::new().user(profile.location.clone())),
        ("Languages".to_owned(), Text::new().user(profile.languages.join(", "))),
        ("Time zone".to_owned(), Text::from(profile.timezone.clone())),
        (
            "Contact".to_owned(),
            profile.contact.clone().map_or_else(none, |url| Text::new().user(url)),
        ),
        ("Public".to_owned(), Text::from(if profile.public { "yes" } else { "no" })),
    ];
    let here = context.request.space.as_ref();
    if let Some(space) =
        here.and_then(|here| clan.spaces.iter().find(|space| space.key == here.key))
    {
        let or = |word: &Option<String>, otherwise: &str| match word {
            Some(word) => Text::new().user(word.clone()),
            None => Text::from(otherwise),
        };
        fields.push(("War channel".to_owned(), or(&space.channel, "the space's default")));
        fields.push(("Prefix".to_owned(), or(&space.prefix, "none besides gmbot")));
    }
    Ok(Reply::new(Code::Profile).block(Block::Fields(fields)))
}
