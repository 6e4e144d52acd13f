//! One connection, and what all databases have in common: named statements with whoever watches
//! them, rows, transactions, and how failures are told.

use std::cell::Cell as Slot;
use std::fmt;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use gmbot_engine::store::{StoreError, StoreErrorKind, Stored};
use rusqlite::OpenFlags;
use serde_json::error::Category;

use crate::Watch;
use crate::kept::Kept;
#[cfg(feature = "postgres")]
use crate::schema::OPERATIONAL;
use crate::statements::Statement;

#[cfg(feature = "postgres")]
mod postgres;
mod row;
mod sqlite;
mod value;

#[cfg(feature = "postgres")]
use self::postgres::Postgres;
pub(crate) use self::row::{Row, json, parsed, parsed_if_any};
pub(crate) use self::sqlite::failure;
use self::value::FromCell;
pub(crate) use self::value::{Arg, Args, Cell, Kind, Value};

/// A connection, and what its database is called in messages.
pub(crate) struct Db {
    conn: Conn,
    pub(crate) name: String,
    /// How many statements ran; a test caps what each command may cost.
    pub(crate) ran: Slot<u64>,
    /// What the transaction at hand has read and written.
    pub(crate) kept: Kept,
    /// After how many more statements one fails on purpose.
    pub(crate) fails_after: Slot<Option<u64>>,
    /// What runs around each statement.
    pub(crate) watch: Option<Arc<dyn Watch>>,
}

/// The databases that there are.
enum Conn {
    Sqlite(rusqlite::Connection),
    #[cfg(feature = "postgres")]
    Postgres(Box<Postgres>),
}

impl Db {
    /// Opens a SQLite database by the path or URI `file`; `name` is what messages call it.
    pub(crate) fn open(file: &Path, name: String, flags: OpenFlags) -> Stored<Self> {
        let conn = sqlite::open(file, &name, flags)?;
        Ok(Self::over(Conn::Sqlite(conn), name))
    }

    /// Connects to a PostgreSQL database.
    #[cfg(feature = "postgres")]
    pub(crate) fn connect(url: &str, password: Option<&str>) -> Stored<Self> {
        let (conn, name) = Postgres::connect(url, password)?;
        Ok(Self::over(Conn::Postgres(Box::new(conn)), name))
    }

    fn over(conn: Conn, name: String) -> Self {
        let (ran, kept) = (Slot::new(0), Kept::default());
        Self { conn, name, ran, kept, fails_after: Slot::new(None), watch: None }
    }

    /// Whether this is SQLite, in a file or in memory.
    pub(crate) fn is_file(&self) -> bool {
        match &self.conn {
            Conn::Sqlite(_) => true,
            #[cfg(feature = "postgres")]
            Conn::Postgres(_) => false,
        }
    }

    /// The connection to a file, for what only files can do.
    ///
    /// # Errors
    /// When the database is none.
    pub(crate) fn file(&self) -> Stored<&rusqlite::Connection> {
        match &self.conn {
            Conn::Sqlite(conn) => Ok(conn),
            #[cfg(feature = "postgres")]
            Conn::Postgres(_) => Err(no_file(&self.name)),
        }
    }

    /// The same, for writing pages into it.
    pub(crate) fn file_mut(&mut self) -> Stored<&mut rusqlite::Connection> {
        match &mut self.conn {
            Conn::Sqlite(conn) => Ok(conn),
            #[cfg(feature = "postgres")]
            Conn::Postgres(_) => Err(no_file(&self.name)),
        }
    }

    /// What only one of the databases understands.
    pub(crate) fn either<T>(&self, sqlite: T, postgres: T) -> T {
        if self.is_file() { sqlite } else { postgres }
    }

    /// What SQLite says of its file when it runs a check; empty if it is sound. PostgreSQL looks
    /// after its own.
    pub(crate) fn damage(&self, check: &str) -> Stored<Vec<String>> {
        if !self.is_file() {
            return Ok(Vec::new());
        }
        let mut told =
            self.all(format!("PRAGMA {check}").as_str(), (), |row| row.get::<String>(0))?;
        told.retain(|line| line != "ok");
        Ok(told)
    }

    /// Begins a transaction that writes. SQLite lets one write at a time; of several on PostgreSQL
    /// those that get into each other's way fail as busy.
    pub(crate) fn begin(&self) -> Stored<()> {
        self.kept.clear();
        match &self.conn {
            Conn::Sqlite(conn) => self.of(sqlite::control(conn, "BEGIN IMMEDIATE")),
            #[cfg(feature = "postgres")]
            Conn::Postgres(conn) => conn.begin(&self.name, postgres::WRITE),
        }
    }

