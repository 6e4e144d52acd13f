//! Names are text, whatever is in them: they never change what a page is made of.

use super::world::{HARMLESS, Names, World};

/// Names that try everything.
const EVIL: Names = Names {
    host: "<script>alert(1)</script>\" onload=x '",
    guest: "</title></svg>&lt;b&gt;<img src=x onerror=alert(1)>",
    person: "\u{202e}<b>\u{2066}nna\u{200b}\"'><h1>",
    game: "]]>--><style>*{display:none}</style>{{ x }}",
    place: "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
};

/// What a page is made of: its tags with the names of their attributes.
fn tags(html: &str) -> Vec<String> {
    let tag = |rest: &str| {
        let tag = rest.split('>').next().unwrap();
        let pieces = tag.split('"').step_by(2);
        pieces.collect::<Vec<_>>().join("")
    };
    html.split('<').skip(1).map(tag).collect()
}

#[test]
fn names_do_not_change_what_a_page_is_made_of() {
    let (world, wars) = World::played(HARMLESS);
    let (evil, evil_wars) = World::played(EVIL);
    assert_eq!(wars.open, evil_wars.open, "both worlds are the same but for names");
    let mut paths = vec!["/".to_owned()];
    for path in ["/challenges", "/challenges?game=9", "/leaderboard", "/leaderboard?game=9"] {
        paths.push(path.to_owned());
    }
    for war in [wars.open, wars.ongoing, wars.disputed, wars.settled] {
        paths.push(format!("/wars/{war}"));
    }
    let leaders = world.get("/leaderboard").body;
    for rest in leaders.split("href=\"/clans/").skip(1) {
        paths.push(format!("/clans/{}", rest.split('"').next().unwrap()));
    }
    for path in paths {
        let (plain, strange) = (world.get(&path), evil.get(&path));
        assert_eq!((plain.status, strange.status), (200, 200), "{path}");
        assert_eq!(tags(&plain.body), tags(&strange.body), "{path}");
        for turning in ['\u{202e}', '\u{2066}', '\u{200b}'] {
            assert!(!strange.body.contains(turning), "{turning:?} on {path}");
        }
    }
    let war = evil.get(&format!("/wars/{}", wars.ongoing)).body;
    assert!(war.contains("&#60;b&#62;"), "the names are there: {war}");
}
