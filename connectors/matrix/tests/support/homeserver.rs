//! A homeserver in memory, on the endpoints of the SDK's mock: rooms with people in them, what they
//! say, and what the bot sent, byte for byte.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use gmbot_matrix::Credentials;
use matrix_sdk::ruma::UserId;
use matrix_sdk::test_utils::mocks::MatrixMockServer;
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};
use wiremock::{MockServer, ResponseTemplate};

mod endpoints;

/// Its name.
pub(crate) const DOMAIN: &str = "town.example";
/// The bot.
pub(crate) const BOT: &str = "@gmbot:town.example";
/// Its device.
pub(crate) const DEVICE: &str = "GMBOT";
/// What the SDK's mock gives to the first device that it is told of.
pub(crate) const TOKEN: &str = "TOKEN_0";
/// How long a test waits for something at most.
const PATIENCE: Duration = Duration::from_mins(1);
/// How many events are told again, where some are.
const OVERLAP: u64 = 3;

/// A homeserver.
pub(crate) struct Homeserver {
    _runtime: Runtime,
    mock: MatrixMockServer,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

/// Something that the bot sent.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) room: String,
    pub(crate) kind: String,
    pub(crate) event: String,
    pub(crate) content: Value,
}

impl Sent {
    /// For whoever has to find out why something was not sent.
    fn told(&self) -> String {
        let Self { room, kind, event, content } = self;
        format!("{room} {kind} {event}: {}", content["body"])
    }
}

/// What is true on the homeserver.
#[derive(Default)]
pub(crate) struct State {
    rooms: BTreeMap<String, Room>,
    /// How much has happened.
    place: u64,
    /// How much had happened when something last happened that the bot did not do itself: what it
    /// said comes along with what others do, and wakes nobody.
    news: u64,
    /// How often something was changed, or sent.
    changes: u64,
    transactions: BTreeMap<String, String>,
    sent: Vec<Sent>,
    /// The names of those who have an account.
    users: BTreeMap<String, String>,
    files: BTreeMap<String, Vec<u8>>,
    account_data: BTreeMap<String, Value>,
    /// Whether everything that is sent is refused with 429 when it comes for the first time.
    pub(crate) limits: bool,
    /// What was refused.
    refused: BTreeSet<String>,
    /// Whether nobody is told of the rooms that they make.
    pub(crate) silent: bool,
    /// Whether a sync tells again what the one before it told.
    pub(crate) doubled: bool,
    /// Whether the bot's session was ended.
    pub(crate) ended: bool,
    /// How many keys, as far as the bot knows, have come since it was told of some.
    keys: usize,
    /// How many events of a room a sync holds.
    pub(crate) most: Option<usize>,
}

#[derive(Default)]
struct Room {
    events: Vec<(u64, Value)>,
    state: BTreeMap<(String, String), Value>,
}

impl Room {
    fn membership(&self, user: &str) -> Option<&str> {
        let member = self.state.get(&("m.room.member".to_owned(), user.to_owned()))?;
        member["content"]["membership"].as_str()
    }

    fn count(&self, membership: &str) -> usize {
        let members = self.state.iter().filter(|((kind, _), _)| kind == "m.room.member");
        members.filter(|(_, event)| event["content"]["membership"] == membership).count()
    }

    /// When the bot came the last time.
    fn joined_at(&self) -> Option<u64> {
        let joins = |event: &Value| {
            event["type"] == "m.room.member"
                && event["state_key"] == BOT
                && event["content"]["membership"] == "join"
        };
        self.events.iter().rev().find(|(_, event)| joins(event)).map(|(place, _)| *place)
    }

    fn last(&self) -> u64 {
        self.events.last().map_or(0, |(place, _)| *place)
    }
}

