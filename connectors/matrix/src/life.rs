//! What happens to rooms, told to the engine as facts: the bot comes and goes, names and owners
//! change, people leave, a room is replaced by another.

use std::sync::PoisonError;

use gmbot_engine::model::SpaceKey;
use gmbot_engine::request::{Fact, Input, Request, SpaceRef};
use matrix_sdk::ruma::events::room::member::{MembershipChange, OriginalSyncRoomMemberEvent};
use matrix_sdk::ruma::events::room::name::OriginalSyncRoomNameEvent;
use matrix_sdk::ruma::{EventId, OwnedEventId, RoomId};
use matrix_sdk::{Room, RoomState};

use crate::bot::Bot;
use crate::card::Card;
use crate::people::{self, PLATFORM};
use crate::render::Message;
use crate::rooms::{self, is_direct, key_of};
use crate::trouble::Unheard;

/// What the bot says when it comes to a room.
const GREETING: [&str; 4] = [
    "gmbot arranges wars against clans of other rooms. This room is a clan now, and whoever has the most power in it leads it.",
    "gmbot subscribe GAME – hear of challenges at a game; gmbot games lists them",
    "gmbot createwar @you:server @others:server -game GAME – challenge every clan that plays it",
    "gmbot help – everything else",
];

impl Bot {
    /// Tells the backend of a room, once in the life of this process: its owner leads the clan if
    /// nobody does.
    pub(crate) async fn introduce(&self, room: &Room) -> Result<(), Unheard> {
        if is_direct(room) || self.is_seen(room.room_id()) || self.may_be_successor(room) {
            return Ok(());
        }
        let owner = self.owner_account(room).await?;
        // People become members when they act or are named: most of a room never plays.
        let fact = Fact::SpaceSeen { owner, members: Vec::new() };
        let key = format!("f {} {}", room.room_id(), self.way.moment_ms());
        self.note(rooms::clan(room).await?, key, fact).await?;
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(room.room_id().to_owned());
        Ok(())
    }

    fn is_seen(&self, room: &RoomId) -> bool {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).contains(room)
    }

    /// Whether another room says soon that this one takes its place: then its clan moves here, and
    /// no other may be born before.
    fn may_be_successor(&self, room: &Room) -> bool {
        let Some(before) = room.predecessor_room() else { return false };
        let before = self.client.get_room(&before.room_id);
        before.is_some_and(|before| {
            before.state() == RoomState::Joined && before.successor_room().is_none()
        })
    }

    /// Somebody came or left.
    pub(crate) async fn member_changed(
        &self,
        room: &Room,
        event: OriginalSyncRoomMemberEvent,
    ) -> Result<(), Unheard> {
        let ours = event.state_key == self.me;
        let change = event.membership_change();
        let came =
            matches!(change, MembershipChange::Joined | MembershipChange::InvitationAccepted);
        let left = matches!(
            change,
            MembershipChange::Left | MembershipChange::Kicked | MembershipChange::KickedAndBanned
        );
        if ours && came {
            self.arrive(room, &event.event_id).await
        } else if left && !ours {
            let name = event.prev_content().and_then(|before| before.displayname.as_deref());
            let account = people::account(&event.state_key, name);
            let fact = Fact::MemberLeft { account, owner: self.owner_account(room).await? };
            self.note(rooms::clan(room).await?, key(room.room_id(), &event.event_id), fact).await
        } else {
            Ok(())
        }
    }

    /// The bot has come to a room.
    async fn arrive(&self, room: &Room, joined: &EventId) -> Result<(), Unheard> {
        if let Some(before) = room.predecessor_room() {
            self.follow(&before.room_id).await?;
        }
        self.introduce(room).await?;
        if is_direct(room) || room.predecessor_room().is_some() {
            return Ok(());
        }
        let [first, rest @ ..] = GREETING;
        let lines = rest.map(|line| format!("<li>{line}</li>")).concat();
        let greeting =
            Message { body: GREETING.join("\n"), html: format!("<p>{first}</p><ul>{lines}</ul>") };
        let card = Card { sent_as: format!("g{joined}"), ..Card::default() };
        if let Err(cause) = self.send(room, &[greeting], &card, false, None).await {
            tracing::info!(room = %room.room_id(), "no greeting: {cause}");
        }
        Ok(())
    }

    /// The bot was removed from a room, or left it.
    pub(crate) async fn depart(
        &self,
        room: &RoomId,
        left: Option<OwnedEventId>,
    ) -> Result<(), Unheard> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).remove(room);
        let key = match left {
            Some(event) => key(room, &event),
            None => format!("f {room} {}", self.way.moment_ms()),
        };
        let space = SpaceRef { key: key_of(room), name: String::new(), direct: false };
        self.note(space, key, Fact::SpaceGone).await
    }

    /// A room has another name.
    pub(crate) async fn renamed(
        &self,
        room: &Room,
        event: OriginalSyncRoomNameEvent,
    ) -> Result<(), Unheard> {
        let before = event.unsigned.prev_content.and_then(|content| content.name);
        let space = SpaceRef { name: event.content.name, ..rooms::clan(room).await? };
        let fact = Fact::SpaceRenamed { before };
        self.note(space, key(room.room_id(), &event.event_id), fact).await
    }

    /// Who has how much power in a room was changed.
    pub(crate) async fn power_moved(&self, room: &Room, event: &EventId) -> Result<(), Unheard> {
        let Some(owner) = self.owner_account(room).await? else { return Ok(()) };
        let fact = Fact::OwnerChanged { owner };
        self.note(rooms::clan(room).await?, key(room.room_id(), event), fact).await
    }

    /// A room may have been replaced by another: its clan moves there with the bot, if each of the
    /// two rooms names the other.
    pub(crate) async fn follow(&self, old: &RoomId) -> Result<(), Unheard> {
        let successor = self.client.get_room(old).and_then(|old| old.successor_room());
        let Some(new) = successor.and_then(|new| self.client.get_room(&new.room_id)) else {
            return Ok(());
        };
        let named = new.predecessor_room().is_some_and(|before| before.room_id == old);
        if !named || new.state() != RoomState::Joined {
            return Ok(());
        }
        let space = SpaceRef { key: key_of(old), name: String::new(), direct: false };
        let to: SpaceKey = key_of(new.room_id());
        let key = format!("f {old} {}", new.room_id());
        self.note(space, key, Fact::SpaceMoved { to }).await?;
        self.introduce(&new).await
    }

    async fn note(&self, space: SpaceRef, key: String, fact: Fact) -> Result<(), Unheard> {
        let request =
            Request { space: Some(space), ..Request::new(PLATFORM, key, Input::Fact(fact)) };
        self.way.submit(request).await?;
        Ok(())
    }
}

/// The key of what an event says happened to a room.
fn key(room: &RoomId, event: &EventId) -> String {
    format!("f {room} {event}")
}
