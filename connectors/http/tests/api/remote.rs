//! The remote backend: what is local elsewhere, with the failures of a network between.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use gmbot_backend::{Backend, BackendError, Fate, Scope, Secret};
use gmbot_client::{Address, Remote};
use gmbot_engine::event::Event;
use gmbot_engine::grammar::Command;
use gmbot_engine::model::war::Evidence;
use gmbot_engine::model::{DurationMs, GameId, Platform, SpaceKey, WarId};
use gmbot_engine::reply::Code;
use gmbot_engine::request::{
    AccountRef, Attachment, Authority, Fact, Input, Onlooker, Request, SpaceRef,
};
use gmbot_engine::view::{Query, View};

use gmbot_http::Settings;

use crate::served::{Served, settings};

/// A picture of one pixel.
const PIXEL: &[u8] = include_bytes!("pixel.png");

fn platform() -> Platform {
    Platform("discord".to_owned())
}

fn space(id: &str) -> SpaceRef {
    let key = SpaceKey { platform: platform(), id: id.to_owned() };
    SpaceRef { key, name: format!("Clan {id}"), direct: false }
}

fn account(id: &str) -> AccountRef {
    AccountRef { platform: platform(), id: id.to_owned(), name: id.to_owned() }
}

fn say(key: &str, clan: &str, who: &str, line: &str) -> Request {
    Request {
        authority: Authority { owner: true, ..Authority::default() },
        space: Some(space(clan)),
        actor: Some(account(who)),
        ..Request::new("discord", key, Input::Line(line.to_owned()))
    }
}

fn remote(served: &Served, scope: Scope) -> Remote {
    let key = Secret::from(served.key("discord", "discord", scope));
    at(served.address, key)
}

fn at(address: SocketAddr, key: Secret) -> Remote {
    let url = format!("http://{address}/");
    Remote::new(Address { url, client: "discord".to_owned(), key })
}

/// A war that runs between the clans `a` and `b`.
fn war(remote: &Remote) -> WarId {
    let code = |key: &str, clan: &str, who: &str, line: &str| {
        remote.submit(say(key, clan, who, line)).unwrap().unwrap().code
    };
    assert_eq!(code("1", "b", "ben", "gmbot subscribe 4"), Code::Subscribed);
    let made = remote.submit(say("2", "a", "ann", "gmbot createwar ann -game 4")).unwrap().unwrap();
    let Some(Command::RemoveWar { war }) = made.actions.first().map(|action| &action.command)
    else {
        panic!("{made:?}")
    };
    assert_eq!(code("3", "b", "ben", &format!("gmbot accept {} ben", war.0)), Code::WarAccepted);
    war.0.parse().unwrap()
}

#[test]
fn a_whole_war_can_be_told_from_elsewhere() {
    let served = Served::new();
    let remote = remote(&served, Scope::Trusted);
    let war = war(&remote);

    let eyes =
        Onlooker { actor: Some(account("ann")), space: Some(space("a").key), operator: false };
    let View::War(seen) = remote.view(&Query::War(war), &eyes).unwrap() else { panic!() };
    assert_eq!(seen.line.id, war);
    // The same is there for whoever stands beside the backend.
    assert_eq!(served.backend.view(&Query::War(war), &eyes).unwrap(), View::War(seen));

    let notices = remote.claim(&platform(), Some(&space("a")), 10).unwrap();
    let codes: Vec<_> = notices.iter().map(|notice| notice.post.reply.code).collect();
    assert_eq!(codes, [Code::ChallengeAccepted]);
    remote.acknowledge(&notices[0].token, Fate::Delivered).unwrap();
    assert_eq!(remote.claim(&platform(), Some(&space("a")), 10).unwrap(), []);
}

#[test]
fn a_notice_is_acknowledged_once_and_in_time() {
    let served = Served::new();
    let remote = remote(&served, Scope::Trusted);
    war(&remote);
    let claim = || remote.claim(&platform(), Some(&space("a")), 1).unwrap();
    let late = claim().remove(0);
    assert_eq!(claim(), [], "it is on its way");
    let now = served.backend.now();
    served.backend.set_now(now + DurationMs::minutes(2)).unwrap();
    let taken_over = claim().remove(0);
    assert_eq!(taken_over.post, late.post);
    let acknowledge = |token: &str| remote.acknowledge(token, Fate::Delivered);
    assert_eq!(acknowledge(&late.token), Err(BackendError::UnknownToken));
    assert_eq!(acknowledge(&taken_over.token), Ok(()));
    assert_eq!(acknowledge(&taken_over.token), Err(BackendError::UnknownToken));
    for token in ["", "nothing", "a.1", "a.99999999999999999999"] {
        assert_eq!(acknowledge(token), Err(BackendError::UnknownToken), "{token}");
    }
}

