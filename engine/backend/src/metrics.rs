//! What the backend counts and measures, for Prometheus.

use std::time::Duration;

use gmbot_engine::Reply;
use prometheus::proto::MetricFamily;
use prometheus::{
    Gauge, Histogram, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry,
    register_gauge_with_registry as gauge, register_histogram_vec_with_registry as histograms,
    register_histogram_with_registry as histogram,
    register_int_counter_vec_with_registry as counters,
    register_int_gauge_with_registry as int_gauge,
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
        Self::named().expect("the names of all metrics stand below; each is good, and there once")
    }

    fn named() -> prometheus::Result<Self> {
        let registry = Registry::new();
        let opts = Opts::new("gmbot_requests_total", "Requests by command and code.");
        let requests = counters!(opts, &["command", "code"], registry)?;
        let opts = bounded("gmbot_request_duration_seconds", "Time to a reply.", REQUEST);
        let durations = histograms!(opts, &["command"], registry)?;
        let help = "Time of a statement on the store, by its name in engine/store.";
        let opts = bounded("gmbot_statement_duration_seconds", help, STATEMENT);
        let statements = histograms!(opts, &["statement"], registry)?;
        let help = "Pieces of work that shared a transaction.";
        let groups = histogram!(bounded("gmbot_group_size", help, GROUP), registry)?;
        let help = "Time until a transaction was durable.";
        let opts = bounded("gmbot_commit_duration_seconds", help, REQUEST);
        let commits = histogram!(opts, registry)?;
        let help = "Pieces of work that wait for the writer.";
        let queue = int_gauge!("gmbot_queue_length", help, registry)?;
        let help = "Notices that wait to be delivered.";
        let waiting = gauge!("gmbot_outbox_notices", help, registry)?;
        let help = "How long the oldest notice waits; 0 if none does.";
        let oldest = gauge!("gmbot_outbox_oldest_age_seconds", help, registry)?;
        let help = "Notices that were given up.";
        let parked = gauge!("gmbot_outbox_parked_notices", help, registry)?;
        Ok(Self {
            registry,
            requests,
            durations,
            statements,
            groups,
            commits,
            queue,
            waiting,
            oldest,
            parked,
        })
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

fn bounded(name: &str, help: &str, bounds: &[f64]) -> HistogramOpts {
    HistogramOpts::new(name, help).buckets(bounds.to_vec())
}

#[cfg(test)]
mod tests {
    use prometheus::TextEncoder;

    use super::*;

    #[test]
    fn how_an_outbox_stands_that_can_not_be_asked_is_not_a_number() {
        let metrics = Metrics::new();
        let told =
            |backlog| TextEncoder::new().encode_to_string(&metrics.gather(3, backlog)).unwrap();
        let backlog = Backlog { waiting: 7, oldest: Duration::from_millis(1_500), parked: 2 };
        let known = told(Some(backlog));
        for line in [
            "gmbot_queue_length 3",
            "gmbot_outbox_notices 7",
            "gmbot_outbox_oldest_age_seconds 1.5",
            "gmbot_outbox_parked_notices 2",
        ] {
            assert!(known.lines().any(|told| told == line), "{line}\n{known}");
        }
        let unknown = told(None);
        assert_eq!(unknown.lines().filter(|line| line.ends_with(" NaN")).count(), 3, "{unknown}");
    }
}
