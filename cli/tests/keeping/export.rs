//! `gmbot export` and `gmbot import`.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use gmbot_engine::model::AtMs;
use gmbot_engine::store::{Read as _, SideText, Store as _};
use gmbot_store::{Clock, Connection};
use sha2::{Digest as _, Sha256};

use super::world::World;

/// A world in which people wrote messages and filed images, and that was exported to `all.json`.
fn exported() -> World {
    let world = World::with_war();
    let mut store = Connection::open(&world.path("war.db"), Clock::System).unwrap();
    let clan = store.clan_named("red").unwrap().unwrap();
    let person = store.members(clan, 1).unwrap()[0].person;
    let war = store.wars(&gmbot_engine::store::WarFilter { limit: 1, ..Default::default() });
    let (war, at) = (war.unwrap()[0].id, AtMs(7));
    let text = "good game — \"really\"\n".to_owned();
    store.begin().unwrap();
    let id = "t222222223".parse().unwrap();
    store.keep_text(&SideText { id, war, author: person, at, until: None, text }).unwrap();
    store.keep_image("00ff", person, &[0, 255, 16]).unwrap();
    store.commit().unwrap();
    drop(store);
    world.done("--db war.db export all.json");
    world
}

#[test]
fn what_was_exported_is_imported_equal() {
    let world = exported();
    world.done("--db new.db import all.json");
    assert_eq!(world.done("--db new.db log"), world.done("--db war.db log"));
    assert!(world.done("--db new.db verify").starts_with("sound: "));
    // Texts, images and names of people too: all that an export holds is in the next one.
    assert_eq!(world.done("--db new.db export"), world.done("--db war.db export"));
    let text = fs::read_to_string(world.path("all.json")).unwrap();
    assert!(["really", "00ff10", "\"zoe\""].iter().all(|word| text.contains(word)), "{text}");
    for table in ["clans", "wars", "ballots", "glory"] {
        let export = format!("export --format csv --table {table}");
        let new = world.done(&format!("--db new.db {export}"));
        assert_eq!(new, world.done(&format!("--db war.db {export}")));
        assert!(new.lines().count() > 1, "{table}: {new}");
    }
    assert_eq!(world.files(), ["all.json", "new.db", "war.db"]);
}

#[test]
fn life_goes_on_after_an_import() {
    let world = exported();
    world.done("--db new.db import all.json");
    let at = "--db new.db --at 2026-01-05T20:00:00Z --as ann --in red";
    world.done(&format!("{at} createwar -players @ann -game 4 -type ft3"));
    assert!(world.done("--db new.db verify").starts_with("sound: "));
    assert!(world.done("--db new.db log").starts_with(&world.done("--db war.db log")));
}

#[test]
fn an_empty_database_is_filled_and_any_other_left_as_it_is() {
    let world = exported();
    drop(Connection::open(&world.path("empty.db"), Clock::Manual).unwrap());
    world.done("--db empty.db import all.json");
    assert_eq!(world.done("--db empty.db log"), world.done("--db war.db log"));

    let other = World::with_war();
    fs::copy(world.path("all.json"), other.path("all.json")).unwrap();
    let log = other.done("--db war.db log");
    let said = other.run("--db war.db import all.json");
    assert!(said.exit == 3 && said.err.contains("`war.db` is not empty"), "{said:?}");
    assert_eq!(other.done("--db war.db log"), log);
}

#[test]
fn an_export_replaces_no_file() {
    let world = exported();
    fs::write(world.path("mine"), "my notes").unwrap();
    for format in ["json", "csv --table wars"] {
        let said = world.run(&format!("--db war.db export mine --format {format}"));
        assert!(said.exit == 1 && said.err.contains("exists already"), "{said:?}");
    }
    assert_eq!(fs::read(world.path("mine")).unwrap(), b"my notes");
}

#[test]
fn a_torn_or_changed_export_is_refused_and_nothing_is_made() {
    let world = exported();
    let size = fs::read(world.path("all.json")).unwrap().len();
    for (number, length) in [0, 1, size / 2, size - 60, size - 1].into_iter().enumerate() {
        world.spoil("all.json", &format!("torn-{number}"), |bytes| bytes.truncate(length));
    }
    for (number, place) in (0..size).step_by(size / 8).enumerate() {
        world.spoil("all.json", &format!("flipped-{number}"), |bytes| bytes[place] ^= 1);
    }
    world.spoil("all.json", "without-a-line", |bytes| {
        let line = bytes.iter().position(|byte| *byte == b'\n').unwrap();
        bytes.drain(..=line);
    });
    world.spoil("all.json", "with-more", |bytes| bytes.extend(*b"{}\n"));
    let files = world.files();
    drop(Connection::open(&world.path("old.db"), Clock::Manual).unwrap());
    let log = world.done("--db old.db log");
    for file in files.iter().filter(|file| !matches!(file.as_str(), "all.json" | "war.db")) {
        for database in ["new.db", "old.db"] {
            let said = world.run(&format!("--db {database} import {file}"));
            assert_eq!(said.exit, 3, "{file}: {said:?}");
            assert!(said.err.contains(&format!("`{file}` is damaged")), "{file}: {said:?}");
        }
    }
    assert_eq!(world.done("--db old.db log"), log);
    assert!(!world.path("new.db").exists());
}

