//! What is seen of each request: its id, how long its stages took, spans, counts.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

use gmbot_backend::{Clock, Fault, Faults, Options, Point, Scope};
use gmbot_engine::model::DurationMs;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{Layer, Registry};

use crate::served::{PATIENCE, Response, START, Served, settings};

const CREATE: &str = r#"{"server": {"id": "S1", "name": "One"}, "players":
    [{"id": "P1", "name": "Ann", "role": "member"}], "game": 4, "duration": "12h"}"#;

/// The stages of an answer with their times in milliseconds, as the header tells them.
fn stages(answer: &Response) -> BTreeMap<String, f64> {
    let header = answer.header("server-timing").expect("each answer has it");
    let stage = |stage: &str| {
        let (name, took) = stage.split_once(";dur=").expect("a name and a time");
        (name.to_owned(), took.parse().expect("a number"))
    };
    header.split(", ").map(stage).collect()
}

#[test]
fn each_answer_says_how_long_its_stages_took() {
    let served = Served::new();
    let bff = served.caller("bff", "discord", Scope::Trusted);
    let names = |answer: &Response| stages(answer).into_keys().collect::<Vec<_>>();
    let made = bff.post("/createwar", CREATE);
    let all = ["access", "commit", "parse", "queue", "rule", "statements", "total"];
    assert_eq!((made.status, names(&made)), (201, all.map(str::to_owned).to_vec()));
    let stages = stages(&made);
    let inside = stages["parse"] + stages["access"] + stages["rule"] + stages["commit"];
    assert!(inside <= stages["total"], "{stages:?}");
    let listed = bff.post("/games", "{}");
    assert!(!names(&listed).contains(&"commit".to_owned()), "{listed:?}");
    for path in ["/healthz", "/api/v1/wars", "/nothing/there"] {
        let answer = served.call("GET", path, "", "");
        assert_eq!(names(&answer), ["total"], "strangers are told no more: {answer:?}");
    }
}

#[test]
fn each_answer_carries_an_id_the_callers_if_it_has_one() {
    let served = Served::new();
    let bff = served.caller("bff", "discord", Scope::Act);
    let own = bff.post_with("x-request-id: m-17\r\n", "/games", "{}");
    assert_eq!(own.header("x-request-id"), Some("m-17"));
    let (one, other) = (served.call("GET", "/healthz", "", ""), bff.post("/creatwar", "{}"));
    let id = |answer: &Response| answer.header("x-request-id").expect("it has one").to_owned();
    assert_ne!(id(&one), id(&other));
}

