//! How a database is opened, recognised, made and brought up to date.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use gmbot_engine::event::{Event, Recorded};
use gmbot_engine::model::{AtMs, Game};
use gmbot_engine::store::{StoreError, StoreErrorKind, Stored};
use rusqlite::OpenFlags;

use crate::db::{Db, not_ours, to_json};
use crate::projection::project;
use crate::schema::{APPLICATION_ID, OPERATIONAL, PROJECTIONS, VERSION};
use crate::statements as sql;
use crate::{Clock, Sqlite, log_after};

/// How many events are replayed at a time.
pub(crate) const PAGE: usize = 1000;

/// The seed of a database with a manual clock, unless it is set: the same requests give the same
/// ids, wherever the file lies.
const FIRST_SEED: [u8; 32] = *b"a game of war, from the first id";

/// How connections reach a database.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    file: PathBuf,
    in_memory: bool,
}

impl Sqlite {
    /// Opens a database file for writing, making or migrating it where needed; `clock` is recorded
    /// in a new one and has no effect on an old one.
    ///
    /// # Errors
    /// `NotADatabase` for a file that is not gmbot's, which stays as it is; `TooNew` for one of a
    /// later version; and whatever else may fail around a file.
    pub fn open(path: &Path, clock: Clock) -> Stored<Self> {
        let name = format!("`{}`", path.display());
        make_folder(path, &name)?;
        recognise(path, &name)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Db::open(path, name, flags)?;
        // What a person asked to be forgotten must not stay in the file's free pages.
        db.value::<i64>("PRAGMA secure_delete = ON", [])?;
        bring_up_to_date(&db, clock)?;
        keep_durable(&db)?;
        Ok(Self { db, address: Address { file: path.to_owned(), in_memory: false } })
    }

    /// A database in memory that is gone with its last connection; `reader` opens further ones.
    ///
    /// # Errors
    /// When there is no memory left.
    pub fn in_memory(clock: Clock) -> Stored<Self> {
        static MADE: AtomicU64 = AtomicU64::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let file = PathBuf::from(format!("file:/gmbot-{number}?vfs=memdb"));
        let address = Address { file, in_memory: true };
        let db = connect(&address, "the database in memory".to_owned())?;
        bring_up_to_date(&db, clock)?;
        Ok(Self { db, address })
    }

    /// Another connection to the same database that can only read.
    ///
    /// # Errors
    /// When the database fails.
    pub fn reader(&self) -> Stored<Self> {
        let db = connect(&self.address, self.db.name.clone())?;
        db.batch("PRAGMA query_only = ON")?;
        Ok(Self { db, address: self.address.clone() })
    }

    /// Whose clock this database goes by.
    ///
    /// # Errors
    /// When the database fails.
    pub fn clock(&self) -> Stored<Clock> {
        match meta(&self.db, "clock")?.as_str() {
            "system" => Ok(Clock::System),
            "manual" => Ok(Clock::Manual),
            other => Err(self.db.damaged(&format!("it goes by an unknown clock `{other}`"))),
        }
    }

    /// The seed that a manual-clock database draws all entropy from: the same in every new one, or
    /// set by a rehearsal. A database with the computer's clock has one that nobody can guess.
    ///
    /// # Errors
    /// When the database fails.
    pub fn seed(&self) -> Stored<[u8; 32]> {
        let text = meta(&self.db, "seed")?;
        from_hex(&text).ok_or_else(|| self.db.damaged("its seed can't be read"))
    }

    /// Sets the seed; only for a database with a manual clock.
    ///
    /// # Errors
    /// When the database goes by the computer's clock, or fails.
    pub fn set_seed(&mut self, seed: [u8; 32]) -> Stored<()> {
        if self.clock()? == Clock::System {
            let message = format!(
                "{} goes by the computer's clock, so its seed can't be set; use a new database with a manual clock",
                self.db.name
            );
            return Err(StoreError { kind: StoreErrorKind::Failed, message });
        }
        set_meta(&self.db, "seed", &gmbot_engine::model::ids::hex(&seed))
    }
}

/// An empty database of its own that nothing else reaches, with the projections' tables only.
pub(crate) fn projections_in_memory() -> Stored<Db> {
    let db =
        Db::open(Path::new(":memory:"), "the copy in memory".to_owned(), OpenFlags::default())?;
    make(&db, PROJECTIONS)?;
    Ok(db)
}

fn connect(address: &Address, name: String) -> Stored<Db> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if address.in_memory {
        flags |= OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_CREATE;
    }
    Db::open(&address.file, name, flags)
}

fn make_folder(path: &Path, name: &str) -> Stored<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => fs::create_dir_all(folder)
            .map_err(|error| unusable(name, "its folder can't be made", &error)),
        Some(_) | None => Ok(()),
    }
}

/// Looks at a file's first bytes, so that one that is not gmbot's is never opened for writing.
fn recognise(path: &Path, name: &str) -> Stored<()> {
    if path.is_dir() {
        let message = format!("{name} is a folder; name a file in it");
        return Err(StoreError { kind: StoreErrorKind::NotADatabase, message });
    }
    let mut file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(unusable(name, "it can't be opened", &error)),
    };
    let mut head = Vec::new();
    let read = file.by_ref().take(100).read_to_end(&mut head);
    read.map_err(|error| unusable(name, "it can't be read", &error))?;
    if head.is_empty() {
        return Ok(());
    }
    let number = |at: usize| {
        let bytes = head.get(at..at + 4)?.try_into().ok()?;
        Some(i32::from_be_bytes(bytes))
    };
    if !head.starts_with(b"SQLite format 3\0") || number(68) != Some(APPLICATION_ID) {
        return Err(StoreError { kind: StoreErrorKind::NotADatabase, message: not_ours(name) });
    }
    known_version(name, number(60).unwrap_or_default())
}

