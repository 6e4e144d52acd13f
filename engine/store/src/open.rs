//! How a database is recognised and opened.

use std::fmt;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use gmbot_engine::store::{StoreError, StoreErrorKind, Stored};
use rusqlite::OpenFlags;

use crate::db::{Db, not_ours};
use crate::migrate::{bring_up_to_date, known_version};
use crate::moving::must_have_arrived;
use crate::schema::APPLICATION_ID;
use crate::{Clock, Connection};

/// What messages call a database without a file.
const IN_MEMORY: &str = "the database in memory";

/// How connections reach a database. One in memory is there as long as anything is connected to it.
#[derive(Debug, Clone)]
pub struct Address(Place);

#[derive(Clone)]
enum Place {
    File(PathBuf),
    /// The URI by which this process knows it.
    Memory(PathBuf),
    /// The URL, without a password, and the password.
    #[cfg(feature = "postgres")]
    Postgres(String, Option<String>),
}

impl Address {
    /// A PostgreSQL database: `postgres://USER@HOST:PORT/DATABASE`, and the user's password where the
    /// server asks for one. With `?sslmode=require` the server has to show a certificate that this
    /// computer trusts.
    #[cfg(feature = "postgres")]
    pub fn postgres(url: &str, password: Option<&str>) -> Self {
        Self(Place::Postgres(url.to_owned(), password.map(str::to_owned)))
    }

    /// The same database with gmbot's tables in a schema of their own, which is made if it is not
    /// there: several communities, or tests, share a server.
    ///
    /// # Errors
    /// `Unreachable` where there is no server, or it does not let the user in; and when the user may
    /// make none.
    #[cfg(feature = "postgres")]
    pub fn in_schema(self, schema: &str) -> Stored<Self> {
        let Place::Postgres(url, password) = self.0 else { return Ok(self) };
        let db = Db::connect(&url, password.as_deref())?;
        let quoted = format!("\"{}\"", schema.replace('"', "\"\""));
        db.batch(&format!("CREATE SCHEMA IF NOT EXISTS {quoted}"))?;
        let separator = if url.contains('?') { '&' } else { '?' };
        let options = percent_encoded(&escaped_option(&quoted));
        let url = format!("{url}{separator}options=-csearch_path%3D{options}");
        Ok(Self(Place::Postgres(url, password)))
    }

    /// A database file.
    pub fn file(path: &Path) -> Self {
        Self(Place::File(path.to_owned()))
    }

    /// The file, if the database is one.
    pub fn path(&self) -> Option<&Path> {
        if let Place::File(path) = &self.0 { Some(path) } else { None }
    }

    /// Whether several connections can write at once there.
    pub fn is_shared(&self) -> bool {
        !matches!(self.0, Place::File(_) | Place::Memory(_))
    }
}

/// A value as PostgreSQL's `options` takes it, where a space would end it.
#[cfg(feature = "postgres")]
fn escaped_option(value: &str) -> String {
    value.replace('\\', "\\\\").replace(' ', "\\ ")
}

/// A text as it stands in a URL, whatever it holds.
#[cfg(feature = "postgres")]
fn percent_encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// As a person names it, without a password.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::File(path) | Place::Memory(path) => path.display().fmt(f),
            #[cfg(feature = "postgres")]
            Place::Postgres(url, _) => url.fmt(f),
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) | Self::Memory(path) => path.fmt(f),
            #[cfg(feature = "postgres")]
            Self::Postgres(url, _) => url.fmt(f),
        }
    }
}

impl Connection {
    /// Opens a database file for writing, making or migrating it where needed; `clock` is recorded
    /// in a new one and has no effect on an old one.
    ///
    /// # Errors
    /// `NotADatabase` for a file that is not gmbot's, which stays as it is; `TooNew` for one of a
    /// later version; and whatever else may fail around a file.
    pub fn open(path: &Path, clock: Clock) -> Stored<Self> {
        Self::connect(&Address::file(path), clock)
    }

