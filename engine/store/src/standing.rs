//! How clans fare, and where that puts them among the others.

use gmbot_engine::model::{AtMs, ClanId, DurationMs, GameId, deadline};
use gmbot_engine::store::{Ranked, Record, Stored};

use crate::db::{Db, Row, parsed};
use crate::limited;
use crate::schema::ALL_GAMES;
use crate::statements as sql;

/// A row of the standings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing {
    pub(crate) ranked: bool,
    pub(crate) record: Record,
}

/// The number under which standings keep a game, or all of them.
pub(crate) fn number(game: Option<GameId>) -> i64 {
    game.map_or(ALL_GAMES, |game| i64::from(game.0))
}

/// Clans are counted by their glory to the point, and by blocks of 256.
const COUNTED_BY: [u8; 2] = [0, 8];

/// Writes a standing in place of the `old` one and keeps the counts of glory in step.
pub(crate) fn save(
    db: &Db,
    clan: ClanId,
    game: i64,
    old: Option<Standing>,
    new: Standing,
) -> Stored<()> {
    let counted = |standing: Standing, bits| {
        // No glory is below 0, so that nobody asks how many have more than that and 0 at most.
        Some(standing.record.glory >> bits).filter(|part| standing.ranked && *part > 0)
    };
    for bits in COUNTED_BY {
        let (was, is) = (old.and_then(|old| counted(old, bits)), counted(new, bits));
        if was == is {
            continue;
        }
        if let Some(part) = was {
            db.run(sql::COUNT_GLORY, (game, bits, part, -1))?;
            db.run(sql::DROP_EMPTY_COUNT, (game, bits, part))?;
        }
        if let Some(part) = is {
            db.run(sql::COUNT_GLORY, (game, bits, part, 1))?;
        }
    }
    let Record { won, lost, drawn, void, disputed, glory } = new.record;
    db.run(
        sql::SAVE_STANDING,
        (clan.as_str(), game, new.ranked, glory, won, lost, drawn, void, disputed),
    )?;
    Ok(())
}

/// Adds what changed between two records to a clan's standing at a game.
pub(crate) fn add(
    db: &Db,
    clan: ClanId,
    game: GameId,
    ranked: bool,
    old: &Record,
    new: &Record,
) -> Stored<()> {
    let game = number(Some(game));
    let before = load(db, clan, game)?;
    let so_far = before.map(|standing| standing.record).unwrap_or_default();
    let moved = |so_far: u32, old: u32, new: u32| (so_far + new).saturating_sub(old);
    let record = Record {
        won: moved(so_far.won, old.won, new.won),
        lost: moved(so_far.lost, old.lost, new.lost),
        drawn: moved(so_far.drawn, old.drawn, new.drawn),
        void: moved(so_far.void, old.void, new.void),
        disputed: moved(so_far.disputed, old.disputed, new.disputed),
        glory: so_far.glory + new.glory - old.glory,
    };
    save(db, clan, game, before, Standing { ranked, record })
}

/// Shows a clan in all leaderboards, or in none.
pub(crate) fn show(db: &Db, clan: ClanId, ranked: bool) -> Stored<()> {
    let all = db.all(sql::STANDINGS_OF, [clan.as_str()], |row| {
        Ok((row.get::<i64>(0)?, Standing { ranked: row.get(1)?, record: record(row, 2)? }))
    })?;
    for (game, old) in all {
        save(db, clan, game, Some(old), Standing { ranked, ..old })?;
    }
    Ok(())
}

/// A clan's standing at a game, if it has fought there.
pub(crate) fn load(db: &Db, clan: ClanId, game: i64) -> Stored<Option<Standing>> {
    db.one(sql::STANDING, (clan.as_str(), game), |row| {
        Ok(Standing { ranked: row.get(0)?, record: record(row, 1)? })
    })
}

/// The clans with the most glory, from the top or behind a clan that is shown.
pub(crate) fn leaders(
    db: &Db,
    game: Option<GameId>,
    after: Option<ClanId>,
    limit: usize,
) -> Stored<Option<Vec<Ranked>>> {
    let game = number(game);
    let (glory, clan) = match after {
        None => (i64::MAX, String::new()),
        Some(clan) => match load(db, clan, game)?.filter(|standing| standing.ranked) {
            Some(standing) => (standing.record.glory, clan.to_string()),
            None => return Ok(None),
        },
    };
    let mut leaders = db.all(sql::LEADERS, (game, glory, clan, limited(limit)), |row| {
        let (name, glory, won) = (row.get(1)?, row.get(2)?, row.get(3)?);
        Ok(Ranked { rank: 0, clan: parsed(row, 0)?, name, glory, won })
    })?;
    // Whoever shares the glory of `after` began before these rows: the next amount is looked up too.
    let mut is_torn = true;
    let (mut place, mut last) = (1, None);
    for leader in &mut leaders {
        leader.rank = match last {
            Some((rank, glory)) if glory == leader.glory => rank,
            _ => {
                if after.is_some() && is_torn {
                    place = above(db, game, leader.glory)? + 1;
                    is_torn = last.is_none() && leader.glory == glory;
                }
                place
            }
        };
        last = Some((leader.rank, leader.glory));
        place += 1;
    }
    Ok(Some(leaders))
}

/// How many shown clans have more glory.
fn above(db: &Db, game: i64, glory: i64) -> Stored<u64> {
    db.value(sql::CLANS_ABOVE, (game, glory))
}

/// A clan's own rank: one more than there are shown clans with more glory.
pub(crate) fn rank(db: &Db, clan: ClanId, game: Option<GameId>) -> Stored<Option<Ranked>> {
    let game = number(game);
    let own = db.one(sql::OWN_STANDING, (clan.as_str(), game), |row| {
        let (name, glory, won) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(Ranked { rank: 0, clan, name, glory, won })
    })?;
    let Some(own) = own else { return Ok(None) };
    Ok(Some(Ranked { rank: above(db, game, own.glory)? + 1, ..own }))
}

/// What a clan's wars gave it, by day.
pub(crate) fn glory_by_day(
    db: &Db,
    clan: ClanId,
    game: Option<GameId>,
    since: AtMs,
) -> Stored<Vec<(AtMs, i64)>> {
    let game = game.map(|game| game.0);
    let created = since - deadline::LONGEST_WAR;
    let asked = (clan.as_str(), game, since.0, DurationMs::days(1).0, created.0);
    db.all(sql::GLORY_BY_DAY, asked, |row| Ok((AtMs(row.get(0)?), row.get(1)?)))
}

/// Six columns that make a record: glory, won, lost, drawn, void, disputed.
fn record(row: &Row<'_>, first: usize) -> Stored<Record> {
    Ok(Record {
        glory: row.get(first)?,
        won: row.get(first + 1)?,
        lost: row.get(first + 2)?,
        drawn: row.get(first + 3)?,
        void: row.get(first + 4)?,
        disputed: row.get(first + 5)?,
    })
}
