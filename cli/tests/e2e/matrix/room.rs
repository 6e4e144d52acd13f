//! A room, and what somebody in it has read.

use std::cell::{Ref, RefCell};
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::matrix::people::{People, encoded, text};

/// How long anything that somebody is to read may take, and how long a look for it waits at a time.
const PATIENCE: Duration = Duration::from_secs(180);
const LOOK_SECONDS: u64 = 5;
/// How many rooms are made at once.
const AT_ONCE: usize = 10;

/// What kind of room.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) version: &'static str,
    pub(crate) encrypted: bool,
}

/// Who is in a room: the one who made it, others who read, and a bot.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Who<'a> {
    pub(crate) owner: &'a str,
    pub(crate) readers: &'a [&'a str],
    pub(crate) bot: Option<&'a str>,
}

/// A room, as the one who made it reads it.
pub(crate) struct Room<'a> {
    people: &'a People,
    pub(crate) id: String,
    pub(crate) owner: String,
    kind: Kind,
    read: RefCell<Vec<Event>>,
}

/// Something that somebody read, decrypted.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Event {
    #[serde(rename = "event_id")]
    pub(crate) id: String,
    pub(crate) sender: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) content: Value,
    /// Whom a membership is of.
    state_key: Option<String>,
    /// Whether it came encrypted.
    pub(crate) encrypted: bool,
    /// When it was read, in seconds of some clock of this machine.
    pub(crate) at: f64,
}

impl Event {
    /// What it says; nothing if it says nothing.
    pub(crate) fn text(&self) -> &str {
        self.content["body"].as_str().unwrap_or_default()
    }

    /// Whether it is a message of somebody's that says something.
    pub(crate) fn says(&self, from: &str, words: &str) -> bool {
        self.is_message() && self.sender == from && self.text().contains(words)
    }

    /// Whether it is a message that changes no other.
    pub(crate) fn is_message(&self) -> bool {
        self.kind == "m.room.message" && self.relation()["rel_type"] != "m.replace"
    }

    /// Whether somebody enters the room.
    pub(crate) fn is_join_of(&self, user: &str) -> bool {
        let whose = self.kind == "m.room.member" && self.state_key.as_deref() == Some(user);
        whose && self.content["membership"] == "join"
    }

    /// Whether it answers an event.
    pub(crate) fn answers(&self, event: &str) -> bool {
        self.is_message() && self.relation()["m.in_reply_to"]["event_id"] == event
    }

    /// What it has to do with others.
    pub(crate) fn relation(&self) -> &Value {
        &self.content["m.relates_to"]
    }
}

impl<'a> Room<'a> {
    /// Makes a room; everybody is asked in, and has joined.
    #[track_caller]
    pub(crate) fn open(people: &'a People, kind: Kind, name: &str, who: Who<'_>) -> Self {
        Self::open_all(people, kind, &[name.to_owned()], who).remove(0)
    }

    /// Makes several rooms of the same people, a few at a time.
    #[track_caller]
    pub(crate) fn open_all(
        people: &'a People,
        kind: Kind,
        names: &[String],
        who: Who<'_>,
    ) -> Vec<Self> {
        let some = |names: &[String]| Self::open_some(people, kind, names, who);
        names.chunks(AT_ONCE).flat_map(some).collect()
    }

    #[track_caller]
    fn open_some(
        people: &'a People,
        kind: Kind,
        names: &[String],
        Who { owner, readers, bot }: Who<'_>,
    ) -> Vec<Self> {
        let invited: Vec<&str> = readers.iter().chain(&bot).copied().collect();
        let create = |name: &String| {
            json!({
                "do": "create", "who": owner, "name": name,
                "version": kind.version, "encrypted": kind.encrypted, "invite": invited,
            })
        };
        let made = people.ask_all(names.iter().map(create).collect());
        let join = |room| {
            readers.iter().map(move |who| json!({"do": "in_room", "who": who, "room": room}))
        };
        people.ask_all(made.iter().flat_map(join).collect());
        let room = |id: &Value| Self {
            people,
            id: id.as_str().expect("a room's id").to_owned(),
            owner: owner.to_owned(),
            kind,
            read: RefCell::default(),
        };
        let rooms: Vec<_> = made.iter().map(room).collect();
        for (room, bot) in rooms.iter().zip(bot.iter().cycle()) {
            room.event("the bot", |event| event.is_join_of(bot));
        }
        rooms
    }

