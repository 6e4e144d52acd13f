//! Bodies that are not what they should be: each is refused, with what is wrong and where.

use gmbot_backend::Scope;

use crate::served::Served;

#[test]
fn json_that_is_none_is_refused_with_its_place() {
    let served = Served::new();
    let bff = served.caller("bff", "discord", Scope::Trusted);
    let deep = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
    for (body, says) in [
        ("", "line 1 column 0"),
        ("{", "line 1 column 1"),
        ("[]", "an object is wanted, not a list"),
        ("\"createwar\"", "an object is wanted, not a text"),
        ("{\"game\": 4,}", "line 1 column 12"),
        ("{\"game\": 1e999}", "line 1 column"),
        ("{\"game\": 4, \"game\": 5}", "the field `game` is given twice"),
        ("{\"server\": {\"id\": \"a\", \"id\": \"b\"}}", "the field `id` is given twice"),
        (&deep, "recursion limit"),
    ] {
        let refused = bff.post("/createwar", body);
        assert_eq!((refused.status, refused.code().as_str()), (400, "E_BAD_BODY"), "{body}");
        assert!(refused.text().contains(says), "{body}: {}", refused.text());
    }
    let latin = served.raw(
        format!(
            "POST /help HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{}content-type: \
             application/json\r\ncontent-length: 3\r\n\r\n",
            bff.headers()
        )
        .into_bytes()
        .into_iter()
        .chain(*b"{\xff}")
        .collect::<Vec<u8>>()
        .as_slice(),
    );
    assert_eq!((latin.status, latin.code().as_str()), (400, "E_BAD_BODY"));
}

