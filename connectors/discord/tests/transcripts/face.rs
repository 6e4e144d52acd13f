//! Discord as a face of the transcripts: the connector over a fake Discord. What it sends is read
//! back from the bytes that arrived there.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use gmbot_backend::{Backend as _, Local};
use gmbot_chat_testing::{Recorded, Said, Stage};
use gmbot_discord::{Discord, Settings};
use gmbot_discord_fake::{Fault, Unreadable};
use gmbot_engine::grammar;
use gmbot_engine::model::{AtMs, DurationMs, Platform, SpaceKey};
use gmbot_engine::reply::Action;
use gmbot_engine::request::{AccountRef, Fact, Input, Request, SpaceRef};
use gmbot_snapshots::World;
use gmbot_snapshots::face::{Ability, Answer, Face, FaceError, Message};
use gmbot_snapshots::format::Happening;
use gmbot_snapshots::world::ClanAtPlay;
use serenity::all::GatewayIntents;

use crate::place::{Place, on_discord};
use crate::reading::{Reader, There};
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
    pub(crate) stage: Stage,
    pub(crate) place: Place,
    pub(crate) way: Way,
    weather: Weather,
    /// Whether the weather has begun.
    under_way: bool,
    pub(crate) reader: Reader,
    /// The keys of what was answered: what arrives a second time is answered no more.
    pub(crate) answered: BTreeSet<String>,
}

/// The id on Discord in one of the connector's keys.
fn id_in(key: &str) -> Option<String> {
    let id: u64 = key.split('.').nth(2)?.parse().ok()?;
    Some(id.to_string())
}

impl OnDiscord {
    pub(crate) fn new(operators: &[String], way: Way, weather: Weather) -> Result<Self, FaceError> {
        let place = Place::new(operators);
        let fake = &place.fake;
        fake.grant(GatewayIntents::MESSAGE_CONTENT | GatewayIntents::GUILD_MEMBERS);
        Ok(Self {
            stage: Stage::new(id_in)?,
            place,
            way,
            weather,
            under_way: false,
            reader: Reader::default(),
            answered: BTreeSet::new(),
        })
    }

    /// An empty database, at a moment at which the bot has been in the servers for a while.
    pub(crate) fn prepare(&mut self, at: AtMs) -> Result<Arc<Recorded>, FaceError> {
        self.stage.set_clock(at)?;
        self.place.fake.stop_clock(since_1970(THERE_FOR));
        self.stage.open()
    }

    /// Connects for the first time.
    pub(crate) fn begin(&mut self, recorded: Arc<Recorded>) -> Result<(), FaceError> {
        self.place.fake.stop_clock(since_1970(Duration::ZERO));
        self.connect(recorded)
    }

    /// The backend, for others that speak past the connector.
    pub(crate) fn backend(&self) -> Result<Arc<Local>, FaceError> {
        Ok(Arc::clone(&self.stage.recorded()?.local))
    }

    fn connect(&mut self, recorded: Arc<Recorded>) -> Result<(), FaceError> {
        let fake = &self.place.fake;
        let settings = Settings {
            token: fake.token().into(),
            api: Some(fake.url()),
            operators: self.place.operators(),
        };
        let discord = Discord::with_client(settings, fake.client()).map_err(FaceError::outside)?;
        self.stage.run(recorded, move |backend, stop| discord.run(backend, stop));
        self.place.fake.wait_for_shards(1);
        self.stage.told(self.place.servers())?;
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

    /// Introduces a clan, with whoever is in its server: people that the connector has not met.
    pub(crate) fn introduce(
        &mut self,
        recorded: &Recorded,
        clan: &ClanAtPlay,
    ) -> Result<(), FaceError> {
        let server = self.place.server(clan, None);
        let key = SpaceKey { platform: discord(), id: server.to_string() };
        self.stage.introduce(recorded, clan, key, |name| {
            let id = self.place.user(clan, name).to_string();
            AccountRef { platform: discord(), id, name: name.clone() }
        })
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
            self.stage.stop()?;
            let id = self.place.fake.said(spot.channel, spot.user, &text, ago);
            self.stage.memory.knows(&id.to_string(), said);
            let recorded = self.stage.open()?;
            self.connect(recorded)?;
            if !text.starts_with("gmbot") {
                // What was not said to the bot is not read back.
                return Ok(None);
            }
            Via::Message(id)
        } else {
            let via = self.speak(&spot, &text, &message.files)?;
            self.stage.recorded()?.knows(&via.id(), said);
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
        self.stage.recorded()?.knows(&via.id(), said);
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
        let recorded = Arc::clone(self.stage.recorded()?);
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
                    self.stage.memory.introduce(space);
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
            self.stage.told(facts + 1)?;
        }
        self.weather();
        Ok(None)
    }

    fn set_clock(&mut self, at: AtMs) -> Result<(), FaceError> {
        self.stage.set_clock(at)
    }

    fn idle(&mut self) -> Result<(), FaceError> {
        self.stage.run_due()
    }

    fn notices(&mut self, _world: &World, clan: &str) -> Result<Vec<Answer>, FaceError> {
        let (Some(space), Some(server)) = (self.place.space(clan), self.place.known(clan)) else {
            return Ok(Vec::new());
        };
        let arrived = self.stage.recorded()?.arrivals(&space).map_err(FaceError)?;
        let there = There::Server(server);
        if !arrived.is_empty() {
            self.reader.read(&self.place.fake, there, &arrived)?;
        }
        Ok(arrived.iter().map(Answer::from).collect())
    }

    fn restart(&mut self) -> Result<(), FaceError> {
        self.stage.stop()?;
        let recorded = self.stage.open()?;
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
        let facts = self.stage.recorded()?.facts();
        let server = self.place.fake.guild(&known.name, owner);
        // The gateway tells of a server that nobody has met yet: that is held back.
        self.stage.told(facts + 1)?;
        let to = SpaceKey { platform: discord(), id: server.to_string() };
        let space = SpaceRef { key: before, name: known.name.clone(), direct: false };
        let request =
            Request::new("discord", format!("moved/{clan}"), Input::Fact(Fact::SpaceMoved { to }));
        let recorded = Arc::clone(self.stage.recorded()?);
        recorded
            .local
            .submit(Request { space: Some(space), ..request })
            .map_err(FaceError::outside)?;
        self.place.move_to(clan, server);
        if let Some(space) = self.place.space(clan) {
            self.stage.memory.introduce(space);
        }
        Ok(())
    }
}

impl Drop for OnDiscord {
    fn drop(&mut self) {
        // A test that failed already says why.
        self.stage.stop().ok();
        if !std::thread::panicking() {
            self.place.fake.assert_local();
            Unreadable::everywhere().assert_none();
        }
    }
}
