//! What the store keeps, and what is refused when it was lost.

use std::fs;

use gmbot_matrix::ConnectError;
use serde_json::json;

use crate::town::{Clan, Town};

/// A connector that has been there, and is not any more.
fn left_behind() -> (Town, Clan) {
    let mut town = Town::new();
    let hsk = town.clan("Headshot Killers", "ann", "ben");
    town.connect();
    town.come(&hsk.room);
    town.ask(&hsk.room, &hsk.owner, "gmbot games");
    town.kill();
    (town, hsk)
}

#[test]
fn an_empty_store_takes_no_device_that_was_used() {
    let (town, _hsk) = left_behind();
    fs::remove_dir_all(town.store()).expect("a folder");
    let refused = town.refused();
    assert!(
        matches!(&refused, ConnectError::DeviceUsed { device, .. } if device == "GMBOT"),
        "{refused}"
    );
    // Nothing is left that would be taken for a store.
    assert!(matches!(town.refused(), ConnectError::DeviceUsed { .. }));
}

#[test]
fn a_store_of_which_a_part_was_lost_is_not_used() {
    for lost in ["session.json", "matrix-sdk-crypto.sqlite3"] {
        let (town, _hsk) = left_behind();
        fs::remove_file(town.store().join(lost)).expect("a file");
        let refused = town.refused();
        assert!(
            matches!(&refused, ConnectError::StoreBroken { missing, .. } if *missing == lost),
            "{refused}"
        );
    }
}

#[test]
fn a_store_has_one_connector() {
    let (mut town, hsk) = left_behind();
    town.connect();
    town.ask(&hsk.room, &hsk.owner, "gmbot games");
    let refused = town.refused();
    assert!(matches!(refused, ConnectError::StoreInUse(_)), "{refused}");
    assert!(refused.to_string().contains("another gmbot"), "{refused}");
}

#[test]
fn a_session_that_was_ended_is_told() {
    let (town, _hsk) = left_behind();
    town.server.change(|state| state.ended = true);
    let refused = town.refused();
    assert!(matches!(refused, ConnectError::LoggedOut), "{refused}");
}

#[cfg(unix)]
#[test]
fn nobody_else_reads_the_session() {
    use std::os::unix::fs::PermissionsExt as _;
    let (town, _hsk) = left_behind();
    let mode = |path| fs::metadata(path).expect("metadata").permissions().mode() & 0o777;
    assert_eq!(mode(town.store().join("session.json")), 0o600);
    assert_eq!(mode(town.store()), 0o700);
}

#[test]
fn what_can_not_be_read_yet_is_answered_when_it_can() {
    let mut town = Town::new();
    let hsk = town.clan("Headshot Killers", "ann", "ben");
    town.connect();
    town.come(&hsk.room);
    let unreadable = json!({
        "algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "AwgAEnACgAkLmt6qF84IK++J7UDH2Za1YVchHyprqTqsg",
        "session_id": "nobody", "sender_key": "nobody", "device_id": "PHONE",
    });
    let ago = std::time::Duration::ZERO;
    let said = town.server.send(&hsk.room, &hsk.owner, "m.room.encrypted", unreadable, ago);
    town.ask(&hsk.room, &hsk.owner, "gmbot games");
    assert_eq!(town.answers(&said), 0);
    // It is known over a restart, and read as soon as something comes that may be its key.
    town.kill();
    town.connect();
    town.ask(&hsk.room, &hsk.owner, "gmbot games");
    let readable = json!({ "msgtype": "m.text", "body": "gmbot formats" });
    town.server.change(|state| state.decrypt(&hsk.room, &said, readable));
    assert!(town.answer(&said).says("first to"), "{}", town.answer(&said).text());
}