#[test]
fn fields_are_named_in_what_is_said_of_them() {
    let served = Served::new();
    let bff = served.caller("bff", "discord", Scope::Trusted);
    for (body, code, says) in [
        (r#"{"gaem": "4"}"#, "E_UNKNOWN_FLAG", "unknown flag `-gaem`"),
        (r#"{"gaem": null}"#, "E_UNKNOWN_FLAG", "unknown flag `-gaem`"),
        (r#"{"game": true, "players": ["a"]}"#, "E_BAD_VALUE", "`game` takes a text or a number"),
        (r#"{"format": "ft3", "type": "ft5"}"#, "E_REPEATED_FLAG", "`-type` is given twice"),
        (r#"{"start": 20}"#, "E_BAD_VALUE", "`start` takes a text"),
        (r#"{"server": "S1"}"#, "E_BAD_BODY", "`server` must be an object"),
        (r#"{"server": {"id": 1}}"#, "E_BAD_BODY", "`server.id` must be a text, not a number"),
        (r#"{"server": {"name": "x"}}"#, "E_BAD_BODY", "`server.id` is missing"),
        (
            r#"{"server": {"id": "x", "name": "x", "nmae": "x"}}"#,
            "E_BAD_BODY",
            "unknown field `server.nmae`",
        ),
        (
            r#"{"actor": {"id": "x", "name": "x", "role": "boss"}}"#,
            "E_BAD_BODY",
            "`actor.role` must be `member`, `co-leader` or `leader`",
        ),
        (r#"{"players": [{"id": "a b", "name": "x"}]}"#, "E_BAD_BODY", "the id `a b` of a person"),
        (r#"{"players": [{"id": "", "name": "x"}]}"#, "E_BAD_BODY", "`players.id` must be 1 to"),
        (r#"{"players": [["a"]]}"#, "E_BAD_VALUE", "`players` takes a list of persons or names"),
        (r#"{"players": {"id": "a"}}"#, "E_BAD_BODY", "`players.name` is missing"),
    ] {
        let refused = bff.post("/createwar", body);
        assert_eq!((refused.status, refused.code().as_str()), (400, code), "{body}: {refused:?}");
        assert!(refused.text().contains(says), "{body}: {}", refused.text());
    }
    let line = bff.post("/line", r#"{"text": "gmbot help", "foo": 1}"#);
    assert!(line.text().contains("unknown field `foo`"), "{line:?}");
}

#[test]
fn a_body_must_be_plain_json_within_64_kib() {
    let served = Served::new();
    let bff = served.caller("bff", "discord", Scope::Trusted);
    let body = |length: usize| format!(r#"{{"command": "{}"}}"#, "x".repeat(length));
    let fits = bff.post("/help", &body(63 * 1024));
    assert_eq!((fits.status, fits.code().as_str()), (400, "E_LINE_TOO_LONG"));
    let refused = bff.post("/help", &body(65 * 1024));
    assert_eq!((refused.status, refused.code().as_str()), (413, "E_TOO_LARGE"));

    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"] {
        let headers = format!("{}content-type: {kind}\r\n", bff.headers());
        let refused = served.call("POST", "/help", &headers, "{}");
        assert_eq!((refused.status, refused.code().as_str()), (415, "E_NOT_JSON"), "{kind}");
    }
    let utf8 = format!("{}content-type: application/JSON; charset=utf-8\r\n", bff.headers());
    assert_eq!(served.call("POST", "/help", &utf8, "{}").status, 200);
    // What would grow when it is unpacked is not unpacked.
    let bomb = bff.post_with("content-encoding: gzip\r\n", "/help", "{}");
    assert_eq!((bomb.status, bomb.code().as_str()), (415, "E_PACKED"));
}

#[test]
fn methods_and_paths_that_do_not_fit_are_refused() {
    let served = Served::new();
    let bff = served.caller("bff", "discord", Scope::Trusted);
    for method in ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"] {
        let refused = served.call(method, "/createwar", &bff.headers(), "");
        assert_eq!((refused.status, refused.code().as_str()), (405, "E_METHOD"), "{method}");
        assert_eq!(refused.header("allow"), Some("post"));
    }
    for path in ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/api/v1/../../x", "//", "/a/b"]
    {
        let missing = bff.post(path, "{}");
        assert_eq!((missing.status, missing.code().as_str()), (404, "E_NOT_FOUND"), "{path}");
    }
    for path in ["/..%2f..%2fetc%2fpasswd", "/%00", "/createwar%0d%0ax:y", "/%ff%fe"] {
        let missing = bff.post(path, "{}");
        assert_eq!((missing.status, missing.code().as_str()), (404, "E_NOT_FOUND"), "{path}");
    }
    for path in ["/api/v1/wars/..%2f..%2fx", "/api/v1/wars/zzzz9", "/api/v1/clans/%27--"] {
        let missing = bff.get(path);
        assert_eq!((missing.status, missing.code().as_str()), (404, "E_NOT_FOUND"), "{path}");
    }
}

#[test]
fn no_header_is_smuggled_in_or_out() {
    let served = Served::new();
    let bff = served.caller("bff", "discord", Scope::Trusted);
    for key in ["a b", "a\u{1}b", "ключ", &"x".repeat(256)] {
        let refused = bff.post_with(&format!("idempotency-key: {key}\r\n"), "/help", "{}");
        assert_eq!(refused.status, 400, "{key}: {refused:?}");
        assert!(!refused.head.contains("idempotency-key"), "{refused:?}");
    }
    let two = "idempotency-key: a\r\nidempotency-key: b\r\n";
    assert_eq!(bff.post_with(two, "/help", "{}").code(), "E_BAD_HEADER");
    // A second request hidden in the first one's body is part of a body, and no request.
    let hidden = "POST /available HTTP/1.1\r\nhost: x\r\n\r\n";
    assert_eq!(bff.post("/help", hidden).code(), "E_BAD_BODY");
    // Two lengths are one too many.
    let smuggled = format!(
        "POST /help HTTP/1.1\r\nhost: x\r\n{}content-type: application/json\r\ncontent-length: \
         2\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n{{}}",
        bff.headers()
    );
    let refused = served.raw(smuggled.as_bytes());
    assert_ne!(refused.status, 200, "{refused:?}");
}
