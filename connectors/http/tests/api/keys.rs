//! Who may call: keys, clients, platforms, scopes.

use gmbot_backend::Scope;

use crate::served::Served;

const AVAILABLE: &str =
    r#"{"server": {"id": "S1", "name": "One"}, "actor": {"id": "ann", "name": "Ann"}}"#;

#[test]
fn without_a_key_only_health_answers() {
    let served = Served::new();
    assert_eq!(served.call("GET", "/healthz", "", "").status, 200);
    assert_eq!(served.call("GET", "/readyz", "", "").status, 200);
    let json = "content-type: application/json\r\n";
    for (method, path) in [
        ("POST", "/help"),
        ("POST", "/createwar"),
        ("POST", "/line"),
        ("POST", "/api/v1/requests"),
        ("POST", "/api/v1/view"),
        ("POST", "/api/v1/image"),
        ("POST", "/api/v1/outbox/claim"),
        ("POST", "/api/v1/outbox/acknowledge"),
        ("POST", "/api/v1/outbox/waiting"),
        ("POST", "/api/v1/complete"),
        ("GET", "/api/v1/wars/k3xp2/proof/0"),
        ("GET", "/api/v1/leaderboard"),
        ("GET", "/api/v1/changes"),
    ] {
        let refused = served.call(method, path, json, "{}");
        assert_eq!((refused.status, refused.code().as_str()), (401, "E_NO_KEY"), "{path}");
    }
}

#[test]
fn changes_are_counted() {
    let served = Served::new();
    let bff = served.caller("bff", "discord", Scope::Trusted);
    let seen = || bff.get("/api/v1/changes").json()["seen"].as_u64().unwrap();
    let before = seen();
    assert_eq!(bff.post("/available", AVAILABLE).status, 200);
    let after = bff.get(&format!("/api/v1/changes?after={before}")).json();
    assert!(after["seen"].as_u64().unwrap() > before);
    assert_eq!(served.caller("app", "rest", Scope::Act).get("/api/v1/changes").status, 403);
}

#[test]
fn a_key_opens_to_its_own_client_until_it_is_revoked() {
    let served = Served::new();
    let app = served.caller("app", "rest", Scope::Act);
    assert_eq!(app.post("/available", AVAILABLE).status, 200);

    let json = "content-type: application/json\r\n";
    let other = format!("client: bff\r\nx-api-key: {}\r\n{json}", app.key);
    let refused = served.call("POST", "/available", &other, AVAILABLE);
    assert_eq!((refused.status, refused.code().as_str()), (403, "E_OTHER_CLIENT"));
    let wrong = format!("client: app\r\nx-api-key: {}0\r\n{json}", app.key);
    let refused = served.call("POST", "/available", &wrong, AVAILABLE);
    assert_eq!((refused.status, refused.code().as_str()), (401, "E_UNKNOWN_KEY"));
    let twice = format!("x-api-key: x\r\n{}{json}", app.headers());
    let refused = served.call("POST", "/available", &twice, AVAILABLE);
    assert_eq!((refused.status, refused.code().as_str()), (400, "E_BAD_HEADER"));

    let id = served.backend.keys().unwrap()[0].id.clone();
    assert!(served.backend.revoke_key(&id).unwrap());
    let refused = app.post("/available", AVAILABLE);
    assert_eq!((refused.status, refused.code().as_str()), (401, "E_REVOKED_KEY"));
    assert!(!refused.body.contains(&app.key));
}

#[test]
fn each_scope_may_do_what_those_before_it_may_and_no_more() {
    let served = Served::new();
    let trusted = [("/available", r#"{"server": {"id": "S1", "name": "One"}}"#, Scope::Trusted)];
    let role = r#"{"server": {"id": "S1", "name": "One"},
        "actor": {"id": "ann", "name": "Ann", "role": "member"}}"#;
    let owner = r#"{"server": {"id": "S1", "name": "One"},
        "actor": {"id": "ann", "name": "Ann", "owner": true}}"#;
    let claim = r#"{"platform": "rest", "space": null, "limit": 1}"#;
    let suspend = r#"{"clan": "One", "reason": "cheating"}"#;
    let cases = [
        ("/help", "{}", Scope::Read),
        ("/status", AVAILABLE, Scope::Act),
        ("/status", r#"{"server": {"id": "S1", "name": "One"}}"#, Scope::Act),
        ("/available", AVAILABLE, Scope::Act),
        ("/available", role, Scope::Trusted),
        ("/available", owner, Scope::Trusted),
        ("/api/v1/outbox/claim", claim, Scope::Trusted),
        ("/suspend", suspend, Scope::Operator),
    ];
    for (path, body, least) in cases.into_iter().chain(trusted) {
        for scope in Scope::ALL {
            let answer = served.caller(scope.word(), "rest", *scope).post(path, body);
            let refused = ["E_SCOPE", "E_OPERATOR_ONLY"].contains(&answer.code().as_str());
            assert_eq!(refused, *scope < least, "{path} as {scope}: {answer:?}");
        }
    }
}

#[test]
fn nobody_speaks_for_another_platform_or_for_the_operator() {
    let served = Served::new();
    let bff = served.caller("bff", "discord", Scope::Trusted);
    let claim = r#"{"platform": "matrix", "space": null, "limit": 1}"#;
    let refused = bff.post("/api/v1/outbox/claim", claim);
    assert_eq!((refused.status, refused.code().as_str()), (403, "E_NOT_ADMITTED"));
    let look = |actor: &str, operator: bool| {
        format!(
            r#"{{"query": "games", "onlooker": {{"actor": {actor}, "space": null, "operator": {operator}}}}}"#
        )
    };
    let foreign = r#"{"platform": "matrix", "id": "ann", "name": "Ann"}"#;
    let refused = bff.post("/api/v1/view", &look(foreign, false));
    assert_eq!((refused.status, refused.code().as_str()), (403, "E_NOT_ADMITTED"));
    let refused = bff.post("/api/v1/view", &look("null", true));
    assert_eq!((refused.status, refused.code().as_str()), (403, "E_SCOPE"));
    assert_eq!(bff.post("/api/v1/view", &look("null", false)).status, 200);
}
