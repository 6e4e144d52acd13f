//! Reactions to messages of the bot's: each stands for the line that the message says it does.

use gmbot_engine::grammar::{Kind, kind_of};
use gmbot_engine::request::Input;
use matrix_sdk::Room;
use matrix_sdk::deserialized_responses::TimelineEvent;
use matrix_sdk::ruma::events::reaction::OriginalSyncReactionEvent;
use matrix_sdk::ruma::{EventId, OwnedEventId, OwnedUserId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::bot::Bot;
use crate::card::{ANSWERED, Card, FIELD, is_ballot, is_sign};
use crate::key::Source;
use crate::trouble::{Trouble, Unheard};

/// How many messages are looked at, from an answer upwards, for one that stands for something.
const ABOVE: usize = 3;

/// A ballot that was cast by a reaction, as long as it may be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Cast {
    /// Whose.
    user: OwnedUserId,
    /// Below which message.
    below: OwnedEventId,
    /// What takes it back.
    withdrawal: String,
}

impl Bot {
    /// Somebody reacted to a message.
    pub(crate) async fn react(
        &self,
        room: &Room,
        reaction: OriginalSyncReactionEvent,
    ) -> Result<(), Unheard> {
        let sign = reaction.content.relates_to.key;
        if reaction.sender == self.me || !is_sign(&sign) {
            return Ok(());
        }
        let below = reaction.content.relates_to.event_id;
        let Some(card) = self.card(room, &below).await? else { return Ok(()) };
        let Some(line) = card.line(&sign).map(str::to_owned) else { return Ok(()) };
        if let Some(withdrawal) = card.withdrawal().filter(|_| is_ballot(&sign)) {
            let cast = Cast { user: reaction.sender.clone(), below: below.clone(), withdrawal };
            self.keep_cast(&reaction.event_id, &cast).await?;
        }
        self.take_sign(room, reaction.event_id, reaction.sender, below, line).await
    }

    /// Something was redacted: a ballot that was cast by a reaction is taken back with it.
    pub(crate) async fn redact(
        &self,
        room: &Room,
        redaction: OwnedEventId,
        sender: OwnedUserId,
        redacted: &EventId,
    ) -> Result<(), Unheard> {
        let Some(cast) = self.cast(redacted).await? else { return Ok(()) };
        // Nobody takes another's ballot back, and one that was changed since is not the ballot.
        if cast.user != sender || !self.is_last(redacted, &cast).await? {
            return Ok(());
        }
        self.take_sign(room, redaction, sender, cast.below, cast.withdrawal).await
    }

    async fn take_sign(
        &self,
        room: &Room,
        event: OwnedEventId,
        user: OwnedUserId,
        below: OwnedEventId,
        line: String,
    ) -> Result<(), Unheard> {
        let source = Source { room: room.room_id().to_owned(), event, user, below, thread: None };
        let request = self.request(room, &source, Input::Line(line)).await?;
        debug_assert_eq!(kind_of(&request.input), Kind::Change);
        self.introduce(room).await?;
        self.way.submit(request).await?;
        Ok(())
    }

    /// What a message of the bot's says to the bot.
    async fn card(&self, room: &Room, message: &EventId) -> Result<Option<Card>, Trouble> {
        Ok(self.message(room, message).await?.and_then(|message| message.0))
    }

    /// What a message of the bot's, and those that it answers, say to the bot.
    pub(crate) async fn cards_above(
        &self,
        room: &Room,
        message: &EventId,
    ) -> Result<Vec<Card>, Trouble> {
        let mut cards = Vec::new();
        let mut next = Some(message.to_owned());
        while let Some(message) = next.filter(|_| cards.len() < ABOVE) {
            let Some((card, answered)) = self.message(room, &message).await? else { break };
            cards.push(card.unwrap_or_default());
            next = answered;
        }
        Ok(cards)
    }

    /// A message: what it says to the bot if it is the bot's, and which it answers.
    async fn message(
        &self,
        room: &Room,
        message: &EventId,
    ) -> Result<Option<(Option<Card>, Option<OwnedEventId>)>, Trouble> {
        match room.event(message, None).await.map_err(Trouble::from) {
            Ok(found) => Ok(Some(self.read(&found))),
            Err(Trouble::Gone(_)) => Ok(None),
            Err(trouble) => Err(trouble),
        }
    }

    fn read(&self, message: &TimelineEvent) -> (Option<Card>, Option<OwnedEventId>) {
        let sender = message.raw().get_field::<OwnedUserId>("sender").ok().flatten();
        let content =
            message.raw().get_field::<Value>("content").ok().flatten().unwrap_or_default();
        let ours = sender.as_deref() == Some::<&UserId>(&self.me);
        let card = content.get(FIELD).filter(|_| ours).cloned();
        let answered = content.pointer(ANSWERED).and_then(Value::as_str);
        let answered = answered.and_then(|event| event.try_into().ok());
        (card.and_then(|card| serde_json::from_value(card).ok()), answered)
    }

    async fn keep_cast(&self, reaction: &EventId, cast: &Cast) -> Result<(), Trouble> {
        let store = self.client.state_store();
        let value = serde_json::to_vec(cast).unwrap_or_default();
        store.set_custom_value_no_read(&cast_key(reaction), value).await?;
        let last = reaction.as_str().as_bytes().to_vec();
        Ok(store.set_custom_value_no_read(&last_key(cast), last).await?)
    }

    async fn cast(&self, reaction: &EventId) -> Result<Option<Cast>, Trouble> {
        let kept = self.client.state_store().get_custom_value(&cast_key(reaction)).await?;
        Ok(kept.and_then(|kept| serde_json::from_slice(&kept).ok()))
    }

    async fn is_last(&self, reaction: &EventId, cast: &Cast) -> Result<bool, Trouble> {
        let last = self.client.state_store().get_custom_value(&last_key(cast)).await?;
        Ok(last.as_deref() == Some(reaction.as_str().as_bytes()))
    }
}

fn cast_key(reaction: &EventId) -> Vec<u8> {
    format!("gmbot.cast {reaction}").into_bytes()
}

fn last_key(cast: &Cast) -> Vec<u8> {
    format!("gmbot.last {} {}", cast.user, cast.withdrawal).into_bytes()
}
