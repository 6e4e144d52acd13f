//! Failures on demand: a database that fails at a chosen point of a transaction, or dies there, so
//! that a simulation can see what is left.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gmbot_engine::store::{StoreError, StoreErrorKind, Stored};
use gmbot_store::Connection;

use crate::writer::Database;

/// A point of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// Before it begins.
    Begin,
    /// At its statement with this number, from 0; a transaction with fewer fails at its commit.
    Statement(u64),
    /// Before its commit.
    Commit,
    /// After its commit, before any answer leaves.
    Answer,
}

/// A failure that is to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The database dies there, as with its process: what was not committed is lost, and nothing
    /// works until it is opened again.
    Crash(Point),
    /// It fails there once, and goes on.
    Failure(Point),
    /// Another holds it the next so many times that a transaction begins.
    Busy(u32),
}

impl Fault {
    /// Where it strikes.
    pub fn point(self) -> Point {
        match self {
            Self::Crash(point) | Self::Failure(point) => point,
            Self::Busy(_) => Point::Begin,
        }
    }
}

/// Says what fails next; its clones say it to the same databases.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<Pending>>);

#[derive(Debug, Default)]
struct Pending {
    next: Option<Fault>,
    struck: Option<Fault>,
}

impl Faults {
    /// Has this happen in the next transaction that gets there; with `None`, nothing.
    pub fn set(&self, fault: Option<Fault>) {
        *self.pending() = Pending { next: fault, struck: None };
    }

    /// What happened since the last `set`.
    pub fn struck(&self) -> Option<Fault> {
        self.pending().struck
    }

    fn next(&self) -> Option<Fault> {
        self.pending().next
    }

    /// The fault that strikes here, if one was to.
    fn strike(&self, here: impl Fn(Point) -> bool) -> Option<Fault> {
        let mut pending = self.pending();
        let fault = pending.next.take_if(|fault| here(fault.point()))?;
        pending.struck = Some(fault);
        if let Fault::Busy(times) = fault
            && times > 1
        {
            pending.next = Some(Fault::Busy(times - 1));
        }
        Some(fault)
    }

    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A database that fails as it is told.
pub(crate) struct Failing {
    db: Connection,
    faults: Faults,
    dead: bool,
}

impl Failing {
    pub(crate) fn new(db: Connection, faults: Faults) -> Self {
        Self { db, faults, dead: false }
    }

    /// Fails if it is time to.
    fn pass(&mut self, here: impl Fn(Point) -> bool) -> Stored<()> {
        if self.dead {
            return Err(crashed());
        }
        match self.faults.strike(here) {
            Some(Fault::Crash(_)) => {
                self.dead = true;
                // The system lets go of what a dead process held, and SQLite of what it had not
                // committed: nobody has to wait for that.
                self.db.rollback()?;
                Err(crashed())
            }
            Some(Fault::Failure(_)) => {
                Err(failed(StoreErrorKind::Failed, "fails because a simulation wants it to"))
            }
            Some(Fault::Busy(_)) => Err(failed(StoreErrorKind::Busy, "is in use by a simulation")),
            None => Ok(()),
        }
    }
}

impl Database<Connection> for Failing {
    fn begin(&mut self) -> Stored<()> {
        self.pass(|point| point == Point::Begin)?;
        self.db.begin()?;
        if let Some(Point::Statement(number)) = self.faults.next().map(Fault::point) {
            self.db.fail_after(Some(number));
        }
        Ok(())
    }

    fn commit(&mut self) -> Stored<()> {
        self.db.fail_after(None);
        self.pass(|point| matches!(point, Point::Statement(_) | Point::Commit))?;
        self.db.commit()?;
        self.pass(|point| point == Point::Answer)
    }

    fn rollback(&mut self) -> Stored<()> {
        self.db.fail_after(None);
        // What brought it here may be the statement that was to fail.
        let outcome = self.pass(|point| matches!(point, Point::Statement(_)));
        if self.dead { outcome } else { self.db.rollback() }
    }

    fn tell_others(&self) -> Stored<()> {
        if self.dead { Ok(()) } else { self.db.tell_others() }
    }

    fn store(&mut self) -> &mut Connection {
        &mut self.db
    }
}

fn crashed() -> StoreError {
    failed(StoreErrorKind::Failed, "crashed because a simulation wants it to; open it again")
}

fn failed(kind: StoreErrorKind, how: &str) -> StoreError {
    StoreError { kind, message: format!("the database {how}") }
}
