//! The backend's calls block: they run on threads of their own, a bounded number at a time.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

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
        let turn = timeout(self.patience, Arc::clone(&self.free).acquire_owned()).await;
        // The semaphore is never closed: what fails is the patience.
        let Ok(Ok(permit)) = turn else { return Err(Problem::Busy) };
        let done = spawn_blocking(move || {
            let outcome = call();
            drop(permit);
            outcome
        });
        match done.await {
            Ok(outcome) => outcome.map_err(Into::into),
            Err(_panicked) => Err(Problem::Broken),
        }
    }
}