    /// Begins a transaction in which tables are made. Of two programs that do so the second waits,
    /// and then sees what the first has made.
    pub(crate) fn begin_alone(&self) -> Stored<()> {
        match &self.conn {
            Conn::Sqlite(_) => self.begin(),
            #[cfg(feature = "postgres")]
            Conn::Postgres(conn) => conn.begin(&self.name, postgres::ALONE),
        }
    }

    /// Begins a transaction that sees one state and writes nothing.
    pub(crate) fn begin_read(&self) -> Stored<()> {
        self.kept.clear();
        match &self.conn {
            Conn::Sqlite(conn) => self.of(sqlite::control(conn, "BEGIN DEFERRED")),
            #[cfg(feature = "postgres")]
            Conn::Postgres(conn) => {
                conn.begin(&self.name, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            }
        }
    }

    /// Begins a transaction beside which nobody writes: what it reads is all that there is, until it
    /// ends.
    pub(crate) fn hold_still(&self) -> Stored<()> {
        match &self.conn {
            Conn::Sqlite(_) => self.begin(),
            #[cfg(feature = "postgres")]
            Conn::Postgres(conn) => {
                self.kept.clear();
                conn.begin(&self.name, "BEGIN ISOLATION LEVEL REPEATABLE READ")?;
                let tables = OPERATIONAL.iter().map(|table| table.name).collect::<Vec<_>>();
                conn.batch(&self.name, &format!("LOCK TABLE {} IN SHARE MODE", tables.join(", ")))?;
                self.be_patient()
            }
        }
    }

    /// Lets the transaction at hand take as long as it needs.
    pub(crate) fn be_patient(&self) -> Stored<()> {
        self.batch(self.either(
            "",
            "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0",
        ))
    }

    /// Makes everything since `begin` durable.
    pub(crate) fn commit(&self) -> Stored<()> {
        self.end("COMMIT")
    }

    /// Ends what `begin_read` began.
    pub(crate) fn end_read(&self) -> Stored<()> {
        self.end(self.either("COMMIT", "ROLLBACK"))
    }

    /// Undoes everything since `begin`.
    pub(crate) fn rollback(&self) -> Stored<()> {
        self.end("ROLLBACK")
    }

    fn end(&self, how: &str) -> Stored<()> {
        self.kept.clear();
        match &self.conn {
            Conn::Sqlite(conn) => self.of(sqlite::control(conn, how)),
            #[cfg(feature = "postgres")]
            Conn::Postgres(conn) => conn.end(&self.name, how),
        }
    }

    /// Whether a transaction is under way, so that nobody else changes what it has seen.
    pub(crate) fn in_transaction(&self) -> bool {
        match &self.conn {
            Conn::Sqlite(conn) => !conn.is_autocommit(),
            #[cfg(feature = "postgres")]
            Conn::Postgres(conn) => conn.in_transaction(),
        }
    }

    /// Up to which number the log is complete, so that no lower one is to come any more; 0 where that
    /// does not come about soon. Outside of transactions.
    pub(crate) fn complete_until(&self) -> Stored<i64> {
        match &self.conn {
            // One transaction writes at a time.
            Conn::Sqlite(_) => Ok(i64::MAX),
            #[cfg(feature = "postgres")]
            Conn::Postgres(conn) => conn.complete_until(&self.name),
        }
    }

    /// Tells others that something was committed, where they can be told.
    pub(crate) fn tell(&self) -> Stored<()> {
        match &self.conn {
            Conn::Sqlite(_) => Ok(()),
            #[cfg(feature = "postgres")]
            Conn::Postgres(conn) => conn.tell(&self.name),
        }
    }

    /// Waits until somebody tells that something was committed, or so long; at once where nobody does.
    pub(crate) fn wait_for_news(&self, at_most: Duration) -> Stored<bool> {
        match &self.conn {
            Conn::Sqlite(_) => Ok(at_most.is_zero()),
            #[cfg(feature = "postgres")]
            Conn::Postgres(conn) => conn.wait_for_news(&self.name, at_most),
        }
    }

    /// Runs statements that answer nothing. They may change tables: nothing that was kept outlives
    /// that.
    pub(crate) fn batch(&self, sql: &str) -> Stored<()> {
        self.kept.clear();
        match &self.conn {
            Conn::Sqlite(conn) => self.of(conn.execute_batch(sql)),
            #[cfg(feature = "postgres")]
            Conn::Postgres(conn) => conn.batch(&self.name, sql),
        }
    }

    /// Makes a table with its indexes.
    pub(crate) fn define(&self, ddl: &str) -> Stored<()> {
        match &self.conn {
            Conn::Sqlite(_) => self.batch(ddl),
            #[cfg(feature = "postgres")]
            Conn::Postgres(_) => self.batch(&postgres::ddl_in_dialect(ddl)),
        }
    }

    /// Runs a statement and says how many rows it changed.
    pub(crate) fn run<'s>(
        &self,
        statement: impl Into<Statement<'s>>,
        args: impl Args,
    ) -> Stored<usize> {
        let statement = statement.into();
        self.watched(statement, || {
            args.with(|args| match &self.conn {
                Conn::Sqlite(conn) => self.of(sqlite::run(conn, statement.sql, args)),
                #[cfg(feature = "postgres")]
                Conn::Postgres(conn) => conn.run(&self.name, statement, args),
            })
        })
    }

