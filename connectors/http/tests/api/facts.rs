//! Facts: what a platform says happened, told by trusted clients alone.

use gmbot_backend::{Backend as _, Scope, Secret};
use gmbot_client::{Address, Remote};
use gmbot_engine::event::Event;
use gmbot_engine::model::{Platform, SpaceKey};
use gmbot_engine::reply::Code;
use gmbot_engine::request::{AccountRef, Fact, Input, Request, SpaceRef};

use crate::served::Served;

const SPACE: &str =
    r#""space": {"key": {"platform": "discord", "id": "S1"}, "name": "One", "direct": false}"#;

fn body(fact: &str) -> String {
    format!(r#"{{{SPACE}, "fact": {fact}}}"#)
}

#[test]
fn facts_are_noted_once_under_a_key() {
    let served = Served::new();
    let bff = served.caller("bff", "discord", Scope::Trusted);
    let ann = r#"{"platform": "discord", "id": "P1", "name": "Ann"}"#;
    let ben = r#"{"platform": "discord", "id": "P2", "name": "Ben"}"#;
    for (key, fact) in [
        ("1", format!(r#"{{"space_seen": {{"owner": {ann}, "members": [{ann}, {ben}]}}}}"#)),
        ("2", r#"{"space_renamed": {"before": "One"}}"#.to_owned()),
        ("3", format!(r#"{{"owner_changed": {{"owner": {ben}}}}}"#)),
        ("4", format!(r#"{{"member_left": {{"account": {ann}, "owner": {ben}}}}}"#)),
        ("5", r#"{"space_moved": {"to": {"platform": "discord", "id": "S9"}}}"#.to_owned()),
        ("6", r#""space_gone""#.to_owned()),
    ] {
        let headers = format!("idempotency-key: {key}\r\n");
        let noted = bff.post_with(&headers, "/facts", &body(&fact));
        assert_eq!((noted.status, noted.code().as_str()), (200, "FACT_NOTED"), "{fact}: {noted:?}");
        let length = served.backend.log(0, 1_000).unwrap().len();
        assert_eq!(bff.post_with(&headers, "/facts", &body(&fact)).body, noted.body, "{fact}");
        assert_eq!(served.backend.log(0, 1_000).unwrap().len(), length, "{fact}");
    }
    let events = served.backend.log(0, 1_000).unwrap();
    let moved = |event: &Event| matches!(event, Event::SpaceMoved { to, .. } if to.id == "S9");
    assert!(events.iter().any(|(_, entry)| moved(&entry.event)), "{events:?}");
}

#[test]
fn what_no_platform_knows_and_what_is_no_fact_is_refused() {
    let served = Served::new();
    let bff = served.caller("bff", "discord", Scope::Trusted);
    for (fact, status, code) in [
        (r#"{"tick": {"war": "k3xp2"}}"#, 403, "E_NOT_ADMITTED"),
        (r#"{"undeliverable": {"clan": "k3xp2k3"}}"#, 403, "E_NOT_ADMITTED"),
        (r#"{"space_moved": {"to": {"platform": "matrix", "id": "x"}}}"#, 403, "E_NOT_ADMITTED"),
        (r#"{"space_lost": {}}"#, 400, "E_BAD_BODY"),
        (r#"{"owner_changed": {}}"#, 400, "E_BAD_BODY"),
        (r#"{"space_renamed": {"before": null, "after": "x"}}"#, 400, "E_BAD_BODY"),
    ] {
        let refused = bff.post("/facts", &body(fact));
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (status, code),
            "{fact}: {refused:?}"
        );
    }
    let act = served.caller("app", "discord", Scope::Act);
    assert_eq!(act.post("/facts", &body(r#""space_gone""#)).code(), "E_SCOPE");
}

#[test]
fn a_remote_backend_tells_facts_and_gets_the_reply() {
    let served = Served::new();
    let key = Secret::from(served.key("discord", "discord", Scope::Trusted));
    let url = format!("http://{}", served.address);
    let remote = Remote::new(Address { url, client: "discord".to_owned(), key });
    let platform = Platform("discord".to_owned());
    let space = |id: &str| SpaceRef {
        key: SpaceKey { platform: platform.clone(), id: id.to_owned() },
        name: "One".to_owned(),
        direct: false,
    };
    let owner = AccountRef { platform: platform.clone(), id: "P1".into(), name: "Ann".into() };
    let seen = Fact::SpaceSeen { owner: Some(owner), members: Vec::new() };
    for (key, named, code) in
        [("1", Some(space("S1")), Code::FactNoted), ("1", Some(space("S2")), Code::KeyReused)]
    {
        let request =
            Request { space: named, ..Request::new("discord", key, Input::Fact(seen.clone())) };
        let reply = remote.submit(request.clone()).unwrap().unwrap();
        assert_eq!(reply.code, code);
        // The same as whoever stands beside the backend gets.
        assert_eq!(served.backend.submit(request).unwrap().unwrap(), reply);
    }
}
