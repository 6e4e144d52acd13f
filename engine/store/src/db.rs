//! One SQLite connection, and how its failures are told.

use std::cell::Cell;
use std::fmt;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use gmbot_engine::store::{StoreError, StoreErrorKind, Stored};
use rusqlite::config::DbConfig;
use rusqlite::types::Type;
use rusqlite::{
    CachedStatement, Connection, ErrorCode, OpenFlags, OptionalExtension, Params, Row, ffi,
};
use serde_json::error::Category;

use crate::Watch;
use crate::kept::Kept;
use crate::statements::Statement;

/// How long a connection waits for a lock that another holds.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection, and what its database is called in messages.
pub(crate) struct Db {
    pub(crate) conn: Connection,
    pub(crate) name: String,
    /// How many statements ran; a test caps what each command may cost.
    pub(crate) ran: Cell<u64>,
    /// What the transaction at hand has read and written.
    pub(crate) kept: Kept,
    /// After how many more statements one fails on purpose.
    pub(crate) fails_after: Cell<Option<u64>>,
    /// What runs around each statement.
    pub(crate) watch: Option<Arc<dyn Watch>>,
}

impl Db {
    /// Opens a database by the path or URI `file`; `name` is what messages call it.
    pub(crate) fn open(file: &Path, name: String, flags: OpenFlags) -> Stored<Self> {
        let opened = Connection::open_with_flags(file, flags);
        let conn = opened.map_err(|error| failure(&name, &error))?;
        let (ran, kept) = (Cell::new(0), Kept::default());
        let db = Self { conn, name, ran, kept, fails_after: Cell::new(None), watch: None };
        db.conn.set_prepared_statement_cache_capacity(192);
        // Statements are kept: they must not be planned anew for each value that they are asked with.
        db.of(db.conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true))?;
        db.of(db.conn.busy_timeout(PATIENCE))?;
        Ok(db)
    }

    /// Runs statements that answer nothing. They may change tables: nothing that was kept outlives
    /// that.
    pub(crate) fn batch(&self, sql: &str) -> Stored<()> {
        self.kept.clear();
        self.of(self.conn.execute_batch(sql))
    }

    /// Begins or ends a transaction.
    pub(crate) fn control(&self, sql: &str) -> Stored<()> {
        self.kept.clear();
        let prepared = self.conn.prepare_cached(sql);
        self.of(prepared.and_then(|mut prepared| prepared.execute([]))).map(|_| ())
    }

    /// Whether a transaction is under way, so that nobody else changes what it has seen.
    pub(crate) fn in_transaction(&self) -> bool {
        !self.conn.is_autocommit()
    }

    /// Runs a statement: has it prepared, and hands it to `work`, with whoever watches around both.
    pub(crate) fn with<'s, T>(
        &self,
        statement: impl Into<Statement<'s>>,
        work: impl FnOnce(&mut CachedStatement<'_>) -> rusqlite::Result<T>,
    ) -> Stored<T> {
        let Statement { name, sql } = statement.into();
        let run = || self.of(self.prepare(sql).and_then(|mut prepared| work(&mut prepared)));
        let (Some(watch), Some(name)) = (&self.watch, name) else { return run() };
        let (mut run, mut done) = (Some(run), None);
        watch.around(name, &mut || done = run.take().map(|run| run()));
        done.expect("who watches a statement runs it")
    }

    /// A statement that is about to run.
    fn prepare(&self, sql: &str) -> rusqlite::Result<CachedStatement<'_>> {
        self.ran.set(self.ran.get() + 1);
        if let Some(left) = self.fails_after.get() {
            let next = left.checked_sub(1);
            self.fails_after.set(next);
            next.ok_or_else(interrupted)?;
        }
        self.conn.prepare_cached(sql)
    }

    /// Runs a statement and says how many rows it changed.
    pub(crate) fn run<'s>(
        &self,
        statement: impl Into<Statement<'s>>,
        params: impl Params,
    ) -> Stored<usize> {
        self.with(statement, |prepared| prepared.execute(params))
    }

    /// The first row that a statement finds.
    pub(crate) fn one<'s, T>(
        &self,
        statement: impl Into<Statement<'s>>,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Stored<Option<T>> {
        self.with(statement, |prepared| prepared.query_row(params, read).optional())
    }

    /// The one value of a statement that always has a row.
    pub(crate) fn value<'s, T: rusqlite::types::FromSql>(
        &self,
        statement: impl Into<Statement<'s>>,
        params: impl Params,
    ) -> Stored<T> {
        self.with(statement, |prepared| prepared.query_row(params, |row| row.get(0)))
    }

    /// All rows that a statement finds.
    pub(crate) fn all<'s, T>(
        &self,
        statement: impl Into<Statement<'s>>,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Stored<Vec<T>> {
        self.with(statement, |prepared| prepared.query_map(params, read)?.collect())
    }

    /// A result of SQLite's as the engine knows it.
    pub(crate) fn of<T>(&self, result: rusqlite::Result<T>) -> Stored<T> {
        result.map_err(|error| failure(&self.name, &error))
    }

    /// What the tables say can't be.
    pub(crate) fn damaged(&self, what: &str) -> StoreError {
        StoreError { kind: StoreErrorKind::NotADatabase, message: damaged(&self.name, what) }
    }
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Db").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What SQLite says of a statement that it was kept from.
fn interrupted() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_INTERRUPT), None)
}

