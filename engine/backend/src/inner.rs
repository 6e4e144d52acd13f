//! What the backend's parts share, and the two ways of a request: beside the writer, or through it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use gmbot_engine::Reply;
use gmbot_engine::grammar::{Kind, kind_of};
use gmbot_engine::model::AtMs;
use gmbot_engine::request::{Input, Request};
use gmbot_engine::rules;
use gmbot_store::{Address, Clock, Connection};
use tracing::{error, info};

use crate::BackendError;
use crate::entropy::Entropy;
use crate::faults::Failing;
use crate::metrics::Metrics;
use crate::observing::Course;
use crate::options::Options;
use crate::panics::guarded;
use crate::readers::Readers;
use crate::submission::Submission;
use crate::time::Time;
use crate::timing::{note, since, timed};
use crate::watch::Watchers;
use crate::writer::{Database, News, Writer};

/// What the backend's parts share.
pub(crate) struct Inner {
    /// How another backend reaches the same database.
    pub(crate) address: Address,
    pub(crate) clock: Clock,
    pub(crate) time: Arc<Time>,
    pub(crate) entropy: Entropy,
    pub(crate) readers: Readers,
    pub(crate) writer: Writer<Connection>,
    pub(crate) watchers: Arc<Watchers>,
    pub(crate) metrics: Option<Arc<Metrics>>,
    /// What the scheduler last failed at.
    trouble: Mutex<Option<BackendError>>,
}

impl Inner {
    /// Starts to write to an open database, with readers beside it. `metrics` count what is done.
    pub(crate) fn start(
        db: Connection,
        options: &Options,
        metrics: Option<Arc<Metrics>>,
    ) -> Result<Self, BackendError> {
        let (address, clock) = (db.address().clone(), db.clock()?);
        let (time, entropy) = match clock {
            Clock::System => (Time::System, Entropy::System),
            Clock::Manual => {
                // It goes on where it stood; nobody has to remember the time of a rehearsal.
                (Time::manual(db.last_at()?.unwrap_or(AtMs(0))), Entropy::seeded(db.seed()?))
            }
        };
        let (time, watchers) = (Arc::new(time), Arc::<Watchers>::default());
        let readers = Readers::open(&db, options.readers)?;
        let told = Arc::clone(&watchers);
        let dbs = writing(db, options)?;
        let writer = Writer::start(dbs, Arc::clone(&time), metrics.clone(), move || told.notify())?;
        let trouble = Mutex::new(None);
        Ok(Self { address, clock, time, entropy, readers, writer, watchers, metrics, trouble })
    }

    /// Carries a request out, or answers it.
    pub(crate) fn submit(&self, request: Request) -> Result<Option<Reply>, BackendError> {
        let Some(metrics) = &self.metrics else { return self.submit_uncounted(request) };
        let otherwise = if matches!(request.input, Input::Fact(_)) { "fact" } else { "none" };
        let begun = Instant::now();
        let (outcome, timings) = timed(|| self.submit_uncounted(request));
        note(|noted| *noted += timings);
        metrics.request(timings.command.unwrap_or(otherwise), &outcome, since(begun));
        outcome
    }

    fn submit_uncounted(&self, request: Request) -> Result<Option<Reply>, BackendError> {
        if guarded(|| Ok(kind_of(&request.input) == Kind::Query))? {
            self.answer(&request)
        } else {
            self.carry_out(request)
        }
    }

    /// Deletes what is past its time.
    pub(crate) fn sweep(&self) -> Result<(), BackendError> {
        self.writer.call(News::Quiet, |db, now| db.sweep(now))
    }

    /// Keeps what the scheduler failed at, since nobody waits for it, and logs it once.
    pub(crate) fn note_trouble(&self, outcome: Result<(), BackendError>) {
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        let now = outcome.err();
        if *trouble == now {
            return;
        }
        match &now {
            Some(error) => error!(%error, "what is due can't be run"),
            None => info!("what is due can be run again"),
        }
        *trouble = now;
    }

    /// What the scheduler last failed at, until it succeeds again.
    pub(crate) fn trouble(&self) -> Option<BackendError> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Answers without writing, beside the writer.
    fn answer(&self, request: &Request) -> Result<Option<Reply>, BackendError> {
        let now = self.time.now();
        self.readers.read(|db| {
            let mut reply = rules::answer(db.as_read(), request, now, &Course::default())?;
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
        self.writer.call(News::Tell, move |db, now| submission.carry_out(db, now))
    }
}

/// The connections that write: one, or as many as are asked for where the database lets several.
/// One that is to fail is alone, so that it is known which fails.
fn writing(
    db: Connection,
    options: &Options,
) -> Result<Vec<Box<dyn Database<Connection>>>, BackendError> {
    if let Some(faults) = &options.faults {
        return Ok(vec![Box::new(Failing::new(db, faults.clone()))]);
    }
    let mut dbs: Vec<Box<dyn Database<Connection>>> = Vec::new();
    if db.address().is_shared() {
        for _ in 1..options.writers {
            dbs.push(Box::new(db.another()?));
        }
    }
    dbs.push(Box::new(db));
    Ok(dbs)
}
