//! One table for spreadsheets: names instead of ids where there are any, times in UTC.

use std::io::Write;

use gmbot_engine::model::{ClanId, Outcome, PersonId, Phase, Score, Side, War};
use gmbot_store::Connection;

use super::sheet::{Cell, Sheet};
use super::{Table, each_clan, each_war};
use crate::failure::Failure;

pub(super) fn write(store: &Connection, table: Table, to: &mut dyn Write) -> Result<(), Failure> {
    match table {
        Table::Clans => clans(store, to),
        Table::Wars => wars(store, to),
        Table::Ballots => ballots(store, to),
        Table::Glory => glory(store, to),
    }?;
    Ok(to.flush()?)
}

fn clans(store: &Connection, to: &mut dyn Write) -> Result<(), Failure> {
    let columns = [
        "clan",
        "name",
        "leader",
        "location",
        "languages",
        "public",
        "suspended",
        "founded_at",
        "glory",
        "won",
        "lost",
        "drawn",
        "void",
        "disputed",
    ];
    let mut sheet = Sheet::new(to, &columns)?;
    each_clan(store, |clan| {
        let leader = clan.leader.map_or(Ok(String::new()), |leader| name(store, leader))?;
        let tally = clan.tally;
        let row = [
            Cell::text(clan.id.as_str()),
            Cell::Text(clan.name),
            Cell::Text(leader),
            Cell::Text(clan.profile.location),
            Cell::Text(clan.profile.languages.join(" ")),
            yes_no(clan.profile.public),
            yes_no(clan.suspended.is_some()),
            Cell::Time(Some(clan.founded_at)),
            Cell::Number(clan.glory),
            Cell::Number(tally.won.into()),
            Cell::Number(tally.lost.into()),
            Cell::Number(tally.drawn.into()),
            Cell::Number(tally.void.into()),
            Cell::Number(tally.disputed.into()),
        ];
        Ok(sheet.row(row)?)
    })
}

fn wars(store: &Connection, to: &mut dyn Write) -> Result<(), Failure> {
    let columns = [
        "war",
        "host",
        "guest",
        "game",
        "format",
        "private",
        "phase",
        "created_at",
        "accepted_at",
        "settled_at",
        "outcome",
        "host_score",
        "guest_score",
        "host_glory",
        "guest_glory",
    ];
    let mut sheet = Sheet::new(to, &columns)?;
    each_war(store, |war| {
        let guest = war.guest.map_or(Ok(String::new()), |guest| clan_name(store, guest))?;
        let ended = war.settlement();
        let score = ended.and_then(|ended| ended.score);
        let given = ended.map(|ended| ended.given).unwrap_or_default();
        let row = [
            Cell::text(war.id.as_str()),
            Cell::Text(clan_name(store, war.host)?),
            Cell::Text(guest),
            Cell::Number(war.game.0.into()),
            Cell::Text(war.format.words()),
            yes_no(war.private),
            Cell::text(war.phase.word()),
            Cell::Time(Some(war.created_at)),
            Cell::Time(war.accepted_at),
            Cell::Time(ended.map(|ended| ended.at)),
            Cell::text(ended.map_or("", |ended| outcome(ended.outcome))),
            points(score, Side::Host),
            points(score, Side::Guest),
            Cell::Number(given.host),
            Cell::Number(given.guest),
        ];
        Ok(sheet.row(row)?)
    })
}

/// The ballots that decided wars, once they are settled; those before are sealed.
fn ballots(store: &Connection, to: &mut dyn Write) -> Result<(), Failure> {
    let columns = ["war", "side", "clan", "person", "as", "outcome", "host_score", "guest_score"];
    let mut sheet = Sheet::new(to, &columns)?;
    each_war(store, |war| {
        if war.phase != Phase::Settled {
            return Ok(());
        }
        Side::BOTH.into_iter().try_for_each(|side| ballots_of(store, &war, side, &mut sheet))
    })
}

fn ballots_of(
    store: &Connection,
    war: &War,
    side: Side,
    sheet: &mut Sheet<'_>,
) -> Result<(), Failure> {
    let Some(clan) = war.clan(side) else { return Ok(()) };
    let clan = clan_name(store, clan)?;
    let cast = war.ballots.of(side);
    for (role, ballots) in [("player", &cast.players), ("officer", &cast.officers)] {
        for (person, ballot) in ballots {
            sheet.row([
                Cell::text(war.id.as_str()),
                Cell::text(side.word()),
                Cell::text(&clan),
                Cell::Text(name(store, *person)?),
                Cell::text(role),
                Cell::text(outcome(ballot.outcome)),
                points(ballot.score, Side::Host),
                points(ballot.score, Side::Guest),
            ])?;
        }
    }
    Ok(())
}

fn glory(store: &Connection, to: &mut dyn Write) -> Result<(), Failure> {
    let columns = ["clan", "name", "game", "glory", "won", "lost", "drawn", "void", "disputed"];
    let games = store.as_read().games()?;
    let mut sheet = Sheet::new(to, &columns)?;
    each_clan(store, |clan| {
        for game in &games {
            let record = store.as_read().clan_record(clan.id, Some(game.id))?;
            if record == Default::default() {
                continue;
            }
            sheet.row([
                Cell::text(clan.id.as_str()),
                Cell::text(&clan.name),
                Cell::text(&game.name),
                Cell::Number(record.glory),
                Cell::Number(record.won.into()),
                Cell::Number(record.lost.into()),
                Cell::Number(record.drawn.into()),
                Cell::Number(record.void.into()),
                Cell::Number(record.disputed.into()),
            ])?;
        }
        Ok(())
    })
}

/// What a person is called; their id if they were forgotten.
fn name(store: &Connection, person: PersonId) -> Result<String, Failure> {
    let name = store.as_read().person_name(person)?;
    Ok(name.unwrap_or_else(|| person.to_string()))
}

fn clan_name(store: &Connection, clan: ClanId) -> Result<String, Failure> {
    let found = store.as_read().clan(clan)?;
    Ok(found.map_or_else(|| clan.to_string(), |found| found.name))
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Won(side) => side.word(),
        Outcome::Drawn => "drawn",
        Outcome::Void => "void",
    }
}

/// One side's part of a score: as one cell, spreadsheets would take `3-1` for a day in March.
fn points(score: Option<Score>, side: Side) -> Cell {
    match (score, side) {
        (None, _) => Cell::Nothing,
        (Some(score), Side::Host) => Cell::Number(score.host.into()),
        (Some(score), Side::Guest) => Cell::Number(score.guest.into()),
    }
}

fn yes_no(value: bool) -> Cell {
    Cell::text(if value { "yes" } else { "no" })
}
