//! Discord as a face of the transcripts: the connector over a fake Discord. What it sends is read
//! back from the bytes that arrived there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use gmbot_backend::{Backend as _, Clock, Local, Options};
use gmbot_discord::{Discord, Settings};
use gmbot_engine::model::{AtMs, DurationMs, Platform, SpaceKey};
use gmbot_engine::reply::{Action, Audience};
use gmbot_engine::request::{AccountRef, Fact, Input, Request, SpaceRef};
use gmbot_engine::{Reply, grammar, render};
use gmbot_snapshots::face::{Ability, Answer, Face, FaceError, Message};
use gmbot_snapshots::format::Happening;
use gmbot_snapshots::world::ClanAtPlay;
use gmbot_snapshots::{SEED, World};
use serde_json::Value;
use serenity::all::{ChannelId, GatewayIntents, GuildId, UserId};
use tokio::sync::oneshot;

use crate::place::{Place, on_discord};
use crate::read_back::{lacks, read_back};
use crate::recorded::{Memory, Recorded, Said};

/// How long a test waits for something at most.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long it waits before it looks again.
const LOOK: Duration = Duration::from_millis(5);
/// How long the bot has been in the servers when it connects.
const THERE_FOR: Duration = Duration::from_hours(1);
/// How many columns the connector's tables take.
const COLUMNS: usize = 30;

/// What goes wrong on the way, all the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weather {
    /// Nothing.
    Calm,
    /// Every other request is sent away with 429.
    Limited,
    /// Each event comes twice.
    Doubled,
    /// The gateway wants another connection after each event.
    Reconnecting,
}

impl Weather {
    pub(crate) const ALL: [Self; 4] =
        [Self::Calm, Self::Limited, Self::Doubled, Self::Reconnecting];

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Calm => "",
            Self::Limited => ", with 429 everywhere",
            Self::Doubled => ", with every event twice",
            Self::Reconnecting => ", with a reconnect after each event",
        }
    }
}

/// The face of Discord.
pub(crate) struct OnDiscord {
    folder: tempfile::TempDir,
    place: Place,
    weather: Weather,
    /// Whether the weather has begun.
    under_way: bool,
    running: Option<Running>,
    now: AtMs,
    /// What outlives the connector: whose words are whose.
    memory: Arc<Memory>,
    /// How much was read in each place.
    read: BTreeMap<There, usize>,
    /// The keys of what was answered: what arrives a second time is answered no more.
    answered: BTreeSet<String>,
}

/// Where somebody reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum There {
    /// In any channel of a server.
    Server(GuildId),
    /// In direct messages.
    Direct(ChannelId),
}

/// The connector, while it runs.
struct Running {
    recorded: Arc<Recorded>,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<Result<(), gmbot_discord::ConnectError>>,
}

