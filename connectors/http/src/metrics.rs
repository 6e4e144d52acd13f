//! What the server counts and measures itself, for Prometheus.

use std::time::Duration;

use gmbot_backend::MetricFamily;
use prometheus::core::Collector;
use prometheus::{
    HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
};

/// The bounds of an answer's time, in seconds.
const ANSWER: &[f64] = &[0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// What the server counts and measures itself.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    durations: HistogramVec,
    connections: IntGauge,
}

/// A connection that is open; it is counted until this is dropped.
#[derive(Debug)]
pub(crate) struct Connection(IntGauge);

impl Metrics {
    pub(crate) fn new() -> Self {
        let registry = Registry::new();
        let requests =
            Opts::new("gmbot_http_requests_total", "Answers by route, method, status and code.");
        let requests =
            kept(&registry, IntCounterVec::new(requests, &["route", "method", "status", "code"]));
        let durations = HistogramOpts::new(
            "gmbot_http_request_duration_seconds",
            "Time from the head of a request to the head of its answer.",
        );
        let durations = HistogramVec::new(durations.buckets(ANSWER.to_vec()), &["route"]);
        let durations = kept(&registry, durations);
        let connections = IntGauge::new("gmbot_http_connections", "Connections that are open.");
        let connections = kept(&registry, connections);
        let build = Opts::new("gmbot_build_info", "Which version runs; always 1.");
        let build = kept(&registry, IntGaugeVec::new(build, &["version"]));
        build.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        Self { registry, requests, durations, connections }
    }

    /// Counts an answer. All labels come from lists of ours: callers can't make up new ones.
    pub(crate) fn answered(
        &self,
        method: &'static str,
        route: &str,
        status: u16,
        code: &'static str,
        took: Duration,
    ) {
        self.requests.with_label_values(&[route, method, &status.to_string(), code]).inc();
        self.durations.with_label_values(&[route]).observe(took.as_secs_f64());
    }

    /// Counts a connection.
    pub(crate) fn connected(&self) -> Connection {
        self.connections.inc();
        Connection(self.connections.clone())
    }

    /// All there is.
    pub(crate) fn gather(&self) -> Vec<MetricFamily> {
        self.registry.gather()
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// A metric that the registry knows.
fn kept<M: Collector + Clone + 'static>(registry: &Registry, made: prometheus::Result<M>) -> M {
    let metric = made.expect("the names of all metrics are written down here, and are good");
    registry.register(Box::new(metric.clone())).expect("each has a name of its own");
    metric
}
