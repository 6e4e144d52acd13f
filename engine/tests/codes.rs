//! `docs/codes.md` lists every code.

use std::fmt::Write as _;

use gmbot_engine::reply::{Code, Status};

/// Where the list stands.
const PLACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/codes.md");

/// How the list begins.
const HEAD: &str = "\
# Codes

Each reply and notice has a code, which stays what it is: programs, tests and translations go by it. What begins with `E_` is a
refusal. This list is generated from `engine/src/reply/code.rs`; the statuses that clients of the server see stand in
[http.md](http.md).

| code | what it says | kind |
| --- | --- | --- |
";

#[test]
#[expect(clippy::disallowed_methods, reason = "the list is a file, and a variable renews it")]
fn the_list_holds_every_code() {
    let expect = list();
    if std::env::var("GMBOT_BLESS").is_ok_and(|bless| bless == "1") {
        std::fs::write(PLACE, &expect).expect("the list can be written");
    }
    let found = std::fs::read_to_string(PLACE).unwrap_or_default();
    assert!(
        found == expect,
        "docs/codes.md is not what the codes are; renew it with\n\
         GMBOT_BLESS=1 cargo test -p gmbot-engine --test codes"
    );
}

fn list() -> String {
    let mut list = HEAD.to_owned();
    for code in Code::ALL {
        let (says, kind) = (code.meaning(), kind(code.status()));
        writeln!(list, "| `{code}` | {says} | {kind} |").expect("a text takes every line");
    }
    list
}

fn kind(status: Status) -> &'static str {
    match status {
        Status::Done => "done",
        Status::Created => "created",
        Status::NotUnderstood => "not understood",
        Status::Forbidden => "may not",
        Status::NotFound => "no such thing",
        Status::Conflict => "does not fit",
        Status::Refused => "refused by a rule",
        Status::TooMany => "too often, too many",
    }
}
