//! The server and its client as people run them: the real binary on both sides.

#![cfg(all(feature = "http", feature = "remote"))]

use program::{Ended, Program};
use serving::{Call, Serving};

#[cfg(all(unix, feature = "tui"))]
#[path = "../tui/tests/terminal/emulator.rs"]
mod emulator;
#[cfg(all(unix, feature = "tui"))]
#[path = "support/on_terminal.rs"]
mod on_terminal;
#[path = "support/program.rs"]
mod program;
#[path = "support/serving.rs"]
mod serving;

/// The page whose calls are run.
const PAGE: &str = include_str!("../../docs/http.md");

/// Starts a server at a free port.
fn serve(program: &Program, more: &[&str]) -> Serving {
    Serving::start(
        program.command(["serve", "--log-level", "warn", "--listen", "127.0.0.1:0"]).args(more),
    )
}

/// Reads a command line of curl, with the few options that the page uses.
fn curl(command: &str, key: &str) -> Call {
    // Every other piece stood in quotes; what is left are options.
    let mut pieces = command.split('\'');
    let mut call = Call::get("", "");
    while let Some(options) = pieces.next() {
        let Some(quoted) = pieces.next() else { break };
        let last = options.split_whitespace().last().expect("an option");
        match last {
            "--header" => {
                let header = quoted.replace("x-api-key: KEY", &format!("x-api-key: {key}"));
                call.headers.push_str(&format!("{header}\r\n"));
            }
            "--data-raw" => quoted.clone_into(&mut call.body),
            method => {
                method.clone_into(&mut call.method);
                let path = quoted.strip_prefix("localhost:8080").expect("the page's server");
                path.clone_into(&mut call.path);
            }
        }
    }
    call
}

fn key(program: &Program, words: &[&str]) -> String {
    let made = program.run([&["keys", "add"], words].concat());
    assert_eq!(made.status, Some(0), "{made:?}");
    made.out.trim().to_owned()
}

#[test]
fn the_calls_of_the_page_are_answered_as_it_says() {
    let program = Program::new();
    let key = key(&program, &["DISCORD-BFF", "--platform", "discord", "--scope", "trusted"]);
    let server = serve(&program, &[]);
    let mut calls = 0;
    for part in PAGE.split("```sh\n").skip(1) {
        let (command, after) = part.split_once("\n```").expect("the block ends");
        let wanted = after.split("Answer: ").nth(1).expect("the page says the answer");
        let wanted: Vec<&str> =
            wanted.lines().next().unwrap().split('`').skip(1).step_by(2).collect();
        let call = curl(command, &key);
        let answer = server.call(&call);
        let (status, body) = (answer.status, &answer.body);
        assert_eq!(status.to_string(), wanted[0], "{command}\n{body}");
        if let Some(code) = wanted.get(1) {
            assert!(body.contains(&format!("{{\"code\":\"{code}\",")), "{command}\n{body}");
        }
        // With an idempotency key the same call gets the same bytes.
        if call.headers.contains("Idempotency-Key") {
            assert_eq!(server.call(&call), answer);
        }
        calls += 1;
    }
    assert_eq!(calls, 5);
}

