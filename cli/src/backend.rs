//! The backend that the options name: a database here, or a server elsewhere.

use std::ops::Deref;

use gmbot_backend::{Backend, Local};
#[cfg(feature = "remote")]
use gmbot_client::{Address, Remote};
use gmbot_engine::model::SpaceKey;

use crate::database;
use crate::failure::Failure;
use crate::options::Options;

/// The backend that the options name.
pub(crate) enum Opened {
    /// A database here.
    Here(Local),
    /// A server elsewhere.
    #[cfg(feature = "remote")]
    Elsewhere(Remote),
}

/// Opens the backend that the options name.
pub(crate) fn open(options: &Options) -> Result<Opened, Failure> {
    #[cfg(feature = "remote")]
    if let Some(url) = &options.server.backend {
        let client = options.server.client.clone();
        let address = Address { url: url.clone(), client, key: key(options)? };
        return Ok(Opened::Elsewhere(Remote::new(address)));
    }
    database::open(options).map(Opened::Here)
}

impl Opened {
    /// How many notices are known to wait for a space; a server is not asked for it.
    pub(crate) fn waiting_for(&self, space: &SpaceKey) -> Result<u64, Failure> {
        match self {
            Self::Here(local) => Ok(local.notices_for(space)?),
            #[cfg(feature = "remote")]
            Self::Elsewhere(_) => Ok(0),
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

/// The client's key, from the file that the options name or from the environment.
#[cfg(feature = "remote")]
fn key(options: &Options) -> Result<gmbot_backend::Secret, Failure> {
    let text = match &options.server.key_file {
        Some(file) => {
            let unreadable = |cause| Failure::Unreadable { file: file.clone(), cause };
            Some(std::fs::read_to_string(file).map_err(unreadable)?)
        }
        None => std::env::var("GMBOT_API_KEY").ok(),
    };
    let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    text.map(gmbot_backend::Secret::from).ok_or(Failure::NoKey)
}
