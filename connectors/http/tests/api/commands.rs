//! Commands as POSTs: the same words as in a line, with the names of the table.

use gmbot_backend::Scope;
use gmbot_engine::grammar::TABLE;

use crate::served::Served;

/// What the project promises to answer with 201.
const CREATE: &str = r#"{
  "server": {"id": "S1", "name": "Server1 Name"},
  "players": [{"id": "P1", "name": "Player1 Name", "role": "member"}, {"id": "P2", "name": "Player2 Name", "role": "co-leader"}],
  "game": "Mini Miltitia", "duration": "12h", "format": "first-to-3-wins"}"#;

#[test]
fn a_challenge_is_created_once_under_one_idempotency_key() {
    let served = Served::new();
    let bff = served.caller("DISCORD-BFF", "discord", Scope::Trusted);
    let first = bff.post_with("idempotency-key: one\r\n", "/createwar", CREATE);
    assert_eq!(first.status, 201, "{first:?}");
    assert_eq!(first.code(), "WAR_CREATED");
    assert!(first.text().contains("took \"Mini Miltitia\" for Mini Militia"), "{first:?}");
    assert!(first.text().contains("@Player1 Name, @Player2 Name"), "{first:?}");
    assert_eq!(first.header("idempotency-key"), Some("one"));

    let again = bff.post_with("idempotency-key: one\r\n", "/createwar", CREATE);
    assert_eq!((again.status, &again.body), (201, &first.body));
    let other = CREATE.replace("12h", "13h");
    let reused = bff.post_with("idempotency-key: one\r\n", "/createwar", &other);
    assert_eq!((reused.status, reused.code().as_str()), (409, "E_KEY_REUSED"));
    let events = served.backend.log(0, 1_000).unwrap().len();
    bff.post_with("idempotency-key: one\r\n", "/createwar", CREATE);
    assert_eq!(served.backend.log(0, 1_000).unwrap().len(), events);

    let roles = bff.post("/roles", r#"{"server": {"id": "S1", "name": "Server1 Name"}}"#);
    assert!(roles.text().contains("@Player2 Name  co-leader"), "{}", roles.text());
    assert!(roles.text().contains("@Player1 Name  member"), "{}", roles.text());
}

#[test]
fn a_request_without_an_idempotency_key_gets_one() {
    let served = Served::new();
    let bff = served.caller("DISCORD-BFF", "discord", Scope::Trusted);
    let (first, second) = (bff.post("/createwar", CREATE), bff.post("/createwar", CREATE));
    assert_eq!((first.status, second.status), (201, 201));
    let key = |response: &crate::served::Response| {
        response.header("idempotency-key").map(str::to_owned).expect("a key")
    };
    assert_ne!(key(&first), key(&second));
    let again =
        bff.post_with(&format!("idempotency-key: {}\r\n", key(&first)), "/createwar", CREATE);
    assert_eq!(again.body, first.body);
}

#[test]
fn ids_and_idempotency_keys_live_inside_client_and_platform() {
    let served = Served::new();
    let callers = [
        served.caller("bff", "discord", Scope::Trusted),
        served.caller("bff", "matrix", Scope::Trusted),
        served.caller("app", "discord", Scope::Trusted),
    ];
    for (number, caller) in callers.iter().enumerate() {
        let made = caller.post_with("idempotency-key: one\r\n", "/createwar", CREATE);
        assert_eq!(made.status, 201, "{made:?}");
        let clans = caller.post("/clans", "{}").text();
        // Each of them has brought another clan to life.
        assert!(clans.contains("Server1 Name"), "{clans}");
        assert_eq!(clans.contains("Server1 Name (2)"), number >= 1, "{clans}");
        assert_eq!(clans.contains("Server1 Name (3)"), number >= 2, "{clans}");
    }
}

#[test]
fn a_stated_role_counts_for_newcomers_and_never_as_leader() {
    let served = Served::new();
    let bff = served.caller("bff", "discord", Scope::Trusted);
    let say = |command: &str, who: &str, role: &str| {
        let body = format!(
            r#"{{"server": {{"id": "S1", "name": "One"}},
                "actor": {{"id": "{who}", "name": "{who}", "role": "{role}"}}, "games": [4]}}"#
        );
        bff.post(command, &body)
    };
    assert_eq!(say("/subscribe", "ann", "leader").status, 403, "nobody leads by saying so");
    assert_eq!(say("/subscribe", "ben", "co-leader").status, 200);
    assert_eq!(say("/subscribe", "cid", "member").status, 403);
    let late = say("/subscribe", "cid", "co-leader");
    assert_eq!((late.status, late.code().as_str()), (403, "E_NOT_ALLOWED"));
}

