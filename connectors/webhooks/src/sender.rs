//! The threads that send: one that looks what waits, and one for each webhook while something waits
//! for it, so that a receiver that is slow holds up nobody else.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle, Scope};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use gmbot_backend::{Backend as _, BackendError, Local, Message};
use tracing::{debug, warn};
use ureq::Agent;

use crate::signature::sign;
use crate::target::Target;

/// How long a receiver may take for its answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the first thread rests where nothing happens, so that it sees what another process did.
const NAP: Duration = Duration::from_secs(1);
/// To how many webhooks something is sent at a time.
const AT_ONCE: usize = 32;

/// A handle on the threads. Dropping it waits until what is being sent has been answered or given up.
pub struct Sender {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Sender {
    /// Starts to send what waits in a backend.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(backend: Arc<Local>) -> Result<Self, BackendError> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = Builder::new()
            .name("gmbot-webhooks".to_owned())
            .spawn(move || {
                let changes = backend.watch();
                Sending::new(backend, stopped).go(&changes);
            })
            .map_err(|error| BackendError::NoThread(error.to_string()))?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

/// What the threads share.
struct Sending {
    backend: Arc<Local>,
    agent: Agent,
    stop: Arc<AtomicBool>,
    /// The webhooks that have a thread.
    busy: Mutex<BTreeSet<String>>,
}

impl Sending {
    fn new(backend: Arc<Local>, stop: Arc<AtomicBool>) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .user_agent(concat!("gmbot/", env!("CARGO_PKG_VERSION")))
            .build();
        Self { backend, agent: config.into(), stop, busy: Mutex::default() }
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    fn busy(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn go(&self, changes: &Receiver<()>) {
        std::thread::scope(|scope| {
            while !self.is_stopped() {
                if let Err(error) = self.round(scope) {
                    warn!(%error, "webhooks can't be sent now");
                }
                changes.recv_timeout(NAP).ok();
            }
        });
    }

    /// Gives each webhook a thread for which something waits, and which has none.
    fn round<'s>(&'s self, scope: &'s Scope<'s, '_>) -> Result<(), BackendError> {
        self.backend.make_messages()?;
        for webhook in self.backend.webhooks_due()? {
            let mut busy = self.busy();
            if busy.len() >= AT_ONCE || !busy.insert(webhook.clone()) {
                continue;
            }
            drop(busy);
            let name = "gmbot-webhook".to_owned();
            let begun = Builder::new().name(name).spawn_scoped(scope, {
                let webhook = webhook.clone();
                move || {
                    if let Err(error) = self.send_to(&webhook) {
                        warn!(%error, webhook, "a webhook can't be sent to now");
                    }
                    self.busy().remove(&webhook);
                }
            });
            if let Err(error) = begun {
                self.busy().remove(&webhook);
                return Err(BackendError::NoThread(error.to_string()));
            }
        }
        Ok(())
    }

    /// Sends a webhook all that can be sent to it now, one message after another.
    fn send_to(&self, webhook: &str) -> Result<(), BackendError> {
        while !self.is_stopped() {
            let Some(message) = self.backend.take_message(webhook)? else { break };
            let outcome = self.post(&message);
            debug!(id = message.id, url = message.url, ?outcome, "sent to a webhook");
            self.backend.note_message(&message, outcome)?;
        }
        Ok(())
    }

    /// Posts a message; an answer that is no success is a failure, and says why.
    fn post(&self, message: &Message) -> Result<(), String> {
        let Message { id, url, secret, body, .. } = message;
        // The file may have been changed by hand.
        url.parse::<Target>().map_err(|error| error.to_string())?;
        let timestamp = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let signature = sign(secret.expose(), id, timestamp, body);
        let signature = signature.ok_or("its secret can't be read; remove it and make another")?;
        let answer = self
            .agent
            .post(url)
            .content_type("application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp.to_string())
            .header("webhook-signature", signature)
            .send(body.as_str());
        match answer {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => Err(format!("it answered {}", answer.status())),
            Err(error) => Err(error.to_string()),
        }
    }
}
