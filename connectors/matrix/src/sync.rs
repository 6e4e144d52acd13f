//! The sync with the homeserver. The place up to which everything was taken is the bot's own: the SDK
//! keeps a token as soon as a response has come, and a process that dies then would lose what was in
//! it. So what may have been taken is taken again; it is known by its ids.

use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use matrix_sdk::config::{SyncSettings, SyncToken};
use matrix_sdk::deserialized_responses::{TimelineEvent, TimelineEventKind};
use matrix_sdk::ruma::UInt;
use matrix_sdk::ruma::api::client::filter::{FilterDefinition, LazyLoadOptions, RoomFilter};
use matrix_sdk::ruma::events::room::member::{MembershipState, SyncRoomMemberEvent};
use matrix_sdk::ruma::events::{
    AnySyncMessageLikeEvent, AnySyncStateEvent, AnySyncTimelineEvent, SyncMessageLikeEvent,
    SyncStateEvent,
};
use matrix_sdk::ruma::{OwnedEventId, OwnedRoomId, OwnedUserId};
use matrix_sdk::sync::{JoinedRoomUpdate, LeftRoomUpdate, SyncResponse, Timeline};
use matrix_sdk::{Room, RoomState};
use serde_json::Value;
use tokio::task::JoinSet;

use crate::bot::Bot;
use crate::session::ConnectError;
use crate::trouble::{Trouble, Unheard};

/// Under which name the store keeps the place up to which everything was taken.
const TAKEN: &[u8] = b"gmbot.taken";
/// How long the homeserver waits for something to tell.
const POLL: Duration = Duration::from_secs(30);
/// The first pause between two tries, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How many events of a room a sync may hold; more are read back.
const TIMELINE: u32 = 100;

impl Bot {
    /// Listens until the homeserver wants the bot no more.
    pub(crate) async fn listen(self: Arc<Self>) -> Result<(), ConnectError> {
        self.recall_undecrypted().await?;
        for room in self.client.invited_rooms() {
            self.invited(room.room_id());
        }
        let mut taken = self.taken().await?;
        loop {
            let response = self.next(taken.as_deref()).await?;
            self.take_all(&response, taken.as_deref()).await;
            let place = response.next_batch.clone().into_bytes();
            self.client
                .state_store()
                .set_custom_value_no_read(TAKEN, place)
                .await
                .map_err(Trouble::from)?;
            taken = Some(response.next_batch);
            self.synced.notify_one();
        }
    }

    /// The place up to which everything was taken; none in a new store.
    pub(crate) async fn taken(&self) -> Result<Option<String>, Trouble> {
        let taken = self.client.state_store().get_custom_value(TAKEN).await?;
        Ok(taken.and_then(|taken| String::from_utf8(taken).ok()))
    }

    /// The next response, however long the homeserver can't be reached.
    async fn next(&self, since: Option<&str>) -> Result<SyncResponse, ConnectError> {
        let mut pauses = pauses();
        loop {
            let token = since.map_or(SyncToken::NoToken, SyncToken::from);
            // What there is already comes at once.
            let poll = if since.is_some() { POLL } else { Duration::ZERO };
            let settings = SyncSettings::new().token(token).timeout(poll).filter(filter());
            let cause = match self.client.sync_once(settings).await.map_err(Trouble::from) {
                Ok(response) => return Ok(response),
                Err(Trouble::Unauthorized) => return Err(ConnectError::LoggedOut),
                Err(cause) => cause,
            };
            tracing::warn!("the homeserver can't be heard: {cause}");
            tokio::time::sleep(pauses.next().unwrap_or(LONGEST_PAUSE)).await;
        }
    }

