//! A bot that writes down what it is told.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gmbot_discord_fake::{Fake, Unreadable};
use serde_json::Value;
use serenity::all::{ClientBuilder, Context, Event, GatewayIntents, RawEventHandler};
use serenity::async_trait;
use serenity::http::{Http, HttpError};
use tokio::runtime::Runtime;
use tracing::instrument::WithSubscriber;
use tracing_subscriber::layer::SubscriberExt;

pub(crate) const INTENTS: GatewayIntents = GatewayIntents::GUILDS
    .union(GatewayIntents::GUILD_MESSAGES)
    .union(GatewayIntents::GUILD_MESSAGE_REACTIONS)
    .union(GatewayIntents::DIRECT_MESSAGES);

struct Ear(Mutex<Sender<Event>>);

#[async_trait]
impl RawEventHandler for Ear {
    async fn raw_event(&self, _: Context, event: Event) {
        // A test that has heard enough listens no longer.
        drop(self.0.lock().expect("no panic before").send(event));
    }
}

/// A connected bot. It asserts at its end that it could read everything, and that nothing went
/// elsewhere.
pub(crate) struct Bot<'a> {
    fake: &'a Fake,
    pub(crate) http: Arc<Http>,
    heard: Receiver<Event>,
    unreadable: Unreadable,
    runtime: Runtime,
}

impl<'a> Bot<'a> {
    /// Connects, and waits until it is ready.
    pub(crate) fn connect(fake: &'a Fake, intents: GatewayIntents) -> Self {
        let bot = Self::begin(fake, intents);
        bot.fake.wait_for_shards(1);
        bot
    }

    /// Connects with as many shards as is recommended.
    pub(crate) fn begin(fake: &'a Fake, intents: GatewayIntents) -> Self {
        let runtime = Runtime::new().expect("threads");
        let (tell, heard) = channel();
        let unreadable = Unreadable::default();
        let subscriber = tracing_subscriber::registry().with(unreadable.clone());
        let ear = Ear(Mutex::new(tell));
        let http = fake.http().build();
        let builder = ClientBuilder::new_with_http(http, intents).raw_event_handler(ear);
        let http = Arc::new(fake.http().build());
        runtime.spawn(
            async move {
                let mut client = builder.await.expect("a client");
                // How it ends is seen at the fake.
                drop(client.start_autosharded().await);
            }
            .with_subscriber(subscriber),
        );
        Self { fake, http, heard, unreadable, runtime }
    }

    /// Lets the bot do something, and gives what came of it.
    pub(crate) fn does<T>(&self, doing: impl Future<Output = T>) -> T {
        self.runtime.block_on(doing)
    }

    /// The next event that something can be made of.
    pub(crate) fn hears<T>(&self, mut wanted: impl FnMut(Event) -> Option<T>) -> T {
        loop {
            let event = self.heard.recv_timeout(Duration::from_secs(20)).expect("an event in time");
            if let Some(found) = wanted(event) {
                return found;
            }
        }
    }

    /// Waits for an event.
    pub(crate) fn hears_of(&self, name: &str) {
        self.hears(|event| (event.name().as_deref() == Some(name)).then_some(()));
    }

    /// The text of the next message.
    pub(crate) fn hears_text(&self) -> String {
        self.hears(|event| {
            let Event::MessageCreate(event) = event else { return None };
            Some(event.message.content)
        })
    }
}

impl Drop for Bot<'_> {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.unreadable.assert_none();
            self.fake.assert_local();
        }
    }
}

/// The code and the places of a refusal.
pub(crate) fn refused<T: std::fmt::Debug>(result: serenity::Result<T>) -> (isize, Vec<String>) {
    match result {
        Err(serenity::Error::Http(HttpError::UnsuccessfulRequest(response))) => {
            let places = response.error.errors.into_iter().map(|error| error.path).collect();
            (response.error.code, places)
        }
        other => panic!("not refused: {other:?}"),
    }
}

/// The body of the last request to a route.
pub(crate) fn last_body(fake: &Fake, route: &str) -> Value {
    let requests = fake.requests();
    let last = requests.iter().rev().find(|request| request.route == route);
    last.expect("a request").json()
}
