//! The engine's own face: no platform, no process, just requests to a backend in this one.

use std::path::PathBuf;

use gmbot_backend::{Backend, BackendError, Clock, Fate, Local, Options};
use gmbot_engine::Reply;
use gmbot_engine::model::AtMs;
use gmbot_engine::render;
use gmbot_engine::reply::Action;
use gmbot_engine::request::{Input, Request};

use crate::face::{Ability, Answer, Face, FaceError, Message, SEED, WIDTH};
use crate::format::Happening;
use crate::world::World;

/// Where the database of a transcript lies.
#[derive(Debug, Clone)]
pub enum Keep {
    /// In memory; it is gone with the backend.
    Memory,
    /// In this file, which must not be there yet.
    File(PathBuf),
}

/// The face of the engine.
pub struct Engine {
    keep: Keep,
    local: Option<Local>,
    now: AtMs,
}

/// How many notices are taken at a time.
const PAGE: usize = 50;

impl Engine {
    /// A face over a database that does not exist yet.
    pub fn new(keep: Keep) -> Self {
        Self { keep, local: None, now: AtMs(0) }
    }

    fn open(&self) -> Result<Local, FaceError> {
        let options = match &self.keep {
            Keep::Memory => Options::memory(),
            Keep::File(path) => Options::file(path),
        };
        let local =
            options.with_new_clock(Clock::Manual).with_readers(1).open().map_err(outside)?;
        local.set_seed(SEED).map_err(outside)?;
        local.set_now(self.now).map_err(outside)?;
        Ok(local)
    }

    fn local(&self) -> Result<&Local, FaceError> {
        self.local.as_ref().ok_or_else(|| FaceError("the backend is not running".to_owned()))
    }

    fn submit(&self, request: Request) -> Result<Option<Answer>, FaceError> {
        let reply = self.local()?.submit(request).map_err(outside)?;
        Ok(reply.as_ref().map(answer))
    }
}

impl Face for Engine {
    fn name(&self) -> &str {
        "engine"
    }

    fn can(&self, ability: Ability) -> bool {
        match self.keep {
            Keep::Memory => ability != Ability::Restart,
            Keep::File(_) => true,
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
        let input = Input::Command(action.command.clone());
        self.submit(Request { input, ..world.request(message) })
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
        self.local()?.set_now(at).map_err(outside)
    }

    fn idle(&mut self) -> Result<(), FaceError> {
        self.local()?.run_due().map_err(outside)
    }

    fn notices(&mut self, world: &World, clan: &str) -> Result<Vec<Answer>, FaceError> {
        let Some(clan) = world.clan(clan) else { return Ok(Vec::new()) };
        let (local, space) = (self.local()?, clan.space());
        let mut arrived = Vec::new();
        loop {
            let page = local.claim(&clan.platform, Some(&space), PAGE).map_err(outside)?;
            if page.is_empty() {
                return Ok(arrived);
            }
            for delivery in page {
                arrived.push(answer(&delivery.post.reply));
                local.acknowledge(&delivery.token, Fate::Delivered).map_err(outside)?;
            }
        }
    }

    fn restart(&mut self) -> Result<(), FaceError> {
        // The old backend has to let go of the file before a new one opens it.
        self.local = None;
        self.local = Some(self.open()?);
        Ok(())
    }
}

fn answer(reply: &Reply) -> Answer {
    Answer { code: reply.code, text: render::plain(reply, WIDTH), actions: reply.actions.clone() }
}

fn outside(error: BackendError) -> FaceError {
    FaceError(error.to_string())
}
