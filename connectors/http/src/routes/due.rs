//! `GET /api/v1/outbox/due`: says when notices are due for the key's platform, as server-sent events,
//! so that connectors need not ask all the time.
//!
//! What is told follows from how things stand: a connection begins with an event where something is
//! due, so whoever connects again has missed nothing, and events need no ids.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use gmbot_backend::Scope;
use gmbot_client::wire::path;
use gmbot_engine::model::Platform;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{Instant, sleep_until};

use crate::app::App;
use crate::caller::Caller;
use crate::document::Due;
use crate::problem::Problem;

/// How long changes are gathered: the outbox is looked at at most once in this time.
const GATHER: Duration = Duration::from_millis(100);
/// How often a connection on which nothing happens is tried.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How long a connection lasts at most: a key that was revoked in between is found out then.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// A connector that listens.
struct Listener {
    app: Arc<App>,
    platform: Platform,
    /// When the outbox was last looked at.
    looked: Instant,
    /// When something will be due, as far as is known.
    next: Instant,
    until: Instant,
    changes: watch::Receiver<u64>,
    closing: watch::Receiver<bool>,
    _turn: OwnedSemaphorePermit,
}

/// Tells what is due, until the server stops.
#[utoipa::path(
    get, path = path::DUE, tag = "connectors", operation_id = "due",
    responses((
        status = 200, description = "an event `due` whenever notices can be claimed",
        content_type = "text/event-stream", body = Due
    ))
)]
pub(crate) async fn tell(State(app): State<Arc<App>>, caller: Caller) -> Result<Response, Problem> {
    caller.needs(Scope::Trusted, "deliver notices")?;
    let turn = Arc::clone(&app.listeners).try_acquire_owned().map_err(|_full| Problem::Busy)?;
    let now = Instant::now();
    let listener = Listener {
        platform: caller.origin().namespace(),
        looked: now,
        next: now,
        until: now + LONGEST,
        changes: app.changes.clone(),
        closing: app.closing.clone(),
        app,
        _turn: turn,
    };
    let events = stream::unfold(listener, |mut listener| async move {
        let event = listener.due().await?;
        Some((Ok::<_, Infallible>(event), listener))
    });
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    Ok(Sse::new(events).keep_alive(keep_alive).into_response())
}

impl Listener {
    /// Waits until something is due; none when nothing more is told on this connection.
    async fn due(&mut self) -> Option<Event> {
        loop {
            tokio::select! {
                changed = self.changes.changed() => changed.ok()?,
                () = sleep_until(self.next) => {}
                _closed = self.closing.wait_for(|closing| *closing) => return None,
                () = sleep_until(self.until) => return None,
            }
            sleep_until(self.looked + GATHER).await;
            if self.look().await? {
                return Some(Event::default().event("due").data("{}"));
            }
        }
    }

    /// Whether something is due now; if not, when it will be. None where the backend fails: the
    /// connector connects again.
    async fn look(&mut self) -> Option<bool> {
        // What changes from here on is looked at later.
        self.changes.borrow_and_update();
        self.looked = Instant::now();
        let platform = self.platform.clone();
        let wait = self.app.ask(move |backend| backend.until_notice(&platform)).await.ok()?;
        let is_due = wait.is_some_and(|wait| wait.0 == 0);
        // Once told, it is told again at the next change.
        self.next = match wait.and_then(|wait| u64::try_from(wait.0).ok()) {
            Some(ms) if !is_due => (self.looked + Duration::from_millis(ms)).min(self.until),
            _ => self.until,
        };
        Some(is_due)
    }
}
