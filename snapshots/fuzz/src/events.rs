//! Logs of events as JSON, a line each: what is read is written the same, and a log that no engine
//! wrote is applied or refused, never half. The engine goes on from whatever was applied.

use std::collections::BTreeSet;

use gmbot_engine::event::Recorded;
use gmbot_engine::grammar::{ClanRef, Command, WarRef};
use gmbot_engine::model::{AtMs, ClanId, DurationMs, WarId};
use gmbot_engine::request::{Authority, Fact, Input, Request};
use gmbot_engine::rules;
use gmbot_engine::store::StoreError;
use gmbot_store::{Clock, Connection};

/// How many events of a log are applied.
const MOST_EVENTS: usize = 100;

/// Reads each line as an entry of the log and imports those that are one.
///
/// # Panics
/// When a promise is broken.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let entries: Vec<Recorded> = text.lines().filter_map(entry).take(MOST_EVENTS).collect();
    if entries.is_empty() {
        return;
    }
    let mut store = Connection::in_memory(Clock::Manual).expect("a database in memory opens");
    let empty = store.events().expect("the log can be counted");
    store.begin().expect("nobody else writes");
    match import(&mut store, &entries) {
        Ok(()) => {
            store.commit().expect("what was applied can be kept");
            as_it_was(&store, &entries);
            goes_on(&mut store, &entries);
        }
        Err(message) => {
            assert!(!message.is_empty(), "a log is refused without a reason");
            store.rollback().expect("what was begun can be undone");
            assert_eq!(store.events(), Ok(empty), "a refused log leaves nothing");
        }
    }
    let found = store.verify(|_, _| {}).expect("a log that was taken can be replayed");
    assert!(found.is_sound(), "{:?} {:?}", found.integrity, found.differences);
}

/// The entry that a line holds; what is written of it is the same entry.
fn entry(line: &str) -> Option<Recorded> {
    let entry: Recorded = serde_json::from_str(line).ok()?;
    let written = serde_json::to_string(&entry).expect("an entry can be written");
    let again: Recorded = serde_json::from_str(&written).expect("what was written can be read");
    assert_eq!(again, entry, "{written}");
    Some(entry)
}

fn import(store: &mut Connection, entries: &[Recorded]) -> Result<(), String> {
    store.begin_import().map_err(|error| error.to_string())?;
    for (number, entry) in (1..).zip(entries) {
        store.import_event(number, entry).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// The log holds what was imported.
fn as_it_was(store: &Connection, entries: &[Recorded]) {
    let log = store.log(0, MOST_EVENTS).expect("the log can be read");
    let kept: Vec<&Recorded> = log.iter().map(|(_, entry)| entry).collect();
    assert_eq!(kept, entries.iter().collect::<Vec<_>>());
}

/// Questions about all that is there are answered, and what is due is decided. That the log makes no
/// sense may be said, but must not be stumbled over.
fn goes_on(store: &mut Connection, entries: &[Recorded]) {
    let wars: BTreeSet<WarId> = entries.iter().filter_map(|entry| entry.event.war()).collect();
    let clans: BTreeSet<ClanId> = entries.iter().flat_map(|entry| entry.event.clans()).collect();
    let last = entries.iter().map(|entry| entry.at).max().unwrap_or(AtMs(0));
    for now in [last, last + DurationMs::days(3)] {
        let questions = wars.iter().flat_map(on_war).chain(clans.iter().flat_map(on_clan));
        for question in questions.chain([Command::Leaderboard { game: None, limit: 100 }]) {
            said(rules::answer(store.as_read(), &asked(Input::Command(question)), now, &()));
        }
        for war in &wars {
            store.begin().expect("nobody else writes");
            let tick = asked(Input::Fact(Fact::Tick { war: *war }));
            said(rules::decide(store.as_store(), &tick, now, [7; 32], &()));
            store.rollback().expect("what was begun can be undone");
        }
    }
}

fn on_war(war: &WarId) -> [Command; 2] {
    let war = Some(WarRef(war.to_string()));
    [Command::Show { war: war.clone() }, Command::Explain { war }]
}

fn on_clan(clan: &ClanId) -> [Command; 3] {
    let clan = Some(ClanRef(clan.to_string()));
    [
        Command::Status { clan: clan.clone() },
        Command::History { clan: clan.clone(), limit: 100 },
        Command::Stats { clan, player: None, game: None },
    ]
}

/// What the operator asks.
fn asked(input: Input) -> Request {
    let authority = Authority { operator: true, ..Authority::default() };
    Request { authority, ..Request::new("fuzz", "key", input) }
}

/// A failure has a reason.
fn said<T>(outcome: Result<T, StoreError>) {
    if let Err(error) = outcome {
        assert!(!error.message.is_empty(), "{error:?}");
    }
}