#[test]
fn a_client_without_an_actor_neither_votes_nor_speaks() {
    let served = Served::new();
    let bff = served.caller("bff", "discord", Scope::Trusted);
    for (command, body) in [
        ("/vote", r#"{"server": {"id": "S1", "name": "One"}, "winner": "us"}"#),
        ("/say", r#"{"server": {"id": "S1", "name": "One"}, "text": "hello"}"#),
    ] {
        let refused = bff.post(command, body);
        assert_eq!((refused.status, refused.code().as_str()), (403, "E_NO_ACTOR"), "{command}");
    }
}

#[test]
fn every_command_has_its_path_and_no_route_hides_one() {
    let served = Served::new();
    let operator = served.caller("ops", "rest", Scope::Operator);
    for row in TABLE {
        for name in std::iter::once(&row.name).chain(row.aliases) {
            let answer = operator.post(&format!("/{name}"), "{}");
            assert!(!answer.code().is_empty(), "{name}: {answer:?}");
            assert!(!["E_NOT_FOUND", "E_METHOD", "E_BAD_BODY"].contains(&answer.code().as_str()));
        }
    }
    assert!(TABLE.iter().all(|row| row.name != "line" && !row.aliases.contains(&"line")));
    let unknown = operator.post("/creatwar", "{}");
    assert_eq!((unknown.status, unknown.code().as_str()), (404, "E_NOT_FOUND"));
}

#[test]
fn a_line_is_read_as_in_a_chat() {
    let served = Served::new();
    let bff = served.caller("bff", "discord", Scope::Trusted);
    let body = |text: &str| {
        format!(
            r#"{{"text": "{text}", "server": {{"id": "S1", "name": "One"}},
                "actor": {{"id": "ann", "name": "Ann", "role": "co-leader"}},
                "mentions": {{"<@7>": {{"id": "7", "name": "Ben"}}}}}}"#
        )
    };
    let made = bff.post("/line", &body("gmbot createwar <@7> -game 4"));
    assert_eq!((made.status, made.code().as_str()), (201, "WAR_CREATED"), "{made:?}");
    assert!(made.text().contains("@Ben"), "{made:?}");
    let typo = bff.post("/line", &body("gmbot createwar <@7> -gaem 4"));
    assert_eq!((typo.status, typo.code().as_str()), (400, "E_UNKNOWN_FLAG"));
    let problem = &typo.json()["diagnostics"]["problems"][0];
    assert_eq!((&problem["suggestion"], &problem["span"]["start"]), (&"-game".into(), &21.into()));
    let talk = bff.post("/line", &body("good morning"));
    assert_eq!((talk.status, talk.body.as_str()), (204, ""));
}

#[test]
fn a_rule_that_finds_something_too_often_says_when_to_come_back() {
    let served = Served::new();
    let bff = served.caller("bff", "discord", Scope::Trusted);
    let answers: Vec<_> = (0..11).map(|_| bff.post("/createwar", CREATE)).collect();
    let (refused, made) = answers.split_last().unwrap();
    assert!(made.iter().all(|made| made.status == 201), "{made:?}");
    assert_eq!((refused.status, refused.code().as_str()), (429, "E_TOO_MANY_OPEN"));
    assert_eq!(refused.header("retry-after"), Some("60"));
}
