//! What goes with the pages: headers, the API beside them, and that they are shown only where asked for.

use gmbot_engine::grammar::TABLE;
use gmbot_http::{Pages, Settings};

use super::world::{HARMLESS, World, with_pages};
use crate::served::{Served, settings};

#[test]
fn nothing_is_loaded_from_elsewhere_and_nobody_frames_a_page() {
    let (world, wars) = World::played(HARMLESS);
    let home = world.get("/");
    let style = home.body.split("href=\"/assets/").nth(1).unwrap().split('"').next().unwrap();
    let style = format!("/assets/{style}");
    let news = format!("/wars/{}/changes", wars.settled);
    for path in ["/", "/commands", "/nothing", &style, &news] {
        let response = world.get(path);
        let policy = response.header("content-security-policy").unwrap_or_default();
        assert!(
            policy.starts_with("default-src 'none'; style-src 'self'; script-src 'self';"),
            "{path}"
        );
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{path}");
        assert_eq!(response.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(response.header("referrer-policy"), Some("no-referrer"), "{path}");
        assert_eq!(response.header("set-cookie"), None, "{path}");
    }
    assert_eq!(home.header("cache-control"), Some("no-cache"));
    let kept = world.get(&style);
    assert_eq!(kept.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(kept.header("content-type"), Some("text/css; charset=utf-8"));
}

#[test]
fn commands_keep_their_paths_beside_the_pages() {
    let world = World::new(HARMLESS);
    let json = "content-type: application/json\r\n";
    for row in TABLE {
        for name in std::iter::once(&row.name).chain(row.aliases) {
            let refused = world.served.call("POST", &format!("/{name}"), json, "{}");
            assert_eq!(refused.code(), "E_NO_KEY", "{name}");
        }
    }
    assert_eq!(world.served.call("PUT", "/leaderboard", "", "").code(), "E_METHOD");
    assert_eq!(world.served.call("DELETE", "/createwar", "", "").code(), "E_METHOD");
    assert_eq!(world.served.call("GET", "/nothing", "", "").code(), "E_NOT_FOUND");
    assert_eq!(world.served.call("GET", "/api/v1/wars", "", "").code(), "E_NO_KEY");
}

#[test]
fn there_are_no_pages_unless_somebody_asks_for_them() {
    let served = Served::with(settings());
    for path in ["/", "/commands", "/leaderboard"] {
        let refused = served.call("GET", path, "accept: text/html\r\n", "");
        assert!([404, 405].contains(&refused.status), "{path}: {refused:?}");
        assert!(!refused.body.contains("<html"), "{path}");
    }
}

#[test]
fn ways_to_add_the_bot_are_shown_where_they_are_set() {
    let home = |settings: Settings| Served::with(settings).call("GET", "/", "", "").body;
    let both = home(with_pages());
    assert!(both.contains(">Add to Discord</a>") && both.contains(">Invite on Matrix</a>"));
    assert!(both.contains("href=\"https://matrix.to/#/@gmbot:example.org\""));
    let neither = home(Settings { pages: Pages { shown: true, ..Pages::default() }, ..settings() });
    assert!(!neither.contains("Discord") && !neither.contains("Matrix"), "{neither}");
}

#[test]
fn a_command_is_no_page_and_says_how_it_is_sent() {
    let served = Served::with(with_pages());
    for path in ["/createwar", "/challenge", "/help"] {
        let refused = served.call("GET", path, "", "");
        assert_eq!((refused.status, refused.code().as_str()), (405, "E_METHOD"), "{path}");
        assert_eq!(refused.header("allow"), Some("post"), "{path}");
    }
    let both = served.call("PUT", "/leaderboard", "", "");
    assert_eq!((both.status, both.header("allow")), (405, Some("get,head,post")));
    for path in ["/api", "/challenges"] {
        let page = served.call("POST", path, "", "");
        assert_eq!((page.status, page.header("allow")), (405, Some("get,head")), "{path}");
    }
}
