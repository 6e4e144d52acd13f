//! The backend's calls block: they run on threads of their own, a bounded number at a time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gmbot_backend::{Timings, timed};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use tracing::Span;

use crate::observe::note_timings;
use crate::problem::Problem;

/// A bounded number of threads for calls that block.
#[derive(Debug, Clone)]
pub(crate) struct Pool {
    free: Arc<Semaphore>,
    patience: Duration,
}

impl Pool {
    pub(crate) fn new(workers: usize, patience: Duration) -> Self {
        Self { free: Arc::new(Semaphore::new(workers.max(1))), patience }
    }

    /// Runs a call to its end, even if nobody waits for it any more.
    pub(crate) async fn run<T, E>(
        &self,
        call: impl FnOnce() -> Result<T, E> + Send + 'static,
    ) -> Result<T, Problem>
    where
        T: Send + 'static,
        E: Into<Problem> + Send + 'static,
    {
        let came = Instant::now();
        let turn = timeout(self.patience, Arc::clone(&self.free).acquire_owned()).await;
        // The semaphore is never closed: what fails is the patience.
        let Ok(Ok(permit)) = turn else { return Err(Problem::Busy) };
        note_timings(Timings { queue: came.elapsed(), ..Timings::default() });
        let span = Span::current();
        let done = spawn_blocking(move || {
            let outcome = span.in_scope(|| timed(call));
            drop(permit);
            outcome
        });
        match done.await {
            Ok((outcome, timings)) => {
                note_timings(timings);
                outcome.map_err(Into::into)
            }
            Err(_panicked) => Err(Problem::Broken),
        }
    }
}
