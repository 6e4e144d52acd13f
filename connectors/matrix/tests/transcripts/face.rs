//! Matrix as a face of the transcripts: the connector over a homeserver in memory. What it sends is
//! read back from the bytes that arrived there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use gmbot_chat_testing::{Recorded, Said, Stage, expected, lacks};
use gmbot_engine::model::{AtMs, DurationMs, Platform};
use gmbot_engine::reply::{Action, Audience};
use gmbot_engine::request::AccountRef;
use gmbot_engine::{Reply, grammar};
use gmbot_matrix::{COLUMNS, Matrix, Settings};
use gmbot_snapshots::World;
use gmbot_snapshots::face::{Ability, Answer, Face, FaceError, Message};
use gmbot_snapshots::format::Happening;
use gmbot_snapshots::world::ClanAtPlay;
use serde_json::{Value, json};

use super::homeserver::Homeserver;
use super::place::{Place, on_matrix, operator};
use super::read_back::read_back;

/// The face of Matrix.
pub(crate) struct OnMatrix {
    stage: Stage,
    place: Place,
    operators: Vec<String>,
    /// How many messages were read in each room.
    read: BTreeMap<String, usize>,
    /// The keys of what was answered: what arrives a second time is answered no more.
    answered: BTreeSet<String>,
}

/// The event's id in one of the connector's keys.
fn event_in(key: &str) -> Option<String> {
    key.split(' ').nth(1).map(str::to_owned)
}

fn matrix() -> Platform {
    Platform("matrix".to_owned())
}

impl OnMatrix {
    /// The face on a homeserver without rooms, where these people operate the bot.
    pub(crate) fn on(town: Homeserver, operators: &[String]) -> Result<Self, FaceError> {
        Ok(Self {
            stage: Stage::new(event_in)?,
            place: Place::on(town),
            operators: operators.iter().map(|name| operator(name)).collect(),
            read: BTreeMap::new(),
            answered: BTreeSet::new(),
        })
    }

    fn connect(&mut self, recorded: Arc<Recorded>) -> Result<(), FaceError> {
        let settings = Settings {
            homeserver: self.place.town.url(),
            credentials: self.place.town.credentials(),
            recovery: None,
            store: self.stage.folder().join("store"),
            inviters: Vec::new(),
            operators: self.operators.clone(),
        };
        let matrix = Matrix::new(settings).map_err(FaceError::outside)?;
        self.stage.run(recorded, move |backend, stop| matrix.run(backend, stop));
        Ok(())
    }

    /// Introduces a clan, with whoever is in its room: people that the connector has not met.
    fn introduce(&mut self, recorded: &Recorded, clan: &ClanAtPlay) -> Result<(), FaceError> {
        self.place.room(clan, None);
        let Some(key) = self.place.space(&clan.id) else { return Ok(()) };
        self.stage.introduce(recorded, clan, key, |name| {
            let id = self.place.user(clan, name);
            AccountRef { platform: matrix(), id, name: name.clone() }
        })
    }

    /// Waits until all of these replies can be read there, as HTML and as plain text, in what was not
    /// read before.
    fn reads(&mut self, room: &str, replies: &[Reply]) -> Result<(), FaceError> {
        let from = self.read.get(room).copied().unwrap_or(0);
        let unread = |town: &Homeserver| town.posted(room, from);
        for reply in replies {
            let expected = expected(reply, COLUMNS);
            let complete = |posted: &[Value]| lacking(&shown(posted), &expected).is_none();
            let town = &self.place.town;
            let read = town.wait_at_most(|town| Some(unread(town)).filter(|it| complete(it)));
            if read.is_none() {
                let shown = shown(&unread(town));
                let word = lacking(&shown, &expected).unwrap_or_default();
                let [rich, plain] = shown;
                return Err(FaceError(format!(
                    "`{word}` of {} can't be read:\n{expected}\n--- it shows ---\n{rich}\n--- and plain ---\n{plain}",
                    reply.code
                )));
            }
        }
        let posted = unread(&self.place.town).len();
        self.read.insert(room.to_owned(), from + posted);
        Ok(())
    }

