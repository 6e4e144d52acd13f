//! Messages over real connections: what is told, to whom, how often, and what is not.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use gmbot_backend::{Backend as _, Clock, Local, Options};
use gmbot_engine::model::{AtMs, DurationMs, Platform, SpaceKey};
use gmbot_engine::request::{AccountRef, Authority, Input, Request, SpaceRef};
use gmbot_engine::view::WarNews;
use gmbot_webhooks::{Sender, sign};

/// How long a test waits for anything.
const PATIENCE: Duration = Duration::from_secs(20);

/// A message as it was received.
#[derive(Debug, Clone)]
struct Received {
    head: String,
    body: String,
}

impl Received {
    fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }

    fn kind(&self) -> String {
        let body: serde_json::Value = serde_json::from_str(&self.body).unwrap();
        body["type"].as_str().unwrap().to_owned()
    }
}

/// A receiver on a port of this machine that answers with these statuses, and with the last again and
/// again. It ends with the test's process.
fn receiver(statuses: &'static [u16]) -> (String, Receiver<Received>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (sender, received) = channel();
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let status = statuses.get(number).or(statuses.last()).unwrap();
            let Ok(got) = receive(stream.unwrap(), *status) else { continue };
            if sender.send(got).is_err() {
                return;
            }
        }
    });
    (url, received)
}

fn receive(stream: TcpStream, status: u16) -> std::io::Result<Received> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length: ") {
            length = value.trim().parse().unwrap();
        }
        head.push_str(line.trim_end());
        head.push('\n');
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let answer = format!("HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    reader.get_mut().write_all(answer.as_bytes())?;
    Ok(Received { head, body: String::from_utf8(body).unwrap() })
}

fn backend() -> Arc<Local> {
    let backend = Options::memory().with_new_clock(Clock::Manual).open().unwrap();
    backend.set_now(AtMs(1_767_636_000_000)).unwrap();
    Arc::new(backend)
}

fn say(backend: &Local, key: &str, clan: &str, line: &str) -> String {
    let platform = Platform("discord".to_owned());
    let (id, name) = (format!("ann-{clan}"), format!("ann-{clan}"));
    let actor = AccountRef { platform: platform.clone(), id, name };
    let key_of = SpaceKey { platform, id: clan.to_owned() };
    let request = Request {
        authority: Authority { owner: true, ..Authority::default() },
        space: Some(SpaceRef { key: key_of, name: format!("Clan {clan}"), direct: false }),
        actor: Some(actor),
        ..Request::new("discord", key, Input::Line(line.to_owned()))
    };
    let reply = backend.submit(request).unwrap().unwrap();
    assert!(!reply.code.is_refusal(), "{line}: {reply:?}");
    gmbot_engine::render::plain(&reply, 100)
}

/// The id of the war that a reply is about.
fn war(text: &str) -> String {
    text.split_whitespace().nth(1).unwrap().to_owned()
}

#[test]
fn the_course_of_a_public_war_is_told_signed_and_without_names() {
    let backend = backend();
    say(&backend, "0", "b", "gmbot createwar ann-b -game 4");
    let (url, received) = receiver(&[200]);
    let (webhook, secret) = backend.add_webhook(&url, &[]).unwrap();
    let sender = Sender::start(Arc::clone(&backend)).unwrap();
    say(&backend, "1", "a", "gmbot privatewar ann-a -game 4");
    let public = war(&say(&backend, "2", "a", "gmbot createwar ann-a -game 4 -duration 1h"));
    say(&backend, "3", "b", &format!("gmbot accept {public} ann-b"));
    say(&backend, "4", "b", &format!("gmbot concede {public} -yes"));
    let told: Vec<_> = (0..3).map(|_| received.recv_timeout(PATIENCE).unwrap()).collect();
    let kinds: Vec<_> = told.iter().map(Received::kind).collect();
    assert_eq!(kinds, ["war.created", "war.accepted", "war.settled"]);
    for message in &told {
        let body: serde_json::Value = serde_json::from_str(&message.body).unwrap();
        assert_eq!(body["war"]["id"], public, "neither private wars nor those before are told");
        assert!(!message.body.contains("ann-"), "{message:?}");
        let timestamp = message.header("webhook-timestamp").parse().unwrap();
        let id = message.header("webhook-id");
        let signature = sign(secret.expose(), id, timestamp, &message.body).unwrap();
        assert_eq!(message.header("webhook-signature"), signature);
        assert_eq!(message.header("content-type"), "application/json");
    }
    drop(sender);
    assert!(received.try_recv().is_err(), "nothing else was told");
    let seen = &backend.webhooks().unwrap()[0];
    assert_eq!((&seen.id, seen.waiting, seen.parked), (&webhook.id, 0, 0));
    assert!(!format!("{seen:?}").contains(secret.expose()));
}

