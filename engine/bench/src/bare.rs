//! The yardstick for what the engine costs: a program on SQLite that knows beforehand which rows to
//! read and which to write. It decides nothing, turns nothing into JSON, and asks nothing twice.
//!
//! What it writes is recorded from a database that gmbot wrote: at the end of a run both databases
//! hold the same rows in every table, and that is checked.

use std::hint::black_box;
use std::ops::Deref;
use std::path::Path;
use std::sync::mpsc::Receiver;

use gmbot_engine::model::AccountKey;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, Statement, params_from_iter};

use crate::Failure;
use crate::world::{CLIENT, Challenge, NOW, open, submit};

/// As many pieces of work share a transaction in gmbot.
pub const GROUP: usize = 256;

/// A statement and what it is given.
type Call = (&'static str, Vec<Value>);

/// What one challenge comes to.
#[derive(Debug, Default)]
pub struct Script {
    reads: Vec<Call>,
    writes: Vec<Call>,
    /// What is read once it is written: the names in the answer.
    names: Vec<Call>,
}

/// How a recorded row is found again.
#[derive(Debug, Clone, Copy)]
enum By {
    Seq,
    War,
    Clan,
    Key,
}

/// What is written, a row each: how, how the recorded ones are found, and by what.
const WRITES: [(&str, &str, By); 7] = [
    (
        "INSERT INTO log (seq, at, by, clan, event) VALUES (?1, ?2, ?3, ?4, ?5)",
        "SELECT seq, at, by, clan, event FROM log WHERE seq > ?1",
        By::Seq,
    ),
    (
        "INSERT INTO wars VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        "SELECT * FROM wars WHERE id = ?1",
        By::War,
    ),
    (
        "INSERT INTO clan_wars VALUES (?1, ?2, ?3, ?4)",
        "SELECT * FROM clan_wars WHERE war = ?1",
        By::War,
    ),
    ("INSERT INTO line_ups VALUES (?1, ?2, ?3)", "SELECT * FROM line_ups WHERE war = ?1", By::War),
    (
        "UPDATE clans SET last_at = ?2, body = ?3 WHERE id = ?1",
        "SELECT id, last_at, body FROM clans WHERE id = ?1",
        By::Clan,
    ),
    (
        "INSERT INTO broadcasts (id, war) VALUES (?1, ?2)",
        "SELECT id, war FROM broadcasts WHERE war = ?1",
        By::War,
    ),
    (
        "INSERT INTO processed VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        "SELECT * FROM processed WHERE key = ?1",
        By::Key,
    ),
];

/// Has gmbot make all the challenges in a database, and notes down what that came to. Leaves indexes
/// behind.
pub fn record(path: &Path, challenges: &[Challenge]) -> Result<Vec<Script>, Failure> {
    let backend = open(path)?;
    let db = connect(path)?;
    // Nobody else looks for rows in this way.
    db.execute_batch(
        "CREATE INDEX recorded_1 ON clan_wars (war); CREATE INDEX recorded_2 ON line_ups (war);
        CREATE INDEX recorded_3 ON broadcasts (war); CREATE INDEX recorded_4 ON processed (key);",
    )?;
    let mut scripts = Vec::new();
    for challenge in challenges {
        let last: i64 = db.query_row("SELECT max(seq) FROM log", [], |row| row.get(0))?;
        submit(&backend, challenge.request())?;
        scripts.push(recorded(&db, *challenge, last)?);
    }
    Ok(scripts)
}

/// What a challenge came to, that was made after the event numbered `last`.
fn recorded(db: &Connection, challenge: Challenge, last: i64) -> Result<Script, Failure> {
    let newest = "SELECT id, host FROM wars ORDER BY rowid DESC LIMIT 1";
    let (war, clan): (String, String) =
        db.query_row(newest, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut script = Script::default();
    for (write, find, by) in WRITES {
        let key = match by {
            By::Seq => Value::Integer(last),
            By::War => Value::Text(war.clone()),
            By::Clan => Value::Text(clan.clone()),
            By::Key => Value::Text(challenge.key()),
        };
        script.writes.extend(rows(db, find, &[key])?.into_iter().map(|row| (write, row)));
    }
    script.read(db, challenge, &war, &clan)?;
    Ok(script)
}

impl Script {
    /// Notes down what gmbot reads for a challenge, each row once.
    fn read(
        &mut self,
        db: &Connection,
        challenge: Challenge,
        war: &str,
        clan: &str,
    ) -> Result<(), Failure> {
        let (space, key, day) = (challenge.space(), challenge.key(), 24 * 60 * 60 * 1000);
        let mut read = |sql, given: &[&str]| self.reads.push((sql, texts(given)));
        read(
            "SELECT body_hash, reply FROM processed WHERE client = ?1 AND key = ?2",
            &[CLIENT, &key],
        );
        read(
            "SELECT clan FROM spaces WHERE platform = ?1 AND id = ?2",
            &[&space.platform.0, &space.id],
        );
        read("SELECT body FROM clans WHERE id = ?1", &[clan]);
        read("SELECT id, name, min_players, max_players FROM games ORDER BY id", &[]);
        read("SELECT count(*) FROM wars WHERE host = ?1 AND stage = 'open'", &[clan]);
        read("SELECT body FROM wars WHERE id = ?1", &[war]);
        for (place, account) in challenge.people().iter().enumerate() {
            let account = AccountKey::new(&account.platform, &account.id);
            let person = "SELECT person FROM accounts WHERE key = ?1";
            let id: String = db.query_row(person, [account.as_str()], |row| row.get(0))?;
            let mut read = |sql, given: &[&str]| self.reads.push((sql, texts(given)));
            read(person, &[account.as_str()]);
            read(
                "SELECT n.account, n.platform, n.id, n.name, n.seen FROM accounts own
                    JOIN accounts a ON a.person = own.person
                    JOIN account_names n ON n.account = a.key
                    WHERE own.key = ?1 ORDER BY n.seen DESC LIMIT 1",
                &[account.as_str()],
            );
            read(
                "SELECT clan, person, joined_at FROM members WHERE clan = ?1
                    AND person = coalesce((SELECT joined FROM persons WHERE id = ?2), ?2)",
                &[clan, &id],
            );
            if place > 0 {
                read(
                    "SELECT id, available FROM persons
                        WHERE id = coalesce((SELECT joined FROM persons WHERE id = ?1), ?1)",
                    &[&id],
                );
                self.names.push((
                    "SELECT n.name FROM accounts a JOIN account_names n ON n.account = a.key
                        WHERE a.person = coalesce((SELECT joined FROM persons WHERE id = ?1), ?1)
                        ORDER BY n.seen DESC LIMIT 1",
                    texts(&[&id]),
                ));
            }
        }
        self.reads.push((
            "SELECT count(*) FROM wars WHERE host = ?1 AND created_at >= ?2",
            vec![Value::Text(clan.to_owned()), Value::Integer(NOW.0 - day)],
        ));
        Ok(())
    }

    /// How many statements it is, without the beginning and the end of its transactions.
    pub fn statements(&self) -> usize {
        self.reads.len() + self.writes.len() + self.names.len()
    }
}

fn texts(given: &[&str]) -> Vec<Value> {
    given.iter().map(|text| Value::Text((*text).to_owned())).collect()
}

/// All rows that a statement finds.
fn rows(db: &Connection, sql: &str, given: &[Value]) -> Result<Vec<Vec<Value>>, Failure> {
    let mut statement = db.prepare(sql)?;
    let columns = statement.column_count();
    let found = statement.query_map(params_from_iter(given), |row| {
        (0..columns).map(|column| row.get(column)).collect()
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// A connection as gmbot opens them.
pub fn connect(path: &Path) -> Result<Connection, Failure> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    db.execute_batch(
        "PRAGMA secure_delete = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;",
    )?;
    Ok(db)
}

/// The statements of a script, prepared.
struct Prepared<'c>(Vec<(&'static str, Statement<'c>)>);

impl<'c> Prepared<'c> {
    fn new<'s>(db: &'c Connection, calls: impl Iterator<Item = &'s Call>) -> Result<Self, Failure> {
        let mut prepared = Vec::<(&'static str, Statement<'c>)>::new();
        for (sql, _) in calls {
            if prepared.iter().all(|(known, _)| !std::ptr::eq(*known, *sql)) {
                prepared.push((*sql, db.prepare(sql)?));
            }
        }
        Ok(Self(prepared))
    }

    fn statement(&mut self, sql: &'static str) -> Result<&mut Statement<'c>, Failure> {
        let mut all = self.0.iter_mut();
        let found = all.find(|(known, _)| std::ptr::eq(*known, sql));
        Ok(&mut found.ok_or_else(|| format!("`{sql}` is not prepared"))?.1)
    }

    fn read(&mut self, calls: &[Call]) -> Result<(), Failure> {
        for (sql, given) in calls {
            let statement = self.statement(sql)?;
            let columns = statement.column_count();
            let mut rows = statement.query(params_from_iter(given))?;
            while let Some(row) = rows.next()? {
                for column in 0..columns {
                    black_box(row.get::<_, Value>(column)?);
                }
            }
        }
        Ok(())
    }

    fn write(&mut self, calls: &[Call]) -> Result<(), Failure> {
        for (sql, given) in calls {
            if self.statement(sql)?.execute(params_from_iter(given))? != 1 {
                return Err(format!("`{sql}` did not write a row").into());
            }
        }
        Ok(())
    }
}

/// A connection that writes scripts.
pub struct Writer<'c> {
    db: &'c Connection,
    prepared: Prepared<'c>,
}

impl<'c> Writer<'c> {
    /// Prepares what a script needs.
    pub fn new(db: &'c Connection, script: &Script) -> Result<Self, Failure> {
        let prepared =
            Prepared::new(db, script.reads.iter().chain(&script.writes).chain(&script.names))?;
        Ok(Self { db, prepared })
    }

    /// Carries scripts out in one transaction.
    pub fn carry_out<'s>(
        &mut self,
        scripts: impl IntoIterator<Item = &'s Script>,
    ) -> Result<(), Failure> {
        self.db.execute_batch("BEGIN IMMEDIATE")?;
        for script in scripts {
            self.prepared.read(&script.reads)?;
            self.prepared.write(&script.writes)?;
            self.prepared.read(&script.names)?;
        }
        Ok(self.db.execute_batch("COMMIT")?)
    }
}

/// Carries out whatever waits, at most so many scripts in one transaction, and tells each of its
/// clients when it is durable; until there are no more clients.
///
/// # Errors
/// When the database fails.
pub fn write_groups<S: Deref<Target = Script>, C>(
    path: &Path,
    first: &Script,
    jobs: &Receiver<(S, C)>,
    group: usize,
    tell: impl Fn(C),
) -> Result<(), Failure> {
    let db = connect(path)?;
    let mut writer = Writer::new(&db, first)?;
    while let Ok(job) = jobs.recv() {
        let group: Vec<_> = std::iter::once(job).chain(jobs.try_iter().take(group - 1)).collect();
        writer.carry_out(group.iter().map(|(script, _)| &**script))?;
        group.into_iter().for_each(|(_, client)| tell(client));
    }
    Ok(())
}

/// Holds two databases to be the same, row by row.
pub fn must_be_equal(one: &Path, other: &Path) -> Result<(), Failure> {
    let (one, other) = (connect(one)?, connect(other)?);
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    for table in rows(&one, tables, &[])?.into_iter().flatten() {
        let Value::Text(table) = table else { continue };
        let all = format!("SELECT * FROM {table} ORDER BY 1, 2");
        if rows(&one, &all, &[])? != rows(&other, &all, &[])? {
            return Err(format!("the yardstick wrote other rows to `{table}` than gmbot").into());
        }
    }
    Ok(())
}
