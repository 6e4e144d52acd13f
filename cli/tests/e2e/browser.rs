//! The pages in a real browser: what changes appears without a reload, and every page is
//! photographed, on a phone and on a desktop, in light and in dark, for people to look at.

use std::fs;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::Extent;
use crate::chromium::Chromium;
use crate::client::{Client, person, server};
use crate::installed;
use crate::program::Program;
use crate::report::Report;
use crate::serving::Serving;

/// When the clans' story begins.
const BEGIN: Timestamp = Timestamp::constant(1_767_636_000, 0);
/// The clans, and who plays for each.
const CLANS: [(&str, &str); 4] =
    [("Headshot-Killers", "ann"), ("Nightowls", "ben"), ("Foxes", "mia"), ("Zugzwang", "noa")];
/// How many wars they fought.
const WARS: usize = 12;
const WIDTHS: [u32; 2] = [390, 1280];
const SCHEMES: [&str; 2] = ["light", "dark"];

pub(crate) fn run(_extent: Extent, report: &Report) {
    let program = Program::new();
    let settled = story(&program);
    let client = Client::new(&program);
    let serving = program.serve(
        "serve --listen 127.0.0.1:0 --web --matrix-user @gmbot:example.org \
         --discord-invite https://discord.com/oauth2/authorize?client_id=1",
    );
    let site = format!("http://{}", serving.address);
    let mut browser = Chromium::start();

    let open = appears(&mut browser, &serving, &client, &site);
    report.add("browser", "created over HTTP, and on the open page without a reload", &open);

    browser.open(&format!("{site}/leaderboard"));
    let clan = browser.evaluate("document.querySelector('main a[href^=\"/clans/\"]').pathname");
    let clan = clan.as_str().expect("a clan's page").to_owned();
    let pages = [
        ("home", "/".to_owned()),
        ("commands", "/commands".to_owned()),
        ("challenges", "/challenges".to_owned()),
        ("leaderboard", "/leaderboard".to_owned()),
        ("clan", clan),
        ("war", format!("/wars/{settled}")),
        ("challenge", format!("/wars/{open}")),
    ];
    let folder = installed::folder().join("pictures");
    fs::create_dir_all(&folder).expect("a folder below `target/` can be made");
    let mut taken = 0;
    for (width, scheme) in WIDTHS.iter().flat_map(|width| SCHEMES.map(|scheme| (*width, scheme))) {
        browser.look(width, scheme);
        for (name, path) in &pages {
            browser.open(&format!("{site}{path}"));
            let wide = browser.evaluate("document.documentElement.scrollWidth - innerWidth");
            assert!(wide.as_i64().is_some_and(|wide| wide <= 0), "{name} at {width}: {wide} more");
            let picture = browser.picture();
            fs::write(folder.join(format!("{name}-{width}-{scheme}.png")), picture)
                .expect("a file");
            taken += 1;
        }
    }
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "{complaints:?}");
    report.add("browser", "pictures to look at", format!("{taken} in {}", folder.display()));
}

/// Has clans fight for some weeks; one of their wars.
fn story(program: &Program) -> String {
    let mut now = BEGIN;
    let mut last = String::new();
    for n in 0..WARS {
        let (host, guest) = (CLANS[n % CLANS.len()], CLANS[(n + 1 + n / 4 % 2) % CLANS.len()]);
        let say = |(clan, who): (&str, &str), line: &str| {
            program.done(&format!("--at {now} --in {clan} --as {who} {line}"))
        };
        let made = say(host, &format!("createwar @{} -game {} -duration 1h", host.1, 4 + n % 2));
        last = made.split(' ').nth(1).expect("`war ID is open`").to_owned();
        say(guest, &format!("accept {last} @{}", guest.1));
        now += SignedDuration::from_hours(2);
        let say = |(clan, who): (&str, &str), line: &str| {
            program.done(&format!("--at {now} --in {clan} --as {who} {line}"))
        };
        let (winner, loser, score) =
            if n % 3 == 0 { (guest, host, "1-3") } else { (host, guest, "3-1") };
        say(winner, &format!("vote {last} -winner us -score {score}"));
        say(loser, &format!("vote {last} -winner them -score {score}"));
        now += SignedDuration::from_hours(50);
    }
    last
}

/// Creates a war while a page is open on which it has to appear, and has it accepted while its own
/// page is open; then another, which stays open.
fn appears(browser: &mut Chromium, serving: &Serving, client: &Client, site: &str) -> String {
    let create = |host: &str| {
        let players = [person(host)];
        let body = json!({"server": server(host), "players": players, "game": 4});
        let made = serving.call(&client.post("/createwar", None, &body));
        assert_eq!(made.status, 201, "{made:?}");
        let text = made.json()["text"].as_str().expect("a text").to_owned();
        text.split(' ').nth(1).expect("`war ID is open`").to_owned()
    };
    // What is set on a page is gone after a reload.
    let open = |browser: &mut Chromium, path: &str| {
        browser.open(&format!("{site}{path}"));
        browser.evaluate("window.loadedOnce = true");
    };
    let shows = |words: &str| {
        format!("window.loadedOnce && document.querySelector('main').innerText.includes('{words}')")
    };
    open(browser, "/challenges");
    let war = create("wolves");
    browser.wait_for(&shows(&war));

    open(browser, &format!("/wars/{war}"));
    let body = json!({"server": server("bears"), "war": war, "players": [person("bears")]});
    assert_eq!(serving.call(&client.post("/accept", None, &body)).status, 200);
    browser.wait_for(&shows("ongoing until"));

    open(browser, "/challenges");
    let war = create("lynxes");
    browser.wait_for(&shows(&war));
    war
}
