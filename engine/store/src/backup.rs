//! Backups: a copy of the whole database in one file, made while others use it, and read back only
//! if it is whole.

use std::fs;
use std::path::Path;
use std::time::Duration;

use gmbot_engine::model::Game;
use gmbot_engine::store::{StoreError, StoreErrorKind, Stored};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{ErrorCode, OpenFlags};

use crate::db::{Db, failure};
use crate::meta::{meta, set_meta};
use crate::open::{recognise, unusable};
use crate::statements as sql;
use crate::verify::verify;
use crate::{Clock, Connection, Verification, checksum};

/// How many pages (of 4 KiB) are copied between two looks at the progress.
const PAGES: i32 = 256;

/// How long to wait for others to let go of a database that is to be replaced.
const PATIENCE: Duration = Duration::from_secs(2);

impl Connection {
    /// Copies the database as it is at this moment to the new file `to`, with a checksum. Others may
    /// read and write meanwhile. `copying` hears how many pages of how many are copied. The copy is
    /// verified then, as `verify` does: one that is not sound is no backup, and better noticed today.
    ///
    /// # Errors
    /// When the database fails or the file can't be written; what is there of it is of no use then.
    pub fn back_up(
        &self,
        to: &Path,
        copying: impl FnMut(u64, u64),
        replaying: impl FnMut(u64, u64),
    ) -> Stored<Verification> {
        // One read transaction around all steps: without it each foreign commit would start the
        // copy anew, and a busy database would never be done. Reading makes it begin.
        self.begin_read()?;
        let begun = self.db.value::<u64>("SELECT count(*) FROM sqlite_schema", ());
        let copied = begun.and_then(|_tables| copy(&self.db, to, copying));
        self.end_read()?;
        copied?;

        let copy = open_copy(to)?;
        // A file of its own: no write-ahead log beside it is needed to read it.
        copy.value::<String>("PRAGMA journal_mode = DELETE", ())?;
        let found = verify(&copy, replaying)?;
        set_meta(&copy, checksum::ENTRY, &checksum::of(&copy)?)?;
        drop(copy);
        make_durable(to)?;
        Ok(found)
    }

    /// Copies a backup to the new file `to` and opens that, updated where an older gmbot made it.
    /// The backup itself is only read.
    ///
    /// # Errors
    /// `NotADatabase` for a file that is no backup or not as it was made; `TooNew` for one of a
    /// later version; and whatever else may fail around files.
    pub fn from_backup(backup: &Path, to: &Path, progress: impl FnMut(u64, u64)) -> Stored<Self> {
        let name = format!("`{}`", backup.display());
        recognise(backup, &name)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let from = Db::open(backup, name, flags)?;
        check(&from)?;
        copy(&from, to, progress)?;
        let restored = Self::open(to, Clock::System)?;
        restored.db.run(sql::DROP_META, [checksum::ENTRY])?;
        Ok(restored)
    }

    /// Whether nothing has happened in this database since it was made.
    ///
    /// # Errors
    /// When the database fails.
    pub fn is_untouched(&self) -> Stored<bool> {
        Ok(self.events()? == Game::at_first().len() as u64)
    }

    /// Takes the database for this connection alone, with all that it holds in its one file, so
    /// that the file can be moved away. Others wait until this connection is closed.
    ///
    /// # Errors
    /// `Busy` when another program has it open.
    pub fn alone(self) -> Stored<Self> {
        self.db.of(self.db.file()?.busy_timeout(PATIENCE))?;
        self.db.value::<String>("PRAGMA journal_mode = DELETE", ())?;
        self.db.batch("BEGIN EXCLUSIVE")?;
        Ok(self)
    }
}

/// Whether a backup holds what it held when it was made.
fn check(backup: &Db) -> Stored<()> {
    let refused = |what: &str| {
        let message = format!("{} {what}", backup.name);
        Err(StoreError { kind: StoreErrorKind::NotADatabase, message })
    };
    let made = backup.one(sql::META, [checksum::ENTRY], |row| row.get::<String>(0))?;
    match made {
        None => refused(
            "has no checksum, so it is no backup; make one of it with `gmbot --db FILE backup OTHER`",
        ),
        Some(made) if made != checksum::of(backup)? => {
            refused("is damaged: it does not hold what its checksum says; use another backup")
        }
        Some(_) => meta(backup, "clock").map(|_| ()),
    }
}

/// Copies all pages of a database to a new file.
fn copy(from: &Db, to: &Path, mut progress: impl FnMut(u64, u64)) -> Stored<()> {
    let mut copy = open_copy(to)?;
    // Nobody reads it before it is done, so it needs no journal; it is made durable at the end.
    copy.batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")?;
    let name = copy.name.clone();
    let steps = from.of(Backup::new(from.file()?, copy.file_mut()?))?;
    loop {
        // A full disk is told of the copy, and a damaged page of the original.
        let step = steps.step(PAGES).map_err(|error| match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                failure(&from.name, &error)
            }
            _ => failure(&name, &error),
        })?;
        let now = steps.progress();
        let (left, all) = (u64::try_from(now.remaining), u64::try_from(now.pagecount));
        let (left, all) = (left.unwrap_or(0), all.unwrap_or(0));
        progress(all.saturating_sub(left), all);
        if step == StepResult::Done {
            return Ok(());
        }
    }
}

fn open_copy(to: &Path) -> Stored<Db> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Db::open(to, format!("`{}`", to.display()), flags)
}

/// Waits until the disk has a file.
fn make_durable(file: &Path) -> Stored<()> {
    let synced = fs::File::open(file).and_then(|file| file.sync_all());
    synced.map_err(|error| {
        unusable(&format!("`{}`", file.display()), "it can't be made durable", &error)
    })
}
