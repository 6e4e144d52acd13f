//! Clans, and every index that is derived from a clan.

use std::collections::BTreeSet;

use gmbot_engine::event::Event;
use gmbot_engine::model::{AtMs, Clan, ClanId, GameId, PersonId, SpaceKey, Tally, names};
use gmbot_engine::store::{Record, Stored};

use super::AtGame;
use crate::db::{Db, json, to_json};
use crate::schema::ALL_GAMES;
use crate::standing::{self, Standing};
use crate::statements as sql;

/// Changes clans as an event says; `game` is the game of the war that it is about.
pub(crate) fn project(db: &Db, at: AtMs, event: &Event, game: AtGame) -> Stored<()> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the aggregate tells the rest apart")]
    match event {
        Event::ClanFounded { clan, name, name_key } => {
            save(db, None, &Clan::founded(*clan, name.clone(), name_key.clone(), at), at, game)?;
        }
        Event::MemberJoined { clan, person } => {
            db.run(sql::ADD_MEMBER, (clan.as_str(), person.as_str(), at.0))?;
            change(db, *clan, at, event, game)?;
        }
        Event::MemberLeft { clan, person } => {
            db.run(sql::DROP_MEMBER, (clan.as_str(), person.as_str()))?;
            change(db, *clan, at, event, game)?;
        }
        other => {
            for clan in other.clans() {
                change(db, clan, at, event, game)?;
            }
        }
    }
    Ok(())
}

/// Loads a clan.
pub(crate) fn load(db: &Db, clan: ClanId) -> Stored<Option<Clan>> {
    db.kept.clans.get_or(clan, db.in_transaction(), || {
        db.one(sql::CLAN, [clan.as_str()], |row| json(row, 0))
    })
}

fn change(db: &Db, clan: ClanId, at: AtMs, event: &Event, game: AtGame) -> Stored<()> {
    let Some(before) = load(db, clan)? else {
        return Err(db.damaged(&format!("its log speaks of a clan `{clan}` that it does not have")));
    };
    let mut after = before.clone();
    after.apply(at, event);
    save(db, Some(&before), &after, at, game)
}

/// Writes a clan and what follows from it.
fn save(db: &Db, before: Option<&Clan>, after: &Clan, at: AtMs, game: AtGame) -> Stored<()> {
    let listed = ranked(after) && after.awake();
    db.run(
        sql::SAVE_CLAN,
        (after.id.as_str(), &after.name, &after.name_key, listed, after.last_at.0, to_json(after)?),
    )?;
    save_spaces(db, before, after)?;
    save_subscriptions(db, before, after)?;
    save_traits(db, before, after)?;
    save_offices(db, before, after, at)?;
    save_standings(db, before, after, game)?;
    db.kept.clans.keep(after.id, after);
    Ok(())
}

/// Whether leaderboards show it.
fn ranked(clan: &Clan) -> bool {
    clan.profile.public && clan.suspended.is_none()
}

fn save_spaces(db: &Db, before: Option<&Clan>, after: &Clan) -> Stored<()> {
    let (old, new) = (before.map(spaces).unwrap_or_default(), spaces(after));
    for (space, _) in old.difference(&new) {
        // Only while it is this clan's: a linked space is the other clan's already.
        db.run(sql::DROP_SPACE, (&space.platform.0, &space.id, after.id.as_str()))?;
    }
    for (space, awake) in new.difference(&old) {
        db.run(sql::ADD_SPACE, (&space.platform.0, &space.id, after.id.as_str(), awake))?;
    }
    Ok(())
}

fn spaces(clan: &Clan) -> BTreeSet<(&SpaceKey, bool)> {
    clan.spaces.iter().map(|space| (&space.key, space.awake)).collect()
}

fn save_subscriptions(db: &Db, before: Option<&Clan>, after: &Clan) -> Stored<()> {
    let (old, new) = (before.map(heard).unwrap_or_default(), heard(after));
    for game in old.difference(&new) {
        db.run(sql::DROP_SUBSCRIPTION, (game.0, after.id.as_str()))?;
    }
    for game in new.difference(&old) {
        db.run(sql::ADD_SUBSCRIPTION, (game.0, after.id.as_str()))?;
    }
    Ok(())
}

/// The games whose challenges reach a clan as it is now.
fn heard(clan: &Clan) -> BTreeSet<GameId> {
    if clan.awake() && clan.suspended.is_none() {
        clan.subscriptions.clone()
    } else {
        BTreeSet::new()
    }
}

fn save_traits(db: &Db, before: Option<&Clan>, after: &Clan) -> Stored<()> {
    if before.is_some_and(|before| before.profile == after.profile) {
        return Ok(());
    }
    let id = after.id.as_str();
    db.run(sql::DROP_TRAITS, [id])?;
    for language in &after.profile.languages {
        db.run(sql::ADD_TRAIT, (id, "language", names::key(language)))?;
    }
    db.run(sql::ADD_TRAIT, (id, "location", names::key(&after.profile.location)))?;
    Ok(())
}

fn save_offices(db: &Db, before: Option<&Clan>, after: &Clan, at: AtMs) -> Stored<()> {
    let (old, new) = (before.map(officers).unwrap_or_default(), officers(after));
    for person in old.difference(&new) {
        db.run(sql::LEAVE_OFFICE, (after.id.as_str(), person.as_str(), at.0))?;
    }
    for person in new.difference(&old) {
        db.run(sql::SERVE, (after.id.as_str(), person.as_str(), "office", i64::MAX))?;
    }
    Ok(())
}

fn officers(clan: &Clan) -> BTreeSet<PersonId> {
    clan.leader.into_iter().chain(clan.co_leaders.iter().copied()).collect()
}

/// Keeps the clan's standing over all games as the clan has it, and adds what changed to the
/// standing at the war's game.
fn save_standings(db: &Db, before: Option<&Clan>, after: &Clan, game: AtGame) -> Stored<()> {
    let (id, shown) = (after.id, ranked(after));
    let old = before.map(|clan| Standing { ranked: ranked(clan), record: record(clan) });
    let new = Standing { ranked: shown, record: record(after) };
    let fared = old.map(|old| old.record).unwrap_or_default();
    if old.is_none() || fared != new.record {
        standing::save(db, id, ALL_GAMES, old, new)?;
        if let Some(game) = game {
            standing::add(db, id, game, shown, &fared, &new.record)?;
        }
    }
    if old.is_some_and(|old| old.ranked != shown) {
        standing::show(db, id, shown)?;
    }
    Ok(())
}

fn record(clan: &Clan) -> Record {
    let Tally { won, lost, drawn, void, disputed } = clan.tally;
    Record { won, lost, drawn, void, disputed, glory: clan.glory }
}
