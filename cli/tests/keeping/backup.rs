//! `gmbot backup` and `gmbot restore-backup`.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use super::world::World;

/// Where a word stands in a file.
fn place(bytes: &[u8], word: &str) -> usize {
    bytes.windows(word.len()).rposition(|window| window == word.as_bytes()).expect("it is there")
}

#[test]
fn what_was_saved_comes_back_equal() {
    let world = World::with_war();
    world.done("--db war.db backup saved.gmbot");
    world.done("--db new.db restore-backup saved.gmbot");
    assert_eq!(world.done("--db new.db log"), world.done("--db war.db log"));
    let list = "--as ann --in red wars";
    assert_eq!(
        world.done(&format!("--db new.db {list}")),
        world.done(&format!("--db war.db {list}"))
    );
    assert!(world.done("--db new.db verify").starts_with("sound: "));
    assert_eq!(world.files(), ["new.db", "saved.gmbot", "war.db"]);
}

#[test]
fn a_restored_database_can_be_saved_and_restored_again() {
    let world = World::with_war();
    world.done("--db war.db backup one");
    world.done("--db two.db restore-backup one");
    world.done("--db two.db backup three");
    world.done("--db four.db restore-backup three");
    assert_eq!(world.done("--db four.db log"), world.done("--db war.db log"));
}

#[test]
fn a_backup_of_an_older_gmbot_is_brought_up_to_date() {
    let world = World::with_war();
    world.done("--db war.db backup saved");
    // Where SQLite keeps the schema's version: the last of four bytes.
    world.spoil("saved", "older", |bytes| bytes[63] = 0);
    world.spoil("saved", "newer", |bytes| bytes[63] = u8::MAX);
    world.done("--db new.db restore-backup older");
    assert_eq!(world.done("--db new.db export"), world.done("--db war.db export"));
    let said = world.run("--db newer.db restore-backup newer");
    assert!(said.exit == 3 && said.err.contains("made by a newer gmbot"), "{said:?}");
}

#[test]
fn a_backup_replaces_no_file() {
    let world = World::with_war();
    fs::write(world.path("mine"), "my notes").unwrap();
    let said = world.run("--db war.db backup mine");
    assert_eq!(said.exit, 1);
    assert!(said.err.contains("`mine` exists already"), "{said:?}");
    assert_eq!(fs::read(world.path("mine")).unwrap(), b"my notes");
    assert_eq!(world.files(), ["mine", "war.db"]);
}

#[test]
fn what_is_not_sound_is_not_saved() {
    let world = World::with_war();
    // A word of a war's row, or of an event: one of the two does not follow from the other then.
    world.spoil("war.db", "other.db", |bytes| {
        let place = place(bytes, "\"phase\":\"settled\"") + 9;
        bytes[place..place + 7].copy_from_slice(b"ongoing");
    });
    let said = world.run("--db other.db backup saved");
    assert!(said.exit == 3 && said.err.contains("is not sound"), "{said:?}");
    assert!(!world.path("saved").exists());
}

#[test]
fn what_a_deleted_database_left_spoils_no_new_one() {
    let world = World::with_war();
    world.done("--db war.db backup saved");
    world.done("--db war.db export all.json");
    fs::write(world.path("new.db-wal"), "left").unwrap();
    for words in ["restore-backup saved", "import all.json"] {
        let said = world.run(&format!("--db new.db {words}"));
        assert!(said.exit == 1 && said.err.contains("`new.db-wal` exists"), "{said:?}");
        assert!(!world.path("new.db").exists());
    }
}

#[test]
fn a_database_that_holds_something_is_replaced_only_on_request_and_kept() {
    let world = World::with_war();
    world.done("--db war.db backup saved");
    world.chat("zoe", "blue", "subscribe -games 4");
    let newer = world.done("--db war.db log");
    let said = world.run("--db war.db restore-backup saved");
    assert_eq!(said.exit, 1);
    assert!(said.err.contains("is not empty") && said.err.contains("--replace"), "{said:?}");
    assert_eq!(world.done("--db war.db log"), newer);

    let out = world.done("--db war.db restore-backup saved --replace");
    assert!(out.contains("`war.db.replaced-1`"), "{out}");
    assert_eq!(world.done("--db war.db.replaced-1 log"), newer);
    assert!(newer.starts_with(&world.done("--db war.db log")));
    assert_eq!(world.files(), ["saved", "war.db", "war.db.replaced-1"]);
}

