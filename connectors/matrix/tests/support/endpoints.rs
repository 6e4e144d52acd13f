//! What the homeserver in memory answers, on the endpoints of the SDK's mock.

use std::sync::Arc;
use std::time::Duration;

use matrix_sdk::test_utils::mocks::MatrixMockServer;
use serde_json::{Value, json};
use wiremock::matchers::{method, path_regex};
use wiremock::{Mock, Request, Respond, ResponseTemplate};

use super::{BOT, DEVICE, PATIENCE, Shared, State, in_room};

/// How long the homeserver waits for something to tell. The mock can't be woken, so it is short.
const POLL: Duration = Duration::from_millis(30);

/// An endpoint: what it does with the homeserver's state.
struct Endpoint<F> {
    shared: Arc<Shared>,
    answer: F,
}

impl<F> Respond for Endpoint<F>
where
    F: Fn(&mut State, &Request, &[String]) -> ResponseTemplate + Send + Sync,
{
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let parts = request.url.path_segments().into_iter().flatten().map(decoded);
        let parts: Vec<String> = parts.collect();
        let mut state = self.shared.lock();
        let before = state.place;
        let answer = (self.answer)(&mut state, request, &parts);
        if state.place != before {
            state.changes += 1;
            self.shared.changed.notify_all();
        }
        answer
    }
}

fn decoded(part: &str) -> String {
    percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned()
}

