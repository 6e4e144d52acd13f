//! Connections that are slow, idle, many, or open when the server stops.

use std::io::{Read as _, Write as _};
use std::num::NonZeroU32;
use std::time::Duration;

use gmbot_backend::Scope;
use gmbot_http::Settings;

use crate::served::{Served, read, settings};

/// Settings under which a slow client is soon too slow.
fn hasty() -> Settings {
    let soon = Duration::from_millis(300);
    Settings { head: soon, body: soon, ..settings() }
}

#[test]
fn a_body_that_never_comes_ends_in_a_time_out() {
    let served = Served::with(hasty());
    let bff = served.caller("bff", "discord", Scope::Trusted);
    let mut stream = served.connect();
    let head = format!(
        "POST /help HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{}content-type: \
         application/json\r\ncontent-length: 100\r\n\r\n{{",
        bff.headers()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let late = read(&mut stream);
    assert_eq!((late.status, late.code().as_str()), (408, "E_SLOW"));
}

#[test]
fn a_body_that_comes_byte_by_byte_is_cut_off() {
    let served = Served::with(hasty());
    let bff = served.caller("bff", "discord", Scope::Trusted);
    let mut stream = served.connect();
    stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    let head = format!(
        "POST /help HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{}content-type: \
         application/json\r\ncontent-length: 60000\r\n\r\n",
        bff.headers()
    );
    stream.write_all(head.as_bytes()).unwrap();
    // Each byte is in time, all of them together are not.
    let mut answer = Vec::new();
    for _ in 0..400 {
        stream.write_all(b" ").ok();
        let mut some = [0; 512];
        match stream.read(&mut some) {
            Ok(0) => break,
            Ok(read) => answer.extend_from_slice(&some[..read]),
            Err(_) if answer.is_empty() => {}
            Err(_) => break,
        }
    }
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("E_SLOW"), "{answer}");
}

#[test]
fn a_head_that_comes_byte_by_byte_is_cut_off() {
    let served = Served::with(hasty());
    let mut stream = served.connect();
    stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    let mut sent = 0;
    let closed =
        "GET /healthz HTTP/1.1\r\nx-slow: ".bytes().chain(std::iter::repeat(b'x')).any(|byte| {
            sent += 1;
            assert!(sent < 400, "the server still listens");
            let broken = stream.write_all(&[byte]).is_err();
            broken
                || matches!(stream.read(&mut [0; 512]), Ok(0))
                || matches!(stream.read(&mut [0; 512]), Err(error)
                    if error.kind() == std::io::ErrorKind::ConnectionReset)
        });
    assert!(closed);
}

#[test]
fn many_idle_connections_keep_nobody_out_and_are_closed() {
    let served = Served::with(hasty());
    let mut idle: Vec<_> = (0..500).map(|_| served.connect()).collect();
    assert_eq!(served.call("GET", "/healthz", "", "").status, 200);
    for stream in &mut idle {
        // The server ends each of them by itself; what it may say first does not matter.
        stream.read_to_end(&mut Vec::new()).ok();
    }
    assert_eq!(served.call("GET", "/healthz", "", "").status, 200);
}

#[test]
fn more_connections_than_there_may_be_wait_for_their_turn() {
    let served = Served::with(Settings { connections: 2, ..hasty() });
    let first = [served.connect(), served.connect()];
    // Accepted when one of the idle ones was closed.
    assert_eq!(served.call("GET", "/healthz", "", "").status, 200);
    drop(first);
}

#[test]
fn what_was_accepted_is_finished_before_the_server_stops() {
    let mut served = Served::new();
    let key = served.key("bff", "discord", Scope::Trusted);
    let mut stream = served.connect();
    let body = r#"{"server": {"id": "S1", "name": "One"}}"#;
    let head = format!(
        "POST /available HTTP/1.1\r\nhost: x\r\nclient: bff\r\nx-api-key: {key}\r\ncontent-type: \
         application/json\r\ncontent-length: {}\r\nexpect: 100-continue\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    // The server has read the head and wants the body: the request is accepted.
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    served.begin_to_stop();
    stream.write_all(body.as_bytes()).unwrap();
    let answered = read(&mut stream);
    assert_eq!((answered.status, answered.code().as_str()), (403, "E_NO_ACTOR"), "{answered:?}");
}

#[test]
fn waiting_for_changes_does_not_hold_a_stop_up() {
    let served = Served::new();
    let bff = served.caller("bff", "discord", Scope::Trusted);
    let mut stream = served.connect();
    let path = "/api/v1/changes?after=0";
    let head = format!("GET {path} HTTP/1.1\r\nhost: x\r\n{}\r\n", bff.headers());
    stream.write_all(head.as_bytes()).unwrap();
    // Dropping waits for the server to end; a test that hangs here has found it waiting.
    drop(served);
}

#[test]
fn too_many_calls_are_told_when_to_come_back() {
    let one = NonZeroU32::new(1).unwrap();
    let served = Served::with(Settings { calls_per_key: one, ..settings() });
    let app = served.caller("app", "rest", Scope::Read);
    let answers: Vec<_> = (0..12).map(|_| app.post("/help", "{}")).collect();
    let (good, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|one| one.status == 200);
    assert!(good.len() >= 4, "a burst is let through");
    let refused = refused.first().expect("twelve calls at once are too many");
    assert_eq!((refused.status, refused.code().as_str()), (429, "E_TOO_MANY_CALLS"));
    let pause: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=5).contains(&pause), "{pause}");
    // Another key is another matter.
    assert_eq!(served.caller("bff", "rest", Scope::Read).post("/help", "{}").status, 200);
}

#[test]
fn one_person_too_many_times_leaves_the_others_alone() {
    let one = NonZeroU32::new(1).unwrap();
    let served = Served::with(Settings { calls_per_person: one, ..settings() });
    let app = served.caller("app", "rest", Scope::Act);
    let say = |who: &str| {
        let body = format!(
            r#"{{"server": {{"id": "S1", "name": "One"}}, "actor": {{"id": "{who}", "name": "{who}"}}}}"#
        );
        app.post("/games", &body).status
    };
    let all: Vec<u16> = (0..12).map(|_| say("ann")).collect();
    assert!(all.contains(&200) && all.contains(&429), "{all:?}");
    assert_eq!(say("ben"), 200);
}

#[test]
fn scripts_of_other_sites_may_call_only_where_that_is_set() {
    let ask = "origin: https://example.org\r\naccess-control-request-method: POST\r\n";
    let closed = Served::new().call("OPTIONS", "/createwar", ask, "");
    assert!(!closed.head.contains("access-control"), "{closed:?}");
    let origins = vec!["https://example.org".to_owned()];
    let served = Served::with(Settings { origins, ..settings() });
    let open = served.call("OPTIONS", "/createwar", ask, "");
    assert_eq!(open.header("access-control-allow-origin"), Some("https://example.org"));
    let other = ask.replace("example.org", "example.com");
    let other = served.call("OPTIONS", "/createwar", &other, "");
    assert_eq!(other.header("access-control-allow-origin"), None, "{other:?}");
}
