//! Where a transcript plays: its database, and the connector that runs over it.

use std::fmt::Display;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::thread::JoinHandle;

use gmbot_backend::{Backend as _, Clock, Local, Options};
use gmbot_engine::model::{AtMs, SpaceKey};
use gmbot_engine::request::{AccountRef, Fact, Input, Request, SpaceRef};
use gmbot_snapshots::SEED;
use gmbot_snapshots::face::FaceError;
use gmbot_snapshots::world::ClanAtPlay;
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::recorded::{IdIn, Memory, Recorded};

/// Is ready when a connector is to end.
pub type Stop = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A database, and a connector over it.
pub struct Stage {
    folder: TempDir,
    id_in: IdIn,
    now: AtMs,
    /// What outlives the connector: whose words are whose.
    pub memory: Arc<Memory>,
    running: Option<Running>,
}

/// The connector, while it runs.
struct Running {
    recorded: Arc<Recorded>,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<Result<(), FaceError>>,
}

impl Stage {
    /// A place for the database of a connector that makes such keys.
    ///
    /// # Errors
    /// When the system gives no folder.
    pub fn new(id_in: IdIn) -> Result<Self, FaceError> {
        let folder = tempfile::tempdir().map_err(FaceError::outside)?;
        Ok(Self { folder, id_in, now: AtMs(0), memory: Arc::default(), running: None })
    }

    /// A folder that goes with the transcript.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The database, while no connector runs over it.
    ///
    /// # Errors
    /// When it can't be opened.
    pub fn open(&self) -> Result<Arc<Recorded>, FaceError> {
        let file = self.folder().join("gmbot.db");
        let options = Options::file(file).with_new_clock(Clock::Manual);
        let local: Local = options.open().map_err(FaceError::outside)?;
        local.set_seed(SEED).map_err(FaceError::outside)?;
        local.set_now(self.now).map_err(FaceError::outside)?;
        Ok(Recorded::over(local, Arc::clone(&self.memory), self.id_in))
    }

    /// Lets a connector run over the database.
    pub fn run<E: Display>(
        &mut self,
        recorded: Arc<Recorded>,
        connector: impl FnOnce(Arc<Recorded>, Stop) -> Result<(), E> + Send + 'static,
    ) {
        let (stop, stopped) = oneshot::channel::<()>();
        let backend = Arc::clone(&recorded);
        let thread = std::thread::spawn(move || {
            let stop = Box::pin(async {
                stopped.await.ok();
            });
            connector(backend, stop).map_err(FaceError::outside)
        });
        self.running = Some(Running { recorded, stop, thread });
    }

    /// Ends the connector, if it runs; then the database is open no more.
    ///
    /// # Errors
    /// What it ended with.
    pub fn stop(&mut self) -> Result<(), FaceError> {
        let Some(Running { stop, thread, recorded }) = self.running.take() else { return Ok(()) };
        stop.send(()).ok();
        let ended = thread.join();
        drop(recorded);
        ended.unwrap_or_else(|_panic| Err(FaceError("the connector panicked".to_owned())))
    }

    /// What crosses the boundary while the connector runs.
    ///
    /// # Errors
    /// When it does not run.
    pub fn recorded(&self) -> Result<&Arc<Recorded>, FaceError> {
        let running = self.running.as_ref();
        let recorded = running.map(|running| &running.recorded);
        recorded.ok_or_else(|| FaceError("the connector is not running".to_owned()))
    }

    /// Waits until so many facts have come.
    ///
    /// # Errors
    /// When they did not come in time.
    pub fn told(&self, facts: usize) -> Result<(), FaceError> {
        let come = |recorded: &Recorded| (recorded.facts() >= facts).then_some(());
        self.recorded()?.wait("a fact", come).map_err(FaceError)
    }

    /// Moves the clock, also of a database that is opened later.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_clock(&mut self, at: AtMs) -> Result<(), FaceError> {
        self.now = at;
        match &self.running {
            Some(running) => running.recorded.local.set_now(at).map_err(FaceError::outside),
            None => Ok(()),
        }
    }

    /// Carries out what is due.
    ///
    /// # Errors
    /// When the database fails.
    pub fn run_due(&self) -> Result<(), FaceError> {
        self.recorded()?.local.run_due().map_err(FaceError::outside)
    }

    /// Introduces a clan in its space, with whoever is there: people that the connector has not met.
    ///
    /// # Errors
    /// When the database fails.
    pub fn introduce(
        &self,
        recorded: &Recorded,
        clan: &ClanAtPlay,
        key: SpaceKey,
        account: impl FnMut(&String) -> AccountRef,
    ) -> Result<(), FaceError> {
        let mut account = account;
        let owner = clan.leader.as_ref().or(clan.owner.as_ref()).map(&mut account);
        let members = clan.members.iter().map(account).collect();
        let fact = Input::Fact(Fact::SpaceSeen { owner, members });
        self.memory.introduce(key.clone());
        let source = key.platform.to_string();
        let space = SpaceRef { key, name: clan.name.clone(), direct: false };
        let request = Request::new(source, format!("opening/{}", clan.id), fact);
        let seen = recorded.local.submit(Request { space: Some(space), ..request });
        seen.map(|_noted| ()).map_err(FaceError::outside)
    }
}
