//! The thread that hears of what other processes committed, where the database tells of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use gmbot_store::Connection;

use crate::BackendError;
use crate::watch::Watchers;

/// How long it waits at a time: so late does it notice that it is to end.
const NAP: Duration = Duration::from_millis(500);

/// A handle on the thread. Dropping it waits until the thread has ended.
pub(crate) struct Listener {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Listener {
    /// Starts the thread, which tells watchers of each commit that it hears of; `db` is a connection of
    /// its own, since nothing else can be done on one that waits.
    pub(crate) fn start(watchers: Arc<Watchers>, db: Connection) -> Result<Self, BackendError> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let listen = move || {
            while !stopped.load(Ordering::SeqCst) {
                match db.wait_for_others(NAP) {
                    Ok(true) => watchers.notify(),
                    Ok(false) => {}
                    // The scheduler looks by itself meanwhile, and says what is wrong.
                    Err(_) => std::thread::sleep(NAP),
                }
            }
        };
        let thread = std::thread::Builder::new()
            .name("gmbot-listener".to_owned())
            .spawn(listen)
            .map_err(|error| BackendError::NoThread(error.to_string()))?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            // It has nothing to tell when it ends.
            thread.join().ok();
        }
    }
}