    /// Takes all that a response tells; what fails for reasons that pass is tried until it does not.
    async fn take_all(self: &Arc<Self>, response: &SyncResponse, since: Option<&str>) {
        let mut rooms = JoinSet::new();
        for (id, update) in response.rooms.joined.clone() {
            let (bot, since) = (Arc::clone(self), since.map(str::to_owned));
            rooms.spawn(async move {
                let mut tries = Tries::of("what happened in a room");
                while tries.go_on(bot.take_joined(&id, &update, since.as_deref()).await).await {}
            });
        }
        for (id, update) in response.rooms.left.clone() {
            let bot = Arc::clone(self);
            rooms.spawn(async move {
                let left = leaving(&update, &bot.me);
                let mut tries = Tries::of("that the bot left a room");
                while tries.go_on(bot.depart(&id, left.clone()).await).await {}
            });
        }
        for id in response.rooms.invited.keys() {
            self.invited(id);
        }
        rooms.join_all().await;
        if !response.to_device.is_empty() {
            let mut tries = Tries::of("what can be read now");
            while tries.go_on(self.try_undecrypted().await).await {}
        }
    }

    async fn take_joined(
        self: &Arc<Self>,
        id: &OwnedRoomId,
        update: &JoinedRoomUpdate,
        since: Option<&str>,
    ) -> Result<(), Unheard> {
        let Some(room) = self.client.get_room(id) else { return Ok(()) };
        if room.state() != RoomState::Joined {
            return Ok(());
        }
        for event in self.events(&room, &update.timeline, since).await? {
            match self.take_event(&room, &event).await {
                Err(cause) if !cause.passes() => {
                    tracing::warn!(room = %id, "an event was not taken: {cause}");
                }
                taken => taken?,
            }
        }
        Ok(())
    }

    /// What happened in a room for the bot to take.
    async fn events(
        &self,
        room: &Room,
        timeline: &Timeline,
        since: Option<&str>,
    ) -> Result<Vec<TimelineEvent>, Trouble> {
        let mut events = timeline.events.clone();
        // What was said before the bot came was not said to it.
        if let Some(joined) = events.iter().rposition(|event| self.is_our_joining(event)) {
            return Ok(events.split_off(joined));
        }
        let Some(since) = since else { return Ok(self.unanswered(events)) };
        if let Some(begins) = timeline.prev_batch.as_deref().filter(|_| timeline.limited) {
            let mut all = self.left_out(room, since, begins).await?;
            if let Some(joined) = all.iter().rposition(|event| self.is_our_joining(event)) {
                all = all.split_off(joined);
            }
            all.append(&mut events);
            return Ok(all);
        }
        Ok(events)
    }

    fn is_our_joining(&self, event: &TimelineEvent) -> bool {
        let Some(AnySyncTimelineEvent::State(AnySyncStateEvent::RoomMember(
            SyncRoomMemberEvent::Original(member),
        ))) = read(event)
        else {
            return false;
        };
        let before = member.unsigned.prev_content.as_ref().map(|before| &before.membership);
        let now = &member.content.membership;
        member.state_key == self.me
            && *now == MembershipState::Join
            && before != Some(&MembershipState::Join)
    }

    /// Takes something that happened in a room.
    pub(crate) async fn take_event(
        self: &Arc<Self>,
        room: &Room,
        event: &TimelineEvent,
    ) -> Result<(), Unheard> {
        if let TimelineEventKind::UnableToDecrypt { .. } = &event.kind {
            return match event.event_id() {
                Some(id) => Ok(self.keep_undecrypted(room.room_id(), id).await?),
                None => Ok(()),
            };
        }
        match read(event) {
            Some(AnySyncTimelineEvent::MessageLike(said)) => {
                self.take_said(room, event, said).await
            }
            Some(AnySyncTimelineEvent::State(changed)) => self.take_changed(room, changed).await,
            None => Ok(()),
        }
    }

