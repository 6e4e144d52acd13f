//! The one place that writes. Where the database lets one write at a time, whoever comes alone writes
//! at once; what comes meanwhile waits for a thread, and shares one transaction. Answers leave only
//! after its commit; if anything fails, all of it is undone and each piece is tried alone. Where the
//! database lets many write, each piece has a transaction of its own from the beginning.

use std::sync::atomic::{AtomicIsize, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use gmbot_engine::model::AtMs;
use gmbot_engine::store::Stored;
use gmbot_store::Connection;
use tracing::{Span, debug_span};

use crate::BackendError;
use crate::entropy::system_bytes;
use crate::metrics::Metrics;
use crate::panics::guarded;
use crate::pool::Pool;
use crate::time::Time;
use crate::timing::{Timings, note, since, timed};

/// How many pieces of work share a transaction at most, so that other processes get their turn.
const GROUP: usize = 256;
/// How many pieces of work wait at most; whoever brings more waits outside.
const QUEUE: usize = 1024;

/// What the writer needs of a database around work on the store `S` inside it.
pub(crate) trait Database<S>: Send {
    /// Takes the write lock.
    fn begin(&mut self) -> Stored<()>;
    /// Makes everything since `begin` durable.
    fn commit(&mut self) -> Stored<()>;
    /// Undoes everything since `begin`.
    fn rollback(&mut self) -> Stored<()>;
    /// Tells other processes that something was committed.
    fn tell_others(&self) -> Stored<()>;
    /// What work changes between `begin` and `commit`.
    fn store(&mut self) -> &mut S;
}

impl Database<Self> for Connection {
    fn begin(&mut self) -> Stored<()> {
        self.begin()
    }
    fn commit(&mut self) -> Stored<()> {
        self.commit()
    }
    fn rollback(&mut self) -> Stored<()> {
        self.rollback()
    }
    fn tell_others(&self) -> Stored<()> {
        Self::tell_others(self)
    }
    fn store(&mut self) -> &mut Self {
        self
    }
}

/// Whether watchers hear of a piece of work. Claiming is quiet: a connector that claims because
/// something changed would otherwise wake itself for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News {
    /// Something that others see may have changed.
    Tell,
    /// Nothing of interest.
    Quiet,
}

/// Those who write, and a handle on them. Dropping it waits until all that was accepted is done.
pub(crate) struct Writer<S> {
    workers: Workers<S>,
    waiting: Arc<AtomicIsize>,
}

/// Who writes.
enum Workers<S> {
    /// One, where the database lets one write at a time: what waits meanwhile shares a transaction.
    One(Grouping<S>),
    /// Several, where it lets many: each piece of work has a transaction of its own.
    Several(Pool<Worker<S>>),
}

/// One worker, and the thread that works off what waits for it.
struct Grouping<S> {
    worker: Arc<Mutex<Worker<S>>>,
    /// How many wait for an answer.
    callers: AtomicUsize,
    queue: Option<SyncSender<Box<dyn Job<S>>>>,
    thread: Option<JoinHandle<()>>,
}

impl<S: 'static> Writer<S> {
    /// Starts to write on a connection, or on several of a database that lets many write at once;
    /// `announce` is called after each commit that is news, and `metrics` count all commits.
    pub(crate) fn start(
        dbs: Vec<Box<dyn Database<S>>>,
        time: Arc<Time>,
        metrics: Option<Arc<Metrics>>,
        announce: impl Fn() + Send + Sync + 'static,
    ) -> Result<Self, BackendError> {
        let (waiting, announce) = (Arc::new(AtomicIsize::new(0)), Arc::new(announce));
        let shared = dbs.len() > 1;
        let mut workers: Vec<_> = dbs
            .into_iter()
            .map(|db| Worker {
                db,
                time: Arc::clone(&time),
                metrics: metrics.clone(),
                announce: Arc::clone(&announce) as Arc<dyn Fn() + Send + Sync>,
                retries: if shared { Retries::COLLISIONS } else { Retries::LOCKS },
            })
            .collect();
        let workers = match (shared, workers.pop()) {
            (false, Some(only)) => Workers::One(Grouping::start(only, Arc::clone(&waiting))?),
            (_, last) => {
                workers.extend(last);
                Workers::Several(Pool::new(workers))
            }
        };
        Ok(Self { workers, waiting })
    }

    /// Has something done inside a transaction, and waits for its commit. It may be done several
    /// times, each time after everything was undone. An error undoes the transaction: what is only
    /// a refusal belongs into `T`.
    pub(crate) fn call<T: Send + 'static>(
        &self,
        news: News,
        work: impl FnMut(&mut S, AtMs) -> Stored<T> + Send + 'static,
    ) -> Result<T, BackendError> {
        let (answer, result) = sync_channel(1);
        let job = Box::new(Call::new(work, news, answer));
        let answered = match &self.workers {
            Workers::One(one) => one.take(job, &self.waiting, || result.recv())?,
            Workers::Several(pool) => {
                self.waiting.fetch_add(1, Ordering::SeqCst);
                pool.lend(|worker| {
                    self.waiting.fetch_sub(1, Ordering::SeqCst);
                    worker.do_alone(job);
                });
                result.recv()
            }
        };
        // A closed channel has one cause: the thread is gone.
        let (result, timings) = answered.unwrap_or(Err(BackendError::Stopped))?;
        note(|noted| *noted += timings);
        Ok(result)
    }

    /// How many pieces of work wait for their turn.
    pub(crate) fn waiting(&self) -> usize {
        usize::try_from(self.waiting.load(Ordering::SeqCst)).unwrap_or(0)
    }
}