    /// The rooms in which somebody who is here talks with another alone.
    #[track_caller]
    pub(crate) fn alone(&self, who: &str, with: &str) -> Vec<Self> {
        let found = self.people.ask(json!({"do": "alone", "who": who, "with_whom": with}));
        let room = |id: &Value| Self {
            people: self.people,
            id: id.as_str().expect("a room's id").to_owned(),
            owner: who.to_owned(),
            kind: self.kind,
            read: RefCell::default(),
        };
        found.as_array().expect("a list").iter().map(room).collect()
    }

    /// Lets somebody say something, and returns the event's id.
    #[track_caller]
    pub(crate) fn say(&self, who: &str, content: &Value) -> String {
        event(&self.people.ask(self.saying(who, content)))
    }

    /// What asks that somebody says something.
    pub(crate) fn saying(&self, who: &str, content: &Value) -> Value {
        json!({"do": "send", "who": who, "room": self.id, "content": content})
    }

    /// Lets somebody react to an event.
    #[track_caller]
    pub(crate) fn react(&self, who: &str, to: &str, key: &str) -> String {
        let relation = json!({"rel_type": "m.annotation", "event_id": to, "key": key});
        let content = json!({"m.relates_to": relation});
        let mut request = self.saying(who, &content);
        request["kind"] = "m.reaction".into();
        event(&self.people.ask(request))
    }

    /// Lets somebody take an event of theirs back.
    #[track_caller]
    pub(crate) fn redact(&self, who: &str, event: &str) {
        self.people.ask(json!({"do": "redact", "who": who, "room": self.id, "event": event}));
    }

    /// Lets somebody answer an event with an image.
    #[track_caller]
    pub(crate) fn show(&self, who: &str, to: &str, image: &[u8]) -> String {
        event(&self.people.ask(json!({
            "do": "image", "who": who, "room": self.id,
            "data": encoded(image), "name": "proof.png", "mime": "image/png",
            "relation": {"m.in_reply_to": {"event_id": to}},
        })))
    }

    /// Waits until something has been read that is looked for.
    #[track_caller]
    pub(crate) fn until<T>(&self, what: &str, found: impl Fn(&[Event]) -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(found) = found(&self.read.borrow()) {
                return found;
            }
            let read = || self.read.borrow();
            assert!(begun.elapsed() < PATIENCE, "{what} did not come about in {:#?}", read());
            self.look(LOOK_SECONDS);
        }
    }

    /// Waits for an event.
    #[track_caller]
    pub(crate) fn event(&self, what: &str, is: impl Fn(&Event) -> bool) -> Event {
        self.until(what, |events| events.iter().find(|event| is(event)).cloned())
    }

    /// Waits for a message of somebody's that says something.
    #[track_caller]
    pub(crate) fn hears(&self, from: &str, says: &str) -> Event {
        self.event(&format!("`{says}`"), |event| event.says(from, says))
    }

    /// Lets somebody say a line, and waits for the answer to it.
    #[track_caller]
    pub(crate) fn ask(&self, who: &str, line: &str) -> Event {
        let said = self.say(who, &text(line));
        self.event(&format!("an answer to `{line}`"), |event| event.answers(&said))
    }

    /// Looks that some events were read exactly so often by now.
    #[track_caller]
    pub(crate) fn must_have(&self, times: usize, what: &str, is: impl Fn(&Event) -> bool) {
        let all = self.all();
        let found: Vec<_> = all.iter().filter(|event| is(event)).collect();
        assert_eq!(found.len(), times, "{what}: {found:#?}");
    }

    /// All that has been read by now.
    #[track_caller]
    pub(crate) fn all(&self) -> Ref<'_, [Event]> {
        self.look(0);
        Ref::map(self.read.borrow(), Vec::as_slice)
    }

    /// Reads what is new.
    #[track_caller]
    fn look(&self, seconds: u64) {
        let after = self.read.borrow().len();
        let mut news = self.people.ask(json!({
            "do": "read", "who": self.owner, "room": self.id, "after": after, "seconds": seconds,
        }));
        let events: Vec<Event> =
            serde_json::from_value(news["events"].take()).expect("events as they are told here");
        for event in &events {
            let plain = event.is_message() && !event.encrypted;
            assert!(!(self.kind.encrypted && plain), "not encrypted: {event:?}");
        }
        self.read.borrow_mut().extend(events);
    }
}

/// The id of an event that was sent.
fn event(sent: &Value) -> String {
    sent["event"].as_str().expect("an event's id").to_owned()
}

impl Kind {
    /// All kinds that are tried.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let kind = |version| move |encrypted| Self { version, encrypted };
        ["10", "12"].into_iter().flat_map(move |version| [false, true].map(kind(version)))
    }
}