    async fn take_said(
        &self,
        room: &Room,
        event: &TimelineEvent,
        said: AnySyncMessageLikeEvent,
    ) -> Result<(), Unheard> {
        use AnySyncMessageLikeEvent as Said;
        if let Said::RoomMessage(SyncMessageLikeEvent::Original(message)) = said {
            self.hear(room, message).await
        } else if let Said::Reaction(SyncMessageLikeEvent::Original(reaction)) = said {
            self.react(room, reaction).await
        } else if let Said::RoomRedaction(_) = said
            && let Some((id, sender, redacted)) = redaction(event)
        {
            self.redact(room, id, sender, &redacted).await
        } else {
            Ok(())
        }
    }

    async fn take_changed(
        self: &Arc<Self>,
        room: &Room,
        changed: AnySyncStateEvent,
    ) -> Result<(), Unheard> {
        use AnySyncStateEvent as Changed;
        if let Changed::RoomMember(SyncRoomMemberEvent::Original(member)) = changed {
            self.member_changed(room, member).await
        } else if let Changed::RoomName(SyncStateEvent::Original(name)) = changed {
            self.renamed(room, name).await
        } else if let Changed::RoomPowerLevels(levels) = changed {
            self.power_moved(room, levels.event_id()).await
        } else if let Changed::RoomTombstone(SyncStateEvent::Original(tombstone)) = changed {
            let via = tombstone.sender.server_name().to_owned();
            self.move_on(tombstone.content.replacement_room, via);
            self.follow(room.room_id()).await
        } else {
            Ok(())
        }
    }
}

fn read(event: &TimelineEvent) -> Option<AnySyncTimelineEvent> {
    event.raw().deserialize().ok()
}

/// A redaction's id, whose it is, and what it redacts: room versions say that in two places.
fn redaction(event: &TimelineEvent) -> Option<(OwnedEventId, OwnedUserId, OwnedEventId)> {
    let raw = event.raw();
    let sender = raw.get_field("sender").ok()??;
    let outside = raw.get_field::<OwnedEventId>("redacts").ok().flatten();
    let inside = || {
        let content = raw.get_field::<Value>("content").ok().flatten()?;
        content.get("redacts")?.as_str()?.try_into().ok()
    };
    Some((event.event_id()?, sender, outside.or_else(inside)?))
}

/// The event by which the bot left a room.
fn leaving(update: &LeftRoomUpdate, me: &OwnedUserId) -> Option<OwnedEventId> {
    let ours = |event: &&TimelineEvent| {
        matches!(read(event), Some(AnySyncTimelineEvent::State(AnySyncStateEvent::RoomMember(member)))
            if member.state_key() == me)
    };
    update.timeline.events.iter().rev().find(ours).and_then(TimelineEvent::event_id)
}

fn filter() -> matrix_sdk::ruma::api::client::sync::sync_events::v3::Filter {
    let mut room = RoomFilter::default();
    room.timeline.limit = Some(UInt::from(TIMELINE));
    // Members come when they are asked for, and with them how many there are.
    room.state.lazy_load_options = LazyLoadOptions::Enabled { include_redundant_members: false };
    let mut definition = FilterDefinition::default();
    definition.room = room;
    definition.into()
}

fn pauses() -> ExponentialBackoff {
    ExponentialBuilder::default()
        .with_jitter()
        .with_min_delay(FIRST_PAUSE)
        .with_max_delay(LONGEST_PAUSE)
        .without_max_times()
        .build()
}

/// Something that is done until it succeeds, or fails for good.
struct Tries {
    what: &'static str,
    pauses: ExponentialBackoff,
}

impl Tries {
    fn of(what: &'static str) -> Self {
        Self { what, pauses: pauses() }
    }

    /// Whether to try again, after a pause.
    async fn go_on(&mut self, tried: Result<(), Unheard>) -> bool {
        let Err(cause) = tried else { return false };
        if !cause.passes() {
            tracing::warn!("{} was not taken: {cause}", self.what);
            return false;
        }
        tracing::info!("{} has to wait: {cause}", self.what);
        tokio::time::sleep(self.pauses.next().unwrap_or(LONGEST_PAUSE)).await;
        true
    }
}