#[test]
fn what_was_done_is_counted_by_command_and_code() {
    let served = Served::new();
    let bff = served.caller("bff", "discord", Scope::Trusted);
    let watcher = served.caller("prometheus", "metrics", Scope::Read);
    for body in [CREATE, CREATE, "{}"] {
        bff.post("/createwar", body);
    }
    bff.post("/line", r#"{"text": "gmbot games"}"#);
    bff.post("/line", r#"{"text": "good morning"}"#);
    served.call("POST", "/createwar", "", "{}");
    served.call("BREW", "/coffee", "", "");
    let bearer = format!("authorization: Bearer {}\r\n", watcher.key);
    let scraped = served.call("GET", "/metrics", &bearer, "");
    assert_eq!(scraped.status, 200, "{scraped:?}");
    assert_eq!(scraped.header("content-type"), Some("text/plain; version=0.0.4"));
    for line in [
        "gmbot_requests_total{code=\"WAR_CREATED\",command=\"createwar\"} 2",
        "gmbot_requests_total{code=\"E_MISSING_PARAMETER\",command=\"createwar\"} 1",
        "gmbot_requests_total{code=\"GAMES\",command=\"games\"} 1",
        "gmbot_requests_total{code=\"NOT_FOR_BOT\",command=\"none\"} 1",
        "gmbot_request_duration_seconds_count{command=\"createwar\"} 3",
        "gmbot_statement_duration_seconds_count{statement=\"SAVE_WAR\"} 2",
        "gmbot_group_size_sum 5",
        "gmbot_commit_duration_seconds_count 5",
        "gmbot_queue_length 0",
        "gmbot_outbox_notices 0",
        "gmbot_outbox_oldest_age_seconds 0",
        "gmbot_outbox_parked_notices 0",
        "gmbot_http_requests_total{code=\"WAR_CREATED\",method=\"POST\",route=\"/{command}\",\
         status=\"201\"} 2",
        "gmbot_http_requests_total{code=\"E_NO_KEY\",method=\"POST\",route=\"/{command}\",\
         status=\"401\"} 1",
        "gmbot_http_requests_total{code=\"E_METHOD\",method=\"other\",route=\"/{command}\",\
         status=\"405\"} 1",
        "gmbot_http_request_duration_seconds_count{route=\"/line\"} 2",
    ] {
        assert!(scraped.body.lines().any(|found| found == line), "{line}\n{}", scraped.body);
    }
    // Those of the calls before may not have ended yet.
    assert!(scraped.body.lines().any(|found| found.starts_with("gmbot_http_connections ")));
    for secret in [&bff.key, &watcher.key, "Ann", "P1", "good morning"] {
        assert!(!scraped.body.contains(secret), "{secret}");
    }
}

#[test]
fn counts_are_for_who_has_a_key() {
    let served = Served::new();
    let watcher = served.caller("prometheus", "metrics", Scope::Read);
    assert_eq!(watcher.get("/metrics").status, 200, "the usual headers do as well");
    for (headers, code) in [
        (String::new(), "E_NO_KEY"),
        ("authorization: Bearer gmbot_a_b\r\n".to_owned(), "E_UNKNOWN_KEY"),
        ("authorization: Basic Z21ib3Q=\r\n".to_owned(), "E_UNKNOWN_KEY"),
        (format!("client: other\r\nx-api-key: {}\r\n", watcher.key), "E_OTHER_CLIENT"),
    ] {
        let refused = served.call("GET", "/metrics", &headers, "");
        assert_eq!(refused.code(), code, "{headers}");
    }
    let bearer = format!("authorization: Bearer {}\r\n", watcher.key);
    let elsewhere = served.call("GET", "/api/v1/games", &bearer, "");
    assert_eq!(elsewhere.code(), "E_NO_KEY", "a bearer's key is for counts alone");
}

#[test]
fn a_server_that_can_not_write_is_alive_and_not_ready() {
    let faults = Faults::default();
    let backend = Options::memory().with_new_clock(Clock::Manual).with_faults(&faults);
    let backend = backend.with_scheduler().with_metrics().open().unwrap();
    backend.set_now(START).unwrap();
    let served = Served::over(Arc::new(backend), settings());
    let bff = served.caller("bff", "discord", Scope::Trusted);
    assert_eq!(served.call("GET", "/readyz", "", "").status, 200);
    faults.set(Some(Fault::Crash(Point::Begin)));
    let failed = bff.post("/createwar", CREATE);
    assert_eq!((failed.status, failed.code().as_str()), (503, "E_UNAVAILABLE"));
    assert!(
        failed.header("x-request-id").is_some() && !failed.body.contains("crash"),
        "{failed:?}"
    );
    // The scheduler finds out with the next thing that it has to write.
    served.backend.set_now(START + DurationMs::hours(2)).unwrap();
    let begun = Instant::now();
    while served.call("GET", "/readyz", "", "").status == 200 {
        assert!(begun.elapsed() < PATIENCE, "it is still said to be ready");
    }
    assert_eq!(served.call("GET", "/healthz", "", "").status, 200);
    let scraped = bff.get("/metrics").body;
    let counted = "gmbot_requests_total{code=\"FAILED\",command=\"none\"} 1";
    assert!(scraped.lines().any(|line| line == counted), "{scraped}");
}

/// A span as it was opened.
struct Opened {
    /// The place of the span around it.
    parent: Option<usize>,
    /// Its name, or that of its statement.
    name: String,
    /// The id of the request that it is the span of.
    request: Option<String>,
}

/// All spans of this process, in the order in which they were opened.
static OPENED: Mutex<Vec<Opened>> = Mutex::new(Vec::new());

/// Keeps spans; each knows its place.
struct Keeper;

impl<S: tracing::Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Keeper {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let span = context.span(id).expect("it was opened just now");
        let place = |span: tracing_subscriber::registry::SpanRef<'_, S>| {
            span.extensions().get::<usize>().copied()
        };
        let parent = span.parent().and_then(place);
        let mut opened = Opened { parent, name: span.name().to_owned(), request: None };
        attributes.record(&mut opened);
        let mut all = OPENED.lock().unwrap();
        span.extensions_mut().insert(all.len());
        all.push(opened);
    }
}

impl Visit for Opened {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "request_id" => self.request = Some(value.to_owned()),
            "otel.name" => value.clone_into(&mut self.name),
            _ => {}
        }
    }

    fn record_debug(&mut self, _field: &Field, _value: &dyn std::fmt::Debug) {}
}

/// What lies directly inside the spans of a place, in order.
fn inside(all: &[Opened], place: usize) -> Vec<(usize, &str)> {
    let spans = all.iter().enumerate().filter(|(_, span)| span.parent == Some(place));
    spans.map(|(place, span)| (place, span.name.as_str())).collect()
}

#[test]
fn a_requests_span_holds_its_stages_and_they_hold_their_statements() {
    static KEPT: OnceLock<()> = OnceLock::new();
    KEPT.get_or_init(|| {
        let registry = Registry::default().with(Keeper);
        tracing::subscriber::set_global_default(registry).expect("there is no other");
    });
    let served = Served::new();
    let bff = served.caller("bff", "discord", Scope::Trusted);
    bff.post_with("x-request-id: the-tree\r\n", "/createwar", CREATE);
    let all = OPENED.lock().unwrap();
    let root = all.iter().position(|span| span.request.as_deref() == Some("the-tree")).unwrap();
    assert_eq!((all[root].name.as_str(), all[root].parent), ("request", None));
    let children = inside(&all, root);
    let is_statement = |name: &str| name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    let stages = children.iter().filter(|(_, name)| !is_statement(name));
    let stages: Vec<_> = stages.copied().collect();
    let names: Vec<&str> = stages.iter().map(|(_, name)| *name).collect();
    assert_eq!(names, ["authenticate", "queue", "parse", "access", "rule", "commit"]);
    let beside: Vec<&str> = children.iter().map(|(_, name)| *name).collect();
    assert!(beside.contains(&"PROCESSED") && beside.contains(&"REMEMBER"), "{beside:?}");
    for (stage, statement) in
        [("authenticate", "KEY"), ("parse", "GAMES"), ("access", "CLAN"), ("rule", "SAVE_WAR")]
    {
        let (place, _) = stages.iter().find(|(_, name)| *name == stage).unwrap();
        let ran: Vec<&str> = inside(&all, *place).into_iter().map(|(_, name)| name).collect();
        assert!(ran.contains(&statement), "{stage}: {ran:?}");
        assert!(ran.iter().all(|name| is_statement(name)), "{stage}: {ran:?}");
    }
}
