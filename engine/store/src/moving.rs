//! Moving a whole database to an empty one, of the same kind or another: by its log, in steps that
//! can be broken off and gone on with, and with a proof that both hold the same in the end.

use std::ops::ControlFlow::Continue;

use gmbot_engine::model::Game;
use gmbot_engine::store::{StoreError, StoreErrorKind, Stored};

use crate::db::{Db, Value};
use crate::log::{PAGE, entries, record_as};
use crate::meta::{meta, meta_if_any, set_meta};
use crate::migrate::make_projections_anew;
use crate::numbers::{self, NUMBERED};
use crate::schema::{OPERATIONAL, PROJECTIONS};
use crate::verify::Columns;
use crate::{Address, Clock, Connection, checksum, statements as sql};

/// The entry of `meta` that a database has until all of another one has arrived in it: the seed of
/// that one.
const ARRIVING: &str = "arriving_from";
/// What a database says of itself that it keeps wherever it lies.
const OF_ITSELF: [&str; 2] = ["clock", "seed"];

/// A move under way. What has arrived stays when it is broken off; another one goes on with it.
#[derive(Debug)]
pub struct Move {
    from: Connection,
    to: Connection,
    reference: Connection,
    /// The number of the last event that has arrived.
    last: i64,
    carried: u64,
}

/// What was moved, and found to be the same at both ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// How many events the log holds.
    pub events: u64,
    /// How many rows all tables hold.
    pub rows: u64,
}

/// Refuses a database in which another one has only begun to arrive.
pub(crate) fn must_have_arrived(db: &Db) -> Stored<()> {
    if meta_if_any(db, ARRIVING)?.is_none() {
        return Ok(());
    }
    refused(format!(
        "{} is not all there: a `gmbot move` to it was broken off; run the same one again",
        db.name
    ))
}

impl Move {
    /// Begins a move, or goes on with one that was broken off.
    ///
    /// # Errors
    /// When there is something else in `to`, which stays as it is; when a database was made by a
    /// later gmbot, or fails.
    pub fn new(from: &Address, to: &Address) -> Stored<Self> {
        let from = Connection::connect(from, Clock::System)?;
        let clock = from.clock()?;
        let to = Connection::connect_unfinished(to, clock)?;
        let reference = Connection::in_memory(Clock::Manual)?;
        let mut begun = Self { from, to, reference, last: 0, carried: 0 };
        begun.begin_or_go_on()?;
        Ok(begun)
    }

    fn begin_or_go_on(&mut self) -> Stored<()> {
        let (from, to) = (&self.from.db, &self.to.db);
        let seed = meta(from, "seed")?;
        match meta_if_any(to, ARRIVING)? {
            Some(other) if other != seed => {
                return refused(format!(
                    "another database has begun to arrive in {}, so it was left as it is; name an empty one",
                    to.name
                ));
            }
            Some(_) => {}
            None => self.begin(&seed)?,
        }
        self.carried = to.value(sql::LOG_LENGTH, ())?;
        self.last = to.value(sql::LAST_NUMBER, ())?;
        // Each event there has to be one of here: an older copy of this database has others.
        if self.last > 0 && entries(from, self.last - 1, 1)? != entries(to, self.last - 1, 1)? {
            return refused(format!(
                "what has arrived in {} is not from {}; name an empty one",
                to.name, from.name
            ));
        }
        Ok(())
    }

    /// Takes out of an empty database what it was made with, and marks it as one that is arriving.
    fn begin(&self, seed: &str) -> Stored<()> {
        let to = &self.to.db;
        in_transaction(to, || {
            if !is_empty(to)? {
                return refused(format!(
                    "{} is not empty, and was left as it is; name a new one",
                    to.name
                ));
            }
            to.run(sql::DROP_LOG, ())?;
            make_projections_anew(to)?;
            set_meta(to, ARRIVING, seed)
        })
    }

