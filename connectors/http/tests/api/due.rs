//! The stream that says when notices are due, as any client reads it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;

use gmbot_backend::Scope;
use gmbot_engine::model::DurationMs;
use gmbot_http::Settings;

use crate::served::{Caller, Served, settings};

/// The lines of a stream that was just asked for, the head's first.
fn listen(served: &Served, caller: &Caller<'_>) -> impl Iterator<Item = String> + use<> {
    let mut stream: TcpStream = served.connect();
    let head = format!("GET /api/v1/outbox/due HTTP/1.1\r\nhost: x\r\n{}\r\n", caller.headers());
    stream.write_all(head.as_bytes()).unwrap();
    BufReader::new(stream).lines().map_while(Result::ok)
}

/// Reads on until something is due.
fn is_due(lines: &mut impl Iterator<Item = String>) -> bool {
    lines.any(|line| line == "event: due")
}

/// Has a notice wait for the clan of the server S1: it heard of another clan's challenge.
fn challenge(caller: &Caller<'_>) {
    let subscribe = r#"{"server": {"id": "S1", "name": "One"}, "games": [4]}"#;
    assert_eq!(caller.post("/subscribe", subscribe).status, 200);
    let createwar = r#"{"server": {"id": "S2", "name": "Two"}, "players": [{"id": "P1", "name": "Ann"}],
        "game": 4}"#;
    assert_eq!(caller.post("/createwar", createwar).status, 201);
}

/// What can be claimed.
fn claim(caller: &Caller<'_>) -> serde_json::Value {
    let body = r#"{"platform": "discord", "space": null, "limit": 10}"#;
    caller.post("/api/v1/outbox/claim", body).json()
}

#[test]
fn a_listener_is_told_what_was_due_before_and_what_falls_due_later() {
    let served = Served::new();
    let bff = served.caller("bff", "discord", Scope::Trusted);
    let mut early = listen(&served, &bff);
    assert!(early.next().unwrap().contains("200 OK"));
    challenge(&bff);
    // The broadcast runs beside; whoever listened before is told, and whoever comes later, too.
    served.backend.run_due().unwrap();
    assert!(is_due(&mut early));
    assert!(is_due(&mut listen(&served, &bff)));

    let token = claim(&bff)[0]["token"].as_str().unwrap().to_owned();
    let failed = format!(r#"{{"token": "{token}", "fate": "failed"}}"#);
    assert_eq!(bff.post("/api/v1/outbox/acknowledge", &failed).status, 200);
    // Nobody says anything but the clock.
    let mut late = listen(&served, &bff);
    served.backend.set_now(served.backend.now() + DurationMs::minutes(1)).unwrap();
    assert!(is_due(&mut late));
}

#[test]
fn other_platforms_hear_nothing_and_a_stop_ends_the_stream() {
    let mut served = Served::new();
    let mut lines = listen(&served, &served.caller("bff", "matrix", Scope::Trusted));
    assert!(lines.next().unwrap().contains("200 OK"));
    let bff = served.caller("bff", "discord", Scope::Trusted);
    challenge(&bff);
    served.backend.run_due().unwrap();
    assert!(is_due(&mut listen(&served, &bff)));
    served.begin_to_stop();
    assert!(!is_due(&mut lines), "nothing is due for matrix");
}

#[test]
fn only_trusted_clients_listen_and_no_more_than_there_is_room_for() {
    let served = Served::with(Settings { connections: 8, ..settings() });
    let act = served.caller("app", "discord", Scope::Act);
    assert_eq!(act.get("/api/v1/outbox/due").code(), "E_SCOPE");
    let bff = served.caller("bff", "discord", Scope::Trusted);
    let mut open: Vec<_> = (0..2).map(|_| listen(&served, &bff)).collect();
    for lines in &mut open {
        assert!(lines.next().unwrap().contains("200 OK"));
    }
    let refused = bff.get("/api/v1/outbox/due");
    assert_eq!((refused.status, refused.code().as_str()), (503, "E_BUSY"));
    assert!(refused.header("retry-after").is_some());
}
