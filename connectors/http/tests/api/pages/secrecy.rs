//! What is private is not there, for whoever only looks.

use gmbot_engine::model::DurationMs;

use super::world::{HARMLESS, World};
use crate::served::Response;

/// What a visitor can tell of an answer: all but its own moment and id, and how long it took, which
/// has to be told in one figure.
fn told(response: &Response) -> (u16, Vec<&str>, &str) {
    let own = ["date: ", "x-request-id: ", "server-timing: total;dur="];
    let own = |line: &&str| !own.iter().any(|name| line.starts_with(name));
    (response.status, response.head.lines().filter(own).collect(), &response.body)
}

#[test]
fn a_private_war_looks_like_none() {
    let (world, wars) = World::played(HARMLESS);
    let private = wars.private;
    for page in ["/wars/ID", "/wars/ID/changes", "/challenges?before=ID"] {
        let there = world.get(&page.replace("ID", private.as_str()));
        let not_there = world.get(&page.replace("ID", "zzzz9"));
        assert_eq!(there.status, 404, "{page}");
        assert_eq!(told(&there), told(&not_there), "{page}");
    }
    for path in ["/", "/challenges", "/challenges?game=4", "/leaderboard"] {
        assert!(!world.get(path).body.contains(private.as_str()), "{path}");
    }
}

#[test]
fn private_wars_leave_no_trace_in_the_history_of_a_clan() {
    let (world, _) = World::played(HARMLESS);
    let mut private = Vec::new();
    for round in 0..26 {
        world.pass(DurationMs::hours(2));
        let kind = if round < 24 { "privatewar" } else { "createwar" };
        let war = world.start("host", "guest", kind);
        world.says("host", "h1", &format!("gmbot concede {war} -yes"));
        private.extend((round < 24).then_some(war));
    }
    let leaders = world.get("/leaderboard").body;
    for rest in leaders.split("href=\"/clans/").skip(1) {
        let id = rest.split('"').next().unwrap();
        let html = world.get(&format!("/clans/{id}")).body;
        assert!(html.contains("href=\"/wars/"));
        for war in &private {
            assert!(!html.contains(war.as_str()), "{war} of {id}");
        }
    }
}

#[test]
fn a_clan_that_no_listing_shows_has_no_page_but_keeps_its_name_in_public_wars() {
    let (world, _) = World::played(HARMLESS);
    let war = world.start("host", "hidden", "createwar");
    let html = world.get(&format!("/wars/{war}")).body;
    assert!(html.contains("<bdi>Unlisted</bdi>"), "{html}");
    assert_eq!(html.matches("href=\"/clans/").count(), 2, "only the other clan is linked: {html}");
    let query = gmbot_engine::view::Query::War(war);
    let seen = gmbot_backend::Backend::view(&*world.served.backend, &query, &Default::default());
    let Ok(gmbot_engine::view::View::War(seen)) = seen else { panic!("{seen:?}") };
    let hidden = seen.line.guest.unwrap().id;
    let (there, not_there) = (world.get(&format!("/clans/{hidden}")), world.get("/clans/zzzzzz9"));
    assert_eq!(there.status, 404);
    assert_eq!(told(&there), told(&not_there));
}

#[test]
fn ids_that_are_none_and_games_that_are_none_are_not_found() {
    let world = World::new(HARMLESS);
    for path in [
        "/wars/x",
        "/wars/%00",
        "/clans/..%2f",
        "/clans/zzzzzz9?before=x",
        "/wars/zzzz9/changes",
        "/challenges?game=99",
        "/challenges?game=x",
        "/leaderboard?game=-1",
        "/assets/pages.css",
        "/nothing",
    ] {
        let response = world.get(path);
        assert_eq!(response.status, 404, "{path}");
        assert!(response.body.contains("<h1>Not found</h1>"), "{path}");
    }
}
