//! What each page shows of a little world, as HTML.

use gmbot_engine::grammar::TABLE;

use super::world::{HARMLESS, World};
use gmbot_engine::model::DurationMs;

use crate::served::Response;

/// A page's HTML, without what changes with each change of a style.
fn page(response: &Response) -> String {
    assert_eq!(response.status, 200, "{response:?}");
    let mut parts = response.body.split("/assets/");
    let mut html = parts.next().unwrap().to_owned();
    for part in parts {
        let (_hash, rest) = part.split_once('.').unwrap();
        html.push_str(&format!("/assets/HASH.{rest}"));
    }
    html
}

#[test]
fn each_page_shows_the_world_as_it_is() {
    let (world, wars) = World::played(HARMLESS);
    let clan = clan_page(&world);
    let pages = [
        ("home", "/".to_owned()),
        ("challenges", "/challenges".to_owned()),
        ("challenges_of_a_game", "/challenges?game=4".to_owned()),
        ("leaderboard", "/leaderboard".to_owned()),
        ("leaderboard_of_a_game", "/leaderboard?game=9".to_owned()),
        ("clan", clan),
        ("war_open", format!("/wars/{}", wars.open)),
        ("war_ongoing", format!("/wars/{}", wars.ongoing)),
        ("war_disputed", format!("/wars/{}", wars.disputed)),
        ("war_settled", format!("/wars/{}", wars.settled)),
    ];
    for (name, path) in pages {
        insta::assert_snapshot!(name, page(&world.get(&path)), &path);
    }
}

#[test]
fn an_empty_world_says_what_to_do() {
    let world = World::new(HARMLESS);
    assert!(world.get("/").body.contains("Yours would be the first."));
    assert!(world.get("/challenges").body.contains("Make one:"));
    assert!(world.get("/leaderboard").body.contains("No clan has any glory here yet."));
}

#[test]
fn the_chart_ends_where_the_leaderboard_stands_also_after_an_overturn() {
    let world = World::played(HARMLESS).0;
    world.pass(DurationMs::days(100));
    let overturned = world.fight("host", "guest", "-score 3-2");
    world.pass(DurationMs::days(1));
    let numbers = |html: &str, table: usize| -> Vec<i64> {
        let rows = html.split("<tbody>").nth(table).unwrap().split("</tbody>").next().unwrap();
        let cells = rows.split("<td class=\"number\">").skip(1);
        cells.map(|cell| cell.split('<').next().unwrap().parse().unwrap()).collect()
    };
    let ends = || {
        let html = world.get("/leaderboard").body;
        let (chart, ranks) = (numbers(&html, 1), numbers(&html, 2));
        // Rank, glory, won; and the chart's first row is today's.
        let glory: Vec<_> = ranks.chunks(3).map(|row| row[1]).collect();
        assert_eq!(chart[..2], glory[..]);
        (chart[..2].to_vec(), chart[chart.len() - 2..].to_vec())
    };
    let (before, first) = ends();
    let reason = ["-winner", "guest", "-reason", "wrong", "-yes"];
    let words = [&["resolve", "-war", overturned.as_str()], &reason[..]].concat();
    world.types("host", "h1", &words);
    let (after, still_first) = ends();
    assert_ne!(before, after);
    assert_eq!(first.iter().sum::<i64>(), still_first.iter().sum::<i64>());
}

#[test]
fn the_directory_shows_each_row_of_the_table() {
    let world = World::new(HARMLESS);
    let html = world.get("/commands").body;
    for row in TABLE {
        assert_eq!(
            html.matches(&format!("<section class=\"command\" id=\"{}\"", row.name)).count(),
            1
        );
        assert!(html.contains(&format!("<a href=\"#{}\">", row.name)), "{}", row.name);
        for param in row.params {
            assert!(html.contains(&format!("<code>-{}</code>", param.name)), "{}", param.name);
        }
    }
    assert_eq!(html.matches("<section class=\"command\"").count(), TABLE.len());
}

#[test]
fn lists_go_on_where_a_page_ends() {
    let world = World::played(HARMLESS).0;
    for _ in 0..24 {
        world.pass(DurationMs::hours(2));
        world.fight("host", "guest", "");
    }
    let first = world.get(&clan_page(&world)).body;
    let next = first.split("rel=\"next\"").next().unwrap().rsplit("href=\"").next().unwrap();
    let next = next.split('"').next().unwrap();
    let second = world.get(next).body;
    let past = |html: &str| {
        let past = html.split("id=\"past\"").nth(1).unwrap();
        past.split("href=\"/wars/").skip(1).map(|rest| rest[..5].to_owned()).collect::<Vec<_>>()
    };
    let (first, second) = (past(&first), past(&second));
    assert_eq!((first.len(), second.len()), (20, 6));
    assert!(second.iter().all(|war| !first.contains(war)));
}

/// The page of the clan that leads.
fn clan_page(world: &World) -> String {
    let html = world.get("/leaderboard").body;
    let id = html.split("href=\"/clans/").nth(1).unwrap().split('"').next().unwrap();
    format!("/clans/{id}")
}

#[test]
fn the_api_can_be_looked_through_without_a_script() {
    let world = World::new(HARMLESS);
    let html = world.get("/api").body;
    let document = world.served.document();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let heading = format!("<code>{} {path}</code>", method.to_uppercase());
            assert_eq!(html.matches(&heading).count(), 1, "{heading}");
            assert!(
                html.contains(&format!("id=\"{}\"", operation["operationId"].as_str().unwrap()))
            );
        }
    }
    assert!(
        html.contains("<dt>429</dt>") && html.contains("<dt><code>idempotency-key</code></dt>")
    );
}
