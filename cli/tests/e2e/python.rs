//! The examples of docs/ in Python, which know nothing but what the pages say.

use std::process::Command;

use serde_json::json;

use crate::Extent;
use crate::client::{Client, person, server};
use crate::counterpart::{free_port, until};
use crate::installed;
use crate::program::Program;
use crate::report::Report;
use crate::script::Script;
use crate::serving::{Call, Serving};

/// Starts a file of docs/, with a secret in its environment.
fn start(file: &str, words: &[&str], secret: (&str, &str)) -> Script {
    let file = format!("{}/../docs/{file}", env!("CARGO_MANIFEST_DIR"));
    Script::start(
        Command::new(installed::system("python3")).arg(file).args(words).env(secret.0, secret.1),
    )
}

pub(crate) fn run(_extent: Extent, report: &Report) {
    let program = Program::new();
    let client = Client::new(&program);
    let key = program.done("keys add python --platform chat --scope trusted");
    let serving = Serving::start(&mut program.command(["serve", "--listen", "127.0.0.1:0"]));
    frontend(&serving, key.trim(), report);
    webhook(&program, &serving, &client, report);
}

/// Two frontends: one says what the other has to be told.
fn frontend(serving: &Serving, key: &str, report: &Report) {
    let url = format!("http://{}", serving.address);
    let frontend = |space: &str, who: &str| {
        start("frontend.py", &[&url, "python", "chat", space, who], ("GMBOT_KEY", key))
    };
    let (mut reds, mut blues) = (frontend("Reds", "ann"), frontend("Blues", "ben"));
    blues.types("gmbot subscribe 4");
    blues.says("Mini Militia");
    reds.types("good morning");
    reds.types("gmbot createwar @ann -game 4");
    let war = reds.says("war ").split(' ').nth(1).expect("an id").to_owned();
    blues.says(&war);
    blues.types(&format!("gmbot accept {war} @ben"));
    // Told to the other side as a notice.
    reds.says("Blues");
    reds.types("gmbot createwar -gaem 4");
    reds.says("unknown flag `-gaem`");
    report.add("python", "frontends that heard of each other", 2);
}

/// A receiver that checks signatures.
fn webhook(program: &Program, serving: &Serving, client: &Client, report: &Report) {
    let port = free_port();
    let url = format!("http://127.0.0.1:{port}/");
    let secret = program.done(&format!("webhooks add {url}"));
    let secret = ("GMBOT_SECRET", secret.trim());
    let script = start("webhook.py", &[&port.to_string()], secret);
    let body = json!({"server": server("1"), "players": [person("1")], "game": 4});
    assert_eq!(serving.call(&client.post("/createwar", None, &body)).status, 201);
    let told = script.says("war.created ");

    // What is not signed, or with something else, is not believed.
    let address = ([127, 0, 0, 1], port).into();
    for headers in [
        "",
        "webhook-id: msg_1\r\nwebhook-timestamp: 1\r\nwebhook-signature: v1,AAAA\r\n",
        "webhook-id: msg_1\r\nwebhook-timestamp: soon\r\nwebhook-signature: v1,AAAA\r\n",
    ] {
        let body = json!({"type": "war.forged", "war": {"id": "k3xp2"}}).to_string();
        let forged = Call { method: "POST".to_owned(), body, ..Call::get("/", headers) };
        let status = until("an answer", || Some(forged.send(address).ok()?.answer().ok()??.status));
        assert_eq!(status, 401, "{headers}");
    }
    assert_eq!(serving.call(&client.post("/createwar", None, &body)).status, 201);
    let next = script.next();
    assert!(next.starts_with("war.created ") && next != told, "{next}");
    report.add("python", "messages believed, and forged ones refused", "2, 3");
}
