//! The eyes on each answer: a span that holds all that is done for it, an id that reply and log
//! carry, how long each stage took, a line in the log, and counts.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use gmbot_backend::Timings;
use gmbot_client::wire;
use gmbot_engine::model::ids::hex;
use tracing::field::Empty;
use tracing::{Instrument as _, info, info_span, record_all, warn};

use crate::app::App;

/// The header that says how long each stage took, for browsers' developer tools and for scripts.
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");
/// The longest id that a caller may give a request.
const LONGEST_ID: usize = 64;
/// What is said instead of a path, a method or a code that is none of ours.
const OTHER: &str = "other";

tokio::task_local! {
    /// What is known of the answer that this task makes.
    static NOTED: RefCell<Noted>;
}

/// What is known of an answer while it is made.
#[derive(Debug, Default)]
struct Noted {
    timings: Timings,
    client: Option<String>,
    code: Option<&'static str>,
    /// Where a router below the server's own found it.
    route: Option<MatchedPath>,
}

/// Notes how long something took that was done for the answer at hand.
pub(crate) fn note_timings(timings: Timings) {
    NOTED.try_with(|noted| noted.borrow_mut().timings += timings).ok();
}

/// Notes whose key was found good.
pub(crate) fn note_client(client: &str) {
    NOTED.try_with(|noted| noted.borrow_mut().client = Some(client.to_owned())).ok();
}

/// Notes the code of the answer: a reply's, or a problem's.
pub(crate) fn note_code(code: &'static str) {
    NOTED.try_with(|noted| noted.borrow_mut().code = Some(code)).ok();
}

/// Notes the route of a request, for routers below the server's own.
#[cfg(feature = "web")]
pub(crate) async fn note_route(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    NOTED.try_with(|noted| noted.borrow_mut().route = route).ok();
    next.run(request).await
}

/// Looks on while a request is answered.
pub(crate) async fn observe(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let id = request_id(request.headers());
    let method = known(request.method());
    // Taken away: a router below would put its own route behind it.
    let route = request.extensions_mut().remove::<MatchedPath>();
    let span = info_span!(
        "request",
        request_id = id,
        otel.kind = "server",
        otel.name = format_args!("{method} {}", route.as_ref().map_or(OTHER, MatchedPath::as_str)),
        http.request.method = method,
        http.route = Empty,
        http.response.status_code = Empty,
        gmbot.client = Empty,
        gmbot.command = Empty,
        gmbot.code = Empty,
    );
    let answered = NOTED.scope(RefCell::default(), async {
        let response = next.run(request).await;
        (response, NOTED.with(RefCell::take))
    });
    let (mut response, noted) = answered.instrument(span.clone()).await;
    let took = begun.elapsed();
    let Noted { timings, client, code, route: below } = noted;
    let route = below.or(route);
    let route = route.as_ref().map_or(OTHER, MatchedPath::as_str);
    let (code, command) = (code.unwrap_or(""), timings.command.unwrap_or(""));
    let status = response.status().as_u16();
    app.metrics.answered(method, route, status, code, took);
    let known_client = client.is_some();
    let client = client.unwrap_or_default();
    record_all!(
        span,
        http.route = route,
        http.response.status_code = status,
        gmbot.client = client,
        gmbot.command = command,
        gmbot.code = code,
    );
    span.in_scope(|| {
        let ms = milliseconds(took);
        // The same words at two levels, so that failures can be looked for by their level.
        if response.status().is_server_error() {
            warn!(method, route, status, code, command, client, ms, "answered");
        } else {
            info!(method, route, status, code, command, client, ms, "answered");
        }
    });
    // How much work something made tells of things that a stranger may not see.
    let stages = known_client.then_some(&timings);
    let headers = response.headers_mut();
    for (name, text) in [
        (HeaderName::from_static(wire::REQUEST_ID), id),
        (SERVER_TIMING, server_timing(stages, took)),
    ] {
        // Both consist of visible ASCII.
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(name, value);
        }
    }
    response
}

/// The caller's id of a request if it is a plain one, or a new one.
fn request_id(headers: &HeaderMap) -> String {
    let plain = |letter: u8| letter.is_ascii_alphanumeric() || b"-_.".contains(&letter);
    let given = headers.get(wire::REQUEST_ID).and_then(|id| id.to_str().ok());
    let given = given.filter(|id| (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(plain));
    given.map_or_else(new_id, str::to_owned)
}

fn new_id() -> String {
    let mut bytes = [0; 8];
    // An id that is not new is better than no answer.
    getrandom::fill(&mut bytes).ok();
    hex(&bytes)
}

/// A method's name; whatever callers may make up has one name together.
fn known(method: &Method) -> &'static str {
    const KNOWN: [Method; 7] = [
        Method::GET,
        Method::POST,
        Method::HEAD,
        Method::OPTIONS,
        Method::PUT,
        Method::DELETE,
        Method::PATCH,
    ];
    const NAMES: [&str; 7] = ["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"];
    let known = KNOWN.iter().zip(NAMES).find(|(known, _)| *known == method);
    known.map_or(OTHER, |(_, name)| name)
}

/// A time as it is told: exact to the microsecond.
fn milliseconds(time: Duration) -> f64 {
    // Requests take no centuries: nothing is lost.
    time.as_micros() as f64 / 1e3
}

/// How long each stage took, in milliseconds. What did not happen is left out.
fn server_timing(stages: Option<&Timings>, total: Duration) -> String {
    let mut text = String::new();
    let mut stage = |name: &str, took: Duration| {
        if !took.is_zero() {
            let separator = if text.is_empty() { "" } else { ", " };
            let ms = milliseconds(took);
            // Writing to a text can't fail.
            write!(text, "{separator}{name};dur={ms}").ok();
        }
    };
    if let Some(timings) = stages {
        stage("queue", timings.queue);
        stage("parse", timings.parse);
        stage("access", timings.access);
        stage("rule", timings.rule);
        stage("statements", timings.statements);
        stage("commit", timings.commit);
    }
    stage("total", total);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_could_spoil_a_log_is_not_taken_over() {
        let given = |id: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(wire::REQUEST_ID, HeaderValue::from_str(id).unwrap());
            request_id(&headers)
        };
        let longest = "x".repeat(LONGEST_ID);
        for good in ["a", "8f14e45f-ceea_4.7", &longest] {
            assert_eq!(given(good), good);
        }
        for bad in ["", "a b", "a\"b", "a\tb", "a;b", &format!("{longest}x")] {
            let id = given(bad);
            assert_eq!(id.len(), 16, "{bad}");
        }
        assert_ne!(request_id(&HeaderMap::new()), request_id(&HeaderMap::new()));
    }

    #[test]
    fn stages_that_did_not_happen_are_left_out() {
        let ms = Duration::from_micros(1_250);
        let total = "total;dur=1.25";
        assert_eq!(server_timing(Some(&Timings::default()), ms), total);
        let timings = Timings { parse: ms, statements: ms, ran: 3, ..Timings::default() };
        let stages = "parse;dur=1.25, statements;dur=1.25";
        assert_eq!(server_timing(Some(&timings), ms), format!("{stages}, {total}"));
        assert_eq!(server_timing(None, ms), total, "a stranger is told no more");
    }

    #[test]
    fn methods_that_callers_make_up_share_a_name() {
        let made_up = Method::from_bytes(b"BREW").unwrap();
        assert_eq!([known(&Method::PATCH), known(&made_up)], ["PATCH", OTHER]);
    }
}
