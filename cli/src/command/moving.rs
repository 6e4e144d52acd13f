//! `gmbot move --from DATABASE --to DATABASE`: a whole database to an empty one, of either kind.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use gmbot_backend::Address;
use gmbot_store::{Move, Moved};

use crate::config::{Settings, is_database_url};
use crate::database;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::progress::Progress;

/// A database as it is named on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// `sqlite:FILE`.
    File(PathBuf),
    /// `postgres://USER@HOST/NAME`.
    Server(String),
}

impl FromStr for Place {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.strip_prefix("sqlite:") {
            Some(file) if !file.is_empty() => Ok(Self::File(file.into())),
            None if is_database_url(text) => Ok(Self::Server(text.to_owned())),
            Some(_) | None => {
                Err("write `sqlite:FILE`, or `postgres://USER@HOST/NAME` without a password: \
                 that is for the setting `database_password_file`")
            }
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => write!(f, "sqlite:{}", file.display()),
            Self::Server(url) => f.write_str(url),
        }
    }
}

impl Place {
    fn address(&self, settings: &Settings) -> Result<Address, Failure> {
        match self {
            Self::File(file) => Ok(Address::file(file)),
            Self::Server(url) => database::at(url, settings),
        }
    }
}

pub(crate) fn run(
    settings: &Settings,
    from: &Place,
    to: &Place,
    output: &Output,
) -> Result<Exit, Failure> {
    if from == to {
        return Err(Failure::SamePlace(from.to_string()));
    }
    if let Place::File(file) = from
        && !file.exists()
    {
        return Err(Failure::NoDatabase(file.clone()));
    }
    let mut moving = Move::new(&from.address(settings)?, &to.address(settings)?)?;
    let mut carrying = Progress::new("carrying over");
    moving.carry(|done, all| carrying.at(done, all))?;
    drop(carrying);
    let mut comparing = Progress::new("comparing");
    let Moved { events, rows } = moving.finish(|done, all| comparing.at(done, all))?;
    drop(comparing);
    output.line(&format!(
        "moved {events} events; all {rows} rows of both databases were compared and are the same"
    ))?;
    output.line(&format!("use `{to}` from now on; `{from}` was left as it was"))?;
    Ok(Exit::Done)
}
