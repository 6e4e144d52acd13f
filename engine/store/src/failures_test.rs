//! What is said when the disk, a lock or the file itself fails.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use gmbot_engine::event::{Event, Recorded};
use gmbot_engine::model::{AtMs, PersonId};
use gmbot_engine::store::{Read as _, Store as _, StoreErrorKind};

use crate::{Clock, Connection};

fn file() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("war.db");
    (folder, path)
}

fn joined(n: usize) -> Recorded {
    let person = "p22222222".parse::<PersonId>().unwrap();
    let account = gmbot_engine::model::AccountKey::new(
        &gmbot_engine::model::Platform::terminal(),
        &format!("{n}"),
    );
    Recorded { at: AtMs(1), by: None, clan: None, event: Event::AccountJoined { person, account } }
}

#[test]
fn a_full_disk_fails_the_transaction_and_leaves_the_rest() {
    let (_folder, path) = file();
    let mut store = Connection::open(&path, Clock::System).unwrap();
    let pages: i64 = store.db.value("PRAGMA page_count", ()).unwrap();
    let full = format!("PRAGMA max_page_count = {}", pages + 2);
    store.db.value::<i64>(full.as_str(), ()).unwrap();
    store.begin().unwrap();
    let error = (0..10_000).find_map(|n| store.apply(&joined(n)).err()).unwrap();
    assert_eq!(error.kind, StoreErrorKind::Full);
    assert!(error.message.contains("no room left") && error.message.contains("war.db"), "{error}");
    store.rollback().unwrap();
    assert!(store.verify(|_, _| {}).unwrap().is_sound());
    store.begin().unwrap();
    store.apply(&joined(0)).unwrap();
    store.commit().unwrap();
}

#[test]
fn a_lock_that_another_holds_is_told_as_busy() {
    let (_folder, path) = file();
    let mut holder = Connection::open(&path, Clock::System).unwrap();
    let mut waiter = Connection::open(&path, Clock::System).unwrap();
    waiter.db.file().unwrap().busy_timeout(Duration::ZERO).unwrap();
    holder.begin().unwrap();
    assert_eq!(waiter.begin().unwrap_err().kind, StoreErrorKind::Busy);
    assert_eq!(waiter.games().unwrap().len(), 4, "reading needs no lock");
    holder.rollback().unwrap();
    waiter.begin().unwrap();
}

#[test]
fn a_file_that_only_opens_for_reading_is_told_as_such() {
    let (_folder, path) = file();
    let mut store = Connection::open(&path, Clock::System).unwrap();
    store.db.batch("PRAGMA query_only = ON").unwrap();
    let error = store.apply(&joined(1)).unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::ReadOnly);
    assert!(error.message.contains("can't be written to"), "{error}");
}

#[test]
fn damage_is_told_with_the_files_name() {
    let (_folder, path) = file();
    drop(Connection::open(&path, Clock::System).unwrap());
    let mut bytes = fs::read(&path).unwrap();
    for byte in bytes.iter_mut().skip(4096) {
        *byte = 0xa5;
    }
    fs::write(&path, bytes).unwrap();
    let error = Connection::open(&path, Clock::System).unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::NotADatabase);
    assert!(error.message.contains("war.db` is damaged"), "{error}");
}

#[test]
fn an_entry_of_the_log_that_cannot_be_read_is_damage() {
    let store = Connection::in_memory(Clock::System).unwrap();
    store.db.batch("UPDATE log SET event = '{\"type\":\"moon_landed\"}' WHERE seq = 2").unwrap();
    let error = store.verify(|_, _| {}).unwrap_err();
    assert!(error.message.contains("moon_landed"), "{error}");
}

#[test]
fn what_is_not_as_the_log_says_is_found() {
    let store = Connection::in_memory(Clock::System).unwrap();
    let spoil = "UPDATE games SET name = 'Chess', max_players = 9 WHERE id = 4;
        DELETE FROM games WHERE id = 5; INSERT INTO persons VALUES ('p2', 1, NULL)";
    store.db.batch(spoil).unwrap();
    let found = store.verify(|_, _| {}).unwrap();
    let told: Vec<_> = found.differences.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        ["games `4`: name, max_players differ", "games `5`: missing", "persons `p2`: surplus"]
    );
    assert_eq!((found.differing, found.is_sound()), (3, false));
}
