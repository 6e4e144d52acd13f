//! What the server counts and measures itself, for Prometheus.

use std::time::Duration;

use gmbot_backend::MetricFamily;
use prometheus::{
    HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry,
    register_histogram_vec_with_registry as histograms,
    register_int_counter_vec_with_registry as counters,
    register_int_gauge_vec_with_registry as gauges, register_int_gauge_with_registry as gauge,
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
        Self::named().expect("the names of all metrics stand below; each is good, and there once")
    }

    fn named() -> prometheus::Result<Self> {
        let registry = Registry::new();
        let opts =
            Opts::new("gmbot_http_requests_total", "Answers by route, method, status and code.");
        let requests = counters!(opts, &["route", "method", "status", "code"], registry)?;
        let help = "Time from the head of a request to the head of its answer.";
        let opts = HistogramOpts::new("gmbot_http_request_duration_seconds", help);
        let durations = histograms!(opts.buckets(ANSWER.to_vec()), &["route"], registry)?;
        let help = "Connections that are open.";
        let connections = gauge!("gmbot_http_connections", help, registry)?;
        let opts = Opts::new("gmbot_build_info", "Which version runs; always 1.");
        let build = gauges!(opts, &["version"], registry)?;
        build.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        Ok(Self { registry, requests, durations, connections })
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
