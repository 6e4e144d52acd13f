//! One connection to PostgreSQL. Whatever waits for the server does so for a bounded time, and a
//! connection that was lost is made anew by the next transaction.

use std::cell::{Cell as Slot, RefCell};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use gmbot_engine::store::{StoreError, StoreErrorKind, Stored};
use native_tls::TlsConnector;
use postgres_native_tls::{MakeTlsConnector, TlsStream};
use tokio::runtime::Runtime;
use tokio::sync::Notify;
use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{
    AsyncMessage, Client, Config, Connection, Error, Socket, Statement as Prepared,
};

use super::row::{Cells, Row};
use super::value::{Arg, Cell, Kind};
use crate::statements::Statement;

/// How long a connection may take to be made.
const TO_CONNECT: Duration = Duration::from_secs(10);
/// How long the server may take for one step. Its own time-outs are shorter, and say more.
const PATIENCE: Duration = Duration::from_secs(60);
/// What each session begins with: nothing waits for ever. A table that is walked along counts as read
/// whole, so that it collides with whoever adds a row; small ones would be, for speed, and every
/// statement of a change has its index.
const SESSION: &str =
    "SET enable_seqscan = off; SET statement_timeout = '30s'; SET lock_timeout = '10s';
    SET idle_in_transaction_session_timeout = '60s'; SET client_min_messages = 'warning'";

/// Begins a transaction that writes. It gets its place in the order of transactions before it numbers
/// anything: by that it is known when no lower number is to come any more.
pub(crate) const WRITE: &str = "BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT pg_current_xact_id()";

/// How often, and after which rests, one looks whether the transactions of others have ended.
const LOOKS: u32 = 400;
const REST: Duration = Duration::from_millis(5);

/// Tells all who listen that something was committed. Nobody has to find it on the disk after a crash.
const TELL: &str = "BEGIN; SET LOCAL synchronous_commit = off; NOTIFY gmbot; COMMIT";

/// Begins a transaction beside which nobody else makes tables; it sees what others commit.
pub(crate) const ALONE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED;
    SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;
    SELECT pg_advisory_xact_lock(1735225972, hashtext(current_schema()))";

/// A connection.
pub(crate) struct Postgres {
    /// Nothing else runs in it: the connection's own work is done while a statement waits.
    runtime: Runtime,
    config: Config,
    tls: MakeTlsConnector,
    link: RefCell<Option<Link>>,
    /// Told when the server says that something was committed, and when the connection ends.
    news: Arc<Notify>,
    in_transaction: Slot<bool>,
    /// Whether a step of the transaction failed: PostgreSQL would answer its commit kindly, and undo it.
    failed: Slot<bool>,
}

/// A connection while it lasts, with what it has prepared.
struct Link {
    client: Client,
    /// By the statements' names.
    prepared: BTreeMap<&'static str, Prepared>,
    /// Whether the server was asked to tell of commits.
    listens: bool,
}

/// Why a step failed.
enum Failed {
    Server(Error),
    /// The server did not answer in time.
    Silent,
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Server(error)
    }
}

impl Postgres {
    /// Connects; also gives the database's name for messages, in which there is no password.
    pub(crate) fn connect(url: &str, password: Option<&str>) -> Stored<(Self, String)> {
        let mut config: Config = url.parse().map_err(|_secret: Error| bad_url())?;
        let name = called(&config);
        // As PostgreSQL's own programs do it: who does not insist on TLS is not told of odd
        // certificates; who insists gets them checked.
        let checked = config.get_ssl_mode() == SslMode::Require;
        let tls = TlsConnector::builder()
            .danger_accept_invalid_certs(!checked)
            .danger_accept_invalid_hostnames(!checked)
            .build()
            .map_err(|error| unreachable(&name, &error.to_string()))?;
        config.connect_timeout(TO_CONNECT).application_name("gmbot");
        if let Some(password) = password {
            config.password(password);
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| unreachable(&name, &error.to_string()))?;
        let (tls, link) = (MakeTlsConnector::new(tls), RefCell::new(None));
        let news = Arc::default();
        let this = Self {
            runtime,
            config,
            tls,
            link,
            news,
            in_transaction: Slot::new(false),
            failed: Slot::new(false),
        };
        this.reconnect(&name)?;
        Ok((this, name))
    }

