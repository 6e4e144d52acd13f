//! The connections that only read: queries, legends and looks at what is due run on them, beside
//! the writer.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use gmbot_engine::store::{StoreErrorKind, Stored};
use gmbot_store::Connection;

use crate::BackendError;
use crate::panics::guarded;

/// How often a read is tried while somebody else holds the database.
const TRIES: usize = 3;

/// A fixed number of connections, lent out one at a time.
pub(crate) struct Readers {
    idle: Mutex<Vec<Connection>>,
    returned: Condvar,
}

impl Readers {
    /// Opens `count` connections, at least one, to what `writer` writes.
    pub(crate) fn open(writer: &Connection, count: usize) -> Stored<Self> {
        let idle = (0..count.max(1)).map(|_| writer.reader()).collect::<Stored<_>>()?;
        Ok(Self { idle: Mutex::new(idle), returned: Condvar::new() })
    }

    /// Reads something in one transaction, so that it sees one state; again if the database was
    /// busy.
    pub(crate) fn read<T>(
        &self,
        mut work: impl FnMut(&Connection) -> Stored<T>,
    ) -> Result<T, BackendError> {
        let db = self.borrow();
        let mut outcome = one_read(&db, &mut work);
        for _ in 1..TRIES {
            match &outcome {
                Err(BackendError::Store(error)) if error.kind == StoreErrorKind::Busy => {
                    outcome = one_read(&db, &mut work);
                }
                _ => break,
            }
        }
        self.give_back(db);
        outcome
    }

    /// Lends a connection to what keeps a transaction of its own.
    pub(crate) fn lend<T>(
        &self,
        work: impl FnOnce(&Connection) -> Stored<T>,
    ) -> Result<T, BackendError> {
        let db = self.borrow();
        let outcome = guarded(|| Ok(work(&db)?));
        self.give_back(db);
        outcome
    }

    /// Takes a connection, or waits for one.
    fn borrow(&self) -> Connection {
        let mut idle = self.lock();
        loop {
            if let Some(db) = idle.pop() {
                return db;
            }
            idle = self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn give_back(&self, db: Connection) {
        self.lock().push(db);
        self.returned.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads inside a transaction that ends whatever happens.
fn one_read<T>(
    db: &Connection,
    work: &mut impl FnMut(&Connection) -> Stored<T>,
) -> Result<T, BackendError> {
    guarded(|| Ok(db.begin_read()?))?;
    let outcome = guarded(|| Ok(work(db)?));
    guarded(|| Ok(db.end_read()?))?;
    outcome
}