impl<S: 'static> Grouping<S> {
    fn start(worker: Worker<S>, waiting: Arc<AtomicIsize>) -> Result<Self, BackendError> {
        let (queue, jobs) = sync_channel(QUEUE);
        let worker = Arc::new(Mutex::new(worker));
        let shared = Arc::clone(&worker);
        let thread = std::thread::Builder::new()
            .name("gmbot-writer".to_owned())
            .spawn(move || work_off(&shared, &jobs, &waiting))
            .map_err(|error| BackendError::NoThread(error.to_string()))?;
        let callers = AtomicUsize::new(0);
        Ok(Self { worker, callers, queue: Some(queue), thread: Some(thread) })
    }

    /// Has a piece of work done, and waits for its answer.
    fn take<A>(
        &self,
        job: Box<dyn Job<S>>,
        waiting: &AtomicIsize,
        answer: impl FnOnce() -> A,
    ) -> Result<A, BackendError> {
        let alone = self.callers.fetch_add(1, Ordering::SeqCst) == 0;
        let _caller = Caller(&self.callers);
        if alone {
            // Nobody else waits for anything: handing it to the thread would only take time.
            lock(&self.worker).do_alone(job);
        } else {
            let queue = self.queue.as_ref().ok_or(BackendError::Stopped)?;
            queue.send(job).map_err(|_closed| BackendError::Stopped)?;
            // Counted once it is in there: the thread may have counted it off already.
            waiting.fetch_add(1, Ordering::SeqCst);
        }
        Ok(answer())
    }
}

impl<S> Drop for Grouping<S> {
    fn drop(&mut self) {
        // The closed queue ends the thread, but only once it is empty.
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // Panics are caught inside; one that got out has nobody left to be told.
            thread.join().ok();
        }
    }
}

/// Somebody who waits for an answer.
struct Caller<'a>(&'a AtomicUsize);

impl Drop for Caller<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A piece of work.
trait Job<S>: Send {
    /// Does it, inside a transaction.
    fn run(&mut self, store: &mut S, now: AtMs) -> Stored<()>;
    /// Whether watchers hear of it.
    fn news(&self) -> News;
    /// A span of its own for the commit that it shares with others, from here until it is dropped.
    fn committing(&self) -> Span;
    /// Tells whoever waits how it ended.
    fn finish(self: Box<Self>, outcome: Result<(), BackendError>);
}

/// What somebody waits for: a result, and how long it took.
type Answer<T> = Result<(T, Timings), BackendError>;

/// Work whose result somebody waits for.
struct Call<W, T> {
    work: W,
    news: News,
    done: Option<Done<T>>,
    answer: SyncSender<Answer<T>>,
    /// Whoever asked, as `tracing` knows them.
    span: Span,
    /// The wait for its turn, until that has come.
    queued: Option<Span>,
    since: Instant,
}

/// Work that is done and not yet durable.
struct Done<T> {
    result: T,
    timings: Timings,
    at: Instant,
}

impl<W, T> Call<W, T> {
    fn new(work: W, news: News, answer: SyncSender<Answer<T>>) -> Self {
        let (span, queued) = (Span::current(), Some(debug_span!("queue")));
        Self { work, news, done: None, answer, span, queued, since: Instant::now() }
    }
}

impl<S, W, T> Job<S> for Call<W, T>
where
    W: FnMut(&mut S, AtMs) -> Stored<T> + Send,
    T: Send,
{
    fn run(&mut self, store: &mut S, now: AtMs) -> Stored<()> {
        drop(self.queued.take());
        let _inside = self.span.enter();
        let queue = since(self.since);
        let (result, timings) = timed(|| (self.work)(store, now));
        let timings = Timings { queue, ..timings };
        self.done = Some(Done { result: result?, timings, at: Instant::now() });
        Ok(())
    }

    fn news(&self) -> News {
        self.news
    }

    fn committing(&self) -> Span {
        self.span.in_scope(|| debug_span!("commit"))
    }

    fn finish(self: Box<Self>, outcome: Result<(), BackendError>) {
        let Self { done, answer, .. } = *self;
        let answered = outcome.and_then(|()| done.ok_or(BackendError::Stopped));
        let answered = answered.map(|Done { result, timings, at }| {
            let commit = since(at);
            (result, Timings { commit, ..timings })
        });
        // Whoever asked may have gone; the work is done all the same.
        answer.send(answered).ok();
    }
}