    /// Shows the rows that a statement finds, one after another, until there is enough.
    pub(crate) fn walk<'s>(
        &self,
        statement: impl Into<Statement<'s>>,
        args: impl Args,
        mut visit: impl FnMut(&Row<'_>) -> Stored<ControlFlow<()>>,
    ) -> Stored<()> {
        let statement = statement.into();
        let mut walk = |args: &[Arg<'_>]| match &self.conn {
            Conn::Sqlite(conn) => sqlite::walk(conn, &self.name, statement.sql, args, &mut visit),
            #[cfg(feature = "postgres")]
            Conn::Postgres(conn) => conn.walk(&self.name, statement, args, &mut visit),
        };
        self.watched(statement, || args.with(&mut walk))
    }

    /// The first row that a statement finds.
    pub(crate) fn one<'s, T>(
        &self,
        statement: impl Into<Statement<'s>>,
        args: impl Args,
        mut read: impl FnMut(&Row<'_>) -> Stored<T>,
    ) -> Stored<Option<T>> {
        let mut found = None;
        self.walk(statement, args, |row| {
            found = Some(read(row)?);
            Ok(ControlFlow::Break(()))
        })?;
        Ok(found)
    }

    /// The one value of a statement that always has a row.
    pub(crate) fn value<'s, T: FromCell>(
        &self,
        statement: impl Into<Statement<'s>>,
        args: impl Args,
    ) -> Stored<T> {
        let value = self.one(statement, args, |row| row.get(0))?;
        value.ok_or_else(|| self.damaged("a statement that always finds something found nothing"))
    }

    /// All rows that a statement finds.
    pub(crate) fn all<'s, T>(
        &self,
        statement: impl Into<Statement<'s>>,
        args: impl Args,
        mut read: impl FnMut(&Row<'_>) -> Stored<T>,
    ) -> Stored<Vec<T>> {
        let mut found = Vec::new();
        self.walk(statement, args, |row| {
            found.push(read(row)?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(found)
    }

    /// Counts a statement, has it fail if it is to, and runs it with whoever watches around it.
    fn watched<T>(&self, statement: Statement<'_>, run: impl FnOnce() -> Stored<T>) -> Stored<T> {
        self.ran.set(self.ran.get() + 1);
        if let Some(left) = self.fails_after.get() {
            let next = left.checked_sub(1);
            self.fails_after.set(next);
            next.ok_or_else(|| self.interrupted())?;
        }
        let (Some(watch), Some(name)) = (&self.watch, statement.name) else { return run() };
        let (mut run, mut done) = (Some(run), None);
        watch.around(name, &mut || done = run.take().map(|run| run()));
        done.expect("who watches a statement runs it")
    }

    fn interrupted(&self) -> StoreError {
        let message = format!("{} was interrupted; try again", self.name);
        StoreError { kind: StoreErrorKind::Failed, message }
    }

    /// A result of SQLite's as the engine knows it.
    pub(crate) fn of<T>(&self, result: rusqlite::Result<T>) -> Stored<T> {
        result.map_err(|error| failure(&self.name, &error))
    }

    /// What the tables say can't be.
    pub(crate) fn damaged(&self, what: &str) -> StoreError {
        damaged(&self.name, what)
    }
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Db").field("name", &self.name).finish_non_exhaustive()
    }
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

fn damaged(name: &str, what: &str) -> StoreError {
    let message = format!(
        "{name} is damaged: {what}; keep it as it is and go on with a backup; `gmbot verify` tells how much is affected"
    );
    StoreError { kind: StoreErrorKind::NotADatabase, message }
}

#[cfg(feature = "postgres")]
fn no_file(name: &str) -> StoreError {
    let message = format!(
        "{name} is no file, so this can't be done with it; PostgreSQL's own tools (`pg_dump`) can"
    );
    StoreError { kind: StoreErrorKind::Failed, message }
}

/// What is said of a file that somebody else made.
pub(crate) fn not_ours(name: &str) -> String {
    format!("{name} is no database of gmbot; it was left as it is: name another file")
}
