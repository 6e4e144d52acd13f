//! The thread that runs what is due while nobody asks, deletes what is past its time, and notices
//! what other processes wrote.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::thread::JoinHandle;
use std::time::Duration;

use gmbot_engine::model::{AtMs, DurationMs};
use gmbot_engine::store::Stored;
use gmbot_store::Connection;

use crate::inner::Inner;
use crate::{BackendError, due};

/// How long it sleeps while nothing in this process happens: so late can a deadline be, and so late
/// is another process's commit seen where the database does not tell of it.
const NAP: Duration = Duration::from_millis(500);
/// How often what is past its time is deleted.
const SWEEP_EVERY: DurationMs = DurationMs::hours(1);

/// A handle on the thread. Dropping it waits until the thread has ended.
pub(crate) struct Scheduler {
    inner: Arc<Inner>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Scheduler {
    /// Starts the thread; `db` is a connection of its own, since each connection sees the commits
    /// of all others.
    pub(crate) fn start(inner: &Arc<Inner>, db: Connection) -> Result<Self, BackendError> {
        let stop = Arc::new(AtomicBool::new(false));
        let rounds = Rounds {
            changes: inner.watchers.subscribe(),
            inner: Arc::clone(inner),
            stop: Arc::clone(&stop),
            seen_version: db.data_version()?,
            db,
            swept_at: None,
        };
        let thread = std::thread::Builder::new()
            .name("gmbot-scheduler".to_owned())
            .spawn(move || rounds.go())
            .map_err(|error| BackendError::NoThread(error.to_string()))?;
        Ok(Self { inner: Arc::clone(inner), stop, thread: Some(thread) })
    }
}

impl Drop for Scheduler {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        self.inner.watchers.notify();
        if let Some(thread) = self.thread.take() {
            // Its failures are kept where `trouble` finds them.
            thread.join().ok();
        }
    }
}

/// What the thread owns.
struct Rounds {
    inner: Arc<Inner>,
    stop: Arc<AtomicBool>,
    changes: Receiver<()>,
    db: Connection,
    seen_version: i64,
    swept_at: Option<AtMs>,
}

impl Rounds {
    fn go(mut self) {
        while !self.stop.load(Ordering::SeqCst) {
            let outcome = self.round();
            self.inner.note_trouble(outcome);
            // Woken by any change: a commit of this process, or a clock that was set.
            self.changes.recv_timeout(NAP).ok();
        }
    }

    fn round(&mut self) -> Result<(), BackendError> {
        self.look_for_foreign_commits()?;
        due::run(&self.inner)?;
        self.sweep()
    }

    /// Tells watchers of what other processes wrote. Commits of this process look the same from
    /// here; a message too many does no harm.
    fn look_for_foreign_commits(&mut self) -> Stored<()> {
        let version = self.db.data_version()?;
        if version != std::mem::replace(&mut self.seen_version, version) {
            self.inner.watchers.notify();
        }
        Ok(())
    }

    fn sweep(&mut self) -> Result<(), BackendError> {
        let now = self.inner.time.now();
        if self.swept_at.is_some_and(|at| at <= now && now < at + SWEEP_EVERY) {
            return Ok(());
        }
        self.inner.sweep()?;
        self.swept_at = Some(now);
        Ok(())
    }
}
