//! The thread that sends.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use gmbot_backend::{Backend as _, BackendError, Local, Message};
use tracing::{debug, warn};
use ureq::Agent;

use crate::signature::sign;
use crate::target::Target;

/// How long a receiver may take for its answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the thread rests where nothing happens, so that it sees what another process did.
const NAP: Duration = Duration::from_secs(1);
/// How many messages are taken at a time: together they take less than they are held for.
const AT_ONCE: usize = 5;

/// A handle on the thread. Dropping it waits until what is being sent has been answered or given up.
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
        let thread = std::thread::Builder::new()
            .name("gmbot-webhooks".to_owned())
            .spawn(move || Rounds::new(backend, stopped).go())
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

/// What the thread owns.
struct Rounds {
    backend: Arc<Local>,
    changes: Receiver<()>,
    agent: Agent,
    stop: Arc<AtomicBool>,
}

impl Rounds {
    fn new(backend: Arc<Local>, stop: Arc<AtomicBool>) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .user_agent(concat!("gmbot/", env!("CARGO_PKG_VERSION")))
            .build();
        Self { changes: backend.watch(), backend, agent: config.into(), stop }
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    fn go(self) {
        while !self.is_stopped() {
            if let Err(error) = self.round() {
                warn!(%error, "webhooks can't be sent now");
            }
            self.changes.recv_timeout(NAP).ok();
        }
    }

    /// Sends all that can be sent now.
    fn round(&self) -> Result<(), BackendError> {
        self.backend.make_messages()?;
        while !self.is_stopped() {
            let messages = self.backend.take_messages(AT_ONCE)?;
            if messages.is_empty() {
                return Ok(());
            }
            for message in messages {
                let outcome = self.post(&message);
                debug!(id = message.id, url = message.url, ?outcome, "sent to a webhook");
                self.backend.note_message(&message, outcome)?;
            }
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