#[test]
fn a_damaged_database_is_replaced_by_its_backup() {
    let world = World::with_war();
    world.done("--db war.db backup saved");
    let log = world.done("--db war.db log");
    world.spoil("war.db", "war.db", |bytes| bytes[4096..].fill(0xa5));
    assert_eq!(world.run("--db war.db verify").exit, 3);
    world.done("--db war.db restore-backup saved --replace");
    assert_eq!(world.done("--db war.db log"), log);
}

#[test]
fn a_torn_or_changed_backup_is_refused_and_nothing_is_made() {
    let world = World::with_war();
    world.done("--db war.db backup saved");
    let bytes = fs::read(world.path("saved")).unwrap();
    world.spoil("saved", "empty", Vec::clear);
    world.spoil("saved", "torn-1", |bytes| bytes.truncate(50));
    world.spoil("saved", "torn-2", |bytes| bytes.truncate(bytes.len() / 2));
    world.spoil("saved", "torn-3", |bytes| bytes.truncate(bytes.len() - 1));
    // A person's name is in no event and no projection: only the checksum knows it.
    for (number, word) in
        ["ann", "war_created", "backup_sha256", "SQLite", "gmbt"].iter().enumerate()
    {
        world.spoil("saved", &format!("flipped-{number}"), |bytes| {
            let place = place(bytes, word);
            bytes[place] ^= 4;
        });
    }
    let files = world.files();
    for file in files.iter().filter(|file| *file != "saved" && *file != "war.db") {
        let said = world.run(&format!("--db new.db restore-backup {file}"));
        assert_ne!(said.exit, 0, "{file}: {said:?}");
        assert!(said.err.contains(&format!("`{file}`")), "{file}: {said:?}");
        assert_eq!(world.files(), files, "{file} left something");
    }
    assert_eq!(fs::read(world.path("saved")).unwrap(), bytes);
}

#[test]
fn what_is_no_backup_is_told_so() {
    let world = World::with_war();
    let said = world.run("--db new.db restore-backup war.db");
    assert!(said.err.contains("is no backup"), "{said:?}");
    let said = world.run("--db new.db restore-backup nothing");
    assert!(said.exit == 2 && said.err.contains("no backup at `nothing`"), "{said:?}");
    assert!(!world.path("new.db").exists());
}

#[test]
fn a_backup_made_while_others_write_is_whole() {
    let world = World::with_war();
    thread::scope(|scope| {
        let writers = ["kim", "lou"].map(|name| {
            let world = &world;
            scope.spawn(move || {
                for number in 0..5 {
                    world.chat(name, &format!("{name}{number}"), "subscribe -games 4");
                }
            })
        });
        for number in 0.. {
            world.done(&format!("--db war.db backup saved-{number}"));
            world.done(&format!("--db new-{number}.db restore-backup saved-{number}"));
            assert!(world.done(&format!("--db new-{number}.db verify")).starts_with("sound"));
            if writers.iter().all(|writer| writer.is_finished()) {
                break;
            }
        }
    });
    let (all, first) = (world.done("--db war.db log"), world.done("--db new-0.db log"));
    assert!(all.starts_with(&first), "the copy is one of the database's states");
}

#[test]
fn a_database_in_use_is_not_replaced() {
    let world = World::with_war();
    world.done("--db war.db backup saved");
    let user =
        gmbot_store::Connection::open(&world.path("war.db"), gmbot_store::Clock::System).unwrap();
    let said = world.run("--db war.db restore-backup saved --replace");
    assert_eq!(said.exit, 3);
    assert!(said.err.contains("in use by another program"), "{said:?}");
    drop(user);
    world.done("--db war.db restore-backup saved --replace");
}

#[test]
fn a_killed_backup_or_restore_leaves_no_half_of_it() {
    let world = World::with_war();
    world.done("--db war.db backup saved");
    let begun = Instant::now();
    world.done("--db whole.db restore-backup saved");
    let whole = begun.elapsed();
    for number in 0..8 {
        let (file, database) = (format!("file-{number}"), format!("base-{number}.db"));
        let mut children = [
            world.start(&format!("--db war.db backup {file}")),
            world.start(&format!("--db {database} restore-backup saved")),
        ];
        thread::sleep(whole * number / 10 + Duration::from_micros(200));
        for child in &mut children {
            child.kill().unwrap();
            child.wait().unwrap();
        }
        if world.path(&file).exists() {
            world.done(&format!("--db other-{number}.db restore-backup {file}"));
        }
        if world.path(&database).exists() {
            assert!(world.done(&format!("--db {database} verify")).starts_with("sound"));
        }
    }
}
