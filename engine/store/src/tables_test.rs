//! Every table is on one of the two lists, every statement fits the tables, and those that run
//! with each request find their rows by an index.

use std::collections::BTreeSet;

use crate::schema::{OPERATIONAL, PROJECTIONS};
use crate::statements::ALL;
use crate::{Clock, Connection};

fn store() -> Connection {
    Connection::in_memory(Clock::Manual).unwrap()
}

#[test]
fn every_table_is_a_projection_or_operational() {
    let listed: BTreeSet<_> =
        PROJECTIONS.iter().chain(OPERATIONAL).map(|table| table.name.to_owned()).collect();
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    let there: Vec<String> = store().db.all(sql, (), |row| row.get(0)).unwrap();
    assert_eq!(there.iter().cloned().collect::<BTreeSet<_>>(), listed);
    assert_eq!(there.len(), PROJECTIONS.len() + OPERATIONAL.len(), "a table is listed twice");
}

#[test]
fn every_table_is_strict_and_has_a_key() {
    let sql = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0
        AND name NOT LIKE 'sqlite_%'";
    assert_eq!(store().db.all(sql, (), |row| row.get::<String>(0)).unwrap(), [""; 0]);
    let sql = "SELECT name FROM pragma_table_list t WHERE schema = 'main'
        AND name NOT LIKE 'sqlite_%'
        AND NOT EXISTS (SELECT 1 FROM pragma_table_info(t.name) WHERE pk > 0)";
    assert_eq!(store().db.all(sql, (), |row| row.get::<String>(0)).unwrap(), [""; 0]);
}

#[test]
fn every_statement_fits_the_tables() {
    let store = store();
    for (name, sql) in ALL {
        assert!(
            store.db.file().unwrap().prepare(sql).is_ok(),
            "{name}: {:?}",
            store.db.file().unwrap().prepare(sql)
        );
    }
}

/// Statements that may walk along a whole table, and why.
const MAY_SCAN: &[&str] = &[
    // Counts the log for `verify`, which reads all of it anyway.
    "LOG_LENGTH",
    // Empties the log of a new database before another's is read in.
    "DROP_LOG",
    // The list of tables, for checksums.
    "TABLES",
    // A page of the newest wars, or of the most recently active clans, ends at its limit.
    "WARS",
    "FIND_CLANS",
    // Small tables, in the order of their keys.
    "GAMES",
    "BROADCASTS",
    // All keys, listed for the operator.
    "KEYS",
    // All webhooks, which are few.
    "WEBHOOKS",
    "WEBHOOKS_BEHIND",
    "WEBHOOKS_DUE",
    // What was given up, counted for a check of the whole.
    "PARKED_MESSAGES",
    // What waits and what was given up, counted for a check of the whole.
    "WAITING_SINCE",
    "PARKED_COUNT",
    // The channels that are closed to notices, which are few.
    "CLOSED_CHANNELS",
    // The parked notices, from an index that holds no others.
    "PARKED",
];

#[test]
fn no_hot_statement_scans_a_table() {
    let store = store();
    for (name, sql) in ALL {
        let plan = store.db.file().unwrap().prepare(&format!("EXPLAIN QUERY PLAN {sql}"));
        let mut plan = plan.unwrap();
        let count = plan.parameter_count();
        let nulls = vec![rusqlite::types::Null; count];
        let steps: Vec<String> = plan
            .query_map(rusqlite::params_from_iter(nulls), |row| row.get(3))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        let scans = |step: &&String| step.starts_with("SCAN") && !is_bounded(step);
        let scan = steps.iter().find(scans);
        assert!(scan.is_none() || MAY_SCAN.contains(name), "{name}: {steps:#?}");
        let sorts = steps.iter().any(|step| step.contains("TEMP B-TREE FOR ORDER BY"));
        assert!(!sorts || MAY_SORT.contains(name), "{name}: {steps:#?}");
    }
}

/// Statements whose few rows are sorted after they are found.
const MAY_SORT: &[&str] = &[
    "CLOSED_CHANNELS",
    "KEYS",
    "WEBHOOKS",
    "TABLES",
    "PERSON_NAME",
    "ACCOUNTS_ON",
    "MEMBERS_NAMED",
    "NEWEST_NAME",
    "WARS_OF_PLAYER",
    "MESSAGES",
];

/// A constant row, the rows of a subquery, or one end of an index.
fn is_bounded(step: &str) -> bool {
    ["SCAN CONSTANT ROW", "SCAN l", "SCAN (subquery"].iter().any(|known| step.starts_with(known))
}

#[test]
fn statements_that_may_scan_are_there() {
    for name in MAY_SCAN.iter().chain(MAY_SORT) {
        assert!(ALL.iter().any(|(known, _)| known == name), "{name}");
    }
}
