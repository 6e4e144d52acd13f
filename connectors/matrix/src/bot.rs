//! What all parts of the connector share: the way to the backend, the way to the homeserver, and what
//! is known of both.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use gmbot_backend::Backend;
use gmbot_chat::Way;
use gmbot_engine::request::{Input, Request};
use matrix_sdk::ruma::{OwnedRoomId, OwnedUserId, RoomId};
use matrix_sdk::{Client, Room, RoomState};
use tokio::sync::Notify;

use crate::invites::Inviters;
use crate::key::Source;
use crate::people::{self, PLATFORM};
use crate::trouble::Trouble;
use crate::undecrypted::Undecrypted;

/// What all parts of the connector share.
pub(crate) struct Bot {
    pub(crate) way: Arc<Way>,
    pub(crate) client: Client,
    pub(crate) me: OwnedUserId,
    pub(crate) operators: BTreeSet<OwnedUserId>,
    pub(crate) inviters: Inviters,
    /// When this device began, in milliseconds since 1970, if it began with this process.
    pub(crate) began_ms: Option<i64>,
    /// The rooms that the backend was told of by this process.
    pub(crate) seen: Mutex<BTreeSet<OwnedRoomId>>,
    /// Held by whoever makes a room.
    pub(crate) making: tokio::sync::Mutex<()>,
    /// Told when the first sync was taken: then it is known which rooms there are.
    pub(crate) synced: Notify,
    /// What can't be read yet.
    pub(crate) undecrypted: Undecrypted,
}

impl Bot {
    pub(crate) fn new(
        backend: Arc<dyn Backend>,
        client: Client,
        me: OwnedUserId,
        operators: BTreeSet<OwnedUserId>,
        inviters: Inviters,
        began_ms: Option<i64>,
    ) -> Self {
        Self {
            way: Arc::new(Way::to(backend)),
            client,
            me,
            operators,
            inviters,
            began_ms,
            seen: Mutex::default(),
            making: tokio::sync::Mutex::default(),
            synced: Notify::new(),
            undecrypted: Undecrypted::default(),
        }
    }

    /// A room that the bot is in.
    pub(crate) fn room(&self, room: &RoomId) -> Result<Room, Trouble> {
        let known = self.client.get_room(room).filter(|room| room.state() == RoomState::Joined);
        known.ok_or_else(|| Trouble::Gone("the bot is not in that room".to_owned()))
    }

    /// A request in which somebody says something in a room.
    pub(crate) async fn request(
        &self,
        room: &Room,
        source: &Source,
        input: Input,
    ) -> Result<Request, Trouble> {
        let member = room.get_member(&source.user).await?;
        let name = member.as_ref().and_then(|member| member.display_name());
        let actor = people::account(&source.user, name);
        let space = self.space(room, &actor.name).await?;
        let answer_to = Some(space.key.clone());
        Ok(Request {
            authority: self.authority(room, &source.user).await?,
            actor: Some(actor),
            bot_mention: Some(self.me.to_string()),
            space: Some(space),
            answer_to,
            ..Request::new(PLATFORM, source.to_string(), input)
        })
    }
}