impl State {
    /// Something happens in a room.
    fn happen(&mut self, room: &str, mut event: Value) -> String {
        self.place += 1;
        let id = format!("${}", self.place);
        event["event_id"] = json!(id);
        if event["sender"] != BOT || event["state_key"].is_string() {
            self.news = self.place;
        }
        if event["origin_server_ts"].is_null() {
            event["origin_server_ts"] = json!(now_ms());
        }
        let known = self.rooms.entry(room.to_owned()).or_default();
        if let (Some(kind), Some(key)) = (event["type"].as_str(), event["state_key"].as_str()) {
            let place = (kind.to_owned(), key.to_owned());
            if let Some(before) = known.state.get(&place) {
                event["unsigned"]["prev_content"] = before["content"].clone();
            }
            known.state.insert(place, event.clone());
        }
        known.events.push((self.place, event));
        id
    }

    fn set(&mut self, room: &str, sender: &str, kind: &str, key: &str, content: Value) -> String {
        let event = json!({ "type": kind, "state_key": key, "sender": sender, "content": content });
        self.happen(room, event)
    }

    fn be(&mut self, room: &str, sender: &str, user: &str, membership: &str) -> String {
        let localpart = user.trim_start_matches('@').split(':').next().unwrap_or_default();
        let name = self.users.entry(user.to_owned()).or_insert_with(|| localpart.to_owned());
        let content = json!({ "membership": membership, "displayname": name });
        self.set(room, sender, "m.room.member", user, content)
    }

    fn sync(&mut self, since: Option<u64>) -> Value {
        let since = since.map(|since| since.saturating_sub(if self.doubled { OVERLAP } else { 0 }));
        let (mut join, mut invite, mut leave) = (json!({}), json!({}), json!({}));
        let from = since.unwrap_or(0);
        for (id, room) in &self.rooms {
            if room.last() <= from {
                continue;
            }
            match room.membership(BOT) {
                Some("join") => join[id] = self.joined(room, since),
                Some("invite") => {
                    let state = room.state.values().filter(|event| {
                        event["state_key"] == BOT || event["type"] == "m.room.name"
                    });
                    let state: Vec<_> = state.collect();
                    invite[id] = json!({ "invite_state": { "events": state } });
                }
                Some("leave" | "ban") => {
                    let events = events_after(room, from);
                    leave[id] =
                        json!({ "timeline": { "events": events }, "state": { "events": [] } });
                }
                Some(_) | None => {}
            }
        }
        let key = json!({ "type": "m.dummy", "sender": BOT, "content": {} });
        let keys = vec![key; std::mem::take(&mut self.keys)];
        json!({
            "next_batch": format!("s{}", self.place),
            "to_device": { "events": keys },
            "rooms": { "join": join, "invite": invite, "leave": leave },
            "device_one_time_keys_count": { "signed_curve25519": 50 },
        })
    }

    fn joined(&self, room: &Room, since: Option<u64>) -> Value {
        let joined = room.joined_at().unwrap_or(0);
        let from = since.unwrap_or(0);
        let new = from < joined;
        let mut events = events_after(room, if new { joined - 1 } else { from });
        let most = self.most.unwrap_or(100);
        let limited = events.len() > most;
        let begins = room.events.iter().rev().nth(most.saturating_sub(1));
        if limited {
            events.drain(..events.len() - most);
        }
        let begins = begins.filter(|_| limited).map_or(from, |(place, _)| *place);
        let state: Vec<_> = if new { room.state.values().collect() } else { Vec::new() };
        json!({
            "summary": {
                "m.joined_member_count": room.count("join"),
                "m.invited_member_count": room.count("invite"),
            },
            "state": { "events": state },
            "timeline": { "events": events, "limited": limited, "prev_batch": format!("b{begins}") },
        })
    }

    /// A page of a room's history, the newest first.
    fn history(&self, room: &str, from: Option<u64>, to: u64, limit: usize) -> Value {
        let from = from.unwrap_or(u64::MAX);
        let known = self.rooms.get(room).map(|room| room.events.as_slice()).unwrap_or_default();
        let mut events: Vec<_> =
            known.iter().filter(|(place, _)| *place < from && *place > to).rev().collect();
        let more = events.len() > limit;
        events.truncate(limit);
        let end = events.last().map(|(place, _)| format!("b{place}")).filter(|_| more);
        let chunk: Vec<_> = events.into_iter().map(|(_, event)| in_room(event, room)).collect();
        json!({ "start": format!("b{from}"), "end": end, "chunk": chunk })
    }