#[test]
fn images_go_there_and_back_and_only_images() {
    let served = Served::new();
    let remote = remote(&served, Scope::Trusted);
    let war = war(&remote);
    let file = |key: &str, bytes: &[u8]| {
        let attachments = vec![Attachment { name: "shot.png".to_owned(), bytes: bytes.to_vec() }];
        let line = format!("gmbot proof {war}");
        let request = Request { attachments, ..say(key, "a", "ann", &line) };
        remote.submit(request).unwrap().unwrap().code
    };
    assert_eq!(file("p1", PIXEL), Code::ProofFiled);
    assert_eq!(file("p2", b"GIF89a is another matter"), Code::ImageType);
    assert_eq!(file("p3", &vec![0; 9 << 20]), Code::ImageTooLarge);

    let eyes =
        Onlooker { actor: Some(account("ann")), space: Some(space("a").key), operator: false };
    let image = remote.image(war, "", &eyes).unwrap();
    assert_eq!(image.as_deref(), Some(PIXEL));
    assert_eq!(remote.image(war, "ffff", &eyes).unwrap(), None);

    // The same by the route for one image.
    let app = served.caller("discord", "discord", Scope::Act);
    let send = |headers: &str, bytes: &[u8]| {
        let path = format!("/api/v1/wars/{war}/proof?actor=ann&actor_name=ann&server=a&note=x");
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{}{headers}content-length: \
             {}\r\n\r\n",
            app.headers(),
            bytes.len()
        );
        served.raw(&[head.as_bytes(), bytes].concat())
    };
    let upload = |bytes: &[u8]| send("", bytes);
    let filed = upload(&[PIXEL, b"another"].concat());
    assert_eq!((filed.status, filed.code().as_str()), (200, "PROOF_FILED"), "{filed:?}");
    assert_eq!(upload(b"<svg/>").code(), "E_IMAGE_TYPE");
    assert_eq!(upload(&vec![0; (8 << 20) + 1]).code(), "E_IMAGE_TOO_LARGE");
    assert_eq!(upload(&vec![0; (8 << 20) + 2]).status, 413);
    // What would be large when it is unpacked is kept as it came: nobody unpacks it here.
    let mut bomb = PIXEL.to_vec();
    bomb[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    assert_eq!(upload(&bomb).code(), "PROOF_FILED", "65,536 × 65,536 pixels in a few bytes");
    assert_eq!(remote.image(war, "", &eyes).unwrap().as_deref(), Some(PIXEL));
    let packed = send("content-encoding: gzip\r\n", PIXEL);
    assert_eq!((packed.status, packed.code().as_str()), (415, "E_PACKED"));
}

#[test]
fn an_image_is_shown_to_both_clans_and_to_nobody_else() {
    let served = Served::new();
    let remote = remote(&served, Scope::Trusted);
    let war = war(&remote);
    let attachments = vec![Attachment { name: "shot.png".to_owned(), bytes: PIXEL.to_vec() }];
    let line = format!("gmbot proof {war}");
    let filed = remote.submit(Request { attachments, ..say("p1", "a", "ann", &line) }).unwrap();
    assert_eq!(filed.unwrap().code, Code::ProofFiled);
    let operator = Onlooker { operator: true, ..Onlooker::default() };
    let View::War(seen) = served.backend.view(&Query::War(war), &operator).unwrap() else {
        panic!("there is a war")
    };
    let Some(Evidence::Image(hash)) = &seen.proofs[0].evidence else { panic!("{seen:?}") };

    let path = format!("/api/v1/wars/{war}/proof/{}", &hash[..12]);
    let app = served.caller("discord", "discord", Scope::Act);
    for eyes in ["actor=ann&server=a", "actor=ann", "actor=ben&server=b"] {
        let shown = app.get(&format!("{path}?{eyes}"));
        assert_eq!(shown.status, 200, "{eyes}: {shown:?}");
        assert_eq!(shown.header("content-type"), Some("image/png"));
        assert_eq!(shown.header("content-length"), Some(PIXEL.len().to_string().as_str()));
        assert_eq!(shown.header("x-content-type-options"), Some("nosniff"));
    }
    for eyes in ["", "server=a", "actor=cid&server=a", "actor=cid&server=c"] {
        let hidden = app.get(&format!("{path}?{eyes}"));
        assert_eq!((hidden.status, hidden.code().as_str()), (404, "E_NOT_FOUND"), "{eyes}");
    }
    let other = app.get(&format!("/api/v1/wars/{war}/proof/ffff?actor=ann&server=a"));
    assert_eq!(other.status, 404);
    // Ids live inside the client's name space, and a reader has no eyes but a stranger's.
    let elsewhere = served.caller("app", "discord", Scope::Act);
    assert_eq!(elsewhere.get(&format!("{path}?actor=ann&server=a")).status, 404);
    let reader = served.caller("discord", "discord", Scope::Read);
    assert_eq!(reader.get(&format!("{path}?actor=ann&server=a")).code(), "E_SCOPE");
    assert_eq!(reader.get(&path).status, 404);
    let operator = served.caller("ops", "rest", Scope::Operator);
    assert_eq!(operator.get(&path).status, 200);
}

