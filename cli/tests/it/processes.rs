//! Many processes on one database: at once, in a race, and killed.
//!
//! `GMBOT_RACERS` and `GMBOT_KILLS` say how many; `just race` runs more of them.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use crate::{Ended, Program, war_in};
use serde_json::Value;

/// How many processes a variable asks for.
fn how_many(variable: &str, default: usize) -> usize {
    std::env::var(variable).map_or(default, |number| number.parse().expect("a number"))
}

fn start(program: &Program, line: &str) -> Child {
    let mut command = program.command(line.split(' '));
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary runs")
}

/// Runs a line per racer, all at the same time.
fn race(program: &Program, lines: impl Iterator<Item = String>) -> Vec<Ended> {
    let children: Vec<Child> = lines.map(|line| start(program, &line)).collect();
    let ended = |child: Child| Ended::from(child.wait_with_output().expect("it ends"));
    children.into_iter().map(ended).collect()
}

/// The events of a kind in the log.
fn events(program: &Program, kind: &str) -> Vec<Value> {
    let log = program.done("log");
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    lines.map(|entry| entry["event"].clone()).filter(|event| event["type"] == kind).collect()
}

fn assert_sound(program: &Program) {
    let verified = program.done("verify");
    assert!(verified.starts_with("sound"), "{verified}");
}

#[test]
fn nothing_is_lost_when_many_create_wars_at_once() {
    let program = Program::new();
    let racers = how_many("GMBOT_RACERS", 100);
    let ended =
        race(&program, (0..racers).map(|n| format!("--in c{n} --as u{n} createwar @p{n} -game 4")));
    for one in &ended {
        assert_eq!(one.status, Some(0), "{one:?}");
    }
    let answered: BTreeSet<String> = ended.iter().map(|one| war_in(&one.out)).collect();
    let created = events(&program, "war_created");
    let logged: BTreeSet<String> =
        created.iter().map(|event| event["war"].as_str().expect("an id").to_owned()).collect();
    assert_eq!(answered.len(), racers);
    assert_eq!(created.len(), racers);
    assert_eq!(answered, logged);
    assert_sound(&program);
}

#[test]
fn one_wins_the_race_to_accept() {
    let program = Program::new();
    let racers = how_many("GMBOT_RACERS", 100);
    let war = war_in(&program.done("--in host createwar @zucc -game 4"));
    let ended = race(&program, (0..racers).map(|n| format!("--in c{n} --as u{n} accept {war}")));
    let won = ended.iter().filter(|one| one.status == Some(0)).count();
    assert_eq!(won, 1, "{ended:?}");
    for one in ended.iter().filter(|one| one.status != Some(0)) {
        assert_eq!(one.status, Some(1), "{one:?}");
        assert!(one.err.contains("accepted already"), "{one:?}");
    }
    assert_eq!(events(&program, "war_accepted").len(), 1);
    assert_sound(&program);
}

/// What a client knows of a command that it sent.
type Ledger = BTreeMap<usize, Option<String>>;

/// Sends commands, several at a time, and kills each process after a while; a process that was
/// faster has answered.
fn send_and_kill(program: &Program, kills: usize) -> Ledger {
    let mut ledger = Ledger::new();
    for group in (0..kills).collect::<Vec<_>>().chunks(8) {
        let sent = group.iter().map(|n| (*n, start(program, &command(*n))));
        let sent: Vec<(usize, Child)> = sent.collect();
        for (n, mut child) in sent {
            // From at once to long after a process has usually ended, in no order.
            thread::sleep(Duration::from_micros((n as u64 * 7919) % 9000));
            child.kill().expect("a process can be killed, also when it has ended");
            let ended = Ended::from(child.wait_with_output().expect("it ends"));
            ledger.insert(n, ended.out.contains("open").then(|| war_in(&ended.out)));
        }
    }
    ledger
}

fn command(n: usize) -> String {
    format!("--key k{n} --in c{n} --as u{n} createwar @p{n} -game 4")
}

#[test]
fn what_was_answered_survives_a_kill_and_is_there_once() {
    let program = Program::new();
    let kills = how_many("GMBOT_KILLS", 60);
    let ledger = send_and_kill(&program, kills);
    assert_sound(&program);
    // Whoever got no answer asks again, with the same key; whoever got one gets the same again.
    for (n, answered) in &ledger {
        let again = war_in(&program.done(&command(*n)));
        assert!(answered.as_ref().is_none_or(|war| *war == again), "{answered:?} became {again}");
    }
    assert_eq!(events(&program, "war_created").len(), kills);
    assert_sound(&program);
    let answered = ledger.values().flatten().count();
    assert!(answered < kills, "no process was killed before it answered");
}
