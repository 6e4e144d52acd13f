//! Where the database is, and how it is opened.

use std::fs;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
#[cfg(feature = "postgres")]
use gmbot_backend::Secret;
use gmbot_backend::{Address, Clock, Local, Options as Opening};
use gmbot_engine::model::AtMs;
use jiff::Timestamp;

use crate::config::Settings;
use crate::failure::Failure;
#[cfg(feature = "postgres")]
use crate::secret;

/// The database in the user's data folder.
fn default_path() -> Result<PathBuf, Failure> {
    let places = etcetera::choose_base_strategy().map_err(|_home| Failure::NoHome)?;
    Ok(places.data_dir().join("gmbot").join("gmbot.db"))
}

/// The database file that the settings name, or the one in the user's data folder.
pub(crate) fn path(settings: &Settings) -> Result<PathBuf, Failure> {
    if let Some(url) = &settings.backend {
        return Err(Failure::ServersOwn(url.clone()));
    }
    if let Some(url) = &settings.database {
        return Err(Failure::NoFile(url.clone()));
    }
    settings.db.clone().map_or_else(default_path, Ok)
}

/// The path of the database file, in a folder that is made if it is the user's own data folder.
pub(crate) fn place(settings: &Settings) -> Result<PathBuf, Failure> {
    let path = path(settings)?;
    if settings.db.is_none() {
        make_folder(&path)?;
    }
    Ok(path)
}

/// The database file, if there is one.
pub(crate) fn existing_file(settings: &Settings) -> Result<PathBuf, Failure> {
    let path = path(settings)?;
    if path.exists() { Ok(path) } else { Err(Failure::NoDatabase(path)) }
}

/// The database file that the settings name, if it is not there; whether one on a server is there is
/// found out there.
pub(crate) fn missing(settings: &Settings) -> Result<Option<PathBuf>, Failure> {
    if settings.backend.is_some() || settings.database.is_some() {
        return Ok(None);
    }
    Ok(Some(path(settings)?).filter(|path| !path.exists()))
}

/// A database in memory, as a new one is.
pub(crate) fn in_memory(at: Option<Timestamp>) -> Result<Local, Failure> {
    let backend = Opening::memory().with_new_clock(new_clock(at)).open()?;
    set_clock(&backend, at)?;
    Ok(backend)
}

/// Where the database is, be it there or not.
pub(crate) fn address(settings: &Settings) -> Result<Address, Failure> {
    match on_server(settings)? {
        Some(address) => Ok(address),
        None => place(settings).map(|path| Address::file(&path)),
    }
}

/// Where the database is, if there is one; that there is one on a server is found out there.
pub(crate) fn existing(settings: &Settings) -> Result<Address, Failure> {
    match on_server(settings)? {
        Some(address) => Ok(address),
        None => existing_file(settings).map(|path| Address::file(&path)),
    }
}

/// The database on PostgreSQL that the settings name, if they name one.
fn on_server(settings: &Settings) -> Result<Option<Address>, Failure> {
    settings.database.as_ref().map(|url| at(url, settings)).transpose()
}

/// A database on PostgreSQL, with the password that the settings hold.
#[cfg(feature = "postgres")]
pub(crate) fn at(url: &str, settings: &Settings) -> Result<Address, Failure> {
    let password = match &settings.database_password_file {
        Some(file) => Some(secret::in_file(file)?),
        None => settings.database_password.clone(),
    };
    Ok(Address::postgres(url, password.as_ref().map(Secret::expose)))
}

#[cfg(not(feature = "postgres"))]
pub(crate) fn at(_url: &str, _settings: &Settings) -> Result<Address, Failure> {
    Err(Failure::NoPostgres)
}

/// The backend over the database, which is made if it is not there, with the clock set and
/// everything done that is due by it.
pub(crate) fn open(settings: &Settings, at: Option<Timestamp>) -> Result<Local, Failure> {
    let backend = opening(settings, at)?.with_readers(1).open()?;
    set_clock(&backend, at)?;
    backend.run_due()?;
    Ok(backend)
}

/// The same for whoever stays: what falls due is done when it does, and what other processes change
/// is heard of.
#[cfg(feature = "tui")]
pub(crate) fn open_to_stay(settings: &Settings, at: Option<Timestamp>) -> Result<Local, Failure> {
    let backend = opening(settings, at)?.with_readers(1).with_scheduler().open()?;
    set_clock(&backend, at)?;
    Ok(backend)
}

fn opening(settings: &Settings, at: Option<Timestamp>) -> Result<Opening, Failure> {
    Ok(Opening::address(address(settings)?).with_new_clock(new_clock(at)))
}

/// `--at` makes a new database one with a clock of its own; an old one stays what it is, and refuses
/// the time if that is the computer's.
fn new_clock(at: Option<Timestamp>) -> Clock {
    if at.is_some() { Clock::Manual } else { Clock::System }
}

fn set_clock(backend: &Local, at: Option<Timestamp>) -> Result<(), Failure> {
    match at {
        Some(at) => Ok(backend.set_now(AtMs(at.as_millisecond()))?),
        None => Ok(()),
    }
}

/// Makes the default place's folder here, so that a failure can say where else to go.
fn make_folder(path: &Path) -> Result<(), Failure> {
    let Some(folder) = path.parent() else { return Ok(()) };
    let failed = |cause| Failure::NoFolder { folder: folder.to_owned(), cause };
    fs::create_dir_all(folder).map_err(failed)
}
