//! A fake Discord with servers in it, and a connector over a database in memory.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use gmbot_backend::{Backend, Clock, Local, Options};
pub(crate) use gmbot_chat_testing::Step;
use gmbot_chat_testing::Stumbling;
use gmbot_discord::{Settings, connect};
use gmbot_discord_fake::{Fake, Fault, Message, Unreadable};
use gmbot_engine::model::{AtMs, DurationMs};
use serde_json::{Value, json};
use serenity::all::{ChannelId, GatewayIntents, GuildId, InteractionId, MessageId, UserId};
use tokio::runtime::{Builder, Runtime};

/// How long a killed connector's threads may take to end.
const DYING: Duration = Duration::from_millis(300);
/// How long something in the database is waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// When it is, as far as the database knows.
const NOW: AtMs = AtMs(1_767_636_000_000);

/// A fake Discord with a connector.
pub(crate) struct Town {
    pub(crate) fake: Fake,
    pub(crate) backend: Arc<Stumbling>,
    running: Option<Runtime>,
    servers: Cell<usize>,
}

/// A server with its owner.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Server {
    pub(crate) guild: GuildId,
    pub(crate) owner: UserId,
    pub(crate) channel: ChannelId,
}

impl Town {
    /// A Discord without servers, and no connector yet.
    pub(crate) fn new() -> Self {
        Unreadable::everywhere();
        let fake = Fake::start();
        fake.grant(GatewayIntents::MESSAGE_CONTENT | GatewayIntents::GUILD_MEMBERS);
        let local = Options::memory().with_new_clock(Clock::Manual).open().expect("a database");
        local.set_now(NOW).expect("a time");
        Self {
            fake,
            backend: Arc::new(Stumbling::over(local)),
            running: None,
            servers: Cell::new(0),
        }
    }

    pub(crate) fn server(&self, name: &str, owner: &str) -> Server {
        let owner = self.fake.user(owner);
        let guild = self.fake.guild(name, owner);
        self.servers.update(|servers| servers + 1);
        Server { guild, owner, channel: self.fake.general(guild) }
    }

    /// Starts a connector, and waits until it has met all servers.
    pub(crate) fn connect(&mut self) {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("threads");
        let (token, api) = (self.fake.token().into(), Some(self.fake.url()));
        let settings = Settings { token, api, operators: [].into() };
        let backend: Arc<dyn Backend> = self.backend.clone();
        let client = self.fake.client();
        runtime.spawn(connect(settings, client, backend, std::future::pending()));
        self.running = Some(runtime);
        self.fake.wait_for_shards(1);
        self.backend.wait_for_facts(self.servers.get());
    }

    /// Ends the connector where it stands, as `kill -9` does.
    pub(crate) fn kill(&mut self) {
        if let Some(runtime) = self.running.take() {
            // What it still does of itself must not reach the backend after this: a claim of the dead
            // would keep a notice from the next one. A call that stopped on purpose is not waited for.
            runtime.shutdown_timeout(DYING);
        }
    }

    /// Lets so much time pass that what was handed out is handed out again.
    pub(crate) fn pass_lease(&self) {
        let later = NOW + DurationMs::minutes(2);
        self.backend.local.set_now(later).expect("a time");
    }

    /// Lets happen what happens by itself: deadlines, and challenges that go out to everybody.
    pub(crate) fn run_due(&self) {
        self.backend.local.run_due().expect("a backend");
    }

    /// Waits until something is so in the database.
    pub(crate) fn wait_until(&self, is_so: impl Fn(&Local) -> bool) {
        let changed = self.backend.local.watch();
        while !is_so(&self.backend.local) {
            changed.recv_timeout(PATIENCE).expect("it changes");
        }
    }

    /// Waits for a message in a channel.
    pub(crate) fn message(&self, channel: ChannelId, says: &str) -> Message {
        self.fake.wait_for(|state| {
            let found =
                state.messages(channel).into_iter().find(|message| message.text().contains(says));
            found.cloned()
        })
    }

    /// Waits for the answer to a message.
    pub(crate) fn answer(&self, to: MessageId, channel: ChannelId) -> Message {
        self.fake.wait_for(|state| {
            let found = state.messages(channel).into_iter().find(|one| one.answers == Some(to));
            found.cloned()
        })
    }

    /// Says something, and waits for the answer below it.
    pub(crate) fn ask(&self, server: Server, user: UserId, line: &str) -> Message {
        let said = self.fake.say(server.channel, user, line);
        self.answer(said, server.channel)
    }

    /// Waits for the first message that an interaction brought.
    pub(crate) fn response(&self, to: InteractionId) -> Message {
        self.fake.wait_for(|state| {
            state.responses(to).into_iter().find(|message| !message.thinking).cloned()
        })
    }

    /// Uses `/gmbot GROUP COMMAND …`.
    pub(crate) fn slash(
        &self,
        server: Server,
        user: UserId,
        group: &str,
        command: &str,
        options: &[(&str, Value)],
    ) -> InteractionId {
        self.fake.slash(server.channel, user, &slash(group, command, options))
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        self.backend.go_on();
        self.kill();
        if !std::thread::panicking() {
            self.fake.assert_local();
            Unreadable::everywhere().assert_none();
        }
    }
}

pub(crate) fn slash(group: &str, command: &str, options: &[(&str, Value)]) -> Value {
    let options: Vec<Value> =
        options.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    let command = json!({ "name": command, "type": 1, "options": options });
    json!({ "name": "gmbot", "options": [{ "name": group, "type": 2, "options": [command] }] })
}

/// 429 for every other request.
pub(crate) fn limited() -> Fault {
    Fault::rate_limit(Duration::from_millis(1)).every(2)
}
