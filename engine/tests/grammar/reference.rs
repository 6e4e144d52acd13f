//! The generated reference, and the line of help that goes with a mistake.

use gmbot_engine::grammar::reference::{markdown, usage_line};
use gmbot_engine::grammar::table::find;

/// Where the reference stands.
const PLACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/language.md");

#[test]
#[expect(clippy::disallowed_methods, reason = "the reference is a file, and a variable renews it")]
fn the_reference_is_what_the_table_says() {
    let expect = markdown();
    if std::env::var("GMBOT_BLESS").is_ok_and(|bless| bless == "1") {
        std::fs::write(PLACE, &expect).expect("the reference can be written");
    }
    let found = std::fs::read_to_string(PLACE).unwrap_or_default();
    assert!(
        found == expect,
        "docs/language.md is not what the command table says; renew it with\n\
         GMBOT_BLESS=1 cargo test -p gmbot-engine --test grammar reference"
    );
}

#[test]
fn usage_shows_what_is_needed_and_what_may_be_left_out() {
    let check = |name: &str, expect: &str| {
        assert_eq!(find(name).map(usage_line).as_deref(), Some(expect));
    };
    check("accept", "gmbot accept WAR [PLAYERS…]");
    check("concede", "gmbot concede WAR [-yes]");
    check("say", "gmbot say [-war WAR] TEXT");
    check("games", "gmbot games");
    check("substitute", "gmbot substitute -war WAR -out OUT -in IN");
    check("vote", "gmbot vote [WAR] -winner host|guest|draw|void|none|us|them|CLAN [-score H-G]");
}