/// A column that holds an id.
pub(crate) fn parsed<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<T>
where
    T: FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    let text: String = row.get(column)?;
    text.parse().map_err(|error| unreadable(column, error))
}

/// A column that holds an id or nothing.
pub(crate) fn parsed_if_any<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>>
where
    T: FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    let text: Option<String> = row.get(column)?;
    text.map(|text| text.parse().map_err(|error| unreadable(column, error))).transpose()
}

/// A column that holds a value as JSON.
pub(crate) fn json<T: serde::de::DeserializeOwned>(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| unreadable(column, error))
}

/// A value as JSON, for a column.
pub(crate) fn to_json<T: serde::Serialize>(value: &T) -> Stored<String> {
    serde_json::to_string(value).map_err(|error| StoreError {
        kind: StoreErrorKind::Failed,
        message: match error.classify() {
            Category::Io => "can't write a value as JSON: out of memory".to_owned(),
            Category::Syntax | Category::Data | Category::Eof => {
                format!("can't write a value as JSON: {error}; this is a mistake in gmbot")
            }
        },
    })
}

fn unreadable(
    column: usize,
    error: impl std::error::Error + Send + Sync + 'static,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}

fn damaged(name: &str, what: &str) -> String {
    format!(
        "{name} is damaged: {what}; keep it as it is and go on with a backup; `gmbot verify` tells how much is affected"
    )
}

/// What a failure of SQLite's means to whoever runs gmbot.
pub(crate) fn failure(name: &str, error: &rusqlite::Error) -> StoreError {
    #[expect(clippy::wildcard_enum_match_arm, reason = "rusqlite may add kinds")]
    match error {
        rusqlite::Error::SqliteFailure(cause, _) => {
            let (kind, message) = told(name, cause.code, error);
            StoreError { kind, message }
        }
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::IntegralValueOutOfRange(..) => StoreError {
            kind: StoreErrorKind::NotADatabase,
            message: damaged(name, &error.to_string()),
        },
        other => StoreError {
            kind: StoreErrorKind::Failed,
            message: format!("{name} can't be used: {other}; this is a mistake in gmbot"),
        },
    }
}

fn told(name: &str, code: ErrorCode, error: &rusqlite::Error) -> (StoreErrorKind, String) {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the rest is told in SQLite's own words")]
    match code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => (
            StoreErrorKind::Busy,
            format!("{name} is in use by another program; try again, or end that program"),
        ),
        ErrorCode::DiskFull => (
            StoreErrorKind::Full,
            format!("there is no room left for {name}; free some space and try again"),
        ),
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => (
            StoreErrorKind::ReadOnly,
            format!("{name} can't be written to; check its permissions and its folder's"),
        ),
        ErrorCode::NotADatabase => (StoreErrorKind::NotADatabase, not_ours(name)),
        ErrorCode::DatabaseCorrupt => {
            (StoreErrorKind::NotADatabase, damaged(name, &error.to_string()))
        }
        ErrorCode::ConstraintViolation => (
            StoreErrorKind::Contradicted,
            format!("{name} holds what contradicts this ({error}); run `gmbot verify`"),
        ),
        ErrorCode::CannotOpen => (
            StoreErrorKind::Failed,
            format!("{name} can't be opened; check that its folder exists and may be written to"),
        ),
        _ => (
            StoreErrorKind::Failed,
            format!("{name} can't be used: {error}; check the disk, and run `gmbot verify`"),
        ),
    }
}

/// What is said of a file that somebody else made.
pub(crate) fn not_ours(name: &str) -> String {
    format!("{name} is no database of gmbot; it was left as it is: name another file")
}
