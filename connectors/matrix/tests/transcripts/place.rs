//! The rooms and people of a transcript on the homeserver.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use gmbot_chat_testing::{Part, parts};
use gmbot_engine::model::{Platform, SpaceKey};
use gmbot_engine::request::{MentionTarget, Presence, Request};
use gmbot_snapshots::World;
use gmbot_snapshots::format::Speaker;
use gmbot_snapshots::world::ClanAtPlay;
use serde_json::{Value, json};

use super::homeserver::{DOMAIN, Homeserver};

/// What the ids of the bot's operators begin with.
const OPERATORS: &str = "operators";
/// Somebody who never says anything: a room with one human in it is a talk with them.
const ONLOOKER: &str = "onlooker";
/// A name that nobody has.
const NOBODY: &str = "nobody";
/// The room version in which clans of a transcript live: rooms can be given away in it.
const VERSION: &str = "11";

/// The rooms and people of a transcript.
pub(crate) struct Place {
    pub(crate) town: Homeserver,
    rooms: BTreeMap<String, String>,
    /// Who is in which room.
    inside: BTreeSet<(String, String)>,
}

/// A user's id: people of one name on several platforms are several here as well.
fn user(platform: &str, name: &str) -> String {
    format!("@{platform}_{}:{DOMAIN}", localpart(name))
}

/// A name as ids of users may have it.
fn localpart(name: &str) -> String {
    let plain =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-');
    let each = |c: char| if plain(c) { c.to_string() } else { format!("={:x}", u32::from(c)) };
    name.chars().map(each).collect()
}

/// Somebody who operates the bot.
pub(crate) fn operator(name: &str) -> String {
    user(OPERATORS, name)
}

impl Place {
    /// A homeserver without rooms.
    pub(crate) fn on(town: Homeserver) -> Self {
        let (rooms, inside) = Default::default();
        Self { town, rooms, inside }
    }

    pub(crate) fn user(&self, clan: &ClanAtPlay, name: &str) -> String {
        user(&clan.platform.0, name)
    }

    /// Who owns the room of a clan, as far as the transcript says.
    pub(crate) fn owner(&self, clan: &ClanAtPlay) -> String {
        let owner = clan.owner.as_ref().or(clan.leader.as_ref());
        self.user(clan, owner.map_or(NOBODY, String::as_str))
    }

    /// The room that acts as a clan; whoever speaks there first owns it, if nobody does.
    pub(crate) fn room(&mut self, clan: &ClanAtPlay, speaker: Option<&str>) -> String {
        if let Some(room) = self.rooms.get(&clan.id) {
            return room.clone();
        }
        let named = clan.owner.as_ref().or(clan.leader.as_ref());
        let owner = match speaker.filter(|_| named.is_none()) {
            Some(speaker) => speaker.to_owned(),
            None => self.owner(clan),
        };
        let room = self.town.room(&clan.name, &owner, VERSION);
        self.rooms.insert(clan.id.clone(), room.clone());
        if let Some(name) = named {
            self.join(&room, &owner, name);
        }
        self.look_on(&room);
        for name in clan.leader.iter().chain(&clan.members) {
            self.join(&room, &self.user(clan, name), name);
        }
        self.invite(&room, &owner);
        room
    }

    /// Lets the bot be asked into a room.
    pub(crate) fn invite(&self, room: &str, owner: &str) {
        self.town.be(room, owner, self.town.bot(), "invite");
    }

    /// Has somebody in a room who only looks on.
    fn look_on(&self, room: &str) {
        let onlooker = user(OPERATORS, ONLOOKER);
        self.town.be(room, &onlooker, &onlooker, "join");
    }

    /// Has somebody the name that the transcript has.
    fn name(&self, room: &str, user: &str, name: &str) {
        let content = json!({ "membership": "join", "displayname": name });
        self.town.set(room, user, "m.room.member", user, content);
    }

    pub(crate) fn known(&self, clan: &str) -> Option<String> {
        self.rooms.get(clan).cloned()
    }

    /// Has a clan act in another room from now on.
    pub(crate) fn move_to(&mut self, clan: &str, room: String) {
        self.rooms.insert(clan.to_owned(), room);
    }

    pub(crate) fn join(&mut self, room: &str, user: &str, name: &str) {
        if self.inside.insert((room.to_owned(), user.to_owned())) {
            self.name(room, user, name);
        }
    }

    /// How many rooms act as clans.
    pub(crate) fn rooms(&self) -> usize {
        self.rooms.len()
    }

    pub(crate) fn part(&mut self, room: &str, user: &str) {
        self.inside.remove(&(room.to_owned(), user.to_owned()));
        self.town.be(room, user, user, "leave");
    }

