//! The way to the backend, which blocks, from a connector, which must not.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use gmbot_backend::{Backend, BackendError};
use gmbot_engine::Reply;
use gmbot_engine::request::Request;
use tokio::sync::Notify;

use crate::time::now_ms;

/// How long delivery rests when nothing wakes it: then it looks for what had to wait.
const REST: Duration = Duration::from_secs(5);
/// How often the thread that follows the backend looks whether anybody listens to it.
const LOOK: Duration = Duration::from_secs(1);

/// The way to the backend.
pub struct Way {
    backend: Arc<dyn Backend>,
    /// Wakes whoever delivers.
    news: Notify,
    /// The last moment that was given out as a key, in milliseconds since 1970.
    last_ms: AtomicI64,
}

impl Way {
    /// The way to a backend.
    pub fn to(backend: Arc<dyn Backend>) -> Self {
        Self { backend, news: Notify::new(), last_ms: AtomicI64::new(0) }
    }

    /// Asks the backend, which blocks, on a thread that may be blocked.
    ///
    /// # Errors
    /// When the world outside of the backend failed.
    pub async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Backend) -> Result<T, BackendError> + Send + 'static,
    ) -> Result<T, BackendError> {
        let backend = Arc::clone(&self.backend);
        let asked = tokio::task::spawn_blocking(move || question(&*backend)).await;
        asked.unwrap_or_else(|panic| Err(BackendError::Panicked(panic.to_string())))
    }

    /// Submits a request; again, with the same key, while the world outside of the backend fails.
    ///
    /// # Errors
    /// When it went on failing.
    pub async fn submit(&self, request: Request) -> Result<Option<Reply>, BackendError> {
        let again = ExponentialBuilder::default()
            .with_jitter()
            .with_min_delay(Duration::from_millis(50))
            .with_max_times(4);
        let submit = || {
            let request = request.clone();
            self.ask(move |backend| backend.submit(request))
        };
        let reply = submit.retry(again).when(passes).await;
        self.wake();
        reply
    }

    /// Wakes whoever delivers.
    pub fn wake(&self) {
        self.news.notify_one();
    }

    /// Waits until something may have changed, or it is time to look anyway.
    pub(crate) async fn rest(&self) {
        tokio::time::timeout(REST, self.news.notified()).await.ok();
    }

    /// Wakes delivery when something may have changed, from a thread of this name that ends with the
    /// way.
    pub fn follow(self: &Arc<Self>, thread: &str) {
        let changes = self.backend.watch();
        let way = Arc::downgrade(self);
        let follow = move || {
            while let Some(way) = way.upgrade() {
                match changes.recv_timeout(LOOK) {
                    Ok(()) => way.wake(),
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        };
        let spawned = std::thread::Builder::new().name(thread.to_owned()).spawn(follow);
        // Without the thread notices wait until delivery looks by itself.
        drop(spawned);
    }

    /// A moment in milliseconds since 1970 that is given out once: a key for what a platform does
    /// not number.
    pub fn moment_ms(&self) -> i64 {
        let now = now_ms();
        let before = self.last_ms.fetch_max(now, Ordering::Relaxed);
        if before < now { now } else { self.last_ms.fetch_add(1, Ordering::Relaxed) + 1 }
    }
}

/// Whether the same may succeed a moment later.
fn passes(error: &BackendError) -> bool {
    match error {
        BackendError::Store(_) | BackendError::Unreachable { .. } => true,
        BackendError::Stopped
        | BackendError::UnknownToken
        | BackendError::Panicked(_)
        | BackendError::SystemClock
        | BackendError::NoEntropy(_)
        | BackendError::Denied(_)
        | BackendError::NoThread(_) => false,
    }
}
