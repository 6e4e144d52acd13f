//! A homeserver with rooms in it, and a connector over a database in memory.

use std::cell::Cell;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use gmbot_backend::{Backend, Clock, Options};
use gmbot_chat_testing::Stumbling;
use gmbot_engine::model::{AtMs, DurationMs};
use gmbot_matrix::{ConnectError, Settings, connect};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

use crate::homeserver::{BOT, Homeserver, Sent};

/// How long a test waits for something at most.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long it waits before it looks again.
const LOOK: Duration = Duration::from_millis(20);
/// How long a killed connector's threads may take to end.
const DYING: Duration = Duration::from_millis(300);
/// When it is, as far as the database knows.
const NOW: AtMs = AtMs(1_767_636_000_000);

/// A homeserver with a connector.
pub(crate) struct Town {
    pub(crate) server: Homeserver,
    pub(crate) backend: Arc<Stumbling>,
    folder: tempfile::TempDir,
    pub(crate) inviters: Vec<String>,
    running: Option<Runtime>,
    later: Cell<DurationMs>,
}

/// A room that acts as a clan, with the two people in it.
#[derive(Debug, Clone)]
pub(crate) struct Clan {
    pub(crate) room: String,
    pub(crate) owner: String,
    pub(crate) other: String,
}

impl Town {
    /// A homeserver without rooms, and no connector yet.
    pub(crate) fn new() -> Self {
        let local = Options::memory().with_new_clock(Clock::Manual).open().expect("a database");
        local.set_now(NOW).expect("a time");
        Self {
            server: Homeserver::start(),
            backend: Arc::new(Stumbling::over(local)),
            folder: tempfile::tempdir().expect("a folder"),
            inviters: Vec::new(),
            running: None,
            later: Cell::new(DurationMs(0)),
        }
    }

    /// A room with an owner and somebody else, and the bot as soon as there is one.
    pub(crate) fn clan(&self, name: &str, owner: &str, other: &str) -> Clan {
        self.clan_of_version(name, owner, other, "11")
    }

    pub(crate) fn clan_of_version(
        &self,
        name: &str,
        owner: &str,
        other: &str,
        version: &str,
    ) -> Clan {
        let (owner, other) = (user(owner), user(other));
        let room = self.server.room(name, &owner, version);
        self.server.be(&room, &other, &other, "join");
        self.server.be(&room, &owner, BOT, "invite");
        Clan { room, owner, other }
    }

    fn settings(&self) -> Settings {
        Settings {
            homeserver: self.server.url(),
            credentials: self.server.credentials(),
            recovery: None,
            store: self.store(),
            inviters: self.inviters.clone(),
            operators: Vec::new(),
        }
    }

    /// The folder that the connector keeps.
    pub(crate) fn store(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    /// Starts another connector, which has to be refused.
    pub(crate) fn refused(&self) -> ConnectError {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a thread");
        let connecting = connect(self.settings(), self.backend.clone(), std::future::pending());
        let ended = runtime.block_on(async { tokio::time::timeout(PATIENCE, connecting).await });
        ended.expect("an end").expect_err("a refusal")
    }

    /// Starts a connector.
    pub(crate) fn connect(&mut self) {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("threads");
        let settings = self.settings();
        let backend: Arc<dyn Backend> = self.backend.clone();
        runtime.spawn(async move {
            loop {
                let backend = Arc::clone(&backend);
                match connect(settings.clone(), backend, std::future::pending()).await {
                    // The one before it is still dying: a process that is killed is gone at once.
                    Err(ConnectError::StoreInUse(_)) => tokio::time::sleep(LOOK).await,
                    ended => return assert!(ended.is_ok(), "{ended:?}"),
                }
            }
        });
        self.running = Some(runtime);
    }

    /// Ends the connector where it stands, as `kill -9` does.
    pub(crate) fn kill(&mut self) {
        if let Some(runtime) = self.running.take() {
            // What it still does of itself must not reach the backend after this: a claim of the dead
            // would keep a notice from the next one. A call that stopped on purpose is not waited for.
            runtime.shutdown_timeout(DYING);
        }
    }

    /// Waits until the bot is in a room.
    pub(crate) fn come(&self, room: &str) {
        let there = |server: &Homeserver| {
            (server.membership(room, BOT).as_deref() == Some("join")).then_some(())
        };
        self.server.wait("the bot", there);
    }

    /// Lets so much time pass, as far as the database knows.
    pub(crate) fn pass(&self, time: DurationMs) {
        self.later.set(DurationMs(self.later.get().0 + time.0));
        self.backend.local.set_now(NOW + self.later.get()).expect("a time");
        self.run_due();
    }

    /// Lets happen what happens by itself: deadlines, and challenges that go out to everybody.
    pub(crate) fn run_due(&self) {
        self.backend.local.run_due().expect("a backend");
    }

    /// Says something.
    pub(crate) fn say(&self, room: &str, user: &str, line: &str) -> String {
        self.send(room, user, json!({ "msgtype": "m.text", "body": line }))
    }

    /// Sends a message.
    pub(crate) fn send(&self, room: &str, user: &str, content: Value) -> String {
        self.server.send(room, user, "m.room.message", content, Duration::ZERO)
    }

    pub(crate) fn react(&self, room: &str, user: &str, to: &str, sign: &str) -> String {
        let relation = json!({ "rel_type": "m.annotation", "event_id": to, "key": sign });
        let content = json!({ "m.relates_to": relation });
        self.server.send(room, user, "m.reaction", content, Duration::ZERO)
    }

    /// Waits for a message of the bot's in a room that is no edit and says something.
    pub(crate) fn message(&self, room: &str, says: &str) -> Sent {
        let wanted = |sent: &Sent| sent.room == room && !sent.is_edit() && sent.says(says);
        let what = format!("`{says}` in {room}");
        self.server.wait(&what, |server| server.sent().into_iter().find(wanted))
    }

    /// Waits for the answer below a message.
    pub(crate) fn answer(&self, to: &str) -> Sent {
        let wanted = |sent: &Sent| sent.answers() == Some(to);
        self.server.wait("an answer", |server| server.sent().into_iter().find(wanted))
    }

    /// How many answers stand below a message.
    pub(crate) fn answers(&self, to: &str) -> usize {
        self.server.sent().iter().filter(|sent| sent.answers() == Some(to)).count()
    }

    /// Says something, and waits for the answer below it.
    pub(crate) fn ask(&self, room: &str, user: &str, line: &str) -> Sent {
        let said = self.say(room, user, line);
        self.answer(&said)
    }
}

impl Sent {
    pub(crate) fn says(&self, words: &str) -> bool {
        self.text().contains(words)
    }

    pub(crate) fn text(&self) -> &str {
        self.content["body"].as_str().unwrap_or_default()
    }

    pub(crate) fn is_edit(&self) -> bool {
        self.content["m.relates_to"]["rel_type"] == "m.replace"
    }

    pub(crate) fn answers(&self) -> Option<&str> {
        self.content["m.relates_to"]["m.in_reply_to"]["event_id"].as_str()
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        self.backend.go_on();
        self.kill();
    }
}

/// A user's id.
pub(crate) fn user(name: &str) -> String {
    format!("@{name}:town.example")
}

/// The war's id in a text: what follows `war ` or `challenge `.
pub(crate) fn war_in(text: &str, before: &str) -> String {
    let rest = text.split(before).nth(1).expect("a war");
    rest.chars().take_while(char::is_ascii_alphanumeric).collect()
}