#[test]
fn whoever_watches_hears_of_a_change() {
    let served = Served::new();
    let remote = remote(&served, Scope::Trusted);
    let changes = remote.watch();
    let patience = Duration::from_secs(20);
    changes.recv_timeout(patience).expect("the first look says that something may be there");
    remote.submit(say("1", "a", "ann", "gmbot available")).unwrap();
    changes.recv_timeout(patience).expect("something changed");
}

#[test]
fn a_connector_hears_of_what_is_due_also_after_the_server_was_away() {
    let patience = Duration::from_secs(20);
    let mut served = Served::new();
    let key = Secret::from(served.key("discord", "discord", Scope::Trusted));
    let first = at(served.address, key.clone());
    let due = first.watch_notices(&platform());
    war(&first);
    // What was told for nothing does no harm: it claims until there is something.
    let claimed = |remote: &Remote, due: &std::sync::mpsc::Receiver<()>| loop {
        due.recv_timeout(patience).expect("something is due");
        let claimed = remote.claim(&platform(), Some(&space("a")), 10).unwrap();
        if !claimed.is_empty() {
            return claimed;
        }
    };
    let failed = claimed(&first, &due).remove(0);
    first.acknowledge(&failed.token, Fate::Failed).unwrap();

    // The next try falls due while nobody says anything, over another server at the same address.
    let (backend, address) = (Arc::clone(&served.backend), served.address);
    served.begin_to_stop();
    drop(served);
    let served = Served::over(backend, Settings { listen: address, ..settings() });
    served.backend.set_now(served.backend.now() + DurationMs::minutes(2)).unwrap();
    let again = claimed(&first, &due).remove(0);
    assert_eq!(again.post, failed.post);
    first.acknowledge(&again.token, Fate::Delivered).unwrap();
}

#[test]
fn a_platform_that_is_not_the_keys_own_is_refused() {
    let served = Served::new();
    let remote = remote(&served, Scope::Trusted);
    let mut foreign = say("1", "a", "ann", "gmbot available");
    foreign.actor = Some(AccountRef { platform: Platform::terminal(), ..account("ann") });
    let refused = remote.submit(foreign).unwrap_err();
    assert!(refused.to_string().contains("can't speak for `terminal`"), "{refused}");
    let operator = Request {
        authority: Authority { operator: true, ..Authority::default() },
        ..say("2", "a", "ann", "gmbot addgame -name Chess -players 1-1")
    };
    let refused = remote.submit(operator).unwrap_err();
    assert!(refused.to_string().contains("takes `operator`"), "{refused}");
    let war = "k3xp2".parse().unwrap();
    let tick = Request::new("discord", "3", Input::Fact(Fact::Tick { war }));
    assert!(matches!(remote.submit(tick), Err(BackendError::Denied(_))));
}

#[test]
fn a_stranger_sees_what_everybody_may_see() {
    let served = Served::new();
    let war = war(&remote(&served, Scope::Trusted));
    let app = served.caller("app", "rest", Scope::Read);
    let wars = app.get("/api/v1/wars?stage=running&game=4&limit=1").json();
    assert_eq!((&wars["view"], &wars["wars"][0]["id"]), (&"wars".into(), &war.to_string().into()));
    assert_eq!(app.get("/api/v1/wars?stage=open").json()["wars"], serde_json::json!([]));
    assert_eq!(app.get(&format!("/api/v1/wars/{war}")).json()["id"], war.to_string());
    let host = wars["wars"][0]["host"]["id"].as_str().unwrap();
    assert_eq!(app.get(&format!("/api/v1/clans/{host}")).json()["clan"]["name"], "Clan a");
    assert_eq!(app.get("/api/v1/games").json()["games"].as_array().unwrap().len(), 4);
    assert_eq!(app.get("/api/v1/formats").json()["formats"][0]["code"], "ft3");
    let board = app.get("/api/v1/leaderboard?limit=3").json();
    assert_eq!((&board["view"], &board["next"]), (&"leaderboard".into(), &None::<u64>.into()));
    let first = app.get("/api/v1/leaderboard?limit=1").json();
    let behind = first["next"].as_str().unwrap();
    let second = app.get(&format!("/api/v1/leaderboard?limit=1&after={behind}")).json();
    let rows = [&first["rows"][0], &second["rows"][0]];
    assert_eq!(rows, [&board["rows"][0], &board["rows"][1]], "pages are the same list");
    assert_eq!(app.get("/api/v1/leaderboard?after=aaaaaa2").status, 404, "nobody is behind nobody");
    for path in ["/api/v1/wars?stage=old", "/api/v1/wars?foo=1", "/api/v1/leaderboard?limit=-1"] {
        let refused = app.get(path);
        assert_eq!((refused.status, refused.code().as_str()), (400, "E_BAD_QUERY"), "{path}");
    }
    assert_eq!(app.get("/api/v1/log").status, 403);
    let log = served.caller("ops", "rest", Scope::Operator).get("/api/v1/log?after=4&limit=2");
    assert_eq!(log.json().as_array().unwrap().len(), 2, "{log:?}");
    assert_eq!(log.json()[0]["number"], 5);
}

