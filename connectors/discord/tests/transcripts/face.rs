//! Discord as a face of the transcripts: the connector over a fake Discord. What it sends is read
//! back from the bytes that arrived there.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use gmbot_backend::{Backend as _, Clock, Local, Options};
use gmbot_discord::{Discord, Settings};
use gmbot_discord_fake::{Fault, Unreadable};
use gmbot_engine::grammar;
use gmbot_engine::model::{AtMs, DurationMs, Platform, SpaceKey};
use gmbot_engine::reply::Action;
use gmbot_engine::request::{AccountRef, Fact, Input, Request, SpaceRef};
use gmbot_snapshots::face::{Ability, Answer, Face, FaceError, Message};
use gmbot_snapshots::format::Happening;
use gmbot_snapshots::world::ClanAtPlay;
use gmbot_snapshots::{SEED, World};
use serenity::all::GatewayIntents;
use tokio::sync::oneshot;

use crate::place::{Place, on_discord};
use crate::reading::{Reader, There};
use crate::recorded::{Memory, Recorded, Said};
use crate::speaking::Via;
use crate::weather::Weather;

/// How long the bot has been in the servers when it connects.
const THERE_FOR: Duration = Duration::from_hours(1);
/// How people speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// By lines.
    Text,
    /// By application commands, buttons and forms, where there is one for what they say.
    Command,
}

impl Way {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Text => "by text",
            Self::Command => "by command",
        }
    }
}

/// The face of Discord.
pub(crate) struct OnDiscord {
    folder: tempfile::TempDir,
    pub(crate) place: Place,
    pub(crate) way: Way,
    weather: Weather,
    /// Whether the weather has begun.
    under_way: bool,
    running: Option<Running>,
    now: AtMs,
    /// What outlives the connector: whose words are whose.
    pub(crate) memory: Arc<Memory>,
    pub(crate) reader: Reader,
    /// The keys of what was answered: what arrives a second time is answered no more.
    pub(crate) answered: BTreeSet<String>,
}

/// The connector, while it runs.
struct Running {
    recorded: Arc<Recorded>,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<Result<(), gmbot_discord::ConnectError>>,
}

impl OnDiscord {
    pub(crate) fn new(operators: &[String], way: Way, weather: Weather) -> Result<Self, FaceError> {
        let folder = tempfile::tempdir().map_err(FaceError::outside)?;
        let place = Place::new(operators);
        let fake = &place.fake;
        fake.grant(GatewayIntents::MESSAGE_CONTENT | GatewayIntents::GUILD_MEMBERS);
        Ok(Self {
            folder,
            place,
            way,
            weather,
            under_way: false,
            running: None,
            now: AtMs(0),
            memory: Arc::default(),
            reader: Reader::default(),
            answered: BTreeSet::new(),
        })
    }

    /// An empty database, at a moment at which the bot has been in the servers for a while.
    pub(crate) fn prepare(&mut self, at: AtMs) -> Result<Arc<Recorded>, FaceError> {
        self.now = at;
        self.place.fake.stop_clock(since_1970(THERE_FOR));
        self.open()
    }

    /// Connects for the first time.
    pub(crate) fn begin(&mut self, recorded: Arc<Recorded>) -> Result<(), FaceError> {
        self.place.fake.stop_clock(since_1970(Duration::ZERO));
        self.connect(recorded)
    }

    /// The backend, for others that speak past the connector.
    pub(crate) fn backend(&self) -> Result<Arc<Local>, FaceError> {
        Ok(Arc::clone(&self.recorded()?.local))
    }

    fn db(&self) -> PathBuf {
        self.folder.path().join("gmbot.db")
    }

    /// The database again, after the connector has let go of it.
    fn open(&self) -> Result<Arc<Recorded>, FaceError> {
        let options = Options::file(self.db()).with_new_clock(Clock::Manual);
        let local: Local = options.open().map_err(FaceError::outside)?;
        local.set_seed(SEED).map_err(FaceError::outside)?;
        local.set_now(self.now).map_err(FaceError::outside)?;
        Ok(Recorded::over(local, self.memory.clone()))
    }

    fn connect(&mut self, recorded: Arc<Recorded>) -> Result<(), FaceError> {
        let fake = &self.place.fake;
        let settings = Settings {
            token: fake.token().into(),
            api: Some(fake.url()),
            operators: self.place.operators(),
        };
        let discord = Discord::with_client(settings, fake.client()).map_err(FaceError::outside)?;
        let (stop, stopped) = oneshot::channel::<()>();
        let backend = Arc::clone(&recorded);
        let thread = std::thread::spawn(move || {
            discord.run(backend, async {
                stopped.await.ok();
            })
        });
        self.running = Some(Running { recorded, stop, thread });
        self.place.fake.wait_for_shards(1);
        self.told(self.place.servers())?;
        if std::mem::replace(&mut self.under_way, true) {
            // What goes wrong goes on going wrong, also while the connector connects again.
            return Ok(());
        }
        match self.weather {
            Weather::Limited => {
                let soon = Duration::from_millis(1);
                self.place.fake.inject(Fault::rate_limit(soon).every(2));
            }
            Weather::Doubled => self.place.fake.duplicate_events(true),
            Weather::Calm | Weather::Reconnecting => {}
        }
        Ok(())
    }

