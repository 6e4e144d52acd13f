//! Open pages hear of what changes.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;

use gmbot_http::Settings;

use super::world::{HARMLESS, World, with_pages};
use crate::served::Served;

/// A connection that hears of changes.
struct News(BufReader<TcpStream>);

impl News {
    fn of(served: &Served, path: &str) -> Self {
        let mut stream = served.connect();
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        Self(BufReader::new(stream))
    }

    /// Reads up to a line that holds some words; all that came.
    fn until(&mut self, words: &str) -> String {
        let mut all = String::new();
        while !all.lines().last().is_some_and(|line| line.contains(words)) {
            let read = self.0.read_line(&mut all).expect("it comes in time");
            assert!(read > 0, "the connection ended before `{words}`: {all}");
        }
        all
    }

    /// Reads to the end.
    fn rest(mut self) -> String {
        let mut all = String::new();
        while self.0.read_line(&mut all).expect("it ends in time") > 0 {}
        all
    }
}

/// Where a page hears of changes.
fn changes(html: &str) -> String {
    let rest = html.split("data-changes=\"").nth(1).expect("it is followed");
    rest.split('"').next().unwrap().replace("&#38;", "&")
}

#[test]
fn a_page_is_told_of_each_change_until_the_war_is_over() {
    let (world, wars) = World::played(HARMLESS);
    let path = format!("/wars/{}", wars.open);
    let page = world.get(&path).body;
    assert!(page.contains("<noscript><meta http-equiv=\"refresh\""));
    let mut news = News::of(&world.served, &changes(&page));
    news.until("content-type: text/event-stream");
    world.says("guest", "g1", &format!("gmbot accept {} @g1 @g2", wars.open));
    let told = news.until("</article>");
    assert!(told.contains("event: changed") && told.contains("ongoing until"), "{told}");
    // A sealed ballot changes nothing that a stranger sees; the next thing told is the end.
    world.says("host", "h1", &format!("gmbot vote {} -winner us", wars.open));
    world.says("guest", "g1", &format!("gmbot concede {} -yes", wars.open));
    let told = news.rest();
    assert_eq!(told.matches("event: changed").count(), 1, "{told}");
    assert!(told.contains("gave up") && !told.contains("data-changes"), "{told}");

    let page = world.get(&path).body;
    assert!(!page.contains("data-changes") && !page.contains("http-equiv"));
}

#[test]
fn what_changed_before_the_page_listened_is_told_at_once() {
    let (world, wars) = World::played(HARMLESS);
    let seen = changes(&world.get(&format!("/wars/{}", wars.ongoing)).body);
    world.says("guest", "g1", &format!("gmbot concede {} -yes", wars.ongoing));
    let told = News::of(&world.served, &seen).rest();
    assert!(told.contains("gave up"), "{told}");
    // A browser that connects again with the last that it was told need not come back.
    let id = told.split("\nid: ").nth(1).unwrap().lines().next().unwrap();
    let again = world.served.call("GET", &seen, &format!("last-event-id: {id}\r\n"), "");
    assert_eq!(again.status, 204);
}

#[test]
fn the_list_of_challenges_is_told_of_new_ones_at_its_game() {
    let (world, wars) = World::played(HARMLESS);
    let page = world.get("/challenges?game=9").body;
    assert!(page.contains(&format!("/wars/{}", wars.open)), "{page}");
    let mut news = News::of(&world.served, &changes(&page));
    news.until("content-type: text/event-stream");
    // What changes elsewhere is not told.
    world.says("guest", "g1", "gmbot createwar @g1 -game 4");
    world.says("host", "h1", &format!("gmbot removewar {}", wars.open));
    let told = news.until("</section>");
    assert_eq!(told.matches("event: changed").count(), 1, "{told}");
    assert!(!told.contains("Mini Militia") && !told.contains(&wars.open.to_string()), "{told}");
    // Only the newest are followed.
    let later = world.get(&format!("/challenges?before={}", wars.ongoing)).body;
    assert!(!later.contains("data-changes"), "{later}");
}

#[test]
fn those_who_listen_are_let_go_when_the_server_stops() {
    let (mut world, wars) = World::played(HARMLESS);
    let path = changes(&world.get(&format!("/wars/{}", wars.ongoing)).body);
    let mut news = News::of(&world.served, &path);
    news.until("content-type: text/event-stream");
    world.served.begin_to_stop();
    news.rest();
}

#[test]
fn visitors_who_listen_do_not_take_all_connections() {
    let (world, wars) = World::played(HARMLESS);
    let served = Served::over(
        std::sync::Arc::clone(&world.served.backend),
        Settings { connections: 4, ..with_pages() },
    );
    let path = format!("/wars/{}/changes", wars.ongoing);
    let mut first = News::of(&served, &path);
    first.until("content-type: text/event-stream");
    let refused = served.call("GET", &path, "", "");
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("1")), "{refused:?}");
}
