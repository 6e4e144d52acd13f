//! Answers, to where something was said: below a message, in its thread, or to somebody alone.

use gmbot_engine::Reply;
use gmbot_engine::model::WarId;
use gmbot_engine::reply::Audience;
use matrix_sdk::Room;
use matrix_sdk::ruma::api::client::room::create_room::v3::{Request as CreateRoom, RoomPreset};
use matrix_sdk::ruma::events::room::encryption::RoomEncryptionEventContent;
use matrix_sdk::ruma::events::room::member::MembershipState;
use matrix_sdk::ruma::events::{EmptyStateKey, InitialStateEvent};
use matrix_sdk::ruma::{OwnedEventId, UserId};

use crate::bot::Bot;
use crate::card::Card;
use crate::key::Source;
use crate::render::render;
use crate::rooms::is_direct;
use crate::send::{Below, Name};
use crate::trouble::Trouble;

impl Bot {
    /// Answers; where that became a message that others see, says which.
    pub(crate) async fn answer(
        &self,
        source: &Source,
        reply: &Reply,
        war: Option<WarId>,
        name: Name,
    ) -> Result<Option<OwnedEventId>, Trouble> {
        let room = self.room(&source.room)?;
        // Below a message a mistake is best seen; what is for one person goes to them.
        let private = reply.audience == Audience::Actor && !reply.code.is_refusal();
        if private && !is_direct(&room) {
            let alone = self.direct(&room, &source.user).await?;
            self.show(&alone, reply, war, name, None).await?;
            return Ok(None);
        }
        let below = Below { message: &source.below, thread: source.thread.as_deref() };
        self.show(&room, reply, war, name, Some(below)).await.map(Some)
    }

    /// Shows a reply in a room, with the reactions that stand for something there.
    pub(crate) async fn show(
        &self,
        room: &Room,
        reply: &Reply,
        war: Option<WarId>,
        name: Name,
        below: Option<Below<'_>>,
    ) -> Result<OwnedEventId, Trouble> {
        let card = Card::of(reply, war, name.name);
        let posted = self.send(room, &render(reply), &card, name.earlier, below).await?;
        self.offer(room, &posted, &card).await;
        Ok(posted)
    }

    /// The room in which the bot talks with somebody alone: one that there is, or a new one, which is
    /// encrypted if the room is that they spoke in.
    async fn direct(&self, spoke_in: &Room, user: &UserId) -> Result<Room, Trouble> {
        // Two answers at once must not make two rooms.
        let _alone = self.making.lock().await;
        let encrypted = spoke_in.latest_encryption_state().await?.is_encrypted();
        let mut rooms = self.client.joined_rooms();
        // Where an ended process left several, all others go on with the same one.
        rooms.sort_by(|one, other| one.room_id().cmp(other.room_id()));
        let mut asked_into = None;
        for room in rooms.into_iter().filter(is_direct) {
            // What was said in secret is not answered in the open.
            if encrypted && !room.latest_encryption_state().await?.is_encrypted() {
                continue;
            }
            let member = room.get_member(user).await?;
            match member.map(|member| member.membership().clone()) {
                Some(MembershipState::Join) => return Ok(room),
                Some(MembershipState::Invite) => asked_into = asked_into.or(Some(room)),
                Some(_) | None => {}
            }
        }
        if let Some(room) = asked_into {
            return Ok(room);
        }
        let mut wanted = CreateRoom::new();
        wanted.invite = vec![user.to_owned()];
        wanted.is_direct = true;
        wanted.preset = Some(RoomPreset::TrustedPrivateChat);
        if encrypted {
            let content = RoomEncryptionEventContent::with_recommended_defaults();
            wanted.initial_state =
                vec![InitialStateEvent::new(EmptyStateKey, content).to_raw_any()];
        }
        Ok(self.client.create_room(wanted).await?)
    }
}
