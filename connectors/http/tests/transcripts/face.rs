//! HTTP as a face of the transcripts: a real server on a port of this machine, and real clients, one
//! a platform. Only the clock is set from outside.

use std::path::PathBuf;
use std::sync::Arc;

use gmbot_backend::{Clock, Local, Options};
use gmbot_engine::model::AtMs;
use gmbot_engine::reply::Action;
use gmbot_snapshots::face::{Ability, Answer, Face, FaceError, Message, take_notices};
use gmbot_snapshots::format::Happening;
use gmbot_snapshots::{SEED, World};

use crate::clients::Clients;
use crate::served::{Served, settings};

/// The face of the server.
pub(crate) struct Http {
    folder: tempfile::TempDir,
    served: Option<(Served, Clients)>,
    now: AtMs,
}

impl Http {
    pub(crate) fn new() -> Result<Self, FaceError> {
        let folder = tempfile::tempdir().map_err(|error| FaceError(error.to_string()))?;
        Ok(Self { folder, served: None, now: AtMs(0) })
    }

    fn db(&self) -> PathBuf {
        self.folder.path().join("gmbot.db")
    }

    fn open(&mut self) -> Result<(), FaceError> {
        let options = Options::file(self.db()).with_new_clock(Clock::Manual);
        let backend = options.open().map_err(FaceError::outside)?;
        backend.set_seed(SEED).map_err(FaceError::outside)?;
        backend.set_now(self.now).map_err(FaceError::outside)?;
        let served = Served::over(Arc::new(backend), settings());
        let clients = Clients::of(Arc::clone(&served.backend), served.address);
        self.served = Some((served, clients));
        Ok(())
    }

    fn local(&self) -> Result<&Local, FaceError> {
        let served = self.served.as_ref().ok_or_else(not_running)?;
        Ok(&served.0.backend)
    }

    fn clients(&mut self) -> Result<&mut Clients, FaceError> {
        let served = self.served.as_mut().ok_or_else(not_running)?;
        Ok(&mut served.1)
    }
}

fn not_running() -> FaceError {
    FaceError("the server is not running".to_owned())
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
            self.clients()?.submit(request)?;
        }
        Ok(())
    }

    fn say(&mut self, world: &World, message: &Message) -> Result<Option<Answer>, FaceError> {
        self.clients()?.submit(world.request(message))
    }

    fn press(
        &mut self,
        world: &World,
        message: &Message,
        action: &Action,
    ) -> Result<Option<Answer>, FaceError> {
        self.clients()?.submit(world.press(message, action))
    }

    fn happen(
        &mut self,
        world: &World,
        what: &Happening,
        key: &str,
    ) -> Result<Option<Answer>, FaceError> {
        match world.fact(what, key.to_owned()) {
            Some(request) => self.clients()?.submit(request),
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
        take_notices(self.clients()?.client(&clan.platform, false)?, clan)
    }

    fn restart(&mut self) -> Result<(), FaceError> {
        // The old server has to let go of the file before a new one opens it.
        self.served = None;
        self.open()
    }
}
