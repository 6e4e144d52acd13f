//! The connections that only read: queries, legends and looks at what is due run on them, beside
//! the writer.

use gmbot_engine::store::Stored;
use gmbot_store::Connection;

use crate::BackendError;
use crate::panics::guarded;
use crate::pool::Pool;

/// How often a read is tried while somebody else holds the database, or it can't be reached.
const TRIES: usize = 3;

/// A fixed number of connections, lent out one at a time.
pub(crate) struct Readers(Pool<Connection>);

impl Readers {
    /// Opens `count` connections, at least one, to what `writer` writes.
    pub(crate) fn open(writer: &Connection, count: usize) -> Stored<Self> {
        let all = (0..count.max(1)).map(|_| writer.reader()).collect::<Stored<_>>()?;
        Ok(Self(Pool::new(all)))
    }

    /// Reads something in one transaction, so that it sees one state; again if the database was
    /// busy.
    pub(crate) fn read<T>(
        &self,
        mut work: impl FnMut(&Connection) -> Stored<T>,
    ) -> Result<T, BackendError> {
        self.0.lend(|db| again(|| one_read(db, &mut work)))
    }

    /// Lends a connection to what keeps a transaction of its own, or needs none.
    pub(crate) fn lend<T>(
        &self,
        mut work: impl FnMut(&Connection) -> Stored<T>,
    ) -> Result<T, BackendError> {
        self.0.lend(|db| again(|| guarded(|| Ok(work(db)?))))
    }
}

/// Reads, again if that failed in passing.
fn again<T>(mut read: impl FnMut() -> Result<T, BackendError>) -> Result<T, BackendError> {
    let mut outcome = read();
    for _ in 1..TRIES {
        if !outcome.as_ref().is_err_and(BackendError::is_passing) {
            break;
        }
        outcome = read();
    }
    outcome
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
