//! What people read on Discord: the bodies that arrived there, held against the replies that they
//! are to show.

use std::collections::BTreeMap;
use std::time::Duration;

use gmbot_chat_testing::{expected, lacks};
use gmbot_discord_fake::{Fake, Request, State};
use gmbot_engine::Reply;
use gmbot_snapshots::face::FaceError;
use serde_json::Value;
use serenity::all::{ChannelId, GuildId, InteractionId};

use crate::read_back::read_back;

/// How long a test waits for something at most.
const PATIENCE: Duration = Duration::from_secs(60);
/// How many columns the connector's tables take.
const COLUMNS: usize = 30;

/// Where somebody reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum There {
    /// In any channel of a server.
    Server(GuildId),
    /// In direct messages.
    Direct(ChannelId),
    /// Below what they did.
    Interaction(InteractionId),
}

/// Reads everything once.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    /// How much was read in each place.
    read: BTreeMap<There, usize>,
}

impl Reader {
    /// Waits until all of these replies can be read there, in what was not read before.
    pub(crate) fn read(
        &mut self,
        fake: &Fake,
        there: There,
        replies: &[Reply],
    ) -> Result<(), FaceError> {
        let from = self.read.get(&there).copied().unwrap_or(0);
        for reply in replies {
            let expected = expected(reply, COLUMNS);
            let shown = |state: &State| {
                let bodies = posted(state, there).into_iter().skip(from);
                let read: Vec<_> = bodies.map(|body| read_back(&body, &reply.zone)).collect();
                read.join("\n")
            };
            let complete = |state: &State| lacks(&shown(state), &expected).is_none().then_some(());
            if fake.wait_at_most(PATIENCE, complete).is_none() {
                let read = fake.read(shown);
                let word = lacks(&read, &expected).unwrap_or_default();
                return Err(FaceError(format!(
                    "`{word}` of {} can't be read:\n{expected}\n--- it shows ---\n{read}",
                    reply.code
                )));
            }
        }
        self.read.insert(there, fake.read(|state| posted(state, there).len()));
        Ok(())
    }
}

/// The bodies of what was posted where somebody reads, the oldest first.
fn posted(state: &State, there: There) -> Vec<Value> {
    let done = state
        .requests()
        .iter()
        .filter(|request| request.status.is_some_and(|status| (200..300).contains(&status)));
    match there {
        There::Server(server) => {
            let channels = state.channels(server).into_iter();
            let paths: Vec<_> = channels.map(|channel| path(channel.id)).collect();
            done.filter(|request| is_post(request, &paths)).map(Request::json).collect()
        }
        There::Direct(channel) => {
            let paths = [path(channel)];
            done.filter(|request| is_post(request, &paths)).map(Request::json).collect()
        }
        There::Interaction(id) => {
            let Some(token) = token(state, id) else { return Vec::new() };
            let of_it = |request: &&Request| request.path.split('/').any(|part| part == token);
            done.filter(of_it).filter_map(shown).collect()
        }
    }
}

fn path(channel: ChannelId) -> String {
    format!("/api/v10/channels/{channel}/messages")
}

fn is_post(request: &Request, paths: &[String]) -> bool {
    request.route == "POST /channels/{channel_id}/messages" && paths.contains(&request.path)
}

/// The token of an interaction, by which all that comes of it is posted.
fn token(state: &State, id: InteractionId) -> Option<&str> {
    let begins = format!("/api/v10/interactions/{id}/");
    let rest = state.requests().iter().find_map(|request| request.path.strip_prefix(&begins))?;
    rest.split('/').next()
}

/// The message in a request by which an interaction is answered, if there is one in it.
fn shown(request: &Request) -> Option<Value> {
    let mut body = request.json();
    if request.route.ends_with("/callback") {
        (body["type"] == 4).then(|| body["data"].take())
    } else {
        Some(body).filter(|body| !body.is_null())
    }
}
