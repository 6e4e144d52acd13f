//! Which files the store takes, and what it says of the others.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use gmbot_engine::model::Platform;
use gmbot_engine::store::{Read as _, Store as _, StoreError, StoreErrorKind};
use gmbot_store::{Clock, Connection};

use crate::world;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

/// A database with a clan in it.
fn founded(path: &Path) -> Connection {
    let mut store = Connection::open(path, Clock::Manual).unwrap();
    store.begin().unwrap();
    world::founding(5, 1).iter().for_each(|recorded| store.apply(recorded).unwrap());
    store.commit().unwrap();
    store
}

fn refused(path: &Path) -> StoreError {
    let before = fs::read(path).unwrap();
    let error = Connection::open(path, Clock::System).unwrap_err();
    assert_eq!(fs::read(path).unwrap(), before, "the file was changed");
    assert!(error.message.contains(&path.display().to_string()), "{error}");
    error
}

#[test]
fn a_new_file_is_made_in_a_new_folder_and_opens_again() {
    let folder = Folder::new();
    let path = folder.file("a/b/war.db");
    let store = founded(&path);
    drop(store);
    let store = Connection::open(&path, Clock::System).unwrap();
    assert_eq!(store.clock().unwrap(), Clock::Manual);
    assert_eq!(store.last_at().unwrap().unwrap().0, 5);
    assert_eq!(store.clan(world::clan(1)).unwrap().unwrap().name, "Clan 1");
    assert!(store.verify(|_, _| {}).unwrap().is_sound());
}

#[cfg(unix)]
#[test]
fn a_new_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new();
    let store = founded(&folder.file("war.db"));
    let mut found = 0;
    for entry in fs::read_dir(folder.0.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}: {mode:o}", entry.path().display());
        found += 1;
    }
    assert_eq!(found, 3, "the file, its write-ahead log, and its index");
    drop(store);
}

#[test]
fn what_somebody_planted_in_a_file_does_nothing() {
    let folder = Folder::new();
    let path = folder.file("planted.db");
    let store = founded(&path);
    drop(store);
    let planter = rusqlite::Connection::open(&path).unwrap();
    let planted = "CREATE TRIGGER planted AFTER INSERT ON log
                   BEGIN UPDATE clans SET name = 'Planted' WHERE EXISTS (SELECT 1 FROM log); END";
    planter.execute_batch(planted).unwrap();
    drop(planter);

    let mut store = Connection::open(&path, Clock::System).unwrap();
    store.begin().unwrap();
    world::founding(6, 2).iter().for_each(|recorded| store.apply(recorded).unwrap());
    store.commit().unwrap();
    assert_eq!(store.clan(world::clan(1)).unwrap().unwrap().name, "Clan 1");
    assert!(store.verify(|_, _| {}).unwrap().is_sound());
}

#[test]
fn an_empty_file_becomes_a_database() {
    let folder = Folder::new();
    let path = folder.file("empty.db");
    fs::write(&path, "").unwrap();
    assert_eq!(Connection::open(&path, Clock::System).unwrap().games().unwrap().len(), 4);
}

#[test]
fn what_others_made_is_left_as_it_is() {
    let folder = Folder::new();
    let text = folder.file("notes.txt");
    fs::write(&text, "not a database, but a longer text ".repeat(100)).unwrap();
    assert_eq!(refused(&text).kind, StoreErrorKind::NotADatabase);
    let foreign = folder.file("other.db");
    let other = rusqlite::Connection::open(&foreign).unwrap();
    other.execute_batch("CREATE TABLE wars (id TEXT); PRAGMA user_version = 1").unwrap();
    drop(other);
    assert_eq!(refused(&foreign).kind, StoreErrorKind::NotADatabase);
    assert!(
        Connection::open(folder.0.path(), Clock::System).unwrap_err().message.contains("folder")
    );
}

