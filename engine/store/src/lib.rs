//! The store of gmbot: SQLite projections of the event log, and what surrounds them.
//!
//! A database holds the *log* of what happened, *projections* that follow from it alone, and
//! *operational* tables that don't: notices to be delivered, requests that were carried out, and
//! the names, texts and images that people may have erased. The store decides nothing.
//!
//! ```
//! use gmbot_engine::event::{Event, Recorded};
//! use gmbot_engine::model::AtMs;
//! use gmbot_store::{Clock, Connection};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut store = Connection::in_memory(Clock::Manual)?;
//! let clan = "c22222a".parse()?;
//! let (name, name_key) = ("Red Pandas".to_owned(), "red pandas".to_owned());
//! let event = Event::ClanFounded { clan, name, name_key };
//!
//! store.begin()?;
//! store.as_store().apply(&Recorded { at: AtMs(1), by: None, clan: None, event })?;
//! store.commit()?;
//!
//! assert_eq!(store.as_read().clan_named("red pandas")?, Some(clan));
//! assert!(store.verify(|_done, _of| {})?.is_sound());
//! # Ok(())
//! # }
//! ```

#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::indexing_slicing))]

mod backup;
mod checksum;
mod db;
#[cfg(test)]
mod failures_test;
mod health;
mod kept;
mod keys;
mod log;
mod meta;
mod migrate;
mod moving;
mod numbers;
mod open;
mod outbox;
mod projection;
mod read;
mod requests;
mod schema;
mod standing;
mod statements;
#[cfg(test)]
mod tables_test;
mod transfer;
mod verify;
mod wars;
mod webhooks;
mod write;

use std::sync::Arc;
use std::time::Duration;

use gmbot_engine::reply::Post;
use gmbot_engine::store::{Read, Store, Stored};

use crate::db::Db;
pub use crate::health::{Backlog, ClosedChannel, Health};
pub use crate::keys::ApiKey;
pub use crate::moving::{Move, Moved};
pub use crate::open::Address;
pub use crate::schema::VERSION as SCHEMA;
pub use crate::transfer::{AccountName, Image};
pub use crate::verify::{Difference, Verification};
pub use crate::webhooks::{KeptMessage, KeptWebhook, WebhookBacklog};

/// How a database is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// The computer's clock.
    System,
    /// A clock that callers set with each request (`--at`); recorded for good when the file is made.
    Manual,
}

/// What is run around each statement that has a name: for measuring, which a store can't do itself,
/// since it knows no clock.
pub trait Watch: Send + Sync {
    /// Calls `run`, once; that is the statement, with the reading of its rows.
    fn around(&self, statement: &'static str, run: &mut dyn FnMut());
}

/// A SQLite database file (or memory), one connection.
#[derive(Debug)]
pub struct Connection {
    db: Db,
    /// How further connections reach the same database.
    address: Address,
}

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

impl Connection {
    /// Takes the write lock (BEGIN IMMEDIATE).
    ///
    /// # Errors
    /// `Busy` when somebody else held it for 30 seconds.
    pub fn begin(&mut self) -> Stored<()> {
        self.db.begin()
    }

    /// Makes everything since `begin` durable.
    ///
    /// # Errors
    /// When the database fails: then call `rollback`.
    pub fn commit(&mut self) -> Stored<()> {
        self.db.commit()
    }

    /// Undoes everything since `begin`; nothing to undo is no mistake, since some failures undo it
    /// by themselves.
    ///
    /// # Errors
    /// When the database fails.
    pub fn rollback(&mut self) -> Stored<()> {
        self.db.kept.clear();
        if self.db.in_transaction() { self.db.rollback() } else { Ok(()) }
    }

    /// Begins a read transaction, so that one answer sees one state.
    ///
    /// # Errors
    /// When the database fails.
    pub fn begin_read(&self) -> Stored<()> {
        self.db.begin_read()
    }

    /// Ends what `begin_read` began.
    ///
    /// # Errors
    /// When the database fails.
    pub fn end_read(&self) -> Stored<()> {
        if self.db.in_transaction() { self.db.end_read() } else { Ok(()) }
    }

    /// Has each further statement of this connection watched.
    pub fn watch(&mut self, watch: Arc<dyn Watch>) {
        self.db.watch = Some(watch);
    }

    /// How many statements this connection ran on its tables so far; for measuring.
    pub fn statements_run(&self) -> u64 {
        self.db.ran.get()
    }

    /// Has one statement fail after so many more, as if SQLite was interrupted, or none; for trying
    /// out what a transaction that fails leaves.
    pub fn fail_after(&self, statements: Option<u64>) {
        self.db.fails_after.set(statements);
    }

    /// A number that changes when another connection committed (`PRAGMA data_version`).
    ///
    /// # Errors
    /// When the database fails.
    pub fn data_version(&self) -> Stored<i64> {
        let version = self
            .db
            .either("PRAGMA data_version", "SELECT txid_snapshot_xmax(txid_current_snapshot())");
        self.db.value(version, ())
    }

    /// Whether others can be told of commits at once, instead of looking for them.
    pub fn hears_others(&self) -> bool {
        !self.db.is_file()
    }

    /// Tells others that something was committed. Who misses it sees the commit when they look.
    ///
    /// # Errors
    /// When the database fails.
    pub fn tell_others(&self) -> Stored<()> {
        self.db.tell()
    }

    /// Waits until somebody told of a commit, or for so long; whether somebody did. It may say so too
    /// often.
    ///
    /// # Errors
    /// When the database fails.
    pub fn wait_for_others(&self, at_most: Duration) -> Stored<bool> {
        self.db.wait_for_news(at_most)
    }

    /// This connection as the engine sees it: for reading.
    pub fn as_read(&self) -> &dyn Read {
        self
    }

    /// This connection as the engine sees it: inside a transaction.
    pub fn as_store(&mut self) -> &mut dyn Store {
        self
    }
}

/// A limit as SQLite takes it.
fn limited(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
