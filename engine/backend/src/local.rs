//! The backend inside this process, over its database.

use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use gmbot_engine::Reply;
use gmbot_engine::event::Recorded;
use gmbot_engine::grammar::complete::Completion;
use gmbot_engine::model::{AccountKey, AtMs, DurationMs, Platform, SpaceKey, WarId};
use gmbot_engine::request::{Onlooker, Request, SpaceRef};
use gmbot_engine::store::Stored;
use gmbot_engine::view::{self, Query, View, Viewer};
use gmbot_store::{Claimed, Clock, ClosedChannel, Connection, Verification};

use crate::completion::Completer;
use crate::inner::Inner;
use crate::listener::Listener;
use crate::metrics::{Backlog, Metrics};
use crate::observing::Statements;
use crate::options::Options;
use crate::scheduler::Scheduler;
use crate::writer::News;
use crate::{Backend, BackendError, Delivery, Fate, MetricFamily, due, outbox};

/// The backend inside this process. Dropping it waits until all that it accepted is done.
pub struct Local {
    // Declared first, so dropped first: it still submits while it ends.
    scheduler: Option<Scheduler>,
    _listener: Option<Listener>,
    pub(crate) inner: Arc<Inner>,
}

impl Local {
    /// Starts the threads over an open database.
    pub(crate) fn start(mut db: Connection, options: Options) -> Result<Self, BackendError> {
        let metrics = options.metrics.then(|| Arc::new(Metrics::new()));
        if let Some(metrics) = &metrics {
            db.watch(Arc::new(Statements(Arc::clone(metrics))));
        }
        let for_scheduler = options.scheduler.then(|| db.reader()).transpose()?;
        let hears = options.scheduler && db.hears_others();
        let for_listener = hears.then(|| db.reader()).transpose()?;
        let inner = Arc::new(Inner::start(db, &options, metrics)?);
        let scheduler = for_scheduler.map(|db| Scheduler::start(&inner, db)).transpose()?;
        let watchers = Arc::clone(&inner.watchers);
        let listener = for_listener.map(|db| Listener::start(watchers, db)).transpose()?;
        Ok(Self { scheduler, _listener: listener, inner })
    }

    /// Whose clock the database goes by.
    pub fn clock(&self) -> Clock {
        self.inner.clock
    }

    /// The time it is, by the database's clock. A manual clock that was not set yet stands at the
    /// last event.
    pub fn now(&self) -> AtMs {
        self.inner.time.now()
    }

    /// Sets a manual clock, also back. What falls due by it is run by [`Local::run_due`], or by the
    /// scheduler.
    ///
    /// # Errors
    /// When the database goes by the computer's clock.
    pub fn set_now(&self, now: AtMs) -> Result<(), BackendError> {
        self.inner.time.set(now)?;
        self.inner.watchers.notify();
        Ok(())
    }

    /// Sets what a database with a manual clock draws all ids from.
    ///
    /// # Errors
    /// When the database goes by the computer's clock, or the store failed.
    pub fn set_seed(&self, seed: [u8; 32]) -> Result<(), BackendError> {
        if self.inner.clock == Clock::System {
            return Err(BackendError::SystemClock);
        }
        self.inner.writer.call(News::Quiet, move |db, _| db.set_seed(seed))?;
        self.inner.entropy.reseed(seed)
    }

    /// Runs what is due until nothing is: deadlines, and broadcasts to their end. For whoever runs
    /// without a scheduler.
    ///
    /// # Errors
    /// The first failure, when everything else was tried.
    pub fn run_due(&self) -> Result<(), BackendError> {
        due::run(&self.inner)
    }

    /// Deletes what is past its time.
    ///
    /// # Errors
    /// When the store failed.
    pub fn sweep(&self) -> Result<(), BackendError> {
        self.inner.sweep()
    }

    /// When the next deadline or reminder is.
    ///
    /// # Errors
    /// When the store failed.
    pub fn next_due(&self) -> Result<Option<AtMs>, BackendError> {
        self.inner.readers.read(Connection::next_due)
    }

    /// How many notices wait for a space.
    ///
    /// # Errors
    /// When the store failed.
    pub fn notices_for(&self, space: &SpaceKey) -> Result<u64, BackendError> {
        self.inner.readers.read(|db| db.waiting_for(space))
    }

    /// Notices that were refused for good, the oldest first.
    ///
    /// # Errors
    /// When the store failed.
    pub fn parked(&self, limit: usize) -> Result<Vec<Claimed>, BackendError> {
        self.inner.readers.read(|db| db.parked(limit))
    }

    /// The channels that are closed to notices, the longest closed first.
    ///
    /// # Errors
    /// When the store failed.
    pub fn closed_channels(&self, limit: usize) -> Result<Vec<ClosedChannel>, BackendError> {
        self.inner.readers.read(|db| db.closed_channels(limit))
    }

    /// Events of the log after the one numbered `after` (0 for all), with their numbers, in order;
    /// for the operator and for tests, since it holds all secrets.
    ///
    /// # Errors
    /// When the store failed.
    pub fn log(&self, after: i64, limit: usize) -> Result<Vec<(i64, Recorded)>, BackendError> {
        self.inner.readers.read(|db| db.log(after, limit))
    }