    fn disconnect(&mut self) -> Result<(), FaceError> {
        let Some(Running { stop, thread, recorded }) = self.running.take() else { return Ok(()) };
        stop.send(()).ok();
        let ended =
            thread.join().map_err(|_panic| FaceError("the connector panicked".to_owned()))?;
        drop(recorded);
        ended.map_err(FaceError::outside)
    }

    pub(crate) fn recorded(&self) -> Result<&Arc<Recorded>, FaceError> {
        let running = self.running.as_ref();
        let recorded = running.map(|running| &running.recorded);
        recorded.ok_or_else(|| FaceError("the connector is not running".to_owned()))
    }

    /// Introduces a clan, with whoever is in its server: people that the connector has not met.
    pub(crate) fn introduce(
        &mut self,
        recorded: &Recorded,
        clan: &ClanAtPlay,
    ) -> Result<(), FaceError> {
        let server = self.place.server(clan, None);
        let mut account = |name: &String| {
            let id = self.place.user(clan, name).to_string();
            AccountRef { platform: discord(), id, name: name.clone() }
        };
        let owner = clan.leader.as_ref().or(clan.owner.as_ref()).map(&mut account);
        let members = clan.members.iter().map(account).collect();
        let fact = Fact::SpaceSeen { owner, members };
        let key = SpaceKey { platform: discord(), id: server.to_string() };
        self.memory.introduce(key.clone());
        let space = SpaceRef { key, name: clan.name.clone(), direct: false };
        let key = format!("opening/{}", clan.id);
        let request = Request::new("discord", key, Input::Fact(fact));
        let seen = recorded.local.submit(Request { space: Some(space), ..request });
        seen.map(|_noted| ()).map_err(FaceError::outside)
    }

    /// Waits until so many facts have come.
    fn told(&self, facts: usize) -> Result<(), FaceError> {
        let come = |recorded: &Recorded| (recorded.facts() >= facts).then_some(());
        self.recorded()?.wait("a fact", come).map_err(FaceError)
    }

    fn weather(&self) {
        if self.weather == Weather::Reconnecting {
            self.place.fake.reconnect();
            self.place.fake.wait_for_shards(1);
        }
    }
}

/// A moment so long before now, in milliseconds since 1970.
fn since_1970(before: Duration) -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.saturating_sub(before).as_millis()).unwrap_or(0)
}

fn discord() -> Platform {
    Platform("discord".to_owned())
}

impl Face for OnDiscord {
    fn name(&self) -> &str {
        "discord"
    }

    fn can(&self, ability: Ability) -> bool {
        // People speak for themselves there, roles are the clan's own, and each server has an owner.
        !matches!(ability, Ability::Clients | Ability::Terminals)
    }

    fn start(&mut self, world: &World, at: AtMs) -> Result<(), FaceError> {
        let recorded = self.prepare(at)?;
        for clan in world.clans().filter(|clan| clan.leader.is_some() || !clan.members.is_empty()) {
            self.introduce(&recorded, clan)?;
        }
        self.begin(recorded)
    }

    fn say(&mut self, world: &World, message: &Message) -> Result<Option<Answer>, FaceError> {
        let spot = self.spot(world, message);
        let text = match on_discord(&message.text, &spot.names) {
            // Discord takes no empty message: who has nothing to say calls the bot, where it hears.
            text if text.trim().is_empty() && spot.server.is_some() => return Ok(None),
            text if text.trim().is_empty() => format!("<@{}>", self.place.fake.me()),
            text => text,
        };
        let said = Said { key: message.key.clone(), names: spot.names.clone() };
        let via = if message.late > DurationMs(0) {
            let ago = Duration::from_millis(u64::try_from(message.late.0).unwrap_or(0));
            self.disconnect()?;
            let id = self.place.fake.said(spot.channel, spot.user, &text, ago);
            self.memory.knows(id.get(), said);
            let recorded = self.open()?;
            self.connect(recorded)?;
            if !text.starts_with("gmbot") {
                // What was not said to the bot is not read back.
                return Ok(None);
            }
            Via::Message(id)
        } else {
            let via = self.speak(&spot, &text, &message.files)?;
            self.recorded()?.knows(via.id(), said);
            via
        };
        let answer = self.answer(&message.key, &spot, via)?;
        self.weather();
        Ok(answer)
    }

