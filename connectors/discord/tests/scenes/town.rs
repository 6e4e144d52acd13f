//! A fake Discord with servers in it, and a connector over a database in memory.

use std::cell::Cell;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use gmbot_backend::{Backend, BackendError, Clock, Delivery, Fate, Local, Options};
use gmbot_discord::{Settings, connect};
use gmbot_discord_fake::{Fake, Fault, Message, Unreadable};
use gmbot_engine::Reply;
use gmbot_engine::model::{AtMs, DurationMs, Platform, WarId};
use gmbot_engine::request::{Input, Onlooker, Request, SpaceRef};
use gmbot_engine::view::{Query, View};
use serde_json::{Value, json};
use serenity::all::{ChannelId, GatewayIntents, GuildId, InteractionId, MessageId, UserId};
use tokio::runtime::{Builder, Runtime};

/// How long a test waits for something at most.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a killed connector's threads may take to end.
const DYING: Duration = Duration::from_millis(300);
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

/// Where a connector can be killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    BeforeSubmit,
    AfterSubmit,
    AfterClaim,
    BeforeAcknowledge,
}

/// A backend that stops for good at one step, until it is told to go on.
pub(crate) struct Stumbling {
    pub(crate) local: Local,
    at: Mutex<(Option<Step>, bool)>,
    /// How many facts have come.
    facts: Mutex<usize>,
    changed: Condvar,
    changed_facts: Condvar,
}

impl Stumbling {
    fn over(local: Local) -> Self {
        Self {
            local,
            at: Mutex::default(),
            facts: Mutex::default(),
            changed: Condvar::new(),
            changed_facts: Condvar::new(),
        }
    }

    /// Stops at a step of whatever somebody says.
    pub(crate) fn stumble(&self, step: Step) {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner) = (Some(step), false);
    }

    /// Waits until it has stopped.
    pub(crate) fn wait_until_stopped(&self) {
        let at = self.at.lock().unwrap_or_else(PoisonError::into_inner);
        let (_at, waited) = self
            .changed
            .wait_timeout_while(at, PATIENCE, |(_, stopped)| !*stopped)
            .unwrap_or_else(PoisonError::into_inner);
        assert!(!waited.timed_out(), "the step was not reached");
    }

    /// Waits until so many facts have come.
    fn wait_for_facts(&self, number: usize) {
        let facts = self.facts.lock().unwrap_or_else(PoisonError::into_inner);
        let few = |facts: &mut usize| *facts < number;
        drop(self.changed_facts.wait_timeout_while(facts, PATIENCE, few));
    }

    pub(crate) fn go_on(&self) {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner) = (None, false);
        self.changed.notify_all();
    }

    /// Stops here, if this is the step.
    fn pass(&self, step: Step) -> Result<(), BackendError> {
        let mut at = self.at.lock().unwrap_or_else(PoisonError::into_inner);
        if at.0 != Some(step) {
            return Ok(());
        }
        while at.0.is_some() {
            at.1 = true;
            self.changed.notify_all();
            at = self.changed.wait(at).unwrap_or_else(PoisonError::into_inner);
        }
        // Nobody is there any more to whom it could matter.
        Err(BackendError::Stopped)
    }
}

impl Backend for Stumbling {
    fn submit(&self, request: Request) -> Result<Option<Reply>, BackendError> {
        let said = !matches!(request.input, Input::Fact(_) | Input::Command(_));
        if said {
            self.pass(Step::BeforeSubmit)?;
        }
        let reply = self.local.submit(request)?;
        if said {
            self.pass(Step::AfterSubmit)?;
        } else {
            *self.facts.lock().unwrap_or_else(PoisonError::into_inner) += 1;
            self.changed_facts.notify_all();
        }
        Ok(reply)
    }

    fn view(&self, query: &Query, onlooker: &Onlooker) -> Result<View, BackendError> {
        self.local.view(query, onlooker)
    }

    fn image(
        &self,
        war: WarId,
        hash: &str,
        onlooker: &Onlooker,
    ) -> Result<Option<Vec<u8>>, BackendError> {
        self.local.image(war, hash, onlooker)
    }

    fn watch(&self) -> std::sync::mpsc::Receiver<()> {
        self.local.watch()
    }

    fn claim(
        &self,
        platform: &Platform,
        space: Option<&SpaceRef>,
        limit: usize,
    ) -> Result<Vec<Delivery>, BackendError> {
        let stops = self.at.lock().unwrap_or_else(PoisonError::into_inner).0;
        if stops == Some(Step::AfterSubmit) {
            // Nobody claims what the killed one did not.
            return Ok(Vec::new());
        }
        let page = self.local.claim(platform, space, limit)?;
        if !page.is_empty() {
            self.pass(Step::AfterClaim)?;
        }
        Ok(page)
    }

    fn acknowledge(&self, token: &str, fate: Fate) -> Result<(), BackendError> {
        self.pass(Step::BeforeAcknowledge)?;
        self.local.acknowledge(token, fate)
    }
}