#[test]
fn wars_come_in_pages_without_the_private_ones() {
    let served = Served::new();
    let remote = remote(&served, Scope::Trusted);
    for number in 0..5 {
        let word = if number % 2 == 0 { "createwar" } else { "privatewar" };
        let line = format!("gmbot {word} ann -game 4");
        // A clan has only few challenges out at a time.
        let clan = format!("c{number}");
        let made = remote.submit(say(&format!("w{number}"), &clan, "ann", &line)).unwrap().unwrap();
        assert_eq!(made.code, Code::WarCreated);
    }
    let app = served.caller("app", "rest", Scope::Read);
    let mut seen = Vec::new();
    let mut before = String::new();
    for _ in 0..6 {
        let page = app.get(&format!("/api/v1/wars?limit=1{before}")).json();
        let wars = page["wars"].as_array().unwrap();
        seen.extend(wars.iter().map(|war| war["id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        before = format!("&before={next}");
    }
    assert_eq!(seen.len(), 3, "{seen:?}");
    assert_eq!(seen.iter().collect::<std::collections::BTreeSet<_>>().len(), 3);
}

#[test]
fn a_lost_answer_is_asked_for_again_and_nothing_is_done_twice() {
    let served = Served::new();
    let key = Secret::from(served.key("discord", "discord", Scope::Trusted));
    // A proxy that carries the first request out, and breaks off before its answer is through.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = served.address;
    let proxy = std::thread::spawn(move || {
        for number in 0..2 {
            let (mut client, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut piece = [0; 4096];
            while !request.ends_with(b"}") {
                let length = client.read(&mut piece).unwrap();
                request.extend_from_slice(&piece[..length]);
            }
            let mut onward = std::net::TcpStream::connect(server).unwrap();
            onward.write_all(&request).unwrap();
            onward.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
            let length = onward.read(&mut piece).unwrap();
            if number == 1 {
                client.write_all(&piece[..length]).unwrap();
            }
        }
    });
    let remote = at(address, key);
    let reply = remote.submit(say("1", "a", "ann", "gmbot subscribe 4")).unwrap().unwrap();
    assert_eq!(reply.code, Code::Subscribed);
    proxy.join().unwrap();
    let events = served.backend.log(0, 1_000).unwrap();
    let subscribed =
        |event: &Event| matches!(event, Event::Subscribed { games, .. } if *games == [GameId(4)]);
    assert_eq!(events.iter().filter(|(_, entry)| subscribed(&entry.event)).count(), 1);
}

#[test]
fn a_server_that_is_away_is_said_to_be_away() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let remote = at(address, Secret::from("gmbot_a_b".to_owned()));
    let error = remote.submit(say("1", "a", "ann", "gmbot games")).unwrap_err();
    let BackendError::Unreachable { url, .. } = &error else { panic!("{error:?}") };
    assert_eq!(*url, format!("http://{address}"));
    assert!(!error.to_string().contains("gmbot_a_b"), "{error}");
}

#[test]
fn a_server_over_a_remote_backends_database_goes_on_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let open = || {
        let options = gmbot_backend::Options::file(folder.path().join("gmbot.db"));
        let backend = options.with_new_clock(gmbot_backend::Clock::Manual).open().unwrap();
        Served::over(Arc::new(backend), settings())
    };
    let served = open();
    let key = served.key("discord", "discord", Scope::Trusted);
    let first = at(served.address, Secret::from(key.clone()));
    let before = first.submit(say("1", "a", "ann", "gmbot subscribe 4")).unwrap();
    drop(served);
    let served = open();
    let second = at(served.address, Secret::from(key));
    assert_eq!(second.submit(say("1", "a", "ann", "gmbot subscribe 4")).unwrap(), before);
}
