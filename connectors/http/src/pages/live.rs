//! `GET /wars/{id}/changes?seen=MARK` and `GET /challenges/changes?game=N&seen=MARK`: tell an open page
//! what has changed, as server-sent events, for as long as something may.

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
use gmbot_engine::model::{GameId, WarId};
use serde::Deserialize;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{Instant, sleep_until};

use super::Site;
use super::challenges::{self, List};
use super::eyes::Eyes;
use super::failure::{Failure, NoPage};
use super::war::War;
use crate::problem::Problem;

/// How long changes are gathered: a page looks at most once in this time.
const GATHER: Duration = Duration::from_secs(1);
/// How often a connection on which nothing happens is tried.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How long a connection lasts at most; a browser makes another.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// What the page of a war shows.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OfWar {
    /// The state that the page shows.
    seen: Option<String>,
}

/// What the page of open challenges shows.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OfChallenges {
    /// Those at the game with this number.
    game: Option<u32>,
    /// The state that the page shows.
    seen: Option<String>,
}

/// What a page is about.
#[derive(Debug, Clone, Copy)]
enum Subject {
    War(WarId),
    Challenges(Option<GameId>),
}

/// The part of a page that changes.
struct Part {
    html: String,
    /// What tells this state from others.
    mark: String,
    /// Whether it changes no more.
    over: bool,
}

/// A page that is told what changes.
struct Listener {
    site: Arc<Site>,
    subject: Subject,
    /// The state that the page shows.
    seen: Option<String>,
    /// Whether the page was told the last there is to tell.
    over: bool,
    /// When its subject was last looked at.
    looked: Instant,
    until: Instant,
    changes: watch::Receiver<u64>,
    closing: watch::Receiver<bool>,
    _turn: OwnedSemaphorePermit,
}

#[utoipa::path(
    get, path = "/wars/{id}/changes", tag = "pages", security(()), operation_id = "page_live",
    params(("id" = String, Path, description = "the war"), OfWar),
    responses(
        (status = 200, description = "each change to a public war, until it is over", content_type = "text/event-stream", body = String),
        (status = 204, description = "it is over, and that was told"),
        NoPage
    )
)]
pub(super) async fn war(
    State(site): State<Arc<Site>>,
    id: Result<Path<WarId>, PathRejection>,
    params: Result<Asked<OfWar>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let (Ok(Path(id)), Ok(Asked(OfWar { seen }))) = (id, params) else {
        return Err(Failure::Nothing);
    };
    tell(site, Subject::War(id), seen, &headers).await
}

#[utoipa::path(
    get, path = "/challenges/changes", tag = "pages", security(()),
    operation_id = "page_challenges_live", params(OfChallenges),
    responses(
        (status = 200, description = "each change to the newest open challenges", content_type = "text/event-stream", body = String),
        NoPage
    )
)]
pub(super) async fn challenges(
    State(site): State<Arc<Site>>,
    params: Result<Asked<OfChallenges>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let Ok(Asked(OfChallenges { game, seen })) = params else { return Err(Failure::Nothing) };
    tell(site, Subject::Challenges(game.map(GameId)), seen, &headers).await
}

async fn tell(
    site: Arc<Site>,
    subject: Subject,
    seen: Option<String>,
    headers: &HeaderMap,
) -> Result<Response, Failure> {
    // A browser that connects again says what it was told last.
    let told = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    let turn = Arc::clone(&site.listeners).try_acquire_owned().map_err(|_full| Problem::Busy)?;
    let mut listener = Listener {
        changes: site.app.changes.clone(),
        closing: site.app.closing.clone(),
        site,
        subject,
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

    /// The subject as it stands, unless that is what the page shows.
    async fn look(&mut self) -> Result<Option<Event>, Failure> {
        // What changes from here on is looked at later.
        self.changes.borrow_and_update();
        self.looked = Instant::now();
        let subject = self.subject;
        let Part { html, mark, over } = self.site.read(move |eyes| subject.look(eyes)).await?;
        self.over = over;
        if self.seen.as_ref() == Some(&mark) {
            return Ok(None);
        }
        self.seen = Some(mark.clone());
        Ok(Some(Event::default().event("changed").id(mark).data(html)))
    }
}

impl Subject {
    fn look(self, eyes: &Eyes<'_>) -> Result<Part, Failure> {
        let (html, mark, over) = match self {
            Self::War(id) => {
                let seen = eyes.war(id)?.ok_or(Failure::Nothing)?;
                (War::from(&seen).render(), War::mark(&seen), seen.line.phase.is_ended())
            }
            Self::Challenges(game) => {
                let seen = challenges::open(eyes, game, None)?;
                (List::of(&seen, game).render(), List::mark(&seen), false)
            }
        };
        Ok(Part { html: html.map_err(|_error| Problem::Broken)?, mark, over })
    }
}
