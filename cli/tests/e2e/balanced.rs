//! nginx before three servers with one PostgreSQL, under load: one server after another is killed, then
//! each is restarted in order; the client hears of none of it.

use std::time::Instant;

use crate::Extent;
use crate::cluster::{Cluster, IN_FLIGHT, a_moment};
use crate::postgresql::PostgreSql;
use crate::report::Report;

/// How many rounds of requests there are, and in how many of them a server is killed.
const ROUNDS: usize = 60;
const KILLS: usize = 20;

pub(crate) fn run(_extent: Extent, report: &Report) {
    let mut cluster = Cluster::start(PostgreSql::start(), &[]);
    let add = |what, value| report.add("nginx", what, value);
    let begun = Instant::now();
    for number in 0..ROUNDS {
        cluster.round(|cluster| {
            a_moment(30);
            if number % (ROUNDS / KILLS) == 0 {
                cluster.kill_server(number / (ROUNDS / KILLS) % 3);
            }
        });
    }
    let took = begun.elapsed();
    let after_kills = cluster.retries;
    for number in 0..3 {
        cluster.round(|cluster| cluster.restart_server(number));
        cluster.round(|_| ());
    }
    let after_restarts = cluster.retries - after_kills;
    cluster.must_agree();

    let requests = ROUNDS * IN_FLIGHT;
    add(
        "servers killed, requests meanwhile",
        format!("{KILLS}, {requests} in {} s", took.as_secs()),
    );
    add("requests that the client had to ask for again", format!("{}", after_kills - 1));
    add("the same while each server was restarted in order", after_restarts.to_string());
    let collisions = cluster.database.has_said("could not serialize access");
    add("transactions that got into another's way, and began again", collisions.to_string());
    let (notices, again) = cluster.ledger.notices();
    add("wars created and accepted, each once", cluster.ledger.challenges().to_string());
    add("notices, none lost; of which handed out again", format!("{notices}, {again}"));
}