    fn press(
        &mut self,
        world: &World,
        message: &Message,
        action: &Action,
    ) -> Result<Option<Answer>, FaceError> {
        let line = grammar::print(&action.command);
        let typed = Message { text: line.clone(), ..message.clone() };
        if self.way == Way::Text {
            return self.say(world, &typed);
        }
        let spot = self.spot(world, &typed);
        let Some(button) = self.button(&spot, &line) else { return self.say(world, &typed) };
        let via = Via::Interaction(self.place.fake.press(button, spot.user, &line));
        let said = Said { key: message.key.clone(), names: spot.names.clone() };
        self.recorded()?.knows(via.id(), said);
        let answer = self.answer(&message.key, &spot, via)?;
        self.weather();
        Ok(answer)
    }

    fn happen(
        &mut self,
        world: &World,
        what: &Happening,
        _key: &str,
    ) -> Result<Option<Answer>, FaceError> {
        let recorded = Arc::clone(self.recorded()?);
        let facts = recorded.facts();
        let known = |clan: &str| -> Result<&ClanAtPlay, FaceError> {
            world.clan(clan).ok_or_else(|| FaceError(format!("no clan `{clan}`")))
        };
        let told = match what {
            Happening::Joined(clan, person) => {
                let clan = known(clan)?;
                let (server, user) = (self.place.server(clan, None), self.place.user(clan, person));
                self.place.join(server, user);
                false
            }
            Happening::Gone(clan) => {
                let server = self.place.server(known(clan)?, None);
                self.place.fake.remove_bot(server);
                true
            }
            Happening::Back(clan) => {
                if let Some(space) = self.place.space(clan) {
                    self.memory.introduce(space);
                }
                let server = self.place.server(known(clan)?, None);
                self.place.fake.add_bot(server);
                true
            }
            Happening::Left(clan, person) => {
                let clan = known(clan)?;
                let (server, user) = (self.place.server(clan, None), self.place.user(clan, person));
                self.place.part(server, user);
                true
            }
            Happening::Renamed(clan, name) => {
                let server = self.place.server(known(clan)?, None);
                self.place.fake.rename_guild(server, name);
                true
            }
            Happening::Owner(clan, owner) => {
                let clan = known(clan)?;
                let (server, owner) = (self.place.server(clan, None), self.place.user(clan, owner));
                self.place.join(server, owner);
                self.place.fake.give_guild(server, owner);
                true
            }
            Happening::Moved(clan, _) => {
                return self.moved(world, clan).map(|()| None);
            }
        };
        if told {
            self.told(facts + 1)?;
        }
        self.weather();
        Ok(None)
    }

    fn set_clock(&mut self, at: AtMs) -> Result<(), FaceError> {
        self.now = at;
        self.recorded()?.local.set_now(at).map_err(FaceError::outside)
    }

    fn idle(&mut self) -> Result<(), FaceError> {
        self.recorded()?.local.run_due().map_err(FaceError::outside)
    }

    fn notices(&mut self, _world: &World, clan: &str) -> Result<Vec<Answer>, FaceError> {
        let (Some(space), Some(server)) = (self.place.space(clan), self.place.known(clan)) else {
            return Ok(Vec::new());
        };
        let arrived = self.recorded()?.arrivals(&space).map_err(FaceError)?;
        let there = There::Server(server);
        if !arrived.is_empty() {
            self.reader.read(&self.place.fake, there, &arrived)?;
        }
        Ok(arrived.iter().map(Answer::from).collect())
    }

    fn restart(&mut self) -> Result<(), FaceError> {
        self.disconnect()?;
        let recorded = self.open()?;
        self.connect(recorded)
    }
}

impl OnDiscord {
    /// No platform that has servers moves one; the fact is told past the connector.
    fn moved(&mut self, world: &World, clan: &str) -> Result<(), FaceError> {
        let known = world.clan(clan).ok_or_else(|| FaceError(format!("no clan `{clan}`")))?;
        let before =
            self.place.space(clan).ok_or_else(|| FaceError(format!("no server `{clan}`")))?;
        let owner = known.owner.as_ref().or(known.leader.as_ref());
        let owner = self.place.user(known, owner.map_or("nobody", String::as_str));
        let facts = self.recorded()?.facts();
        let server = self.place.fake.guild(&known.name, owner);
        // The gateway tells of a server that nobody has met yet: that is held back.
        self.told(facts + 1)?;
        let to = SpaceKey { platform: discord(), id: server.to_string() };
        let space = SpaceRef { key: before, name: known.name.clone(), direct: false };
        let request =
            Request::new("discord", format!("moved/{clan}"), Input::Fact(Fact::SpaceMoved { to }));
        let recorded = Arc::clone(self.recorded()?);
        recorded
            .local
            .submit(Request { space: Some(space), ..request })
            .map_err(FaceError::outside)?;
        self.place.move_to(clan, server);
        if let Some(space) = self.place.space(clan) {
            self.memory.introduce(space);
        }
        Ok(())
    }
}

impl Drop for OnDiscord {
    fn drop(&mut self) {
        // A test that failed already says why.
        self.disconnect().ok();
        if !std::thread::panicking() {
            self.place.fake.assert_local();
            Unreadable::everywhere().assert_none();
        }
    }
}
