//! Where the database is, and how it is opened.

use std::fs;
use std::path::PathBuf;

use etcetera::BaseStrategy as _;
use gmbot_backend::{Clock, Local, Options as Opening};
use gmbot_engine::model::AtMs;

use crate::failure::Failure;
use crate::options::Options;

/// The database that the options name, or the one in the user's data folder.
pub(crate) fn path(options: &Options) -> Result<PathBuf, Failure> {
    #[cfg(feature = "remote")]
    if let Some(url) = &options.server.backend {
        return Err(Failure::ServersOwn(url.clone()));
    }
    if let Some(path) = &options.db {
        return Ok(path.clone());
    }
    let places = etcetera::choose_base_strategy().map_err(|_home| Failure::NoHome)?;
    Ok(places.data_dir().join("gmbot").join("gmbot.db"))
}

/// The path of the database, in a folder that is made if it is the user's own data folder.
pub(crate) fn place(options: &Options) -> Result<PathBuf, Failure> {
    let path = path(options)?;
    if options.db.is_none() {
        make_folder(&path)?;
    }
    Ok(path)
}

/// The database, if there is one.
pub(crate) fn existing(options: &Options) -> Result<PathBuf, Failure> {
    let path = path(options)?;
    if path.exists() { Ok(path) } else { Err(Failure::NoDatabase(path)) }
}

/// The backend over the database, which is made if it is not there, with the clock set and
/// everything done that is due by it.
pub(crate) fn open(options: &Options) -> Result<Local, Failure> {
    let path = place(options)?;
    // `--at` makes a new database one with a clock of its own; an old one stays what it is, and
    // refuses the time if that is the computer's.
    let clock = if options.at.is_some() { Clock::Manual } else { Clock::System };
    let backend = Opening::file(path).with_new_clock(clock).with_readers(1).open()?;
    if let Some(at) = options.at {
        backend.set_now(AtMs(at.as_millisecond()))?;
    }
    backend.run_due()?;
    Ok(backend)
}

/// Makes the default place's folder here, so that a failure can say where else to go.
fn make_folder(path: &std::path::Path) -> Result<(), Failure> {
    let Some(folder) = path.parent() else { return Ok(()) };
    let failed = |cause| Failure::NoFolder { folder: folder.to_owned(), cause };
    fs::create_dir_all(folder).map_err(failed)
}