impl OnDiscord {
    pub(crate) fn new(operators: &[String], weather: Weather) -> Result<Self, FaceError> {
        let folder = tempfile::tempdir().map_err(FaceError::outside)?;
        let place = Place::new(operators);
        let fake = &place.fake;
        fake.grant(GatewayIntents::MESSAGE_CONTENT | GatewayIntents::GUILD_MEMBERS);
        Ok(Self {
            folder,
            place,
            weather,
            under_way: false,
            running: None,
            now: AtMs(0),
            memory: Arc::default(),
            read: BTreeMap::new(),
            answered: BTreeSet::new(),
        })
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
        let discord = Discord::new(settings).map_err(FaceError::outside)?;
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
                self.place.fake.inject(gmbot_discord_fake::Fault::rate_limit(soon).every(2));
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

    fn recorded(&self) -> Result<&Arc<Recorded>, FaceError> {
        let running = self.running.as_ref();
        let recorded = running.map(|running| &running.recorded);
        recorded.ok_or_else(|| FaceError("the connector is not running".to_owned()))
    }

    /// Introduces a clan, with whoever is in its server: people that the connector has not met.
    fn introduce(&mut self, recorded: &Recorded, clan: &ClanAtPlay) -> Result<(), FaceError> {
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

    /// What was posted where somebody reads: the bodies, as they arrived.
    fn posted(&self, there: There) -> Vec<Value> {
        let channels: Vec<ChannelId> = match there {
            There::Server(server) => self.place.fake.read(|state| {
                state.channels(server).into_iter().map(|channel| channel.id).collect()
            }),
            There::Direct(channel) => vec![channel],
        };
        let paths: Vec<_> =
            channels.iter().map(|id| format!("/api/v10/channels/{id}/messages")).collect();
        let requests = self.place.fake.requests();
        let posted = requests.iter().filter(|request| {
            request.route == "POST /channels/{channel_id}/messages"
                && request.status == Some(200)
                && paths.contains(&request.path)
        });
        posted.map(gmbot_discord_fake::Request::json).collect()
    }

    /// Waits until all of a reply can be read there.
    fn reads(&self, there: There, reply: &Reply) -> Result<(), FaceError> {
        let expected = expected(reply);
        let from = self.read.get(&there).copied().unwrap_or(0);
        let until = Instant::now() + PATIENCE;
        loop {
            let posted = self.posted(there);
            let read: Vec<_> =
                posted.iter().skip(from).map(|body| read_back(body, &reply.zone)).collect();
            let read = read.join("\n");
            let Some(word) = lacks(&read, &expected) else { return Ok(()) };
            if Instant::now() > until {
                return Err(FaceError(format!(
                    "`{word}` of {} can't be read:\n{expected}\n--- it shows ---\n{read}",
                    reply.code
                )));
            }
            self.place.fake.wait_at_most(LOOK, |_| None::<()>);
        }
    }

    /// Counts what was posted there as read.
    fn mark_read(&mut self, there: There) {
        let posted = self.posted(there).len();
        self.read.insert(there, posted);
    }

    /// What somebody said has come to the backend; the answer is on Discord, where it belongs.
    fn answer(
        &mut self,
        key: &str,
        user: UserId,
        server: Option<GuildId>,
    ) -> Result<Option<Answer>, FaceError> {
        let recorded = Arc::clone(self.recorded()?);
        let reply =
            recorded.wait("an answer", |recorded| recorded.reply(key)).map_err(FaceError)?;
        let Some(reply) = reply else { return Ok(None) };
        if self.answered.insert(key.to_owned()) {
            let private = reply.audience == Audience::Actor && !reply.code.is_refusal();
            let there = match server.filter(|_| !private) {
                Some(server) => There::Server(server),
                None => There::Direct(self.place.fake.direct(user)),
            };
            self.reads(there, &reply)?;
            self.mark_read(there);
        }
        Ok(Some(Answer::from(&reply)))
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

/// A reply's words in the order in which Discord shows them.
fn expected(reply: &Reply) -> String {
    let mut line = Reply::new(reply.code);
    line.diagnostics.clone_from(&reply.diagnostics);
    let rest = Reply { diagnostics: None, ..reply.clone() };
    format!("{}\n{}", render::plain(&line, 100), render::plain(&rest, COLUMNS))
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
        self.now = at;
        let recorded = self.open()?;
        // The bot has been there for a while when it connects.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(FaceError::outside)?;
        let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(0);
        self.place.fake.stop_clock(ms(now.saturating_sub(THERE_FOR)));
        for clan in world.clans() {
            if clan.leader.is_some() || !clan.members.is_empty() {
                self.introduce(&recorded, clan)?;
            }
        }
        self.place.fake.stop_clock(ms(now));
        self.connect(recorded)
    }

    fn say(&mut self, world: &World, message: &Message) -> Result<Option<Answer>, FaceError> {
        let newborn = self.place.known(&message.speaker.clan).is_none();
        let request = world.request(message);
        let platform = request.actor.as_ref().map(|actor| actor.platform.clone());
        let platform = platform.unwrap_or_else(Platform::terminal);
        let (user, channel) = self.place.speaker(world, &message.speaker, &platform);
        let server = self.place.known(&message.speaker.clan);
        let names = self.place.names(&request, server, newborn);
        let text = match on_discord(&message.text, &names) {
            // Discord takes no empty message: who has nothing to say calls the bot, where it hears.
            text if text.trim().is_empty() && server.is_some() => return Ok(None),
            text if text.trim().is_empty() => format!("<@{}>", self.place.fake.me()),
            text => text,
        };
        let (key, late) = (message.key.clone(), message.late > DurationMs(0));
        if late {
            let ago = Duration::from_millis(u64::try_from(message.late.0).unwrap_or(0));
            self.disconnect()?;
            let said = self.place.fake.said(channel, user, &text, ago);
            self.memory.knows(said.get(), Said { key, names });
            let recorded = self.open()?;
            self.connect(recorded)?;
            if !text.starts_with("gmbot") {
                // What was not said to the bot is not read back.
                return Ok(None);
            }
        } else {
            let files: Vec<_> =
                message.files.iter().map(|file| (&file.name, file.content())).collect();
            let kind = "application/octet-stream";
            let files: Vec<_> =
                files.iter().map(|(name, bytes)| (name.as_str(), kind, bytes.as_slice())).collect();
            let said = self.place.fake.say_with(channel, user, &text, &files);
            self.recorded()?.knows(said.get(), Said { key, names });
        }
        let answer = self.answer(&message.key, user, server)?;
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
        self.say(world, &Message { text: line, ..message.clone() })
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
        for reply in &arrived {
            self.reads(there, reply)?;
        }
        if !arrived.is_empty() {
            self.mark_read(there);
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
    }
}
