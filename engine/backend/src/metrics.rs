//! What the backend counts and measures, for Prometheus.

use std::time::Duration;

use gmbot_engine::Reply;
use prometheus::core::Collector;
use prometheus::proto::MetricFamily;
use prometheus::{
    Gauge, Histogram, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry,
};

use crate::BackendError;

/// The bounds of a statement's time, in seconds: most take microseconds.
const STATEMENT: &[f64] = &[0.000_01, 0.000_1, 0.001, 0.01, 0.1, 1.0];
/// The bounds of a request's and a commit's time, in seconds.
const REQUEST: &[f64] = &[0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// The bounds of a group's size.
const GROUP: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// What the backend counts and measures.
pub(crate) struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    durations: HistogramVec,
    statements: HistogramVec,
    groups: Histogram,
    commits: Histogram,
    queue: IntGauge,
    waiting: Gauge,
    oldest: Gauge,
    parked: Gauge,
}

/// What lies about in the outbox.
pub(crate) struct Backlog {
    pub(crate) waiting: u64,
    /// How long the oldest waits.
    pub(crate) oldest: Duration,
    pub(crate) parked: u64,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let registry = Registry::new();
        let gauge = |name: &str, help: &str| kept(&registry, Gauge::new(name, help));
        Self {
            requests: kept(
                &registry,
                IntCounterVec::new(
                    Opts::new("gmbot_requests_total", "Requests by command and code."),
                    &["command", "code"],
                ),
            ),
            durations: kept(
                &registry,
                HistogramVec::new(
                    histogram("gmbot_request_duration_seconds", "Time to a reply.", REQUEST),
                    &["command"],
                ),
            ),
            statements: kept(
                &registry,
                HistogramVec::new(
                    histogram(
                        "gmbot_statement_duration_seconds",
                        "Time of a statement on the store, by its name in engine/store.",
                        STATEMENT,
                    ),
                    &["statement"],
                ),
            ),
            groups: kept(
                &registry,
                Histogram::with_opts(histogram(
                    "gmbot_group_size",
                    "Pieces of work that shared a transaction.",
                    GROUP,
                )),
            ),
            commits: kept(
                &registry,
                Histogram::with_opts(histogram(
                    "gmbot_commit_duration_seconds",
                    "Time until a transaction was durable.",
                    REQUEST,
                )),
            ),
            queue: kept(
                &registry,
                IntGauge::new("gmbot_queue_length", "Pieces of work that wait for the writer."),
            ),
            waiting: gauge("gmbot_outbox_notices", "Notices that wait to be delivered."),
            oldest: gauge(
                "gmbot_outbox_oldest_age_seconds",
                "How long the oldest notice waits; 0 if none does.",
            ),
            parked: gauge("gmbot_outbox_parked_notices", "Notices that were given up."),
            registry,
        }
    }

    /// Counts a request that was answered, or failed.
    pub(crate) fn request(
        &self,
        command: &str,
        outcome: &Result<Option<Reply>, BackendError>,
        took: Duration,
    ) {
        let code = match outcome {
            Ok(Some(reply)) => reply.code.as_str(),
            Ok(None) => "NOT_FOR_BOT",
            Err(_) => "FAILED",
        };
        self.requests.with_label_values(&[command, code]).inc();
        self.durations.with_label_values(&[command]).observe(took.as_secs_f64());
    }

    /// Counts a statement.
    pub(crate) fn statement(&self, name: &str, took: Duration) {
        self.statements.with_label_values(&[name]).observe(took.as_secs_f64());
    }

    /// Counts a transaction that was committed.
    pub(crate) fn commit(&self, size: usize, took: Duration) {
        // A group has a few hundred pieces at most.
        self.groups.observe(size as f64);
        self.commits.observe(took.as_secs_f64());
    }

    /// All there is, with how things stand now; what is not known is not a number.
    pub(crate) fn gather(&self, queue: usize, backlog: Option<Backlog>) -> Vec<MetricFamily> {
        let unknown = (f64::NAN, f64::NAN, f64::NAN);
        let (waiting, oldest, parked) = backlog.map_or(unknown, |backlog| {
            let Backlog { waiting, oldest, parked } = backlog;
            (waiting as f64, oldest.as_secs_f64(), parked as f64)
        });
        self.queue.set(i64::try_from(queue).unwrap_or(i64::MAX));
        self.waiting.set(waiting);
        self.oldest.set(oldest);
        self.parked.set(parked);
        self.registry.gather()
    }
}

fn histogram(name: &str, help: &str, bounds: &[f64]) -> HistogramOpts {
    HistogramOpts::new(name, help).buckets(bounds.to_vec())
}

/// A metric that the registry knows.
fn kept<M: Collector + Clone + 'static>(registry: &Registry, made: prometheus::Result<M>) -> M {
    let metric = made.expect("the names of all metrics are written down here, and are good");
    registry.register(Box::new(metric.clone())).expect("each has a name of its own");
    metric
}
