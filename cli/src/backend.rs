//! The backend that the settings name: a database here, or a server elsewhere.

use std::ops::Deref;

use gmbot_backend::{Backend, Local};
#[cfg(feature = "remote")]
use gmbot_client::{Address, Remote};
use gmbot_engine::grammar::{self, Command, CommandSpec, Games, Kind, Reading};
use gmbot_engine::model::{Game, SpaceKey};
use gmbot_engine::request::Input;
use jiff::Timestamp;

use crate::config::Settings;
use crate::database;
use crate::failure::Failure;
#[cfg(feature = "remote")]
use crate::secret;

/// The backend that the settings name.
pub(crate) enum Opened {
    /// A database here.
    Here(Local),
    /// A server elsewhere.
    #[cfg(feature = "remote")]
    Elsewhere(Remote),
}

/// Opens the backend that the settings name, at a time if one is given.
pub(crate) fn open(settings: &Settings, at: Option<Timestamp>) -> Result<Opened, Failure> {
    open_by(database::open, settings, at)
}

/// The same for an input: a question makes no database. Where there is none yet, only what any would
/// answer is answered.
pub(crate) fn open_for(
    input: &Input,
    settings: &Settings,
    at: Option<Timestamp>,
) -> Result<Opened, Failure> {
    let Some(missing) = database::missing(settings)? else { return open(settings, at) };
    match asks(input) {
        Asks::ToChange => open(settings, at),
        Asks::OfTheLanguage => database::in_memory(at).map(Opened::Here),
        Asks::OfTheDatabase => Err(Failure::NoDatabase(missing)),
    }
}

/// What an input needs a database for.
enum Asks {
    /// To change it.
    ToChange,
    /// For what is in it.
    OfTheDatabase,
    /// For nothing: the command language is explained, or the mistakes in a line.
    OfTheLanguage,
}

fn asks(input: &Input) -> Asks {
    let command = match grammar::read(input, &Games(&Game::at_first())) {
        Reading::Command { command, .. } => command,
        Reading::Problems { .. } | Reading::NotForBot => return Asks::OfTheLanguage,
    };
    if CommandSpec::of(&command).kind == Kind::Change {
        return Asks::ToChange;
    }
    if matches!(command, Command::Help { .. } | Command::Formats | Command::Games) {
        return Asks::OfTheLanguage;
    }
    Asks::OfTheDatabase
}

/// The backend that the settings name, for what makes no database: one that is not there is told.
pub(crate) fn open_existing(settings: &Settings, at: Option<Timestamp>) -> Result<Opened, Failure> {
    match database::missing(settings)? {
        Some(missing) => Err(Failure::NoDatabase(missing)),
        None => open(settings, at),
    }
}

/// The same for whoever stays there.
#[cfg(feature = "tui")]
pub(crate) fn open_to_stay(settings: &Settings, at: Option<Timestamp>) -> Result<Opened, Failure> {
    open_by(database::open_to_stay, settings, at)
}

fn open_by(
    open: impl Fn(&Settings, Option<Timestamp>) -> Result<Local, Failure>,
    settings: &Settings,
    at: Option<Timestamp>,
) -> Result<Opened, Failure> {
    match &settings.backend {
        None => open(settings, at).map(Opened::Here),
        Some(url) if at.is_some() => Err(Failure::ServersOwn(url.clone())),
        #[cfg(feature = "remote")]
        Some(url) => remote(settings, url).map(Opened::Elsewhere),
        #[cfg(not(feature = "remote"))]
        Some(_) => Err(Failure::NoRemote),
    }
}

impl Opened {
    /// How many notices are known to wait for a space; a server that does not say is not asked again.
    pub(crate) fn waiting_for(&self, space: &SpaceKey) -> Result<u64, Failure> {
        match self {
            Self::Here(local) => Ok(local.notices_for(space)?),
            #[cfg(feature = "remote")]
            Self::Elsewhere(remote) => Ok(remote.notices_for(space).unwrap_or(0)),
        }
    }
}

impl Deref for Opened {
    type Target = dyn Backend;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Here(local) => local,
            #[cfg(feature = "remote")]
            Self::Elsewhere(remote) => remote,
        }
    }
}

/// The server at an address, as the client that the settings describe.
#[cfg(feature = "remote")]
pub(crate) fn remote(settings: &Settings, url: &str) -> Result<Remote, Failure> {
    let (url, client) = (url.to_owned(), settings.client.clone());
    Ok(Remote::new(Address { url, client, key: key(settings)? }))
}

/// The client's key, itself or from the file that the settings name.
#[cfg(feature = "remote")]
fn key(settings: &Settings) -> Result<gmbot_backend::Secret, Failure> {
    let Some(file) = &settings.key_file else {
        return settings.api_key.clone().ok_or(Failure::NoKey);
    };
    let key = Some(secret::in_file(file)?).filter(|key| !key.expose().is_empty());
    key.ok_or(Failure::NoKey)
}
