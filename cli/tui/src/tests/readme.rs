//! The screen that the README shows.

use super::stage::Stage;

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
const BEGIN: &str =
    "<!-- the screen; GMBOT_BLESS=1 cargo test -p gmbot-tui draws it anew -->\n```text\n";
const END: &str = "```\n";

#[test]
fn the_readme_shows_what_the_screen_shows() {
    let mut stage =
        Stage::at_war_with(&[("Clan G", ["gwen", "gil"]), ("Organisers", ["olga", "otto"])]);
    stage.resize(92, 26);
    let drawn = stage.screen();
    let page = std::fs::read_to_string(README).unwrap();
    let (head, rest) = page.split_once(BEGIN).expect("the beginning of the screen");
    let (shown, tail) = rest.split_once(END).expect("the end of the screen");
    if std::env::var_os("GMBOT_BLESS").is_some() {
        std::fs::write(README, format!("{head}{BEGIN}{drawn}{END}{tail}")).unwrap();
    } else {
        assert_eq!(shown, drawn);
    }
}