/// What the thread does: takes groups from the queue until it is closed and empty.
fn work_off<S>(
    worker: &Mutex<Worker<S>>,
    queue: &Receiver<Box<dyn Job<S>>>,
    waiting: &AtomicIsize,
) {
    while let Ok(first) = queue.recv() {
        // What comes until it is this thread's turn belongs to the group.
        let mut worker = lock(worker);
        let group: Vec<_> =
            std::iter::once(first).chain(queue.try_iter().take(GROUP - 1)).collect();
        waiting.fetch_sub(group.len().cast_signed(), Ordering::SeqCst);
        worker.do_together(group);
    }
}

/// Work that panics is caught while the database is rolled back, so nothing is left half-done.
fn lock<S>(worker: &Mutex<Worker<S>>) -> MutexGuard<'_, Worker<S>> {
    worker.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Who does the work, one piece or group at a time.
struct Worker<S> {
    db: Box<dyn Database<S>>,
    time: Arc<Time>,
    metrics: Option<Arc<Metrics>>,
    announce: Arc<dyn Fn() + Send + Sync>,
    retries: Retries,
}

impl<S> Worker<S> {
    /// Does a group in one transaction, or each of it in its own if that fails. The engine is
    /// deterministic, so nobody can tell which it was.
    fn do_together(&mut self, mut group: Vec<Box<dyn Job<S>>>) {
        if group.len() > 1 && self.attempt(&mut group).is_ok() {
            self.finish(group);
            return;
        }
        for job in group {
            self.do_alone(job);
        }
    }

    /// Does one piece of work in a transaction of its own, again if it failed in passing: the
    /// database was busy, or can't be reached. Where a commit got no answer, the work finds out
    /// itself whether it was carried out.
    fn do_alone(&mut self, mut job: Box<dyn Job<S>>) {
        let mut tried = 1;
        loop {
            match self.attempt(std::slice::from_mut(&mut job)) {
                Ok(()) => return self.finish(vec![job]),
                Err(error) if error.is_passing() && tried < self.retries.tries => {
                    self.retries.pause(tried);
                    tried += 1;
                }
                Err(error) => return job.finish(Err(error)),
            }
        }
    }

    /// One transaction: all of it, or nothing.
    fn attempt(&mut self, group: &mut [Box<dyn Job<S>>]) -> Result<(), BackendError> {
        let outcome = guarded(|| {
            self.db.begin()?;
            let now = self.time.now();
            for job in group.iter_mut() {
                job.run(self.db.store(), now)?;
            }
            self.commit(group)
        });
        if outcome.is_err() {
            // It fails where no transaction is left to undo; what went wrong is known already.
            guarded(|| Ok(self.db.rollback()?)).ok();
        }
        outcome
    }

    /// Makes what a group did durable.
    fn commit(&mut self, group: &[Box<dyn Job<S>>]) -> Result<(), BackendError> {
        let spans: Vec<_> = group.iter().map(|job| job.committing()).collect();
        let begun = Instant::now();
        self.db.commit()?;
        drop(spans);
        if let Some(metrics) = &self.metrics {
            metrics.commit(group.len(), since(begun));
        }
        Ok(())
    }

    /// Lets the answers leave. Watchers hear first, so that whoever begins to watch after an answer
    /// is not told of what it said.
    fn finish(&self, group: Vec<Box<dyn Job<S>>>) {
        let tell = group.iter().any(|job| job.news() == News::Tell);
        if tell {
            (self.announce)();
        }
        for job in group {
            job.finish(Ok(()));
        }
        // Nobody here waits for it. Who is not told looks by themselves soon.
        if tell {
            guarded(|| Ok(self.db.tell_others()?)).ok();
        }
    }
}

/// How often a piece of work is tried that fails in passing, and how long it rests between.
#[derive(Debug, Clone, Copy)]
struct Retries {
    tries: u32,
    /// The rest after the first try, which doubles with each; a part of it by chance, so that those
    /// who got into each other's way don't meet again.
    first_rest: Duration,
}

impl Retries {
    /// Where others only have to let go of a lock, for which SQLite waits itself.
    const LOCKS: Self = Self { tries: 3, first_rest: Duration::ZERO };
    /// Where several write at once.
    const COLLISIONS: Self = Self { tries: 8, first_rest: Duration::from_millis(4) };

    fn pause(self, tried: u32) {
        if self.first_rest > Duration::ZERO {
            let longest = self.first_rest * 2_u32.saturating_pow(tried);
            // Without chance all rest equally long, which is a pity and no more.
            let [part] = system_bytes().unwrap_or([u8::MAX]);
            std::thread::sleep(longest * u32::from(part) / u32::from(u8::MAX));
        }
    }
}

#[cfg(test)]
mod tests;