    /// Begins a transaction, on a new connection if the old one was lost.
    pub(crate) fn begin(&self, name: &str, sql: &str) -> Stored<()> {
        self.revive(name)?;
        self.batch(name, sql)?;
        self.in_transaction.set(true);
        self.failed.set(false);
        Ok(())
    }

    /// Ends a transaction. Whether a commit that got no answer was carried out is not known.
    pub(crate) fn end(&self, name: &str, sql: &str) -> Stored<()> {
        self.in_transaction.set(false);
        if self.failed.replace(false) && sql == "COMMIT" {
            self.batch(name, "ROLLBACK")?;
            let message = format!("{name} failed before, so that nothing was written; try again");
            return Err(StoreError { kind: StoreErrorKind::Failed, message });
        }
        self.batch(name, sql)
    }

    pub(crate) fn in_transaction(&self) -> bool {
        self.in_transaction.get()
    }

    /// Runs statements that answer nothing.
    pub(crate) fn batch(&self, name: &str, sql: &str) -> Stored<()> {
        self.ask(name, async |link: &mut Link| Ok(link.client.batch_execute(sql).await?))
    }

    /// Runs a statement and says how many rows it changed.
    pub(crate) fn run(
        &self,
        name: &str,
        statement: Statement<'_>,
        args: &[Arg<'_>],
    ) -> Stored<usize> {
        self.revive_between(name)?;
        let rows = self.ask(name, async |link: &mut Link| {
            let prepared = link.prepare(statement, args).await?;
            Ok(link.client.execute_raw(&prepared, args).await?)
        })?;
        Ok(usize::try_from(rows).unwrap_or(usize::MAX))
    }

    /// Shows the rows that a statement finds, one after another, until there is enough.
    pub(crate) fn walk(
        &self,
        name: &str,
        statement: Statement<'_>,
        args: &[Arg<'_>],
        visit: &mut dyn FnMut(&Row<'_>) -> Stored<ControlFlow<()>>,
    ) -> Stored<()> {
        self.revive_between(name)?;
        let rows = self.ask(name, async |link: &mut Link| {
            let prepared = link.prepare(statement, args).await?;
            Ok(link.client.query_raw(&prepared, args).await?)
        })?;
        let mut rows = pin!(rows);
        while let Some(row) = self.wait(name, async { Ok(rows.try_next().await?) })? {
            if visit(&Row::new(&row, name))?.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Up to which number the log is complete: no transaction that took a lower one is under way.
    /// 0 if one is for too long.
    pub(crate) fn complete_until(&self, name: &str) -> Stored<i64> {
        self.revive(name)?;
        self.ask(name, async |link: &mut Link| {
            let last = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM log_seq_seq";
            let last: i64 = link.client.query_one(last, &[]).await?.try_get(0)?;
            // A snapshot's end is behind the last one that has ended, not behind all that have begun.
            let end = "SELECT pg_current_xact_id()::text::bigint";
            let end: i64 = link.client.query_one(end, &[]).await?.try_get(0)?;
            let oldest = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint";
            let oldest = link.client.prepare(oldest).await?;
            for _ in 0..LOOKS {
                if link.client.query_one(&oldest, &[]).await?.try_get::<_, i64>(0)? >= end {
                    return Ok(last);
                }
                tokio::time::sleep(REST).await;
            }
            Ok(0)
        })
    }

    /// Tells all who listen that something was committed.
    pub(crate) fn tell(&self, name: &str) -> Stored<()> {
        self.revive(name)?;
        self.batch(name, TELL)
    }

    /// Waits until somebody tells that something was committed, or so long. The first time it does not
    /// wait, since nobody was heard before.
    pub(crate) fn wait_for_news(&self, name: &str, at_most: Duration) -> Stored<bool> {
        self.revive(name)?;
        let listens = self.link.borrow().as_ref().is_some_and(|link| link.listens);
        if !listens {
            self.batch(name, "LISTEN gmbot")?;
            self.link.borrow_mut().iter_mut().for_each(|link| link.listens = true);
            return Ok(true);
        }
        let heard = async { tokio::time::timeout(at_most, self.news.notified()).await.is_ok() };
        Ok(self.runtime.block_on(heard))
    }

    /// Connects again between transactions. Inside of one, what was done so far is lost with the connection.
    fn revive_between(&self, name: &str) -> Stored<()> {
        if self.in_transaction.get() { Ok(()) } else { self.revive(name) }
    }

    /// Connects again if the connection was lost.
    fn revive(&self, name: &str) -> Stored<()> {
        let lost = self.link.borrow().as_ref().is_none_or(|link| link.client.is_closed());
        if lost { self.reconnect(name) } else { Ok(()) }
    }

    fn reconnect(&self, name: &str) -> Stored<()> {
        self.in_transaction.set(false);
        *self.link.borrow_mut() = None;
        let client = self.wait(name, async {
            let (client, connection) = self.config.connect(self.tls.clone()).await?;
            // It ends with the client; what it fails at, the client's next step says.
            drop(self.runtime.spawn(attend(connection, Arc::clone(&self.news))));
            client.batch_execute(SESSION).await?;
            Ok(client)
        })?;
        let link = Link { client, prepared: BTreeMap::new(), listens: false };
        *self.link.borrow_mut() = Some(link);
        Ok(())
    }

    /// Does something on the connection.
    fn ask<T>(
        &self,
        name: &str,
        work: impl AsyncFnOnce(&mut Link) -> Result<T, Failed>,
    ) -> Stored<T> {
        let mut link = self.link.borrow_mut();
        let Some(link) = link.as_mut() else {
            return Err(unreachable(name, "the connection was lost"));
        };
        self.wait(name, work(link))
    }

    /// Waits for a step, for a bounded time. What is said of it then is unknown, so that the
    /// connection is of no more use.
    fn wait<T>(&self, name: &str, step: impl Future<Output = Result<T, Failed>>) -> Stored<T> {
        let ended = self.runtime.block_on(async { tokio::time::timeout(PATIENCE, step).await });
        ended.unwrap_or(Err(Failed::Silent)).map_err(|failed| {
            self.failed.set(true);
            match failed {
                Failed::Server(error) => failure(name, &error),
                Failed::Silent => unreachable(name, "it does not answer"),
            }
        })
    }
}

/// Does a connection's work until it ends, and passes on what the server tells of by itself.
async fn attend(mut connection: Connection<Socket, TlsStream<Socket>>, news: Arc<Notify>) {
    while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
        if matches!(message, AsyncMessage::Notification(_)) {
            news.notify_one();
        }
    }
    news.notify_one();
}

impl Link {
    /// A statement, prepared once a connection if it has a name.
    async fn prepare(
        &mut self,
        statement: Statement<'_>,
        args: &[Arg<'_>],
    ) -> Result<Prepared, Error> {
        let known = statement.name.and_then(|name| self.prepared.get(name));
        if let Some(known) = known {
            return Ok(known.clone());
        }
        let types: Vec<Type> = args.iter().map(type_of).collect();
        let sql = in_dialect(statement.postgres.unwrap_or(statement.sql));
        let made = self.client.prepare_typed(&sql, &types).await?;
        if let Some(name) = statement.name {
            self.prepared.insert(name, made.clone());
        }
        Ok(made)
    }
}

/// A statement as PostgreSQL writes it: parameters are `$1`, and no join is bound to an order.
fn in_dialect(sql: &str) -> String {
    sql.replace('?', "$").replace("CROSS JOIN", "JOIN")
}

/// A table's definition as PostgreSQL writes it.
pub(crate) fn ddl_in_dialect(ddl: &str) -> String {
    ddl.replace(" STRICT, WITHOUT ROWID", "")
        .replace(" STRICT", "")
        .replace(
            "INTEGER PRIMARY KEY AUTOINCREMENT",
            "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
        )
        .replace("INTEGER", "BIGINT")
        .replace("TEXT", "TEXT COLLATE \"C\"")
        .replace("BLOB", "BYTEA")
}

fn type_of(arg: &Arg<'_>) -> Type {
    match arg {
        Arg::Integer(_) | Arg::Null(Kind::Integer) => Type::INT8,
        Arg::Text(_) | Arg::Null(Kind::Text) => Type::TEXT,
        Arg::Bytes(_) | Arg::Null(Kind::Bytes) => Type::BYTEA,
    }
}

impl ToSql for Arg<'_> {
    fn to_sql(
        &self,
        of: &Type,
        out: &mut bytes::BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null(_) => Ok(IsNull::Yes),
            Self::Integer(number) => number.to_sql(of, out),
            Self::Text(text) => text.to_sql(of, out),
            Self::Bytes(bytes) => bytes.to_sql(of, out),
        }
    }

    fn accepts(of: &Type) -> bool {
        [Type::INT8, Type::TEXT, Type::BYTEA].contains(of)
    }

    to_sql_checked!();
}

impl Cells for tokio_postgres::Row {
    fn width(&self) -> usize {
        self.len()
    }

    fn cell(&self, column: usize) -> Result<Cell<'_>, String> {
        let of = self.columns().get(column).map(tokio_postgres::Column::type_);
        let integer = |number: Option<i64>| number.map_or(Cell::Null, Cell::Integer);
        let cell = match of {
            Some(of) if *of == Type::INT8 => self.try_get(column).map(integer),
            Some(of) if *of == Type::INT4 => {
                self.try_get::<_, Option<i32>>(column).map(|number| integer(number.map(i64::from)))
            }
            Some(of) if *of == Type::BOOL => {
                self.try_get::<_, Option<bool>>(column).map(|truth| integer(truth.map(i64::from)))
            }
            Some(of) if *of == Type::BYTEA => self
                .try_get::<_, Option<&[u8]>>(column)
                .map(|bytes| bytes.map_or(Cell::Null, Cell::Bytes)),
            _ => self
                .try_get::<_, Option<&str>>(column)
                .map(|text| text.map_or(Cell::Null, Cell::Text)),
        };
        cell.map_err(|error| error.to_string())
    }
}

/// What a database is called in messages.
fn called(config: &Config) -> String {
    let database = config.get_dbname().or(config.get_user()).unwrap_or("postgres");
    let hosts = config.get_hosts().iter().map(|host| match host {
        tokio_postgres::config::Host::Tcp(host) => host.clone(),
        #[cfg(unix)]
        tokio_postgres::config::Host::Unix(folder) => folder.display().to_string(),
    });
    format!("the database `{database}` at {}", hosts.collect::<Vec<_>>().join(", "))
}

fn bad_url() -> StoreError {
    StoreError {
        kind: StoreErrorKind::Failed,
        message: "the address of the database can't be read; write it as \
            `postgres://USER@HOST:PORT/DATABASE`, special characters in it as %XX"
            .to_owned(),
    }
}

fn unreachable(name: &str, why: &str) -> StoreError {
    StoreError {
        kind: StoreErrorKind::Unreachable,
        message: format!("{name} can't be reached: {why}; check the address, and whether it runs"),
    }
}

/// What a failure of PostgreSQL's means to whoever runs gmbot.
fn failure(name: &str, error: &Error) -> StoreError {
    let Some(told) = error.as_db_error() else {
        return unreachable(name, &with_causes(error));
    };
    let (kind, message) = match told.code() {
        code if is_collision(code) => (
            StoreErrorKind::Busy,
            format!("{name} was changed by somebody else at the same moment; try again"),
        ),
        code if code.code().starts_with("23") => (
            StoreErrorKind::Contradicted,
            format!("{name} holds what contradicts this ({}); run `gmbot verify`", told.message()),
        ),
        code if code.code().starts_with("53") => (
            StoreErrorKind::Full,
            format!("{name} has no room left ({}); free some and try again", told.message()),
        ),
        code if *code == SqlState::READ_ONLY_SQL_TRANSACTION
            || *code == SqlState::INSUFFICIENT_PRIVILEGE =>
        {
            let message = format!(
                "{name} can't be written to ({}); check what its user may do",
                told.message()
            );
            (StoreErrorKind::ReadOnly, message)
        }
        code if ["08", "57", "28", "3D"].iter().any(|class| code.code().starts_with(class)) => {
            return unreachable(name, told.message());
        }
        _ => (StoreErrorKind::Failed, format!("{name} can't be used: {told}")),
    };
    StoreError { kind, message }
}

/// Whether two transactions got into each other's way, so that one has to be run again. Of two that
/// add the same row the second is told so before it is told that it collides.
fn is_collision(code: &SqlState) -> bool {
    [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::UNIQUE_VIOLATION,
    ]
    .contains(code)
}

fn with_causes(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        text = format!("{text}: {next}");
        cause = next.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_message_holds_a_password() {
        let config: Config = "postgres://gm:hunter2@db.example:5433/war".parse().unwrap();
        assert_eq!(called(&config), "the database `war` at db.example");
        assert!(!bad_url().message.contains("hunter2"));
    }

    #[test]
    fn a_table_is_defined_the_same_way_there() {
        let ddl = "CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, t TEXT, b BLOB) STRICT, WITHOUT ROWID;";
        assert_eq!(
            ddl_in_dialect(ddl),
            "CREATE TABLE a (id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, \
             t TEXT COLLATE \"C\", b BYTEA);"
        );
    }
}