    /// An encrypted message can be read from now on, and a key has come.
    pub(crate) fn decrypt(&mut self, room: &str, event: &str, content: Value) {
        let events = self.rooms.get_mut(room).into_iter().flat_map(|room| &mut room.events);
        for (_, known) in events.filter(|(_, known)| known["event_id"] == event) {
            known["type"] = json!("m.room.message");
            known["content"] = content.clone();
        }
        self.place += 1;
        self.news = self.place;
        self.keys += 1;
    }

    fn is_busy(&mut self, path: &str) -> bool {
        self.limits && self.refused.insert(path.to_owned())
    }

    fn send(&mut self, path: &str, room: &str, kind: &str, content: Value) -> ResponseTemplate {
        if let Some(event) = self.transactions.get(path) {
            return ResponseTemplate::new(200).set_body_json(json!({ "event_id": event }));
        }
        let content_sent = content.clone();
        let event = json!({ "type": kind, "sender": BOT, "content": content });
        let event = self.happen(room, event);
        self.transactions.insert(path.to_owned(), event.clone());
        self.sent.push(Sent {
            room: room.to_owned(),
            kind: kind.to_owned(),
            event: event.clone(),
            content: content_sent,
        });
        ResponseTemplate::new(200).set_body_json(json!({ "event_id": event }))
    }
}

fn events_after(room: &Room, from: u64) -> Vec<&Value> {
    room.events.iter().filter(|(place, _)| *place > from).map(|(_, event)| event).collect()
}

fn in_room(event: &Value, room: &str) -> Value {
    let mut event = event.clone();
    event["room_id"] = json!(room);
    event
}

fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(0)
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Homeserver {
    /// A homeserver without rooms.
    pub(crate) fn start() -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a thread");
        let shared = Arc::<Shared>::default();
        let mock = runtime.block_on(async {
            let server = MockServer::builder().disable_request_recording().start().await;
            let mock = MatrixMockServer::from_server(server);
            // From now on the mock knows whose keys come with this token.
            let user = <&UserId>::try_from(BOT).expect("an id");
            drop(mock.client_builder_for_crypto_end_to_end(user, DEVICE.into()));
            endpoints::mount(&mock, &shared).await;
            mock
        });
        Self { _runtime: runtime, mock, shared }
    }

    pub(crate) fn url(&self) -> String {
        self.mock.uri()
    }

    /// Something can be said as if it had been said before.
    pub(crate) const BACKDATES: bool = true;

    /// Somebody has an account, and a name.
    pub(crate) fn arrive(&self, user: &str, name: &str) {
        self.change(|state| state.users.insert(user.to_owned(), name.to_owned()));
    }

    /// The bot's id.
    pub(crate) fn bot(&self) -> &str {
        BOT
    }

    /// What lets the bot in.
    pub(crate) fn credentials(&self) -> Credentials {
        Credentials::Token(TOKEN.to_owned().into())
    }

    /// Changes something by hand.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.shared.lock();
        state.changes += 1;
        let done = change(&mut state);
        self.shared.changed.notify_all();
        done
    }

    /// A room that somebody made, with whom they invited in it.
    pub(crate) fn room(&self, name: &str, creator: &str, version: &str) -> String {
        self.make_room(json!({ "room_version": version }), name, creator)
    }

    /// A room that takes the place of another.
    pub(crate) fn room_after(&self, old: &str, name: &str, creator: &str, version: &str) -> String {
        let create = json!({ "room_version": version, "predecessor": { "room_id": old } });
        self.make_room(create, name, creator)
    }

    fn make_room(&self, mut create: Value, name: &str, creator: &str) -> String {
        let version = create["room_version"].clone();
        create["creator"] = json!(creator);
        self.change(|state| {
            let room = format!("!room{}:town.example", state.rooms.len() + 1);
            state.set(&room, creator, "m.room.create", "", create);
            state.be(&room, creator, creator, "join");
            let users = if version == "12" { json!({}) } else { json!({ creator: 100 }) };
            state.set(&room, creator, "m.room.power_levels", "", json!({ "users": users }));
            state.set(&room, creator, "m.room.name", "", json!({ "name": name }));
            room
        })
    }

    /// Somebody is in a room from now on, or is not.
    pub(crate) fn be(&self, room: &str, sender: &str, user: &str, membership: &str) -> String {
        self.change(|state| state.be(room, sender, user, membership))
    }

    /// Changes what is true in a room.
    pub(crate) fn set(
        &self,
        room: &str,
        sender: &str,
        kind: &str,
        key: &str,
        content: Value,
    ) -> String {
        self.change(|state| state.set(room, sender, kind, key, content))
    }

    /// Somebody sends something, so long ago.
    pub(crate) fn send(
        &self,
        room: &str,
        sender: &str,
        kind: &str,
        content: Value,
        ago: Duration,
    ) -> String {
        let ago = u64::try_from(ago.as_millis()).unwrap_or(0);
        let event = json!({
            "type": kind, "sender": sender, "content": content, "origin_server_ts": now_ms() - ago,
        });
        self.change(|state| state.happen(room, event))
    }

    /// A file that can be fetched; gives its address.
    pub(crate) fn file(&self, bytes: Vec<u8>) -> String {
        self.change(|state| {
            let id = format!("file{}", state.files.len() + 1);
            state.files.insert(id.clone(), bytes);
            format!("mxc://town.example/{id}")
        })
    }

    /// Everything that the bot sent, in order.
    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.shared.lock().sent.clone()
    }

    /// The content of the messages that the bot posted in a room, but for so many of the first.
    pub(crate) fn posted(&self, room: &str, from: usize) -> Vec<Value> {
        let state = self.shared.lock();
        let messages =
            state.sent.iter().filter(|sent| sent.room == room && sent.kind == "m.room.message");
        messages.skip(from).map(|sent| sent.content.clone()).collect()
    }

    /// The first of the rooms in which the bot talks with somebody alone.
    pub(crate) fn direct(&self, user: &str) -> Option<String> {
        self.directs(user).into_iter().next()
    }

    /// The rooms in which the bot talks with somebody alone.
    pub(crate) fn directs(&self, user: &str) -> Vec<String> {
        let state = self.shared.lock();
        let is_direct = |room: &Room| {
            let here = |user| matches!(room.membership(user), Some("join" | "invite"));
            here(BOT) && here(user) && room.count("join") + room.count("invite") == 2
        };
        let found = state.rooms.iter().filter(|(_, room)| is_direct(room));
        found.map(|(id, _)| id.clone()).collect()
    }

    /// Somebody's membership of a room.
    pub(crate) fn membership(&self, room: &str, user: &str) -> Option<String> {
        let state = self.shared.lock();
        state.rooms.get(room).and_then(|room| room.membership(user)).map(str::to_owned)
    }

    /// Waits until there is something to see.
    pub(crate) fn wait<T>(&self, what: &str, look: impl Fn(&Self) -> Option<T>) -> T {
        self.wait_at_most(look).unwrap_or_else(|| {
            let sent: Vec<_> = self.sent().iter().map(Sent::told).collect();
            panic!("{what} did not come within {PATIENCE:?}; sent was\n{}", sent.join("\n"))
        })
    }

    /// Waits until there is something to see; gives nothing where that takes too long.
    pub(crate) fn wait_at_most<T>(&self, look: impl Fn(&Self) -> Option<T>) -> Option<T> {
        let end = Instant::now() + PATIENCE;
        loop {
            let before = self.shared.lock().changes;
            if let Some(found) = look(self) {
                return Some(found);
            }
            let left = end.checked_duration_since(Instant::now())?;
            let same = |state: &mut State| state.changes == before;
            drop(self.shared.changed.wait_timeout_while(self.shared.lock(), left, same));
        }
    }
}
