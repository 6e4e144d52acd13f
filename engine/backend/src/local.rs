//! The backend inside this process, over a SQLite database.

use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError};

use gmbot_engine::Reply;
use gmbot_engine::grammar::{Kind, kind_of};
use gmbot_engine::model::{AccountKey, AtMs, Platform, SpaceKey};
use gmbot_engine::request::{AccountRef, Input, Request, SpaceRef};
use gmbot_engine::view::{Query, View, Viewer};
use gmbot_engine::{rules, view};
use gmbot_store::{Claimed, Clock, Sqlite};

use crate::entropy::Entropy;
use crate::panics::guarded;
use crate::readers::Readers;
use crate::scheduler::Scheduler;
use crate::submission::Submission;
use crate::time::Time;
use crate::watch::Watchers;
use crate::writer::{News, Writer};
use crate::{Backend, BackendError, Delivery, Fate, due, outbox};

/// How a backend is opened.
///
/// ```no_run
/// # use gmbot_backend::Options;
/// let backend = Options::file("gmbot.db").with_scheduler().open()?;
/// # Ok::<(), gmbot_backend::BackendError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Options {
    place: Place,
    new_clock: Clock,
    readers: usize,
    scheduler: bool,
}

/// Where a database is.
#[derive(Debug, Clone)]
enum Place {
    File(PathBuf),
    Memory,
}

impl Options {
    /// A database file, made if it is not there yet.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::at(Place::File(path.into()))
    }

    /// A database in memory that is gone with the backend.
    pub fn memory() -> Self {
        Self::at(Place::Memory)
    }

    fn at(place: Place) -> Self {
        Self { place, new_clock: Clock::System, readers: 4, scheduler: false }
    }

    /// Whose clock a new database goes by, for good; an old one keeps its own.
    #[must_use]
    pub fn with_new_clock(mut self, clock: Clock) -> Self {
        self.new_clock = clock;
        self
    }

    /// How many queries can be answered at a time; 4 unless said otherwise, at least 1.
    #[must_use]
    pub fn with_readers(mut self, readers: usize) -> Self {
        self.readers = readers;
        self
    }

    /// Runs what is due in a thread of its own, for as long as the backend lives. Without this,
    /// call [`Local::run_due`].
    #[must_use]
    pub fn with_scheduler(mut self) -> Self {
        self.scheduler = true;
        self
    }

    /// Opens the database and starts the threads.
    ///
    /// # Errors
    /// When the database can't be opened, or the system gives no threads.
    pub fn open(self) -> Result<Local, BackendError> {
        let db = match &self.place {
            Place::File(path) => Sqlite::open(path, self.new_clock)?,
            Place::Memory => Sqlite::in_memory(self.new_clock)?,
        };
        Local::over(db, self.readers, self.scheduler)
    }
}

/// The backend inside this process. Dropping it waits until all that it accepted is done.
pub struct Local {
    // Declared first, so dropped first: it still submits while it ends.
    scheduler: Option<Scheduler>,
    core: Arc<Core>,
}

/// What the backend's parts share.
pub(crate) struct Core {
    pub(crate) clock: Clock,
    pub(crate) time: Arc<Time>,
    pub(crate) entropy: Entropy,
    pub(crate) readers: Readers,
    pub(crate) writer: Writer<Sqlite>,
    pub(crate) watchers: Arc<Watchers>,
    trouble: Mutex<Option<BackendError>>,
}

impl Local {
    fn over(db: Sqlite, readers: usize, scheduler: bool) -> Result<Self, BackendError> {
        let clock = db.clock()?;
        let (time, entropy) = match clock {
            Clock::System => (Time::System, Entropy::System),
            Clock::Manual => {
                // It goes on where it stood; nobody has to remember the time of a rehearsal.
                (Time::manual(db.last_at()?.unwrap_or(AtMs(0))), Entropy::seeded(db.seed()?))
            }
        };
        let (time, watchers) = (Arc::new(time), Arc::<Watchers>::default());
        let readers = Readers::open(&db, readers)?;
        let own_reader = if scheduler { Some(db.reader()?) } else { None };
        let announce = {
            let watchers = Arc::clone(&watchers);
            move || watchers.notify()
        };
        let writer = Writer::start(db, Arc::clone(&time), announce)?;
        let trouble = Mutex::new(None);
        let core = Arc::new(Core { clock, time, entropy, readers, writer, watchers, trouble });
        let scheduler = own_reader.map(|db| Scheduler::start(&core, db)).transpose()?;
        Ok(Self { scheduler, core })
    }

    /// Whose clock the database goes by.
    pub fn clock(&self) -> Clock {
        self.core.clock
    }

    /// The time it is, by the database's clock. A manual clock that was not set yet stands at the
    /// last event.
    pub fn now(&self) -> AtMs {
        self.core.time.now()
    }

    /// Sets a manual clock, also back. What falls due by it is run by [`Local::run_due`], or by the
    /// scheduler.
    ///
    /// # Errors
    /// When the database goes by the computer's clock.
    pub fn set_now(&self, now: AtMs) -> Result<(), BackendError> {
        self.core.time.set(now)?;
        self.core.watchers.notify();
        Ok(())
    }

