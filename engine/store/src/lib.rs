//! The store of gmbot: SQLite projections of the event log, and what surrounds them.

use std::path::Path;

use gmbot_engine::model::{AtMs, Platform, SpaceKey, WarId};
use gmbot_engine::reply::Post;
use gmbot_engine::store::{Read, Store, Stored};

/// How a database is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// The computer's clock.
    System,
    /// A clock that callers set with each request (`--at`); recorded for good when the file is made.
    Manual,
}

/// A SQLite database file (or memory), one connection.
#[derive(Debug)]
pub struct Sqlite {}

/// A processed request as it was remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Processed {
    /// SHA-256 of the request's body, as hexadecimal digits.
    pub body_hash: String,
    /// The reply as JSON; empty if it was forgotten; `null` if the line was not for the bot.
    pub reply: String,
}

/// A notice that was claimed.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    /// Its place in the outbox.
    pub id: i64,
    /// How often its delivery was tried before.
    pub tries: u32,
    /// What it says.
    pub post: Post,
}

impl Sqlite {
    /// Opens a database file for writing, making or migrating it where needed; `clock` is recorded
    /// in a new one and has no effect on an old one.
    pub fn open(path: &Path, clock: Clock) -> Stored<Self> {
        unimplemented!("{path:?} {clock:?}")
    }
    /// A database in memory that is gone with its last connection; `reader` opens further ones.
    pub fn in_memory(clock: Clock) -> Stored<Self> {
        unimplemented!("{clock:?}")
    }
    /// Another connection to the same database that can only read.
    pub fn reader(&self) -> Stored<Self> {
        unimplemented!()
    }
    /// Whose clock this database goes by.
    pub fn clock(&self) -> Stored<Clock> {
        unimplemented!()
    }
    /// The seed that a manual-clock database draws all entropy from (made from its path-independent
    /// creation, or set by a rehearsal).
    pub fn seed(&self) -> Stored<[u8; 32]> {
        unimplemented!()
    }
    /// Sets the seed; only for a database with a manual clock.
    pub fn set_seed(&mut self, seed: [u8; 32]) -> Stored<()> {
        unimplemented!("{seed:?}")
    }
    /// The `at` of the last event in the log.
    pub fn last_at(&self) -> Stored<Option<AtMs>> {
        unimplemented!()
    }

    /// Takes the write lock (BEGIN IMMEDIATE).
    pub fn begin(&mut self) -> Stored<()> {
        unimplemented!()
    }
    /// Makes everything since `begin` durable.
    pub fn commit(&mut self) -> Stored<()> {
        unimplemented!()
    }
    /// Undoes everything since `begin`.
    pub fn rollback(&mut self) -> Stored<()> {
        unimplemented!()
    }
    /// Begins and ends a read transaction, so that one answer sees one state.
    pub fn begin_read(&self) -> Stored<()> {
        unimplemented!()
    }
    /// Ends what `begin_read` began.
    pub fn end_read(&self) -> Stored<()> {
        unimplemented!()
    }
    /// A number that changes when another connection committed (`PRAGMA data_version`).
    pub fn data_version(&self) -> Stored<i64> {
        unimplemented!()
    }

    /// A request that was carried out before.
    pub fn processed(&self, client: &str, key: &str) -> Stored<Option<Processed>> {
        unimplemented!("{client} {key}")
    }
    /// Remembers a request and its reply for 30 days.
    pub fn remember(
        &mut self,
        client: &str,
        key: &str,
        at: AtMs,
        actor: Option<gmbot_engine::model::PersonId>,
        processed: &Processed,
    ) -> Stored<()> {
        unimplemented!("{client} {key} {at:?} {actor:?} {processed:?}")
    }
    /// Deletes what is past its time: old processed requests, old messages, dead codes.
    pub fn sweep(&mut self, now: AtMs) -> Stored<()> {
        unimplemented!("{now:?}")
    }

    /// Wars with a deadline or reminder at or before `now`, the most urgent first.
    pub fn due(&self, now: AtMs, limit: usize) -> Stored<Vec<WarId>> {
        unimplemented!("{now:?} {limit}")
    }
    /// When the next deadline or reminder of any war is.
    pub fn next_due(&self) -> Stored<Option<AtMs>> {
        unimplemented!()
    }
    /// Wars whose broadcast is not expanded to its end.
    pub fn broadcasts(&self, limit: usize) -> Stored<Vec<WarId>> {
        unimplemented!("{limit}")
    }

    /// Leases the queues of clans that have notices for a platform (or for one space of it) and
    /// returns their oldest notices, each clan's in order. `token` identifies the lease.
    pub fn claim(
        &mut self,
        platform: &Platform,
        space: Option<&SpaceKey>,
        token: &str,
        now: AtMs,
        lease_until: AtMs,
        limit: usize,
    ) -> Stored<Vec<Claimed>> {
        unimplemented!("{platform} {space:?} {token} {now:?} {lease_until:?} {limit}")
    }
    /// The claimed notice `id`, if `token` still holds its lease.
    pub fn claimed(&self, id: i64, token: &str) -> Stored<Option<Claimed>> {
        unimplemented!("{id} {token}")
    }
    /// Removes a delivered notice; a clan whose claimed notices are all settled is free again.
    pub fn delivered(&mut self, id: i64) -> Stored<()> {
        unimplemented!("{id}")
    }
    /// Puts a notice back to be tried again at `not_before`, or parks it where that is `None`.
    pub fn postpone(&mut self, id: i64, not_before: Option<AtMs>) -> Stored<()> {
        unimplemented!("{id} {not_before:?}")
    }
    /// Notices that were refused for good, the oldest first.
    pub fn parked(&self, limit: usize) -> Stored<Vec<Claimed>> {
        unimplemented!("{limit}")
    }

    /// This connection as the engine sees it: for reading.
    pub fn as_read(&self) -> &dyn Read {
        unimplemented!()
    }
    /// This connection as the engine sees it: inside a transaction.
    pub fn as_store(&mut self) -> &mut dyn Store {
        unimplemented!()
    }
}