#[test]
fn a_terminal_uses_a_server_as_it_uses_a_file() {
    let program = Program::new();
    let key = key(&program, &["terminal", "--platform", "terminal", "--scope", "trusted"]);
    std::fs::write(program.path("key"), &key).expect("a file");
    let server = serve(&program, &[]);
    let url = format!("http://{}", server.address);
    let away = |words: &[&str]| -> Ended {
        let options = ["--backend", &url, "--key-file", "key"];
        let mut command = program.command(options.iter().chain(words));
        command.env_remove("GMBOT_DB").output().expect("the binary runs").into()
    };
    let made = away(&["--in", "foxes", "createwar", "@nikhil", "-game", "4"]);
    assert_eq!(made.status, Some(0), "{made:?}");
    assert!(made.out.starts_with("war "), "{made:?}");
    // The same clan at the same database, without the server between.
    let here = program.run(["--in", "foxes", "status"]);
    assert!(here.out.contains("open until"), "{here:?}");
    assert_eq!(away(&["--in", "foxes", "status"]), here);
    // What may come next is known there, and that others have written.
    let war = made.out.split(' ').nth(1).expect("`war ID is open`");
    let words = ["--backend", &url, "--key-file", "key", "--in", "foxes", "show", ""];
    let choices = away(&[&["complete", "--"][..], &words].concat());
    assert!(choices.out.starts_with(&format!("{war}\t")), "{choices:?}");
    // People at a terminal are told so by a hint.
    let waiting = Call {
        method: "POST".to_owned(),
        path: "/api/v1/outbox/waiting".to_owned(),
        headers: format!(
            "client: terminal\r\nx-api-key: {key}\r\ncontent-type: application/json\r\n"
        ),
        body: r#"{"space": {"platform": "terminal", "id": "foxes"}}"#.to_owned(),
    };
    assert_eq!(server.call(&waiting).body, r#"{"notices":0}"#);
    assert_eq!(away(&["--in", "wolves", "accept", war, "@zoe"]).status, Some(0));
    assert_eq!(server.call(&waiting).body, r#"{"notices":1}"#);
    assert_eq!(away(&["--in", "foxes", "inbox"]).status, Some(0));
    assert_eq!(away(&["--in", "foxes", "creatwar"]).status, Some(2));

    let log = away(&["log"]);
    assert_eq!(log.status, Some(2), "{log:?}");
    assert!(log.err.contains("this works on a database file"), "{log:?}");
    let operator = away(&["--operator", "addgame", "-name", "Chess", "-players", "1-1"]);
    assert!(operator.err.contains("takes `operator`"), "{operator:?}");
    std::fs::write(program.path("key"), "gmbot_wrong_wrong").expect("a file");
    let refused = away(&["status"]);
    assert_eq!(refused.status, Some(3));
    assert!(refused.err.contains("no key is called that"), "{refused:?}");
    assert!(!refused.err.contains("gmbot_wrong"), "{refused:?}");
}

#[test]
fn keys_are_listed_without_their_secrets_and_revoked_once() {
    let program = Program::new();
    let key = key(&program, &["app", "--platform", "rest", "--scope", "read"]);
    let list = program.run(["keys", "list"]);
    assert!(list.out.contains("read  app on rest"), "{list:?}");
    let secret = key.rsplit('_').next().expect("a secret");
    assert!(!list.out.contains(secret), "{list:?}");
    let id = key.split('_').nth(1).expect("an id");
    assert_eq!(program.run(["keys", "revoke", id]).status, Some(0));
    assert!(program.run(["keys", "list"]).out.contains("revoked"));
    let again = program.run(["keys", "revoke", id]);
    assert_eq!(again.status, Some(1), "{again:?}");
    let file = std::fs::read(program.db()).expect("a database");
    assert!(!file.windows(secret.len()).any(|part| part == secret.as_bytes()));
    for wrong in [["a/b", "rest"], ["clock", "rest"]] {
        let refused = program.run(["keys", "add", wrong[0], "--platform", wrong[1]]);
        assert_eq!(refused.status, Some(2), "{refused:?}");
    }
}

#[cfg(unix)]
#[cfg(feature = "web")]
#[test]
fn pages_are_shown_where_somebody_asks_for_them() {
    let program = Program::new();
    let get = |more: &[&str]| {
        let call = Call::get("/", "accept: text/html\r\n");
        serve(&program, more).call(&call)
    };
    assert_eq!(get(&[]).status, 404);
    let answer = get(&["--web", "--matrix-user", "@gmbot:example.org"]);
    assert_eq!(answer.status, 200);
    let page = answer.body;
    assert!(page.contains(">Invite on Matrix</a>") && !page.contains("Discord"), "{page}");

    let wrong = program.run(["serve", "--web", "--discord-invite", "javascript:alert(1)"]);
    assert!(wrong.err.contains("a link that begins with https://discord.com/"), "{wrong:?}");
}

#[test]
fn a_server_ends_in_order_when_it_is_told_to() {
    let program = Program::new();
    let mut server = serve(&program, &[]);
    let id = server.child.id().to_string();
    let sent = std::process::Command::new("kill").args(["-TERM", &id]).status();
    assert!(sent.expect("kill runs").success());
    assert_eq!(server.child.wait().expect("it ends").code(), Some(0));
    let second = program.run(["verify"]);
    assert_eq!(second.status, Some(0), "{second:?}");
}

#[cfg(all(unix, feature = "tui"))]
#[test]
fn a_screen_goes_on_by_itself_when_its_server_comes_back() {
    let program = Program::new();
    let key = key(&program, &["terminal", "--platform", "terminal", "--scope", "trusted"]);
    std::fs::write(program.path("key"), key).expect("a file");
    let server = serve(&program, &[]);
    let address = server.address.to_string();
    let url = format!("http://{address}");
    let words = ["--backend", &url, "--key-file", "key", "--in", "foxes", "tui"];
    let command = on_terminal::command(&program, words);
    let mut terminal = emulator::Emulator::start(command, 80, 24);
    terminal.until_shown("● live");
    terminal.send(b"available\r");
    terminal.until_shown("@nikhil, leader");
    drop(server);
    terminal.until_shown("○ connection lost");
    // The line can be written meanwhile.
    terminal.paste("form");
    terminal.until_shown("lists the match formats");
    let _again = Serving::start(&mut program.command(["serve", "--listen", &address]));
    terminal.until_shown("● live");
    terminal.send(b"ats\r");
    terminal.until_shown("match formats");
    terminal.send(b"\x1b");
    terminal.until_shown("connected again");
    let made = program.run(["--in", "foxes", "createwar", "@nikhil", "-game", "5"]);
    assert_eq!(made.status, Some(0), "{made:?}");
    terminal.until_shown("everybody  Fortnite ft3");
    on_terminal::leave(terminal);
}

#[test]
fn webhooks_are_listed_without_their_secrets_and_removed_once() {
    let program = Program::new();
    let url = "https://example.org/hook";
    let secret = program.run(["webhooks", "add", url, "--event", "war.settled"]);
    assert_eq!(secret.status, Some(0), "{secret:?}");
    let secret = secret.out.trim().to_owned();
    assert!(secret.starts_with("whsec_"), "{secret}");
    let list = program.run(["webhooks", "list"]).out;
    let id = list.split(' ').next().unwrap();
    assert!(list.contains(url) && list.contains("war.settled; 0 wait, 0 were given up"), "{list}");
    assert!(
        !list.contains(&secret)
            && !program.run(["webhooks", "list", "--json"]).out.contains(&secret)
    );
    let doctor = program.run(["doctor"]).out;
    assert!(doctor.contains("no message was given up"), "{doctor}");
    for (words, says) in [
        (["webhooks", "add", "http://example.org/"], "over https"),
        (["webhooks", "add", "example.org"], "this is no address"),
        (["webhooks", "retry", "nobody"], "no webhook has the id `nobody`"),
        (["webhooks", "remove", "nobody"], "no webhook has the id `nobody`"),
    ] {
        let refused = program.run(words);
        assert!(refused.status != Some(0) && refused.err.contains(says), "{refused:?}");
    }
    let unknown = program.run(["webhooks", "add", url, "--event", "war.fun"]);
    assert!(unknown.err.contains("nothing is told as `war.fun`"), "{unknown:?}");
    assert_eq!(program.run(["webhooks", "remove", id]).status, Some(0));
    assert_eq!(program.run(["webhooks", "list"]).out, "");
}
