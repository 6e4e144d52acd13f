//! Wars, and every index that is derived from a war.

use gmbot_engine::event::Event;
use gmbot_engine::model::{AtMs, ClanId, Outcome, PersonId, Phase, Side, War, WarId};
use gmbot_engine::store::Stored;

use super::{AtGame, clan, person};
use crate::db::{Db, json, to_json};
use crate::statements as sql;

/// Changes a war as an event says, and tells its game.
pub(crate) fn project(db: &Db, at: AtMs, event: &Event) -> Stored<AtGame> {
    let Some(id) = event.war() else { return Ok(None) };
    let (before, war) = match War::created(at, event) {
        Some(created) => (None, created),
        None => changed(db, id, at, event)?,
    };
    note_novices(db, event)?;
    save(db, before.as_ref(), &war)?;
    save_players(db, &war, event)?;
    if let Event::MessageSent { side, text, .. } = event {
        let from = side_clan(db, &war, *side)?;
        db.run(sql::ADD_MESSAGE, (id.as_str(), from.as_str(), at.0, text.as_str()))?;
    }
    Ok(Some(war.game))
}

/// Loads a war.
pub(crate) fn load(db: &Db, war: WarId) -> Stored<Option<War>> {
    db.kept
        .wars
        .get_or(war, db.in_transaction(), || db.one(sql::WAR, [war.as_str()], |row| json(row, 0)))
}

/// A war before and after an event.
fn changed(db: &Db, id: WarId, at: AtMs, event: &Event) -> Stored<(Option<War>, War)> {
    let Some(before) = load(db, id)? else {
        return Err(db.damaged(&format!("its log speaks of a war `{id}` that it does not have")));
    };
    let mut after = before.clone();
    after.apply(at, event);
    Ok((Some(before), after))
}

fn save(db: &Db, before: Option<&War>, war: &War) -> Stored<()> {
    let stage = stage(war.phase);
    let last = war.settlement();
    let winner = last.and_then(|last| match last.outcome {
        Outcome::Won(side) => war.clan(side),
        Outcome::Drawn | Outcome::Void => None,
    });
    db.run(
        sql::SAVE_WAR,
        (
            war.id.as_str(),
            war.host.as_str(),
            war.guest.as_ref().map(ClanId::as_str),
            war.private,
            war.game.0,
            stage,
            war.created_at.0,
            war.next_at().map(|at| at.0),
            war.disputed_at.is_some(),
            war.settlements.first().map(|first| first.at.0),
            last.map(|last| outcome(last.outcome)),
            winner.as_ref().map(ClanId::as_str),
            last.map_or(0, |last| last.given.host),
            last.map_or(0, |last| last.given.guest),
            to_json(war)?,
        ),
    )?;
    db.kept.wars.keep(war.id, war);
    save_clan_wars(db, before, war)
}

/// Keeps which clans a war concerns. Most events change nothing of that.
fn save_clan_wars(db: &Db, before: Option<&War>, war: &War) -> Stored<()> {
    let concerned = |war: &War| ([Some(war.host), war.guest, war.named], stage(war.phase));
    let (clans, stage) = concerned(war);
    if before.map(concerned) == Some((clans, stage)) {
        return Ok(());
    }
    for clan in clans.into_iter().flatten() {
        let row = (clan.as_str(), war.id.as_str(), stage, war.created_at.0);
        db.run(sql::SAVE_CLAN_WAR, row)?;
    }
    Ok(())
}

/// Where a war stands, as listings tell it.
fn stage(phase: Phase) -> &'static str {
    if phase.is_ended() {
        "ended"
    } else if phase.is_running() {
        "running"
    } else {
        "open"
    }
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Won(side) => side.word(),
        Outcome::Drawn => "drawn",
        Outcome::Void => "void",
    }
}

/// Notes which sides had never won a war before this one was settled for the first time.
fn note_novices(db: &Db, event: &Event) -> Stored<()> {
    let Event::WarSettled { war, host, guest, .. } = event else { return Ok(()) };
    for id in [*host, *guest] {
        if clan::load(db, id)?.is_some_and(|clan| clan.tally.won == 0) {
            db.run(sql::ADD_NOVICE, (war.as_str(), id.as_str()))?;
        }
    }
    Ok(())
}

/// Keeps who plays for whom, and until when each has stood for their clan. The war keeps the ids
/// that people had when they were named; here they are who they turned out to be.
fn save_players(db: &Db, war: &War, event: &Event) -> Stored<()> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "line-ups change by these events alone")]
    match event {
        Event::WarCreated { line_up, .. } => {
            for player in line_up {
                add_player(db, war, Side::Host, *player)?;
            }
        }
        Event::WarAccepted { .. } => {
            for side in Side::BOTH {
                for player in war.line_ups.of(side) {
                    add_player(db, war, side, *player)?;
                }
            }
        }
        Event::PlayerSubstituted { side, out, r#in, .. } => {
            let (clan, out) = (side_clan(db, war, *side)?, person::canonical(db, *out)?);
            db.run(sql::DROP_PLAYER, (war.id.as_str(), clan.as_str(), out.as_str()))?;
            add_player(db, war, *side, *r#in)?;
        }
        _ => {}
    }
    Ok(())
}

fn add_player(db: &Db, war: &War, side: Side, player: PersonId) -> Stored<()> {
    let (clan, player) = (side_clan(db, war, side)?, person::canonical(db, player)?);
    db.run(sql::ADD_PLAYER, (war.id.as_str(), clan.as_str(), player.as_str()))?;
    if let Some(until) = war.ends_at {
        db.run(sql::SERVE, (clan.as_str(), player.as_str(), "play", until.0))?;
    }
    Ok(())
}

fn side_clan(db: &Db, war: &War, side: Side) -> Stored<ClanId> {
    war.clan(side).ok_or_else(|| {
        db.damaged(&format!("its log speaks of the {} of war `{}` too early", side.word(), war.id))
    })
}
