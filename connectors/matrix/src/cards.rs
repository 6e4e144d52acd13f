//! One message shows each war in each room, and is edited as the war goes on. Which it is, the store
//! remembers.

use gmbot_engine::grammar::{Command, WarRef};
use gmbot_engine::model::WarId;
use gmbot_engine::request::{Input, Request, SpaceRef};
use matrix_sdk::Room;
use matrix_sdk::ruma::{EventId, OwnedEventId, RoomId};

use crate::bot::Bot;
use crate::card::Card;
use crate::people::PLATFORM;
use crate::render::render;
use crate::trouble::Trouble;

impl Bot {
    /// A message about a war was posted: the card of the war in the room shows how it stands now, as
    /// the space sees it.
    pub(crate) async fn turn_card(
        &self,
        room: &Room,
        space: &SpaceRef,
        war: WarId,
        posted: &EventId,
        news: &str,
    ) -> Result<(), Trouble> {
        let Some(card) = self.find_or_keep(room.room_id(), war, posted).await? else {
            return Ok(());
        };
        let show = Command::Show { war: Some(WarRef(war.to_string())) };
        let request = Request {
            space: Some(space.clone()),
            ..Request::new(PLATFORM, format!("card.{card}"), Input::Command(show))
        };
        let Ok(Some(reply)) = self.way.submit(request).await else { return Ok(()) };
        let mut messages = render(&reply).into_iter();
        // What does not fit into one message stays as it was: a card is for a glance.
        let (Some(message), None) = (messages.next(), messages.next()) else { return Ok(()) };
        let shown = Card::of(&reply, Some(war), format!("{news}.c"));
        self.edit(room, &card, &message, &shown).await
    }

    /// The card of a war in a room; where there is none, this message is it from now on.
    async fn find_or_keep(
        &self,
        room: &RoomId,
        war: WarId,
        posted: &EventId,
    ) -> Result<Option<OwnedEventId>, Trouble> {
        let store = self.client.state_store();
        let key = format!("gmbot.card {room} {war}").into_bytes();
        let kept = store.get_custom_value(&key).await?;
        let kept = kept.and_then(|kept| String::from_utf8(kept).ok());
        if let Some(card) = kept.and_then(|kept| OwnedEventId::try_from(kept).ok()) {
            return Ok(Some(card).filter(|card| card != posted));
        }
        store.set_custom_value_no_read(&key, posted.as_str().as_bytes().to_vec()).await?;
        Ok(None)
    }
}