    /// The space of a clan, as the connector names it.
    pub(crate) fn space(&self, clan: &str) -> Option<SpaceKey> {
        let id = self.rooms.get(clan)?.clone();
        Some(SpaceKey { platform: Platform("matrix".to_owned()), id })
    }

    /// Who speaks, and in which room.
    pub(crate) fn speaker(
        &mut self,
        world: &World,
        speaker: &Speaker,
        platform: &Platform,
    ) -> (String, String) {
        let name = speaker.actor.as_deref().unwrap_or_default();
        let user = if speaker.operator { operator(name) } else { user(&platform.0, name) };
        let room = match world.clan(&speaker.clan) {
            Some(clan) => {
                let room = self.room(clan, Some(&user));
                self.join(&room, &user, name);
                room
            }
            None => self.direct(&user, name),
        };
        (user, room)
    }

    /// The room in which somebody talks with the bot alone.
    fn direct(&mut self, user: &str, name: &str) -> String {
        let room = match self.town.direct(user) {
            Some(room) => {
                self.town.be(&room, user, user, "join");
                room
            }
            None => {
                let room = self.town.room("", user, VERSION);
                self.invite(&room, user);
                room
            }
        };
        self.name(&room, user, name);
        self.come(&room);
        room
    }

    /// Waits until the bot is in a room.
    pub(crate) fn come(&self, room: &str) {
        let there = |town: &Homeserver| {
            (town.membership(room, town.bot()).as_deref() == Some("join")).then_some(())
        };
        self.town.wait("the bot", there);
    }

    /// Gives a room away: nobody else has power there from now on.
    pub(crate) fn give(&mut self, room: &str, clan: &ClanAtPlay, user: &str) {
        let content = json!({ "users": { user: 100 } });
        self.town.set(room, &self.owner(clan), "m.room.power_levels", "", content);
    }

    /// Replaces a room by another, with the same people in it.
    pub(crate) fn replace(&mut self, old: &str, clan: &ClanAtPlay) -> String {
        let owner = self.owner(clan);
        let new = self.town.room_after(old, &clan.name, &owner, VERSION);
        let here: Vec<_> = self.inside.iter().filter(|(room, _)| room == old).cloned().collect();
        for (_, user) in here {
            self.inside.insert((new.clone(), user.clone()));
            self.town.be(&new, &user, &user, "join");
        }
        self.look_on(&new);
        let content = json!({ "body": "moved", "replacement_room": new });
        self.town.set(old, &owner, "m.room.tombstone", "", content);
        self.invite(&new, &owner);
        new
    }

    /// What people are called on Matrix in a line, each beside the transcript's word.
    pub(crate) fn names(
        &mut self,
        request: &Request,
        room: Option<&str>,
        newborn: bool,
    ) -> Vec<(String, String)> {
        let mut names = Vec::new();
        for mention in &request.mentions {
            let word = match &mention.target {
                MentionTarget::Account { account, presence, bot, .. } => {
                    if *bot {
                        // The only bot that is known for one is gmbot itself.
                        let bot = self.town.bot().to_owned();
                        if let Some(room) = room {
                            self.name(room, &bot, &account.name);
                        }
                        bot
                    } else {
                        let user = user(&account.platform.0, &account.name);
                        self.town.arrive(&user, &account.name);
                        let joins = *presence == Presence::Inside
                            || *presence == Presence::Unknown && newborn;
                        if let Some(room) = room.filter(|_| joins) {
                            self.join(room, &user, &account.name);
                        }
                        user
                    }
                }
                MentionTarget::Role | MentionTarget::Everyone => "@room".to_owned(),
                MentionTarget::Nobody => user(OPERATORS, NOBODY),
            };
            names.push((word, mention.written.clone()));
        }
        names.push((self.town.bot().to_owned(), "@gmbot".to_owned()));
        names
    }

    /// Says a line, as a client sends it that marks whom it names.
    pub(crate) fn say(&self, room: &str, user: &str, said: &Value, ago: Duration) -> String {
        self.town.send(room, user, "m.room.message", said.clone(), ago)
    }
}

/// A line as a client sends it: ids in the text, links in the HTML.
pub(crate) fn on_matrix(line: &str, names: &[(String, String)]) -> Value {
    let (mut body, mut html, mut mentioned) = (String::new(), String::new(), Vec::new());
    for part in parts(line, names) {
        match part {
            Part::Name(user) if user.contains(':') => {
                body.push_str(user);
                html.push_str(&format!("<a href=\"https://matrix.to/#/{user}\">somebody</a>"));
                mentioned.push(user);
            }
            Part::Name(text) | Part::Words(text) => {
                body.push_str(text);
                html.push_str(&escaped(text));
            }
        }
    }
    json!({
        "msgtype": "m.text",
        "body": body,
        "format": "org.matrix.custom.html",
        "formatted_body": html,
        "m.mentions": { "user_ids": mentioned },
    })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
