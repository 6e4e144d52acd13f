//! A database moves whole to an empty one of either kind, also when that is broken off.

use std::path::Path;

use gmbot_engine::model::{AtMs, Platform};
use gmbot_engine::store::{Read as _, SideText, Store as _, Stored};
use gmbot_store::{Address, ApiKey, Clock, Connection, Move, Moved, Processed};
use tempfile::TempDir;

use crate::place::address_or;
use crate::world::{self, account, person, text, war};

/// A database in which a little of everything is kept, and its address.
fn full(folder: &Path) -> (Connection, Address) {
    let file = folder.join("full.db");
    let mut store = Connection::open(&file, Clock::Manual).unwrap();
    store.begin().unwrap();
    world::everything().iter().for_each(|recorded| store.apply(recorded).unwrap());
    store.keep_account(&account(1), &Platform::terminal(), "a1", "Ann").unwrap();
    let (id, author, body) = (text(1), person(1), "gg \u{1f980}".to_owned());
    let note = SideText { id, war: war(1), author, at: AtMs(5), until: None, text: body };
    store.keep_text(&note).unwrap();
    store.keep_image("00ff", person(1), &[0, 255, 16]).unwrap();
    store.broadcast(war(1)).unwrap();
    store.set_seed([9; 32]).unwrap();
    let answer = Processed { body_hash: "00".to_owned(), reply: "{}".to_owned() };
    store.remember("client", "key", AtMs(6), None, &answer).unwrap();
    let key = ApiKey {
        id: "k1".to_owned(),
        client: "chat".to_owned(),
        platform: "rest".to_owned(),
        scope: "act".to_owned(),
        hash: "00".to_owned(),
        created_at: AtMs(7),
        revoked_at: None,
    };
    store.add_key(&key).unwrap();
    store.commit().unwrap();
    (store, Address::file(&file))
}

fn moved(from: &Address, to: &Address) -> Stored<Moved> {
    let mut moving = Move::new(from, to)?;
    moving.carry(|_, _| {})?;
    moving.finish(|_, _| {})
}

#[test]
fn a_database_moves_and_moves_back_whole() {
    let folder = TempDir::new().unwrap();
    let (old, from) = full(folder.path());
    let there = address_or(&folder.path().join("there.db"));
    let gone = moved(&from, &there).unwrap();
    assert!(gone.events == old.events().unwrap() && gone.rows > 60, "{gone:?}");

    let mut new = Connection::connect(&there, Clock::System).unwrap();
    assert!(new.verify(|_, _| {}).unwrap().is_sound());
    assert_eq!((new.clock().unwrap(), new.seed().unwrap()), (Clock::Manual, [9; 32]));
    assert_eq!(new.log(0, 1000).unwrap(), old.log(0, 1000).unwrap());
    assert_eq!(new.keys().unwrap(), old.keys().unwrap());
    assert_eq!(new.text(text(1)).unwrap(), old.text(text(1)).unwrap());
    // Life goes on there: numbers and the order of names go on behind those that came.
    new.begin().unwrap();
    new.apply(&world::founding(900, 9)[0]).unwrap();
    new.keep_account(&account(1), &Platform::terminal(), "a1", "Anna").unwrap();
    new.broadcast(war(2)).unwrap();
    new.commit().unwrap();

    let back = Address::file(&folder.path().join("back.db"));
    let returned = moved(&there, &back).unwrap();
    assert_eq!((returned.events, returned.rows), (gone.events + 1, new_rows(gone.rows)));
    let back = Connection::connect(&back, Clock::System).unwrap();
    assert!(back.verify(|_, _| {}).unwrap().is_sound());
    assert_eq!(back.log(0, 1000).unwrap(), new.log(0, 1000).unwrap());
}

/// A founded clan is a row of the log, of clans and of standings; the broadcast is one.
fn new_rows(rows: u64) -> u64 {
    rows + 4
}

#[test]
fn what_was_broken_off_can_be_gone_on_with_but_not_be_used() {
    let folder = TempDir::new().unwrap();
    let (mut old, from) = full(folder.path());
    let to = address_or(&folder.path().join("there.db"));
    let mut broken_off = Move::new(&from, &to).unwrap();
    broken_off.carry(|_, _| {}).unwrap();
    drop(broken_off);
    let said = Connection::connect(&to, Clock::System).unwrap_err().message;
    assert!(said.contains("broken off; run the same one again"), "{said}");

    // Somebody went on using the old one meanwhile.
    old.begin().unwrap();
    old.apply(&world::founding(900, 9)[0]).unwrap();
    old.commit().unwrap();
    assert_eq!(moved(&from, &to).unwrap().events, old.events().unwrap());
    let new = Connection::connect(&to, Clock::System).unwrap();
    assert_eq!(new.log(0, 1000).unwrap(), old.log(0, 1000).unwrap());
}

#[test]
fn nothing_comes_to_where_something_is() {
    let folder = TempDir::new().unwrap();
    let (old, from) = full(folder.path());
    let log = old.log(0, 1000).unwrap();

    let to = address_or(&folder.path().join("used.db"));
    let mut used = Connection::connect(&to, Clock::Manual).unwrap();
    used.begin().unwrap();
    used.apply(&world::founding(1, 1)[0]).unwrap();
    used.commit().unwrap();
    let said = moved(&from, &to).unwrap_err().message;
    assert!(said.contains("is not empty"), "{said}");
    assert_eq!(used.events().unwrap(), 5);

    // Something else has begun to arrive there.
    let to = address_or(&folder.path().join("taken.db"));
    let other = Address::file(&folder.path().join("other.db"));
    drop(Connection::connect(&other, Clock::Manual).unwrap());
    drop(Move::new(&other, &to).unwrap());
    let said = moved(&from, &to).unwrap_err().message;
    assert!(said.contains("another database has begun to arrive"), "{said}");
    assert_eq!(old.log(0, 1000).unwrap(), log, "the old one is only read");
}

#[test]
fn what_its_log_does_not_say_does_not_arrive() {
    let folder = TempDir::new().unwrap();
    let (old, from) = full(folder.path());
    drop(old);
    let file = rusqlite::Connection::open(folder.path().join("full.db")).unwrap();
    file.execute("UPDATE standings SET glory = glory + 1", []).unwrap();
    let to = address_or(&folder.path().join("there.db"));
    let said = moved(&from, &to).unwrap_err().message;
    assert!(said.contains("don't hold the same `standings`"), "{said}");
    assert!(Connection::connect(&to, Clock::System).is_err(), "it can't be used");
}
