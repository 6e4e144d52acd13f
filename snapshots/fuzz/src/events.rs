//! Logs of events as JSON, a line each: what is read is written the same, and a log that no engine
//! wrote is applied or refused, never half.

use gmbot_engine::event::Recorded;
use gmbot_store::{Clock, Sqlite};

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
    let mut store = Sqlite::in_memory(Clock::Manual).expect("a database in memory opens");
    let empty = store.events().expect("the log can be counted");
    store.begin().expect("nobody else writes");
    match import(&mut store, &entries) {
        Ok(()) => {
            store.commit().expect("what was applied can be kept");
            as_it_was(&store, &entries);
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

fn import(store: &mut Sqlite, entries: &[Recorded]) -> Result<(), String> {
    store.begin_import().map_err(|error| error.to_string())?;
    for (number, entry) in (1..).zip(entries) {
        store.import_event(number, entry).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// The log holds what was imported.
fn as_it_was(store: &Sqlite, entries: &[Recorded]) {
    let log = store.log(0, MOST_EVENTS).expect("the log can be read");
    let kept: Vec<&Recorded> = log.iter().map(|(_, entry)| entry).collect();
    assert_eq!(kept, entries.iter().collect::<Vec<_>>());
}