fn query(request: &Request, name: &str) -> Option<String> {
    request.url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

fn place(token: Option<String>) -> Option<u64> {
    token.and_then(|token| token.get(1..)?.parse().ok())
}

/// What answers a call of a route, by what its path holds.
type Answer = fn(&mut State, &Request, &[String]) -> ResponseTemplate;

fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

fn not_found() -> ResponseTemplate {
    let body = json!({ "errcode": "M_NOT_FOUND", "error": "there is none" });
    ResponseTemplate::new(404).set_body_json(body)
}

pub(super) async fn mount(mock: &MatrixMockServer, shared: &Arc<Shared>) {
    mock.mock_versions().ok().mount().await;
    mock.mock_room_keys_version().none().mount().await;
    mock.mock_crypto_endpoints_preset().await;
    let state = |answer: fn(&mut State, &Request, &[String]) -> ResponseTemplate| Endpoint {
        shared: Arc::clone(shared),
        answer,
    };
    let me = |state: &mut State, _: &Request, _: &[String]| {
        if state.ended {
            let body = json!({ "errcode": "M_UNKNOWN_TOKEN", "error": "logged out" });
            return ResponseTemplate::new(401).set_body_json(body);
        }
        ok(json!({ "user_id": BOT, "device_id": DEVICE }))
    };
    mock.mock_who_am_i().ignore_access_token().respond_with(state(me)).mount().await;
    mock.mock_sync().ignore_access_token().respond_with(state(sync)).mount().await;
    mock.mock_room_send().ignore_access_token().respond_with(state(send)).mount().await;
    mock.mock_get_members().ignore_access_token().respond_with(state(members)).mount().await;
    mock.mock_room_messages().ignore_access_token().respond_with(state(messages)).mount().await;
    mock.mock_create_room().ignore_access_token().respond_with(state(create)).mount().await;
    mock.mock_room_leave().ignore_access_token().respond_with(state(leave)).mount().await;
    mock.mock_authed_media_download()
        .ignore_access_token()
        .respond_with(state(download))
        .mount()
        .await;
    let routes: [(&str, &str, Answer); 7] = [
        ("GET", r"^/_matrix/client/v3/rooms/[^/]*/event/", event),
        ("GET", r"^/_matrix/client/v3/rooms/[^/]*/state/", |_, _, _| not_found()),
        ("POST", r"^/_matrix/client/v3/join/", join),
        ("POST", r"^/_matrix/client/v3/rooms/[^/]*/join$", join),
        ("GET", r"^/_matrix/client/v3/profile/", profile),
        ("GET", r"^/_matrix/client/v3/user/[^/]*/account_data/", account_data),
        ("PUT", r"^/_matrix/client/v3/user/[^/]*/account_data/", keep_account_data),
    ];
    for (verb, path, answer) in routes {
        let mounted = Mock::given(method(verb)).and(path_regex(path));
        mounted.respond_with(state(answer)).mount(mock).await;
    }
}

fn sync(state: &mut State, request: &Request, _: &[String]) -> ResponseTemplate {
    let since = place(query(request, "since"));
    let answer = ok(state.sync(since));
    if since >= Some(state.news) { answer.set_delay(POLL) } else { answer }
}

fn send(state: &mut State, request: &Request, parts: &[String]) -> ResponseTemplate {
    let [.., room, _, kind, _] = parts else { return not_found() };
    let content = serde_json::from_slice(&request.body).unwrap_or_default();
    if state.is_busy(request.url.path()) {
        let body = json!({ "errcode": "M_LIMIT_EXCEEDED", "error": "wait", "retry_after_ms": 1 });
        return ResponseTemplate::new(429).set_body_json(body);
    }
    state.send(request.url.path(), room, kind, content)
}

fn members(state: &mut State, _: &Request, parts: &[String]) -> ResponseTemplate {
    let [.., id, _] = parts else { return not_found() };
    let Some(room) = state.rooms.get(id) else { return not_found() };
    let members = room.state.values().filter(|event| event["type"] == "m.room.member");
    ok(json!({ "chunk": members.map(|event| in_room(event, id)).collect::<Vec<_>>() }))
}

fn messages(state: &mut State, request: &Request, parts: &[String]) -> ResponseTemplate {
    let [.., room, _] = parts else { return not_found() };
    let limit = query(request, "limit").and_then(|limit| limit.parse().ok()).unwrap_or(10);
    let to = place(query(request, "to")).unwrap_or(0);
    ok(state.history(room, place(query(request, "from")), to, limit))
}

fn event(state: &mut State, _: &Request, parts: &[String]) -> ResponseTemplate {
    let [.., id, _, event] = parts else { return not_found() };
    let events = state.rooms.get(id).map(|room| room.events.as_slice()).unwrap_or_default();
    let found = events.iter().find(|(_, known)| known["event_id"] == **event);
    found.map_or_else(not_found, |(_, event)| ok(in_room(event, id)))
}

fn join(state: &mut State, _: &Request, parts: &[String]) -> ResponseTemplate {
    let room = parts.iter().find(|part| part.starts_with('!'));
    let Some(room) = room.filter(|room| state.rooms.contains_key(*room)).cloned() else {
        return not_found();
    };
    // Who is there already does not come again.
    if state.rooms.get(&room).and_then(|room| room.membership(BOT)) != Some("join") {
        state.be(&room, BOT, BOT, "join");
    }
    ok(json!({ "room_id": room }))
}

fn leave(state: &mut State, _: &Request, parts: &[String]) -> ResponseTemplate {
    let [.., room, _] = parts else { return not_found() };
    state.be(room, BOT, BOT, "leave");
    ok(json!({}))
}

fn create(state: &mut State, request: &Request, _: &[String]) -> ResponseTemplate {
    let wanted: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let room = format!("!direct{}:town.example", state.rooms.len() + 1);
    state.set(&room, BOT, "m.room.create", "", json!({ "room_version": "11" }));
    state.be(&room, BOT, BOT, "join");
    for user in wanted["invite"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        state.be(&room, BOT, user, "invite");
    }
    let made = ok(json!({ "room_id": room }));
    if state.silent { made.set_delay(PATIENCE) } else { made }
}

fn profile(state: &mut State, _: &Request, parts: &[String]) -> ResponseTemplate {
    let name = parts.last().and_then(|user| state.users.get(user));
    name.map_or_else(not_found, |name| ok(json!({ "displayname": name })))
}

fn account_data(state: &mut State, _: &Request, parts: &[String]) -> ResponseTemplate {
    let kept = parts.last().and_then(|kind| state.account_data.get(kind));
    kept.map_or_else(not_found, |kept| ok(kept.clone()))
}

fn keep_account_data(state: &mut State, request: &Request, parts: &[String]) -> ResponseTemplate {
    let content = serde_json::from_slice(&request.body).unwrap_or_default();
    if let Some(kind) = parts.last() {
        state.account_data.insert(kind.clone(), content);
    }
    ok(json!({}))
}

fn download(state: &mut State, _: &Request, parts: &[String]) -> ResponseTemplate {
    let file = parts.last().and_then(|id| state.files.get(id));
    file.map_or_else(not_found, |bytes| ResponseTemplate::new(200).set_body_bytes(bytes.clone()))
}
