//! The server and its client as people run them: the real binary on both sides.

#![cfg(all(feature = "http", feature = "remote"))]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

use program::{Ended, Program};

#[path = "support/program.rs"]
mod program;

/// The page whose calls are run.
const PAGE: &str = include_str!("../../docs/http.md");

/// A server in a process of its own; it is killed when this is dropped.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(program: &Program) -> Self {
        Self::start_with(program, &[])
    }

    fn start_with(program: &Program, more: &[&str]) -> Self {
        let mut command = program.command(["serve", "--listen", "127.0.0.1:0"]);
        command.args(more);
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the server starts");
        let mut line = String::new();
        let out = child.stdout.as_mut().expect("a pipe");
        BufReader::new(out).read_line(&mut line).expect("the server says where it listens");
        let address = line.trim().strip_prefix("listening at http://").expect("an address");
        Self { address: address.to_owned(), child }
    }

    /// Sends a call, and reads the status and the body.
    fn call(&self, call: &Call) -> (u16, String) {
        let Call { method, path, headers, body } = call;
        let length = body.len();
        let mut stream = TcpStream::connect(&self.address).expect("the server listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time");
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             {headers}content-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).expect("the server reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the server answers");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).expect("a status").parse().expect("a number");
        (status, body.to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// A call as the page writes it for curl.
struct Call {
    method: String,
    path: String,
    headers: String,
    body: String,
}

impl Call {
    /// Reads a command line of curl, with the few options that the page uses.
    fn parse(command: &str, key: &str) -> Self {
        // Every other piece stood in quotes; what is left are options.
        let mut pieces = command.split('\'');
        let mut call = Self {
            method: String::new(),
            path: String::new(),
            headers: String::new(),
            body: String::new(),
        };
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
    let server = Server::start(&program);
    let mut calls = 0;
    for part in PAGE.split("```sh\n").skip(1) {
        let (command, after) = part.split_once("\n```").expect("the block ends");
        let wanted = after.split("Answer: ").nth(1).expect("the page says the answer");
        let wanted: Vec<&str> =
            wanted.lines().next().unwrap().split('`').skip(1).step_by(2).collect();
        let call = Call::parse(command, &key);
        let (status, body) = server.call(&call);
        assert_eq!(status.to_string(), wanted[0], "{command}\n{body}");
        if let Some(code) = wanted.get(1) {
            assert!(body.contains(&format!("{{\"code\":\"{code}\",")), "{command}\n{body}");
        }
        // With an idempotency key the same call gets the same bytes.
        if call.headers.contains("Idempotency-Key") {
            assert_eq!(server.call(&call), (status, body));
        }
        calls += 1;
    }
    assert_eq!(calls, 3);
}

#[test]
fn a_terminal_uses_a_server_as_it_uses_a_file() {
    let program = Program::new();
    let key = key(&program, &["terminal", "--platform", "terminal", "--scope", "trusted"]);
    std::fs::write(program.path("key"), &key).expect("a file");
    let server = Server::start(&program);
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
        let call = Call {
            method: "GET".to_owned(),
            path: "/".to_owned(),
            headers: "accept: text/html\r\n".to_owned(),
            body: String::new(),
        };
        Server::start_with(&program, more).call(&call)
    };
    assert_eq!(get(&[]).0, 404);
    let (status, page) = get(&["--web", "--matrix-user", "@gmbot:example.org"]);
    assert_eq!(status, 200);
    assert!(page.contains(">Invite on Matrix</a>") && !page.contains("Discord"), "{page}");

    let wrong = program.run(["serve", "--web", "--discord-invite", "javascript:alert(1)"]);
    assert!(wrong.err.contains("a link that begins with https://discord.com/"), "{wrong:?}");
}

#[test]
fn a_server_ends_in_order_when_it_is_told_to() {
    let program = Program::new();
    let mut server = Server::start(&program);
    let id = server.child.id().to_string();
    let sent = std::process::Command::new("kill").args(["-TERM", &id]).status();
    assert!(sent.expect("kill runs").success());
    assert_eq!(server.child.wait().expect("it ends").code(), Some(0));
    let second = program.run(["verify"]);
    assert_eq!(second.status, Some(0), "{second:?}");
}
