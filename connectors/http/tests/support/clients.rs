//! The clients that a transcript's requests come from: one a platform, and its operator's.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use gmbot_backend::{Backend as _, Local, Scope};
use gmbot_client::{Address, Remote};
use gmbot_engine::model::Platform;
use gmbot_engine::request::{Origin, Request};
use gmbot_snapshots::face::{Answer, FaceError};
use gmbot_snapshots::world::CLIENT;

/// Clients of a server.
pub(crate) struct Clients {
    /// The server's backend, which gives them their keys.
    backend: Arc<Local>,
    url: String,
    /// By platform, and whether it is the operator's.
    made: BTreeMap<(String, bool), Remote>,
}

impl Clients {
    /// None yet.
    pub(crate) fn of(backend: Arc<Local>, address: SocketAddr) -> Self {
        Self { backend, url: format!("http://{address}"), made: BTreeMap::new() }
    }

    /// The client that speaks for a platform.
    pub(crate) fn client(
        &mut self,
        platform: &Platform,
        operator: bool,
    ) -> Result<&Remote, FaceError> {
        let name = (platform.0.clone(), operator);
        if !self.made.contains_key(&name) {
            let scope = if operator { Scope::Operator } else { Scope::Trusted };
            let origin = Origin::new(CLIENT, &platform.0).map_err(FaceError::outside)?;
            let (_, key) = self.backend.add_key(&origin, scope).map_err(FaceError::outside)?;
            let address = Address { url: self.url.clone(), client: CLIENT.to_owned(), key };
            self.made.insert(name.clone(), Remote::new(address));
        }
        self.made.get(&name).ok_or_else(|| FaceError("no client".to_owned()))
    }

    /// Sends a request by the client of the platform that it is said on.
    pub(crate) fn submit(&mut self, request: Request) -> Result<Option<Answer>, FaceError> {
        let space = request.space.as_ref().map(|space| space.key.platform.clone());
        let platform = space.unwrap_or_else(Platform::terminal);
        let client = self.client(&platform, request.authority.operator)?;
        let reply = client.submit(request).map_err(FaceError::outside)?;
        Ok(reply.as_ref().map(Answer::from))
    }
}