    /// Sets what a database with a manual clock draws all ids from.
    ///
    /// # Errors
    /// When the database goes by the computer's clock, or the store failed.
    pub fn set_seed(&self, seed: [u8; 32]) -> Result<(), BackendError> {
        if self.core.clock == Clock::System {
            return Err(BackendError::SystemClock);
        }
        self.core.writer.call(News::Quiet, move |db, _| db.set_seed(seed))?;
        self.core.entropy.reseed(seed)
    }

    /// Runs what is due until nothing is: deadlines, and broadcasts to their end. For whoever runs
    /// without a scheduler.
    ///
    /// # Errors
    /// The first failure, when everything else was tried.
    pub fn run_due(&self) -> Result<(), BackendError> {
        due::run(&self.core)
    }

    /// Deletes what is past its time.
    ///
    /// # Errors
    /// When the store failed.
    pub fn sweep(&self) -> Result<(), BackendError> {
        self.core.sweep()
    }

    /// When the next deadline or reminder is.
    ///
    /// # Errors
    /// When the store failed.
    pub fn next_due(&self) -> Result<Option<AtMs>, BackendError> {
        self.core.readers.read(Sqlite::next_due)
    }

    /// Notices that were refused for good, the oldest first.
    ///
    /// # Errors
    /// When the store failed.
    pub fn parked(&self, limit: usize) -> Result<Vec<Claimed>, BackendError> {
        self.core.readers.read(|db| db.parked(limit))
    }

    /// How many pieces of work wait for the writer.
    pub fn waiting(&self) -> usize {
        self.core.writer.waiting()
    }

    /// What the scheduler last failed at, until it succeeds again.
    pub fn trouble(&self) -> Option<BackendError> {
        self.core.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether a scheduler runs.
    pub fn has_scheduler(&self) -> bool {
        self.scheduler.is_some()
    }
}

impl Core {
    /// Deletes what is past its time.
    pub(crate) fn sweep(&self) -> Result<(), BackendError> {
        self.writer.call(News::Quiet, |db, now| db.sweep(now))
    }

    /// Keeps what the scheduler failed at, since nobody waits for it.
    pub(crate) fn note_trouble(&self, outcome: Result<(), BackendError>) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = outcome.err();
    }

    /// Answers without writing, beside the writer.
    fn answer(&self, request: &Request) -> Result<Option<Reply>, BackendError> {
        let now = self.time.now();
        self.readers.read(|db| {
            let mut reply = rules::answer(db.as_read(), request, now)?;
            if let Some(reply) = &mut reply {
                rules::fill_legend(db.as_read(), reply)?;
            }
            Ok(reply)
        })
    }

    /// Carries out what may write; the answer is there when it is durable.
    fn carry_out(&self, request: Request) -> Result<Option<Reply>, BackendError> {
        let entropy = self.entropy.draw(&request)?;
        let submission = Submission::new(request, entropy)?;
        let reply = self.writer.call(News::Tell, move |db, now| submission.carry_out(db, now))?;
        let Some(mut reply) = reply else { return Ok(None) };
        self.readers.read(|db| rules::fill_legend(db.as_read(), &mut reply))?;
        Ok(Some(reply))
    }
}

/// Whether an input can be answered without writing.
fn is_query(input: &Input) -> bool {
    match input {
        Input::Fact(_) => false,
        Input::Line(_) | Input::Words(_) | Input::Command(_) => kind_of(input) == Kind::Query,
    }
}

impl Backend for Local {
    fn submit(&self, request: Request) -> Result<Option<Reply>, BackendError> {
        if guarded(|| Ok(is_query(&request.input)))? {
            self.core.answer(&request)
        } else {
            self.core.carry_out(request)
        }
    }

    fn viewer(
        &self,
        actor: Option<&AccountRef>,
        space: Option<&SpaceKey>,
        operator: bool,
    ) -> Result<Viewer, BackendError> {
        let account = actor.map(|actor| AccountKey::new(&actor.platform, &actor.id));
        self.core.readers.read(|db| {
            let read = db.as_read();
            let person = account.as_ref().map(|key| read.person_of_account(key)).transpose()?;
            let clan = space.map(|space| read.clan_of_space(space)).transpose()?;
            Ok(Viewer { person: person.flatten(), clan: clan.flatten(), operator })
        })
    }

    fn view(&self, query: &Query, viewer: &Viewer) -> Result<View, BackendError> {
        let now = self.core.time.now();
        self.core.readers.read(|db| view::look(db.as_read(), query, viewer, now))
    }

    fn watch(&self) -> Receiver<()> {
        self.core.watchers.subscribe()
    }

    fn claim(
        &self,
        platform: &Platform,
        space: Option<&SpaceRef>,
        limit: usize,
    ) -> Result<Vec<Delivery>, BackendError> {
        outbox::claim(&self.core, platform, space, limit)
    }

    fn acknowledge(&self, token: &str, fate: Fate) -> Result<(), BackendError> {
        outbox::acknowledge(&self.core, token, fate)
    }
}