#[test]
fn a_backup_is_no_export_and_its_own_command_is_named() {
    let world = World::with_war();
    world.done("--db war.db backup saved");
    let said = world.run("--db new.db import saved");
    assert!(said.exit == 2 && said.err.contains("gmbot restore-backup saved"), "{said:?}");
    assert!(!world.path("new.db").exists());
}

#[test]
fn ballots_before_the_settlement_are_in_no_table() {
    let world = World::new();
    let told = world.chat("ann", "red", "createwar -players @ann -game 4 -type ft3");
    let war = told.split(' ').nth(1).unwrap();
    world.chat("zoe", "blue", &format!("accept {war}"));
    world.chat("zoe", "blue", &format!("vote {war} -winner us"));
    let ballots = world.done("--db war.db export --format csv --table ballots");
    assert_eq!(ballots.lines().count(), 1, "{ballots}");
    let all = world.done("--db war.db export");
    let line = all.lines().find(|line| line.starts_with("{\"war\"")).unwrap();
    let shown: serde_json::Value = serde_json::from_str(line).unwrap();
    let none = serde_json::json!({ "players": {}, "officers": {} });
    assert_eq!(shown["war"]["ballots"], serde_json::json!({ "host": none, "guest": none }));
    // The log itself has it, so that the war goes on after the move.
    fs::write(world.path("all.json"), &all).unwrap();
    world.done("--db new.db import all.json");
    assert_eq!(world.done("--db new.db export"), all);
}

#[test]
fn a_killed_import_or_export_leaves_all_or_nothing() {
    let world = exported();
    let begun = Instant::now();
    world.done("--db whole.db import all.json");
    let whole = begun.elapsed();
    let log = world.done("--db war.db log");
    for number in 0..8 {
        let (file, database) = (format!("file-{number}"), format!("base-{number}.db"));
        let mut children = [
            world.start(&format!("--db {database} import all.json")),
            world.start(&format!("--db war.db export {file}")),
        ];
        thread::sleep(whole * number / 10 + Duration::from_micros(200));
        for child in &mut children {
            child.kill().unwrap();
            child.wait().unwrap();
        }
        if world.path(&database).exists() {
            assert_eq!(world.done(&format!("--db {database} log")), log);
        }
        if world.path(&file).exists() {
            world.done(&format!("--db again-{number}.db import {file}"));
        }
    }
}

/// All lines of an export but its last, which says how many there are and what their digest is.
fn sealed(lines: &str) -> String {
    let digest = Sha256::digest(lines);
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let count = lines.lines().count();
    format!("{lines}{{\"end\":{{\"lines\":{count},\"sha256\":\"{digest}\"}}}}\n")
}

#[test]
fn an_export_of_another_schema_is_imported_by_its_events() {
    let world = exported();
    let all = fs::read_to_string(world.path("all.json")).unwrap();
    let lines = all.split_inclusive('\n').filter(|line| !line.starts_with("{\"end\""));
    let lines: String = lines.collect();
    assert_eq!(sealed(&lines), all);
    // What another schema shows of the same war is not what this one does; of this one it is a lie.
    let lines = lines.replace("{\"war\":{", "{\"war\":{\"mood\":\"grim\",");
    let schema = format!("\"schema\":{}", gmbot_store::SCHEMA);
    let foreign = lines.replacen(&schema, "\"schema\":0", 1);
    fs::write(world.path("lie.json"), sealed(&lines)).unwrap();
    fs::write(world.path("foreign.json"), sealed(&foreign)).unwrap();
    let said = world.run("--db new.db import lie.json");
    assert!(said.err.contains("is not shown as its events say"), "{said:?}");
    world.done("--db new.db import foreign.json");
    assert_eq!(world.done("--db new.db export"), all);
}

#[test]
fn an_export_whose_lines_are_not_as_they_were_is_refused_or_taken_whole() {
    let world = exported();
    let all = fs::read_to_string(world.path("all.json")).unwrap();
    let mut lines: Vec<&str> = all.split_inclusive('\n').collect();
    lines.pop();
    for number in 0..lines.len() {
        let mut changed = lines.clone();
        match number % 3 {
            0 => drop(changed.remove(number)),
            1 => changed.insert(number, lines[number]),
            _ => changed.swap(number, (number + 1) % lines.len()),
        }
        fs::write(world.path("changed.json"), sealed(&changed.concat())).unwrap();
        let said = world.run(&format!("--db {number}.db import changed.json"));
        if said.exit == 0 {
            assert!(world.done(&format!("--db {number}.db verify")).starts_with("sound: "));
        } else {
            assert_eq!(said.exit, 3, "{number}: {said:?}");
            assert!(said.err.contains("`changed.json` is damaged"), "{number}: {said:?}");
            assert!(!world.path(&format!("{number}.db")).exists(), "{number}: {said:?}");
        }
    }
}
