//! The yardsticks: axum handlers that do nothing but read a row, or write the rows of a challenge
//! that were written down beforehand.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Path as InPath, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use gmbot_bench::Failure;
use gmbot_bench::bare::{Script, connect, write_groups};
use rusqlite::Connection;
use serde_json::Value;
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;

/// The one read.
const READ: &str = "SELECT body FROM wars WHERE id = ?1";

/// Where a read is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the handler: whatever else its thread has to do waits.
    Handler,
    /// On a thread on which it may block.
    Blocking,
}

/// Connections that are lent out.
#[derive(Debug)]
struct Pool {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

/// A server that reads a war's row.
pub(crate) fn reader(path: &Path, place: Place) -> Router {
    let pool = Arc::new(Pool { path: path.to_owned(), idle: Mutex::default() });
    let handler = async move |State(pool): State<Arc<Pool>>, InPath(id): InPath<String>| match place
    {
        Place::Handler => answer(StatusCode::OK, pool.read(&id).ok()),
        Place::Blocking => {
            let read = spawn_blocking(move || pool.read(&id).ok()).await;
            answer(StatusCode::OK, read.ok().flatten())
        }
    };
    Router::new().route("/api/v1/wars/{id}", get(handler)).with_state(pool)
}

impl Pool {
    fn read(&self, id: &str) -> Result<String, Failure> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let lent = idle().pop();
        let db = lent.map_or_else(|| connect(&self.path), Ok)?;
        let body = db.prepare_cached(READ)?.query_row([id], |row| row.get(0))?;
        idle().push(db);
        Ok(body)
    }
}

/// A script, and whom to tell when it is durable.
type Job = (Arc<Script>, oneshot::Sender<()>);

/// What requests are answered with, and the scripts that they stand for.
struct Challenges {
    scripts: Vec<Arc<Script>>,
    next: AtomicUsize,
    queue: Sender<Job>,
    answer: String,
}

/// A server that carries a script out for each request, at most so many in one transaction, and
/// answers when it is durable.
pub(crate) fn writer(path: &Path, scripts: &[Arc<Script>], group: usize, answer: &str) -> Router {
    let (queue, jobs) = channel();
    if let Some(first) = scripts.first().cloned() {
        let path = path.to_owned();
        std::thread::spawn(move || write(&path, &first, &jobs, group));
    }
    let (scripts, answer) = (scripts.to_vec(), answer.to_owned());
    let challenges = Arc::new(Challenges { scripts, next: AtomicUsize::new(0), queue, answer });
    Router::new().route("/createwar", post(create)).with_state(challenges)
}

/// Writes until the server is gone.
fn write(path: &Path, first: &Script, jobs: &Receiver<Job>, group: usize) {
    // Where a client is gone, wrk has ended; a failure shows as requests that fail.
    write_groups(path, first, jobs, group, |done: oneshot::Sender<()>| {
        done.send(()).ok();
    })
    .ok();
}

async fn create(State(challenges): State<Arc<Challenges>>, Json(_asked): Json<Value>) -> Response {
    let at = challenges.next.fetch_add(1, Ordering::Relaxed);
    let done = challenges.scripts.get(at).and_then(|script| {
        let (done, is_done) = oneshot::channel();
        challenges.queue.send((Arc::clone(script), done)).ok().map(|()| is_done)
    });
    let durable = match done {
        Some(done) => done.await.is_ok(),
        None => false,
    };
    answer(StatusCode::CREATED, durable.then(|| challenges.answer.clone()))
}

/// A body of JSON; none where something failed.
fn answer(status: StatusCode, body: Option<String>) -> Response {
    let Some(body) = body else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    (status, [(CONTENT_TYPE, "application/json")], body).into_response()
}
