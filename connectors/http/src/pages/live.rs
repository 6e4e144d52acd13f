//! `GET /wars/{id}/changes?seen=MARK`: tells a war's page what has changed, as server-sent events, until
//! the war is over.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use askama::Template as _;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query as Asked, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use gmbot_engine::model::WarId;
use serde::Deserialize;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{Instant, sleep_until};

use super::Site;
use super::failure::{Failure, NoPage};
use super::war::War;
use crate::problem::Problem;

/// How long changes are gathered: a war is looked at at most once in this time.
const GATHER: Duration = Duration::from_secs(1);
/// How often a connection on which nothing happens is tried.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How long a connection lasts at most; a browser makes another.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// What the page shows.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Params {
    /// The state that the page shows.
    seen: Option<String>,
}

/// A page that is told what changes.
struct Listener {
    site: Arc<Site>,
    war: WarId,
    /// The state that the page shows.
    seen: Option<String>,
    /// Whether the page was told the last there is to tell.
    over: bool,
    /// When the war was last looked at.
    looked: Instant,
    until: Instant,
    changes: watch::Receiver<u64>,
    closing: watch::Receiver<bool>,
    _turn: OwnedSemaphorePermit,
}

#[utoipa::path(
    get, path = "/wars/{id}/changes", tag = "pages", security(()), operation_id = "page_live",
    params(("id" = String, Path, description = "the war"), Params),
    responses(
        (status = 200, description = "each change to a public war, until it is over", content_type = "text/event-stream", body = String),
        (status = 204, description = "it is over, and that was told"),
        NoPage
    )
)]
pub(super) async fn changes(
    State(site): State<Arc<Site>>,
    id: Result<Path<WarId>, PathRejection>,
    params: Result<Asked<Params>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let (Ok(Path(war)), Ok(Asked(Params { seen }))) = (id, params) else {
        return Err(Failure::Nothing);
    };
    // A browser that connects again says what it was told last.
    let told = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    let turn = Arc::clone(&site.listeners).try_acquire_owned().map_err(|_full| Problem::Busy)?;
    let mut listener = Listener {
        changes: site.app.changes.clone(),
        closing: site.app.closing.clone(),
        site,
        war,
        seen: told.or(seen),
        over: false,
        looked: Instant::now(),
        until: Instant::now() + LONGEST,
        _turn: turn,
    };
    let first = listener.look().await?;
    if listener.over && first.is_none() {
        // With this status a browser does not connect again.
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let events = stream::unfold((listener, first), |(mut listener, first)| async move {
        let event = match first {
            Some(event) => event,
            None => listener.next().await?,
        };
        Some((Ok::<_, Infallible>(event), (listener, None)))
    });
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    Ok(Sse::new(events).keep_alive(keep_alive).into_response())
}

impl Listener {
    /// The next change, once there is one; none when nothing more is told on this connection.
    async fn next(&mut self) -> Option<Event> {
        while !self.over {
            tokio::select! {
                changed = self.changes.changed() => changed.ok()?,
                _closed = self.closing.wait_for(|closing| *closing) => return None,
                () = sleep_until(self.until) => return None,
            }
            sleep_until(self.looked + GATHER).await;
            if let Some(event) = self.look().await.ok()? {
                return Some(event);
            }
        }
        None
    }

    /// The war as it stands, unless that is what the page shows.
    async fn look(&mut self) -> Result<Option<Event>, Failure> {
        // What changes from here on is looked at later.
        self.changes.borrow_and_update();
        self.looked = Instant::now();
        let id = self.war;
        let war = self.site.read(move |eyes| eyes.war(id)?.ok_or(Failure::Nothing)).await?;
        self.over = war.line.phase.is_ended();
        let mark = War::mark(&war);
        if self.seen.as_ref() == Some(&mark) {
            return Ok(None);
        }
        let html = War::from(&war).render().map_err(|_error| Problem::Broken)?;
        self.seen = Some(mark.clone());
        Ok(Some(Event::default().event("war").id(mark).data(html)))
    }
}