    /// Carries over what has not arrived yet of the log, some events a transaction; others may use
    /// the database meanwhile. `progress` hears how many events of how many have arrived.
    ///
    /// # Errors
    /// When a database fails, or the log can't be read.
    pub fn carry(&mut self, mut progress: impl FnMut(u64, u64)) -> Stored<()> {
        let all = self.from.events()?;
        loop {
            let page = entries(&self.from.db, self.last, PAGE)?;
            in_transaction(&self.to.db, || {
                page.iter().try_for_each(|(number, recorded)| {
                    record_as(&self.to.db, Some(*number), recorded)
                })
            })?;
            self.last = page.last().map_or(self.last, |(number, _)| *number);
            self.carried += page.len() as u64;
            progress(self.carried, all.max(self.carried));
            if page.len() < PAGE {
                return Ok(());
            }
        }
    }

    /// Carries over the rest while nobody can write: the last events, and all that is in no log.
    /// Then every row of both is compared, and only if they are the same is the new database one
    /// that can be used. `progress` hears how many tables of how many were compared.
    ///
    /// # Errors
    /// `Busy` when others write and don't end; when they are not the same; when a database fails.
    pub fn finish(mut self, progress: impl FnMut(u64, u64)) -> Stored<Moved> {
        self.from.db.hold_still()?;
        let done = self.carry(|_, _| {}).and_then(|()| self.carry_operational(progress));
        // It was only read. If that fails too, the end of the connection undoes it.
        self.from.db.rollback().ok();
        done
    }

    fn carry_operational(&self, mut progress: impl FnMut(u64, u64)) -> Stored<Moved> {
        let (from, to) = (&self.from.db, &self.to.db);
        in_transaction(to, || {
            to.be_patient()?;
            for table in OPERATIONAL.iter().filter(|table| !["log", "meta"].contains(&table.name)) {
                copy(from, to, table.name, &Columns::of(&self.reference.db, table.name)?)?;
            }
            for entry in OF_ITSELF {
                set_meta(to, entry, &meta(from, entry)?)?;
            }
            for numbered in NUMBERED {
                numbers::go_on_after(to, numbered, numbers::highest(from, numbered)?)?;
            }
            to.run(sql::DROP_META, [ARRIVING])?;

            let tables =
                || OPERATIONAL.iter().chain(PROJECTIONS).filter(|table| table.name != "meta");
            let (mut rows, all) = (0, tables().count() as u64);
            for (table, done) in tables().zip(1..) {
                let columns = Columns::of(&self.reference.db, table.name)?;
                let here = checksum::of_table(from, table.name, &columns)?;
                if here != checksum::of_table(to, table.name, &columns)? {
                    return refused(format!(
                        "{} and {} don't hold the same `{}`; `gmbot verify` tells whether the former is sound",
                        from.name, to.name, table.name
                    ));
                }
                rows += here.rows;
                progress(done, all);
            }
            Ok(Moved { events: self.carried, rows })
        })
    }
}

/// Whether nothing has happened in a database, and nothing was kept there.
fn is_empty(db: &Db) -> Stored<bool> {
    if db.value::<u64>(sql::LOG_LENGTH, ())? != Game::at_first().len() as u64 {
        return Ok(false);
    }
    for table in OPERATIONAL.iter().filter(|table| !["log", "meta"].contains(&table.name)) {
        let rows = format!("SELECT count(*) FROM {}", table.name);
        if db.value::<u64>(rows.as_str(), ())? > 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Copies all rows of a table.
fn copy(from: &Db, to: &Db, table: &str, columns: &Columns) -> Stored<()> {
    let places: Vec<_> = (1..=columns.names.len()).map(|place| format!("?{place}")).collect();
    let insert = format!(
        "INSERT INTO {table} ({}) VALUES ({})",
        columns.names.join(", "),
        places.join(", ")
    );
    from.walk(columns.select(table).as_str(), (), |row| {
        let values = row.all().map(|cell| cell.map(Value::from)).collect::<Stored<Vec<_>>>()?;
        to.run(insert.as_str(), columns.typed(&values))?;
        Ok(Continue(()))
    })
}

fn in_transaction<T>(db: &Db, work: impl FnOnce() -> Stored<T>) -> Stored<T> {
    db.begin()?;
    let done = work().and_then(|done| db.commit().map(|()| done));
    // What failed is told; that the rest could not be undone would add nothing.
    done.inspect_err(|_| db.rollback().unwrap_or(()))
}

fn refused<T>(message: String) -> Stored<T> {
    Err(StoreError { kind: StoreErrorKind::Failed, message })
}