#[test]
fn a_newer_gmbots_file_is_left_to_it() {
    let folder = Folder::new();
    let path = folder.file("new.db");
    drop(Connection::open(&path, Clock::System).unwrap());
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("PRAGMA user_version = 9; PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    drop(other);
    let error = refused(&path);
    assert_eq!(error.kind, StoreErrorKind::TooNew);
    let known = format!("(schema 9, this one knows {})", gmbot_store::SCHEMA);
    assert!(error.message.contains(&known), "{error}");
}

#[test]
fn an_older_files_projections_are_made_again() {
    let folder = Folder::new();
    let path = folder.file("old.db");
    let mut store = Connection::open(&path, Clock::System).unwrap();
    store.begin().unwrap();
    world::everything().iter().for_each(|recorded| store.apply(recorded).unwrap());
    store.commit().unwrap();
    drop(store);
    let other = rusqlite::Connection::open(&path).unwrap();
    let spoil = "PRAGMA user_version = 0; DROP TABLE served; DELETE FROM wars;
        UPDATE clans SET name = '?'; PRAGMA wal_checkpoint(TRUNCATE)";
    other.execute_batch(spoil).unwrap();
    drop(other);
    let found = Connection::open(&path, Clock::System).unwrap().verify(|_, _| {}).unwrap();
    assert!(found.is_sound(), "{found:?}");
}

#[test]
fn programs_that_open_a_new_file_at_once_agree_on_it() {
    let folder = Folder::new();
    let path = folder.file("shared.db");
    let seeds = thread::scope(|scope| {
        let open = || Connection::open(&path, Clock::System).unwrap().seed().unwrap();
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(seeds.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn what_is_forgotten_is_gone_from_the_file() {
    let folder = Folder::new();
    let path = folder.file("war.db");
    let mut store = Connection::open(&path, Clock::System).unwrap();
    let mut change = |change: &dyn Fn(&mut Connection)| {
        store.begin().unwrap();
        change(&mut store);
        store.commit().unwrap();
    };
    change(&|store| {
        world::founding(1, 1).iter().for_each(|recorded| store.apply(recorded).unwrap());
        let terminal = Platform::terminal();
        store.keep_account(&world::account(1), &terminal, "a1", "Rumpelstiltskin").unwrap();
    });
    let checkpoint = || {
        let other = rusqlite::Connection::open(&path).unwrap();
        other.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0)).unwrap();
    };
    let holds_name = || {
        let bytes = fs::read(&path).unwrap();
        bytes.windows(15).any(|window| window.eq_ignore_ascii_case(b"rumpelstiltskin"))
    };
    checkpoint();
    assert!(holds_name());
    change(&|store| store.forget(world::person(1)).unwrap());
    checkpoint();
    assert!(!holds_name());
}

#[test]
fn writers_take_turns_and_readers_see_whole_transactions() {
    let folder = Folder::new();
    let path = folder.file("war.db");
    let store = Connection::open(&path, Clock::System).unwrap();
    let reader = store.reader().unwrap();
    let write = || {
        let mut store = Connection::open(&path, Clock::System).unwrap();
        for _ in 0..10 {
            store.begin().unwrap();
            let next = store.last_at().unwrap().unwrap().0 + 1;
            world::pair(next).iter().for_each(|recorded| store.apply(recorded).unwrap());
            store.commit().unwrap();
        }
    };
    thread::scope(|scope| {
        let writers: Vec<_> = (0..3).map(|_| scope.spawn(write)).collect();
        while !writers.iter().all(thread::ScopedJoinHandle::is_finished) {
            assert_eq!(reader.log(4, 1000).unwrap().len() % 2, 0, "half a transaction shows");
        }
    });
    let moments: Vec<_> = reader.log(4, 1000).unwrap().iter().map(|(_, one)| one.at.0).collect();
    assert_eq!(moments, (1..=30).flat_map(|moment| [moment, moment]).collect::<Vec<_>>());
}

#[test]
fn a_connection_that_only_reads_says_so_when_it_is_written_to() {
    let store = Connection::in_memory(Clock::System).unwrap();
    let mut reader = store.reader().unwrap();
    let error = reader.apply(&world::founding(1, 1)[0]).unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::ReadOnly);
}