    /// What somebody said has come to the backend; the answer is on Matrix, where it belongs.
    fn answer(
        &mut self,
        key: &str,
        event: &str,
        user: &str,
        room: &str,
        direct: bool,
    ) -> Result<Option<Answer>, FaceError> {
        let recorded = Arc::clone(self.stage.recorded()?);
        let reply =
            recorded.wait("an answer", |recorded| recorded.reply(event)).map_err(FaceError)?;
        let Some(reply) = reply else { return Ok(None) };
        if !self.answered.insert(key.to_owned()) {
            return Ok(Some(Answer::from(&reply)));
        }
        let private = reply.audience == Audience::Actor && !reply.code.is_refusal();
        let there = if private && !direct {
            self.place.town.wait("a room for two", |town| town.direct(user))
        } else {
            room.to_owned()
        };
        self.reads(&there, std::slice::from_ref(&reply))?;
        Ok(Some(Answer::from(&reply)))
    }
}

/// What is read in messages, as HTML and as plain text.
fn shown(posted: &[Value]) -> [String; 2] {
    let read: Vec<_> = posted.iter().map(read_back).collect();
    let rich: Vec<_> = read.iter().map(|read| read.rich.as_str()).collect();
    let plain: Vec<_> = read.iter().map(|read| read.plain.as_str()).collect();
    [rich.join("\n"), plain.join("\n")]
}

/// The first word that is not read in one of the two ways.
fn lacking(shown: &[String; 2], expected: &str) -> Option<String> {
    shown.iter().find_map(|read| lacks(read, expected))
}

impl Face for OnMatrix {
    fn name(&self) -> &str {
        "matrix"
    }

    fn can(&self, ability: Ability) -> bool {
        // People speak for themselves there, each file is a message, and each room has an owner.
        let never = matches!(ability, Ability::Albums | Ability::Clients | Ability::Terminals);
        !never && (ability != Ability::Late || Homeserver::BACKDATES)
    }

    fn start(&mut self, world: &World, at: AtMs) -> Result<(), FaceError> {
        self.stage.set_clock(at)?;
        let recorded = self.stage.open()?;
        for clan in world.clans() {
            if clan.leader.is_some() || !clan.members.is_empty() {
                self.introduce(&recorded, clan)?;
            }
        }
        self.connect(recorded)?;
        // The connector tells of each room to which the bot comes.
        self.stage.told(self.place.rooms())
    }