#[test]
fn what_fails_is_sent_again_as_the_same_message_and_parked_after_six_tries() {
    let backend = backend();
    let (url, received) = receiver(&[500, 404, 302, 429, 503, 500, 200]);
    let (webhook, _) = backend.add_webhook(&url, &[WarNews::Created]).unwrap();
    let _sender = Sender::start(Arc::clone(&backend)).unwrap();
    say(&backend, "1", "a", "gmbot createwar ann-a -game 4");
    let first = received.recv_timeout(PATIENCE).unwrap();
    for _ in 0..5 {
        // The failure is noted after the answer; the clock goes on until the next try is due.
        let again = std::iter::repeat_with(|| {
            backend.set_now(backend.now() + DurationMs::hours(1)).unwrap();
            received.recv_timeout(Duration::from_millis(200)).ok()
        });
        let again = again.take(100).flatten().next().expect("it is sent again");
        assert_eq!(again.header("webhook-id"), first.header("webhook-id"));
        assert_eq!(again.body, first.body);
    }
    let parked = || backend.webhooks().unwrap().remove(0);
    let settled = std::iter::repeat_with(|| {
        std::thread::sleep(Duration::from_millis(20));
        parked()
    });
    let seen = settled.take(500).find(|webhook| webhook.parked == 1).expect("it is parked");
    assert_eq!(
        (seen.waiting, seen.failure.as_deref()),
        (0, Some("it answered 500 Internal Server Error"))
    );
    backend.set_now(backend.now() + DurationMs::days(1)).unwrap();
    assert_eq!(backend.webhooks_due().unwrap(), [""; 0], "it is left alone");

    assert_eq!(backend.retry_webhook(&webhook.id).unwrap(), Some(1));
    let again = received.recv_timeout(PATIENCE).unwrap();
    assert_eq!(again.header("webhook-id"), first.header("webhook-id"));
    assert_eq!(backend.retry_webhook("nobody").unwrap(), None);
}

#[test]
fn a_webhook_that_is_removed_is_told_nothing_more() {
    let backend = backend();
    let (kept_url, kept) = receiver(&[200]);
    let (removed_url, removed) = receiver(&[200]);
    backend.add_webhook(&kept_url, &[WarNews::Created]).unwrap();
    let (webhook, _) = backend.add_webhook(&removed_url, &[]).unwrap();
    assert!(backend.remove_webhook(&webhook.id).unwrap());
    assert!(!backend.remove_webhook(&webhook.id).unwrap());
    let _sender = Sender::start(Arc::clone(&backend)).unwrap();
    let war = war(&say(&backend, "1", "a", "gmbot createwar ann-a -game 4"));
    say(&backend, "2", "a", &format!("gmbot removewar {war}"));
    say(&backend, "3", "a", "gmbot createwar ann-a -game 4");
    let told: Vec<_> = (0..2).map(|_| kept.recv_timeout(PATIENCE).unwrap().kind()).collect();
    assert_eq!(told, ["war.created", "war.created"], "only what it wants to know");
    assert!(removed.try_recv().is_err());
}

#[test]
fn a_receiver_that_does_not_answer_holds_up_nobody_else() {
    let backend = backend();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent_url = format!("http://{}/hook", silent.local_addr().unwrap());
    let (url, received) = receiver(&[200]);
    let (slow, _) = backend.add_webhook(&silent_url, &[]).unwrap();
    backend.add_webhook(&url, &[]).unwrap();
    say(&backend, "1", "a", "gmbot createwar ann-a -game 4");
    say(&backend, "2", "b", "gmbot createwar ann-b -game 4");
    let _sender = Sender::start(Arc::clone(&backend)).unwrap();
    let (held, _) = silent.accept().unwrap();
    say(&backend, "3", "c", "gmbot createwar ann-c -game 4");
    for _ in 0..3 {
        received.recv_timeout(PATIENCE).expect("the other one is told of all");
    }
    let waiting = |id: &str| {
        let webhooks = backend.webhooks().unwrap();
        webhooks.iter().find(|webhook| webhook.id == id).unwrap().waiting
    };
    assert_eq!(waiting(&slow.id), 3, "nothing was answered");
    // Whoever hangs up is heard at once, so that the sender can end.
    drop((held, silent));
}

#[test]
fn a_message_that_was_made_before_a_restart_is_sent_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let open = || {
        let options = Options::file(folder.path().join("gmbot.db"));
        Arc::new(options.with_new_clock(Clock::Manual).open().unwrap())
    };
    let (url, received) = receiver(&[200]);
    let before = open();
    before.set_now(AtMs(1_767_636_000_000)).unwrap();
    let (webhook, secret) = before.add_webhook(&url, &[]).unwrap();
    say(&before, "1", "a", "gmbot createwar ann-a -game 4");
    before.make_messages().unwrap();
    // It ends while the message is on its way, and what became of it is not known.
    let held = before.take_message(&webhook.id).unwrap().expect("a message was made");
    say(&before, "2", "a", "gmbot createwar ann-a -game 4");
    drop(before);

    let after = open();
    let sender = Sender::start(Arc::clone(&after)).unwrap();
    let told = received.recv_timeout(PATIENCE).unwrap();
    assert_ne!(told.header("webhook-id"), held.id, "that one is held for a minute");
    let timestamp = told.header("webhook-timestamp").parse().unwrap();
    let signature = sign(secret.expose(), told.header("webhook-id"), timestamp, &told.body);
    assert_eq!(told.header("webhook-signature"), signature.unwrap());
    after.set_now(after.now() + DurationMs::minutes(2)).unwrap();
    let again = received.recv_timeout(PATIENCE).unwrap();
    assert_eq!((again.header("webhook-id"), &again.body), (held.id.as_str(), &held.body));
    drop(sender);
    assert_eq!(after.webhooks().unwrap()[0].waiting, 0);
}