    /// Replays the log into an empty store and compares the two; `progress` hears how many events of
    /// how many are done.
    ///
    /// # Errors
    /// When the store failed, or the log can't be replayed.
    pub fn verify(&self, mut progress: impl FnMut(u64, u64)) -> Result<Verification, BackendError> {
        self.inner.readers.lend(|db| db.verify(&mut progress))
    }

    /// How many pieces of work wait for the writer.
    pub fn waiting(&self) -> usize {
        self.inner.writer.waiting()
    }

    /// What may come next at byte `cursor` of a line, games, wars, clans and players included.
    ///
    /// # Errors
    /// When the store failed.
    pub fn complete(
        &self,
        line: &str,
        cursor: usize,
        viewer: &Viewer,
    ) -> Result<Completion, BackendError> {
        self.completing(viewer, |completer| completer.line(line, cursor))
    }

    /// What may come next in a terminal's words, of which the last is being written.
    ///
    /// # Errors
    /// When the store failed.
    pub fn complete_words(
        &self,
        words: &[String],
        viewer: &Viewer,
    ) -> Result<Completion, BackendError> {
        self.completing(viewer, |completer| completer.words(words))
    }

    /// Whom the engine knows an onlooker as, and which clan they look from.
    ///
    /// # Errors
    /// When the store failed.
    pub fn viewer(&self, onlooker: &Onlooker) -> Result<Viewer, BackendError> {
        self.inner.readers.read(|db| known_as(db, onlooker))
    }

    /// Reads what a viewer may see, as it stands now.
    ///
    /// # Errors
    /// When the store failed.
    pub fn look(&self, query: &Query, viewer: &Viewer) -> Result<View, BackendError> {
        let now = self.now();
        self.inner.readers.read(|db| view::look(db.as_read(), query, viewer, now))
    }

    /// What was counted and measured, and how things stand now; nothing unless it was opened
    /// [with metrics](crate::Options::with_metrics).
    pub fn metrics(&self) -> Vec<MetricFamily> {
        let Some(metrics) = &self.inner.metrics else { return Vec::new() };
        let now = self.now();
        let backlog = self.inner.readers.read(|db| {
            let backlog = db.backlog()?;
            let oldest = backlog.since.map_or(DurationMs(0), |since| now - since);
            let oldest = Duration::from_millis(u64::try_from(oldest.0).unwrap_or_default());
            Ok(Backlog { waiting: backlog.waiting, oldest, parked: backlog.parked })
        });
        metrics.gather(self.waiting(), backlog.ok())
    }

    fn completing(
        &self,
        viewer: &Viewer,
        ask: impl Fn(&Completer<'_>) -> Stored<Completion>,
    ) -> Result<Completion, BackendError> {
        let now = self.now();
        self.inner.readers.read(|db| ask(&Completer { read: db.as_read(), viewer, now }))
    }

    /// What the scheduler last failed at, until it succeeds again.
    pub fn trouble(&self) -> Option<BackendError> {
        self.inner.trouble()
    }

    /// Whether a scheduler runs.
    pub fn has_scheduler(&self) -> bool {
        self.scheduler.is_some()
    }
}

/// Whom the engine knows an onlooker as, and which clan they look from.
fn known_as(db: &Connection, onlooker: &Onlooker) -> Stored<Viewer> {
    let Onlooker { actor, space, operator } = onlooker;
    let read = db.as_read();
    let account = actor.as_ref().map(|actor| AccountKey::new(&actor.platform, &actor.id));
    let person = account.as_ref().map(|key| read.person_of_account(key)).transpose()?;
    let clan = space.as_ref().map(|space| read.clan_of_space(space)).transpose()?;
    Ok(Viewer { person: person.flatten(), clan: clan.flatten(), operator: *operator })
}

/// What an onlooker may see, inside the transaction at hand.
pub(crate) fn see(db: &Connection, query: &Query, onlooker: &Onlooker, now: AtMs) -> Stored<View> {
    view::look(db.as_read(), query, &known_as(db, onlooker)?, now)
}

impl Backend for Local {
    fn submit(&self, request: Request) -> Result<Option<Reply>, BackendError> {
        self.inner.submit(request)
    }

    fn view(&self, query: &Query, onlooker: &Onlooker) -> Result<View, BackendError> {
        let now = self.now();
        self.inner.readers.read(|db| see(db, query, onlooker, now))
    }

    fn image(
        &self,
        war: WarId,
        hash: &str,
        onlooker: &Onlooker,
    ) -> Result<Option<Vec<u8>>, BackendError> {
        self.inner.readers.read(|db| view::image(db.as_read(), war, hash, &known_as(db, onlooker)?))
    }

    fn watch(&self) -> Receiver<()> {
        self.inner.watchers.subscribe()
    }

    fn claim(
        &self,
        platform: &Platform,
        space: Option<&SpaceRef>,
        limit: usize,
    ) -> Result<Vec<Delivery>, BackendError> {
        outbox::claim(&self.inner, platform, space, limit)
    }

    fn acknowledge(&self, token: &str, fate: Fate) -> Result<(), BackendError> {
        outbox::acknowledge(&self.inner, token, fate)
    }
}
