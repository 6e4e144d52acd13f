//! People on a homeserver: `people.py`, which drives matrix-nio, a client that shares no code with
//! the bot's.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::installed;
use crate::matrix::synapse::{DOMAIN, SECRET, Synapse};
use crate::script::Script;

/// Its version on PyPI, with encryption.
const PACKAGE: &str = "matrix-nio[e2e]==0.26.0";
/// Everybody's password: they are at home in a folder that goes with the test.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// All people of a homeserver.
pub(crate) struct People {
    script: RefCell<Script>,
    asked: Cell<u64>,
    _devices: TempDir,
}

/// What was asked for and is not done yet, by its number.
#[must_use]
pub(crate) struct Begun(BTreeMap<u64, Value>);

/// An account of a homeserver.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) user: String,
    pub(crate) token: String,
}

impl People {
    /// Nobody yet.
    pub(crate) fn start(synapse: &Synapse) -> Self {
        let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e/matrix/people.py");
        let devices = tempfile::tempdir().expect("a folder can be made");
        let mut command = Command::new(installed::python(PACKAGE).join("bin/python"));
        command.env_clear().args([program, &synapse.url(), SECRET]).arg(devices.path());
        let script = RefCell::new(Script::start(&mut command));
        Self { script, asked: Cell::new(0), _devices: devices }
    }

    /// Makes an account that nobody is logged in with.
    #[track_caller]
    pub(crate) fn register(&self, name: &str, administrator: bool) -> Account {
        let made = self.ask(
            json!({"do": "register", "user": name, "password": PASSWORD, "admin": administrator}),
        );
        let word = |key: &str| made[key].as_str().expect("a text").to_owned();
        Account { user: word("user"), token: word("token") }
    }

    /// Makes an account, and logs it in.
    #[track_caller]
    pub(crate) fn arrive(&self, name: &str) -> String {
        let Account { user, .. } = self.register(name, false);
        self.ask(json!({"do": "login", "user": user, "password": PASSWORD}));
        user
    }

    /// Asks for something that has to be done, and waits until it is.
    #[track_caller]
    pub(crate) fn ask(&self, request: Value) -> Value {
        self.ask_all(vec![request]).remove(0)
    }

    /// Asks for several things at once, and waits until all are done.
    #[track_caller]
    pub(crate) fn ask_all(&self, requests: Vec<Value>) -> Vec<Value> {
        self.await_all(self.begin_all(requests))
    }

    /// Asks for several things at once.
    #[track_caller]
    pub(crate) fn begin_all(&self, requests: Vec<Value>) -> Begun {
        let mut script = self.script.borrow_mut();
        let numbered = requests.into_iter().map(|mut request| {
            let id = self.asked.get();
            self.asked.set(id + 1);
            request["id"] = id.into();
            script.types(&request.to_string());
            (id, request)
        });
        Begun(numbered.collect())
    }

    /// Waits until all that was asked for is done.
    #[track_caller]
    pub(crate) fn await_all(&self, Begun(asked): Begun) -> Vec<Value> {
        let script = self.script.borrow();
        let mut done = BTreeMap::new();
        while done.len() < asked.len() {
            let mut answer: Value = serde_json::from_str(&script.next()).expect("JSON");
            let id = answer["id"].as_u64().expect("a number");
            let request = asked.get(&id).expect("an answer to what was asked");
            assert!(answer.get("failed").is_none(), "{request}: {answer}");
            done.insert(id, answer["done"].take());
        }
        done.into_values().collect()
    }
}

/// The address of somebody by their name.
pub(crate) fn user(name: &str) -> String {
    format!("@{name}:{DOMAIN}")
}

/// A message as a client writes it: an address in it is shown as a name, and says who is meant in an
/// anchor of the formatted body and in `m.mentions`.
pub(crate) fn text(line: &str) -> Value {
    let mentions: Vec<&str> = line.split(' ').filter(|word| is_address(word)).collect();
    if mentions.is_empty() {
        return json!({"msgtype": "m.text", "body": line, "m.mentions": {}});
    }
    let shown = |anchored: bool| {
        let word = |word| match is_address(word) {
            true if anchored => {
                format!("<a href=\"https://matrix.to/#/{word}\">{}</a>", name(word))
            }
            true => name(word).to_owned(),
            false => word.to_owned(),
        };
        line.split(' ').map(word).collect::<Vec<_>>().join(" ")
    };
    json!({
        "msgtype": "m.text",
        "body": shown(false),
        "format": "org.matrix.custom.html",
        "formatted_body": shown(true),
        "m.mentions": {"user_ids": mentions},
    })
}

/// A message that answers another.
pub(crate) fn answering(event: &str, line: &str) -> Value {
    let mut content = text(line);
    content["m.relates_to"] = json!({"m.in_reply_to": {"event_id": event}});
    content
}

fn is_address(word: &str) -> bool {
    word.starts_with('@') && word.contains(':')
}

fn name(address: &str) -> &str {
    address.trim_start_matches('@').split(':').next().unwrap_or_default()
}

/// Bytes as requests hold them.
pub(crate) fn encoded(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// Bytes as answers hold them.
#[track_caller]
pub(crate) fn decoded(text: &Value) -> Vec<u8> {
    BASE64.decode(text.as_str().expect("a text")).expect("Base64")
}
