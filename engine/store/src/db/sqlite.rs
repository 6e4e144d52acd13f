//! One connection to SQLite, and how its failures are told.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use gmbot_engine::store::{StoreError, StoreErrorKind, Stored};
use rusqlite::config::DbConfig;
use rusqlite::types::{Null, ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, ErrorCode, OpenFlags, ToSql, params_from_iter};

use super::row::{Cells, Row};
use super::value::{Arg, Cell};
use super::{damaged, not_ours};

/// How long a connection waits for a lock that another holds.
const PATIENCE: Duration = Duration::from_secs(30);
/// More statements than there are.
const PREPARED: usize = 192;

/// Opens a database by the path or URI `file`; `name` is what messages call it.
pub(crate) fn open(file: &Path, name: &str, flags: OpenFlags) -> Stored<Connection> {
    let opened = Connection::open_with_flags(file, flags).and_then(|conn| {
        conn.set_prepared_statement_cache_capacity(PREPARED);
        // Statements are kept: they must not be planned anew for each value that they are asked with.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        // gmbot has neither triggers nor views: what somebody put into the file does nothing.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        conn.busy_timeout(PATIENCE)?;
        Ok(conn)
    });
    opened.map_err(|error| failure(name, &error))
}

/// Begins or ends a transaction.
pub(crate) fn control(conn: &Connection, sql: &str) -> rusqlite::Result<()> {
    conn.prepare_cached(sql)?.execute([]).map(|_| ())
}

/// Runs a statement and says how many rows it changed.
pub(crate) fn run(conn: &Connection, sql: &str, args: &[Arg<'_>]) -> rusqlite::Result<usize> {
    conn.prepare_cached(sql)?.execute(params_from_iter(args))
}

/// Shows the rows that a statement finds, one after another, until there is enough.
pub(crate) fn walk(
    conn: &Connection,
    name: &str,
    sql: &str,
    args: &[Arg<'_>],
    visit: &mut dyn FnMut(&Row<'_>) -> Stored<ControlFlow<()>>,
) -> Stored<()> {
    let of = |error: rusqlite::Error| failure(name, &error);
    let mut prepared: CachedStatement<'_> = conn.prepare_cached(sql).map_err(of)?;
    let mut rows = prepared.query(params_from_iter(args)).map_err(of)?;
    while let Some(row) = rows.next().map_err(of)? {
        if visit(&Row::new(row, name))?.is_break() {
            break;
        }
    }
    Ok(())
}

impl ToSql for Arg<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match *self {
            Self::Null(_) => Null.into(),
            Self::Integer(number) => number.into(),
            Self::Text(text) => text.into(),
            Self::Bytes(bytes) => bytes.into(),
        })
    }
}

impl Cells for rusqlite::Row<'_> {
    fn width(&self) -> usize {
        self.as_ref().column_count()
    }

    fn cell(&self, column: usize) -> Result<Cell<'_>, String> {
        match self.get_ref(column).map_err(|error| error.to_string())? {
            ValueRef::Null => Ok(Cell::Null),
            ValueRef::Integer(number) => Ok(Cell::Integer(number)),
            ValueRef::Real(number) => Err(format!("{number} is not whole")),
            ValueRef::Text(bytes) => {
                std::str::from_utf8(bytes).map(Cell::Text).map_err(|error| error.to_string())
            }
            ValueRef::Blob(bytes) => Ok(Cell::Bytes(bytes)),
        }
    }
}

/// What a failure of SQLite's means to whoever runs gmbot.
pub(crate) fn failure(name: &str, error: &rusqlite::Error) -> StoreError {
    #[expect(clippy::wildcard_enum_match_arm, reason = "rusqlite may add kinds")]
    match error {
        rusqlite::Error::SqliteFailure(cause, _) => {
            let (kind, message) = told(name, cause.code, error);
            StoreError { kind, message }
        }
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
            (StoreErrorKind::NotADatabase, damaged(name, &error.to_string()).message)
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
