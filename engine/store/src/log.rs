//! The log: what happened, in the order in which it was recorded.

use gmbot_engine::event::Recorded;
use gmbot_engine::model::AtMs;
use gmbot_engine::store::Stored;

use crate::db::{Db, json, parsed_if_any, to_json};
use crate::projection::project;
use crate::statements as sql;
use crate::{Connection, limited};

/// How many events are replayed at a time.
pub(crate) const PAGE: usize = 1000;

impl Connection {
    /// The `at` of the last event in the log.
    ///
    /// # Errors
    /// When the database fails, as everywhere here.
    pub fn last_at(&self) -> Stored<Option<AtMs>> {
        self.db.one(sql::LAST_AT, (), |row| row.get(0).map(AtMs))
    }

    /// Events of the log after the one numbered `after` (0 for all), with their numbers, in order.
    ///
    /// # Errors
    /// When the database fails, or an entry can't be read.
    pub fn log(&self, after: i64, limit: usize) -> Stored<Vec<(i64, Recorded)>> {
        entries(&self.db, after, limit)
    }

    /// The same for whoever goes on from the last number that it was given: it stops before the numbers
    /// below which another may still come, of a transaction that is not committed yet. Outside of
    /// transactions.
    ///
    /// # Errors
    /// When the database fails, or an entry can't be read.
    pub fn feed(&self, after: i64, limit: usize) -> Stored<Vec<(i64, Recorded)>> {
        if entries(&self.db, after, 1)?.is_empty() {
            return Ok(Vec::new());
        }
        let until = self.complete_until()?;
        let mut page = entries(&self.db, after, limit)?;
        page.retain(|(number, _)| *number <= until);
        Ok(page)
    }

    /// Up to which number `feed` goes now; 0 where a transaction of another program lasts too long to
    /// be waited for.
    ///
    /// # Errors
    /// When the database fails.
    pub fn complete_until(&self) -> Stored<i64> {
        self.db.complete_until()
    }

    /// How many events the log holds.
    ///
    /// # Errors
    /// When the database fails.
    pub fn events(&self) -> Stored<u64> {
        self.db.value(sql::LOG_LENGTH, ())
    }
}

/// Events of the log after a number, as many as are asked for.
pub(crate) fn entries(db: &Db, after: i64, limit: usize) -> Stored<Vec<(i64, Recorded)>> {
    db.all(sql::LOG_AFTER, (after, limited(limit)), |row| {
        let (by, clan) = (parsed_if_any(row, 2)?, parsed_if_any(row, 3)?);
        let recorded = Recorded { at: AtMs(row.get(1)?), by, clan, event: json(row, 4)? };
        Ok((row.get(0)?, recorded))
    })
}

/// Projects the whole log of `from` into `into`; tells how many events are done now and then.
pub(crate) fn replay(from: &Db, into: &Db, mut progress: impl FnMut(u64)) -> Stored<()> {
    let (mut last, mut done) = (0, 0);
    loop {
        let page = entries(from, last, PAGE)?;
        for (seq, recorded) in &page {
            project(into, recorded)?;
            last = *seq;
            done += 1;
        }
        progress(done);
        if page.len() < PAGE {
            return Ok(());
        }
    }
}

/// Appends an event to the log and changes the projections.
pub(crate) fn record(db: &Db, recorded: &Recorded) -> Stored<()> {
    record_as(db, None, recorded)
}

/// The same under a number of its own, if it has one.
pub(crate) fn record_as(db: &Db, number: Option<i64>, recorded: &Recorded) -> Stored<()> {
    let Recorded { at, by, clan, event } = recorded;
    let (by, clan) = (by.as_ref().map(|by| by.as_str()), clan.as_ref().map(|clan| clan.as_str()));
    db.run(sql::APPEND, (number, at.0, by, clan, to_json(event)?))?;
    project(db, recorded)
}