    fn say(&mut self, world: &World, message: &Message) -> Result<Option<Answer>, FaceError> {
        let newborn = self.place.known(&message.speaker.clan).is_none();
        let request = world.request(message);
        let platform = request.actor.as_ref().map(|actor| actor.platform.clone());
        let platform = platform.unwrap_or_else(Platform::terminal);
        let (user, room) = self.place.speaker(world, &message.speaker, &platform);
        self.place.come(&room);
        let clan = self.place.known(&message.speaker.clan);
        let names = self.place.names(&request, clan.as_deref(), newborn);
        let mut content = on_matrix(&message.text, &names);
        if message.text.trim().is_empty() {
            if clan.is_some() {
                return Ok(None);
            }
            // An empty message says nothing: who has nothing to say calls the bot.
            let bot = json!(self.place.town.bot());
            content["body"].clone_from(&bot);
            content["formatted_body"] = bot;
        }
        if let Some(file) = message.files.first() {
            content["msgtype"] = json!("m.image");
            content["filename"] = json!(file.name);
            content["url"] = json!(self.place.town.file(file.content()));
        }
        let key = message.key.clone();
        let ago = Duration::from_millis(u64::try_from(message.late.0).unwrap_or(0));
        let late = message.late > DurationMs(0);
        if late {
            // It is said while the bot is away.
            self.stage.stop()?;
        }
        let event = self.place.say(&room, &user, &content, ago);
        let said = Said { key, names };
        if late {
            self.stage.memory.knows(&event, said);
            let recorded = self.stage.open()?;
            self.connect(recorded)?;
        } else {
            self.stage.recorded()?.knows(&event, said);
        }
        self.answer(&message.key, &event, &user, &room, clan.is_none())
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
        let facts = self.stage.recorded()?.facts();
        let known = |clan: &str| -> Result<&ClanAtPlay, FaceError> {
            world.clan(clan).ok_or_else(|| FaceError(format!("no clan `{clan}`")))
        };
        let told = match what {
            Happening::Joined(clan, person) => {
                let clan = known(clan)?;
                let (room, user) = (self.place.room(clan, None), self.place.user(clan, person));
                self.place.join(&room, &user, person);
                false
            }
            Happening::Gone(clan) => {
                let clan = known(clan)?;
                let (room, owner) = (self.place.room(clan, None), self.place.owner(clan));
                self.place.come(&room);
                self.place.town.be(&room, &owner, self.place.town.bot(), "leave");
                true
            }
            Happening::Back(clan) => {
                if let Some(space) = self.place.space(clan) {
                    self.stage.memory.introduce(space);
                }
                let clan = known(clan)?;
                let (room, owner) = (self.place.room(clan, None), self.place.owner(clan));
                self.place.invite(&room, &owner);
                true
            }
            Happening::Left(clan, person) => {
                let clan = known(clan)?;
                let (room, user) = (self.place.room(clan, None), self.place.user(clan, person));
                self.place.part(&room, &user);
                true
            }
            Happening::Renamed(clan, name) => {
                let clan = known(clan)?;
                let (room, owner) = (self.place.room(clan, None), self.place.owner(clan));
                self.place.town.set(&room, &owner, "m.room.name", "", json!({ "name": name }));
                true
            }
            Happening::Owner(clan, owner) => {
                let clan = known(clan)?;
                let (room, user) = (self.place.room(clan, None), self.place.user(clan, owner));
                self.place.join(&room, &user, owner);
                self.place.give(&room, clan, &user);
                true
            }
            Happening::Moved(clan, _) => {
                return self.moved(known(clan)?).map(|()| None);
            }
        };
        if told {
            self.stage.told(facts + 1)?;
        }
        Ok(None)
    }

    fn set_clock(&mut self, at: AtMs) -> Result<(), FaceError> {
        self.stage.set_clock(at)
    }

    fn idle(&mut self) -> Result<(), FaceError> {
        self.stage.run_due()
    }

    fn notices(&mut self, _world: &World, clan: &str) -> Result<Vec<Answer>, FaceError> {
        let (Some(space), Some(room)) = (self.place.space(clan), self.place.known(clan)) else {
            return Ok(Vec::new());
        };
        let arrived = self.stage.recorded()?.arrivals(&space).map_err(FaceError)?;
        if !arrived.is_empty() {
            self.reads(&room, &arrived)?;
        }
        Ok(arrived.iter().map(Answer::from).collect())
    }

    fn restart(&mut self) -> Result<(), FaceError> {
        self.stage.stop()?;
        let recorded = self.stage.open()?;
        self.connect(recorded)
    }
}

impl OnMatrix {
    /// The room of a clan is replaced by another, to which the bot is invited.
    fn moved(&mut self, clan: &ClanAtPlay) -> Result<(), FaceError> {
        let facts = self.stage.recorded()?.facts();
        let old = self.place.room(clan, None);
        self.place.come(&old);
        let new = self.place.replace(&old, clan);
        // That the clan moved; and that there is another room, which is held back.
        self.stage.told(facts + 2)?;
        self.place.move_to(&clan.id, new);
        if let Some(space) = self.place.space(&clan.id) {
            self.stage.memory.introduce(space);
        }
        Ok(())
    }
}

impl Drop for OnMatrix {
    fn drop(&mut self) {
        // A test that failed already says why.
        self.stage.stop().ok();
    }
}
