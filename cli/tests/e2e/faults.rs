//! What can happen to any part of a community with three servers: under load, at moments that chance
//! chooses, and often. After each kind the client's book, the log and the database agree.
//!
//! `GMBOT_FAULTS` says how often each; 20 times unless it does.

use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::Extent;
use crate::cluster::{Cluster, a_moment};
use crate::postgresql::PostgreSql;
use crate::report::Report;

/// How long a server is stopped mostly, and how long now and then: longer than all of nginx's patience.
const STOPPED: Duration = Duration::from_secs(2);
const STOPPED_LONG: Duration = Duration::from_secs(60);
/// Of how many stops one is a long one, beginning with the first.
const LONG: usize = 20;

/// A kind of fault.
struct Kind {
    name: &'static str,
    /// What is done once, while requests are in flight.
    happen: fn(&mut Cluster, usize),
}

/// All kinds.
const KINDS: &[Kind] = &[
    Kind { name: "server killed", happen: |cluster, n| cluster.kill_server(n % 3) },
    Kind {
        name: "nginx killed",
        happen: |cluster, _| {
            cluster.nginx.kill();
            cluster.nginx.run();
        },
    },
    Kind {
        name: "PostgreSQL killed",
        happen: |cluster, _| {
            cluster.database.kill();
            cluster.database.run();
        },
    },
    Kind { name: "connections cut", happen: |cluster, _| cluster.database.cut_connections() },
    Kind { name: "server stopped", happen: stop },
];

pub(crate) fn run(_extent: Extent, report: &Report) {
    let times = std::env::var("GMBOT_FAULTS");
    let times: usize = times.map_or(20, |times| times.parse().expect("a number"));
    for kind in KINDS {
        let mut cluster = Cluster::start(PostgreSql::start(), &[]);
        befall(&mut cluster, kind.name, times, kind.happen, report);
    }
}

/// Has something happen so often to a cluster under load, and compares everything afterwards.
fn befall(
    cluster: &mut Cluster,
    name: &str,
    times: usize,
    mut happen: impl FnMut(&mut Cluster, usize),
    report: &Report,
) {
    let begun = Instant::now();
    for number in 0..times {
        cluster.round(|cluster| {
            a_moment(40);
            happen(cluster, number);
        });
        cluster.round(|_| ());
    }
    cluster.must_agree();
    let (notices, again) = cluster.ledger.notices();
    let value = format!(
        "{times} times in {} s: {} wars, {} requests, {} asked for again, {notices} notices, {again} handed out again",
        begun.elapsed().as_secs(),
        cluster.ledger.challenges(),
        cluster.ledger.sent,
        cluster.retries - 1,
    );
    report.add("faults", name, value);
}

/// A server stands still for a while, and goes on as if nothing had been.
fn stop(cluster: &mut Cluster, number: usize) {
    cluster.signal(number % 3, Signal::STOP);
    let is_long = number.is_multiple_of(LONG);
    thread::sleep(if is_long { STOPPED_LONG } else { STOPPED });
    cluster.signal(number % 3, Signal::CONT);
}
