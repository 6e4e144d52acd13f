//! The engine's own face: no platform, no process, just requests to a backend in this one.

use std::path::PathBuf;

use gmbot_backend::{Address, Backend as _, Clock, Local, Options};
use gmbot_engine::Reply;
use gmbot_engine::model::AtMs;
use gmbot_engine::reply::Action;
use gmbot_engine::request::Request;

use crate::face::{Ability, Answer, Face, FaceError, Message, SEED, take_replies};
use crate::format::Happening;
use crate::world::World;

/// Where the database of a transcript lies.
#[derive(Debug, Clone)]
pub enum Keep {
    /// In memory; it is gone with the backend.
    Memory,
    /// In this file, which must not be there yet.
    File(PathBuf),
    /// On a server, where nothing may be yet.
    At(Address),
}

/// The face of the engine.
pub struct Engine {
    keep: Keep,
    watch: Box<dyn FnMut(&Reply)>,
    local: Option<Local>,
    now: AtMs,
}

impl Engine {
    /// A face over a database that does not exist yet.
    pub fn new(keep: Keep) -> Self {
        Self { keep, watch: Box::new(|_reply| {}), local: None, now: AtMs(0) }
    }

    /// Shows all replies and notices to somebody, before they become answers.
    pub fn watched_by(self, watch: impl FnMut(&Reply) + 'static) -> Self {
        Self { watch: Box::new(watch), ..self }
    }

    fn open(&self) -> Result<Local, FaceError> {
        let options = match &self.keep {
            Keep::Memory => Options::memory(),
            Keep::File(path) => Options::file(path),
            Keep::At(address) => Options::address(address.clone()),
        };
        let local = options
            .with_new_clock(Clock::Manual)
            .with_readers(1)
            .open()
            .map_err(FaceError::outside)?;
        local.set_seed(SEED).map_err(FaceError::outside)?;
        local.set_now(self.now).map_err(FaceError::outside)?;
        Ok(local)
    }

    fn local(&self) -> Result<&Local, FaceError> {
        self.local.as_ref().ok_or_else(|| FaceError("the backend is not running".to_owned()))
    }

    fn submit(&mut self, request: Request) -> Result<Option<Answer>, FaceError> {
        let reply = self.local()?.submit(request).map_err(FaceError::outside)?;
        reply.iter().for_each(&mut self.watch);
        Ok(reply.as_ref().map(Answer::from))
    }
}

impl Face for Engine {
    fn name(&self) -> &str {
        "engine"
    }

    fn can(&self, ability: Ability) -> bool {
        match self.keep {
            Keep::Memory => ability != Ability::Restart,
            Keep::File(_) | Keep::At(_) => true,
        }
    }

    fn start(&mut self, world: &World, at: AtMs) -> Result<(), FaceError> {
        self.now = at;
        self.local = Some(self.open()?);
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
        let notices = take_replies(self.local()?, clan)?;
        notices.iter().for_each(&mut self.watch);
        Ok(notices.iter().map(Answer::from).collect())
    }

    fn restart(&mut self) -> Result<(), FaceError> {
        // The old backend has to let go of the file before a new one opens it.
        self.local = None;
        self.local = Some(self.open()?);
        Ok(())
    }
}