fn unusable(name: &str, what: &str, error: &io::Error) -> StoreError {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the rest needs no advice of its own")]
    let kind = match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            StoreErrorKind::ReadOnly
        }
        io::ErrorKind::StorageFull => StoreErrorKind::Full,
        _ => StoreErrorKind::Failed,
    };
    StoreError {
        kind,
        message: format!("{name} can't be used: {what} ({error}); name another file"),
    }
}

fn known_version(name: &str, version: i32) -> Stored<()> {
    if version <= VERSION {
        return Ok(());
    }
    let message = format!(
        "{name} was made by a newer gmbot (schema {version}, this one knows {VERSION}); use that one"
    );
    Err(StoreError { kind: StoreErrorKind::TooNew, message })
}

/// Makes the tables of a new database and updates those of an old one. Of two programs that open
/// it at once the second waits, and finds it done.
fn bring_up_to_date(db: &Db, clock: Clock) -> Stored<()> {
    let is_current = || -> Stored<bool> {
        Ok(db.value::<i32>("PRAGMA application_id", [])? == APPLICATION_ID
            && db.value::<i32>("PRAGMA user_version", [])? == VERSION)
    };
    if is_current()? {
        return Ok(());
    }
    db.batch("BEGIN IMMEDIATE")?;
    let done = if is_current()? { Ok(()) } else { make_or_migrate(db, clock) };
    // Dropping the connection would undo it as well; a failure to undo adds nothing to the first.
    done.and_then(|()| db.batch("COMMIT")).inspect_err(|_| db.batch("ROLLBACK").unwrap_or(()))
}

fn make_or_migrate(db: &Db, clock: Clock) -> Stored<()> {
    if db.value::<i32>("PRAGMA application_id", [])? == APPLICATION_ID {
        let version = db.value("PRAGMA user_version", [])?;
        known_version(&db.name, version)?;
        migrate(db, version)?;
    } else {
        if db.value::<i64>("SELECT count(*) FROM sqlite_schema", [])? > 0 {
            let message = not_ours(&db.name);
            return Err(StoreError { kind: StoreErrorKind::NotADatabase, message });
        }
        create(db, clock)?;
    }
    db.batch(&format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION}"))
}

fn create(db: &Db, clock: Clock) -> Stored<()> {
    make(db, OPERATIONAL)?;
    make(db, PROJECTIONS)?;
    let (clock, seed) = match clock {
        Clock::System => ("system", db.value("SELECT lower(hex(randomblob(32)))", [])?),
        Clock::Manual => ("manual", gmbot_engine::model::ids::hex(&FIRST_SEED)),
    };
    set_meta(db, "clock", clock)?;
    set_meta(db, "seed", &seed)?;
    for Game { id, name, min_players, max_players } in Game::at_first() {
        let event = Event::GameAdded { game: id, name, min_players, max_players };
        record(db, &Recorded { at: AtMs(0), by: None, clan: None, event })?;
    }
    Ok(())
}

/// Updates a database of schema `from`. Operational tables are altered, one step a version;
/// projections never are: they are dropped and made again from the log.
fn migrate(db: &Db, _from: i32) -> Stored<()> {
    for table in PROJECTIONS {
        db.batch(&format!("DROP TABLE IF EXISTS {}", table.name))?;
    }
    make(db, PROJECTIONS)?;
    replay(db, db, |_| {})
}

fn make(db: &Db, tables: &[crate::schema::Table]) -> Stored<()> {
    tables.iter().try_for_each(|table| db.batch(table.ddl))
}

/// Projects the whole log of `from` into `into`; tells how many events are done now and then.
pub(crate) fn replay(from: &Db, into: &Db, mut progress: impl FnMut(u64)) -> Stored<()> {
    let (mut last, mut done) = (0, 0);
    loop {
        let page = log_after(from, last, PAGE)?;
        for (seq, recorded) in &page {
            project(into, recorded)?;
            last = *seq;
            done += 1;
        }
        progress(done);
        if page.len() < PAGE {
            return Ok(());
        }
    }
}

/// Appends an event to the log and changes the projections.
pub(crate) fn record(db: &Db, recorded: &Recorded) -> Stored<()> {
    let Recorded { at, by, clan, event } = recorded;
    let (by, clan) = (by.as_ref().map(|by| by.as_str()), clan.as_ref().map(|clan| clan.as_str()));
    db.run(sql::APPEND, (at.0, by, clan, to_json(event)?))?;
    project(db, recorded)
}

/// A commit that was answered survives a loss of power; readers and the writer don't wait for each
/// other.
fn keep_durable(db: &Db) -> Stored<()> {
    let mode: String = db.value("PRAGMA journal_mode = WAL", [])?;
    if mode != "wal" {
        let message = format!(
            "{} lies where SQLite can't keep a write-ahead log (mode `{mode}`); move it to a local disk",
            db.name
        );
        return Err(StoreError { kind: StoreErrorKind::Failed, message });
    }
    db.batch("PRAGMA synchronous = FULL")
}

fn meta(db: &Db, key: &str) -> Stored<String> {
    let value = db.one(sql::META, [key], |row| row.get(0))?;
    value.ok_or_else(|| db.damaged(&format!("its `{key}` is missing")))
}

fn set_meta(db: &Db, key: &str, value: &str) -> Stored<()> {
    db.run(sql::SET_META, (key, value)).map(|_| ())
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(bytes)
}