    fn open_file(path: &Path, clock: Clock) -> Stored<Self> {
        let name = format!("`{}`", path.display());
        make_folder(path, &name)?;
        recognise(path, &name)?;
        make_private(path, &name)?;
        let db = Db::open(path, name, READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        // What a person asked to be forgotten must not stay in the file's free pages.
        db.value::<i64>("PRAGMA secure_delete = ON", ())?;
        bring_up_to_date(&db, clock)?;
        keep_durable(&db)?;
        Ok(Self { db, address: Address::file(path) })
    }

    /// A database in memory that is gone with its last connection; `reader` opens further ones.
    ///
    /// # Errors
    /// When there is no memory left.
    pub fn in_memory(clock: Clock) -> Stored<Self> {
        static MADE: AtomicU64 = AtomicU64::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let file = PathBuf::from(format!("file:/gmbot-{number}?vfs=memdb"));
        let db = open_uri(&file)?;
        bring_up_to_date(&db, clock)?;
        Ok(Self { db, address: Address(Place::Memory(file)) })
    }

    /// How further connections reach this database.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// A connection to a database for writing, which is made or migrated where needed; `clock` as
    /// for a file.
    ///
    /// # Errors
    /// As [`Connection::open`]; also when a database in memory is gone, and `Unreachable` where there
    /// is no server, or it does not let the user in.
    pub fn connect(address: &Address, clock: Clock) -> Stored<Self> {
        let connection = Self::connect_unfinished(address, clock)?;
        must_have_arrived(&connection.db)?;
        Ok(connection)
    }

    /// The same, also to a database in which another one has only begun to arrive.
    pub(crate) fn connect_unfinished(address: &Address, clock: Clock) -> Stored<Self> {
        let db = match &address.0 {
            Place::File(file) => return Self::open_file(file, clock),
            Place::Memory(uri) => {
                let db = open_uri(uri)?;
                db.value::<i64>("SELECT count(*) FROM meta", ())?;
                db
            }
            #[cfg(feature = "postgres")]
            Place::Postgres(url, password) => {
                let db = Db::connect(url, password.as_deref())?;
                bring_up_to_date(&db, clock)?;
                db
            }
        };
        Ok(Self { db, address: address.clone() })
    }

    /// Another connection to the same database, watched like this one.
    ///
    /// # Errors
    /// When the database fails.
    pub fn another(&self) -> Stored<Self> {
        let mut db = match &self.address.0 {
            Place::File(file) => Db::open(file, self.db.name.clone(), READ_WRITE)?,
            Place::Memory(uri) => open_uri(uri)?,
            #[cfg(feature = "postgres")]
            Place::Postgres(url, password) => Db::connect(url, password.as_deref())?,
        };
        db.watch.clone_from(&self.db.watch);
        Ok(Self { db, address: self.address.clone() })
    }

    /// The same for reading alone.
    ///
    /// # Errors
    /// When the database fails.
    pub fn reader(&self) -> Stored<Self> {
        let reader = self.another()?;
        reader.db.batch(reader.db.either("PRAGMA query_only = ON", ""))?;
        Ok(reader)
    }
}

const READ_WRITE: OpenFlags =
    OpenFlags::SQLITE_OPEN_READ_WRITE.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

/// Opens a database in memory, made if nothing is connected to it yet.
fn open_uri(uri: &Path) -> Stored<Db> {
    let flags = OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_CREATE;
    Db::open(uri, IN_MEMORY.to_owned(), READ_WRITE | flags)
}

fn make_folder(path: &Path, name: &str) -> Stored<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => fs::create_dir_all(folder)
            .map_err(|error| unusable(name, "its folder can't be made", &error)),
        Some(_) | None => Ok(()),
    }
}

/// Makes a file that is not there, for its owner alone: what is private in a war is private on the
/// computer, too. SQLite gives what it makes beside the file the same rights.
fn make_private(path: &Path, name: &str) -> Stored<()> {
    let mut options = fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_made) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(unusable(name, "it can't be made", &error)),
    }
}

/// Looks at a file's first bytes, so that one that is not gmbot's is never opened for writing.
pub(crate) fn recognise(path: &Path, name: &str) -> Stored<()> {
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

pub(crate) fn unusable(name: &str, what: &str, error: &io::Error) -> StoreError {
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

/// A commit that was answered survives a loss of power; readers and the writer don't wait for each
/// other.
fn keep_durable(db: &Db) -> Stored<()> {
    let mode: String = db.value("PRAGMA journal_mode = WAL", ())?;
    if mode != "wal" {
        let message = format!(
            "{} lies where SQLite can't keep a write-ahead log (mode `{mode}`); move it to a local disk",
            db.name
        );
        return Err(StoreError { kind: StoreErrorKind::Failed, message });
    }
    db.batch("PRAGMA synchronous = FULL")
}
