//! HTTP as a face of the transcripts: a real server on a port of this machine, and real clients, one
//! a platform. Only the clock is set from outside.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use gmbot_backend::{Backend as _, Clock, Local, Options, Scope};
use gmbot_client::{Address, Remote};
use gmbot_engine::model::{AtMs, Platform};
use gmbot_engine::reply::Action;
use gmbot_engine::request::{Origin, Request};
use gmbot_snapshots::face::{Ability, Answer, Face, FaceError, Message, take_notices};
use gmbot_snapshots::format::Happening;
use gmbot_snapshots::world::CLIENT;
use gmbot_snapshots::{SEED, World};

use crate::served::{Served, settings};

/// The face of the server.
pub(crate) struct Http {
    folder: tempfile::TempDir,
    served: Option<Served>,
    /// A client for each platform: a connector's, and its operator's.
    clients: BTreeMap<(String, bool), Remote>,
    now: AtMs,
}

impl Http {
    pub(crate) fn new() -> Result<Self, FaceError> {
        let folder = tempfile::tempdir().map_err(|error| FaceError(error.to_string()))?;
        Ok(Self { folder, served: None, clients: BTreeMap::new(), now: AtMs(0) })
    }

    fn db(&self) -> PathBuf {
        self.folder.path().join("gmbot.db")
    }

    fn open(&mut self) -> Result<(), FaceError> {
        let options = Options::file(self.db()).with_new_clock(Clock::Manual);
        let backend = options.open().map_err(FaceError::outside)?;
        backend.set_seed(SEED).map_err(FaceError::outside)?;
        backend.set_now(self.now).map_err(FaceError::outside)?;
        self.clients.clear();
        self.served = Some(Served::over(Arc::new(backend), settings()));
        Ok(())
    }

    fn served(&self) -> Result<&Served, FaceError> {
        self.served.as_ref().ok_or_else(|| FaceError("the server is not running".to_owned()))
    }

    fn local(&self) -> Result<&Local, FaceError> {
        Ok(&self.served()?.backend)
    }

    /// The client that speaks for a platform.
    fn client(&mut self, platform: &Platform, operator: bool) -> Result<&Remote, FaceError> {
        let name = (platform.0.clone(), operator);
        if !self.clients.contains_key(&name) {
            let scope = if operator { Scope::Operator } else { Scope::Trusted };
            let origin = Origin::new(CLIENT, &platform.0).map_err(FaceError::outside)?;
            let served = self.served()?;
            let (_, key) = served.backend.add_key(&origin, scope).map_err(FaceError::outside)?;
            let url = format!("http://{}", served.address);
            let remote = Remote::new(Address { url, client: CLIENT.to_owned(), key });
            self.clients.insert(name.clone(), remote);
        }
        self.clients.get(&name).ok_or_else(|| FaceError("no client".to_owned()))
    }

    fn submit(&mut self, request: Request) -> Result<Option<Answer>, FaceError> {
        let space = request.space.as_ref().map(|space| space.key.platform.clone());
        let platform = space.unwrap_or_else(Platform::terminal);
        let client = self.client(&platform, request.authority.operator)?;
        let reply = client.submit(request).map_err(FaceError::outside)?;
        Ok(reply.as_ref().map(Answer::from))
    }
}

impl Face for Http {
    fn name(&self) -> &str {
        "http"
    }

    fn can(&self, _ability: Ability) -> bool {
        true
    }

    fn start(&mut self, world: &World, at: AtMs) -> Result<(), FaceError> {
        self.now = at;
        self.open()?;
        for request in world.opening() {
            self.submit(request)?;
        }
        Ok(())
    }

    fn say(&mut self, world: &World, message: &Message) -> Result<Option<Answer>, FaceError> {
        self.submit(world.request(message))
    }

    fn press(
        &mut self,
        world: &World,
        message: &Message,
        action: &Action,
    ) -> Result<Option<Answer>, FaceError> {
        self.submit(world.press(message, action))
    }

    fn happen(
        &mut self,
        world: &World,
        what: &Happening,
        key: &str,
    ) -> Result<Option<Answer>, FaceError> {
        match world.fact(what, key.to_owned()) {
            Some(request) => self.submit(request),
            None => Ok(None),
        }
    }

    fn set_clock(&mut self, at: AtMs) -> Result<(), FaceError> {
        self.now = at;
        self.local()?.set_now(at).map_err(FaceError::outside)
    }

    fn idle(&mut self) -> Result<(), FaceError> {
        self.local()?.run_due().map_err(FaceError::outside)
    }

    fn notices(&mut self, world: &World, clan: &str) -> Result<Vec<Answer>, FaceError> {
        let Some(clan) = world.clan(clan) else { return Ok(Vec::new()) };
        take_notices(self.client(&clan.platform, false)?, clan)
    }

    fn restart(&mut self) -> Result<(), FaceError> {
        // The old server has to let go of the file before a new one opens it.
        self.served = None;
        self.open()
    }
}
