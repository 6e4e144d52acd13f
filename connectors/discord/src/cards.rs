//! One message shows each war in each channel, and is edited as the war goes on.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use gmbot_engine::grammar::{Command, WarRef};
use gmbot_engine::model::WarId;
use gmbot_engine::request::{Input, Request, SpaceRef};
use serenity::all::{ChannelId, MessageId};

use crate::bot::Bot;
use crate::people::PLATFORM;
use crate::render::{Capabilities, render};

/// How many cards are remembered; of more, those of the oldest messages are left as they are.
const MOST: usize = 10_000;

/// The card of each war in each channel.
#[derive(Debug, Default)]
pub(crate) struct Cards(Mutex<BTreeMap<(ChannelId, WarId), MessageId>>);

impl Cards {
    /// The card of a war in a channel; where there is none, this message is it from now on.
    fn find_or_keep(&self, channel: ChannelId, war: WarId, posted: MessageId) -> Option<MessageId> {
        let mut cards = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(card) = cards.get(&(channel, war)) {
            return Some(*card).filter(|card| *card != posted);
        }
        if cards.len() == MOST {
            let oldest = cards.iter().min_by_key(|(_, card)| **card).map(|(place, _)| *place);
            oldest.and_then(|place| cards.remove(&place));
        }
        cards.insert((channel, war), posted);
        None
    }

    fn forget(&self, channel: ChannelId, war: WarId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&(channel, war));
    }
}

impl Bot {
    /// A message about a war was posted: the card of the war in the channel shows how it stands now,
    /// as the space sees it.
    pub(crate) async fn turn_card(
        &self,
        channel: ChannelId,
        space: &SpaceRef,
        war: WarId,
        posted: MessageId,
        can: &Capabilities,
    ) {
        let Some(card) = self.cards.find_or_keep(channel, war, posted) else { return };
        let show = Command::Show { war: Some(WarRef(war.to_string())) };
        let request = Request {
            space: Some(space.clone()),
            ..Request::new(PLATFORM, format!("card.{card}"), Input::Command(show))
        };
        let Ok(Some(reply)) = self.submit(request).await else { return };
        let mut messages = render(&reply, can).into_iter();
        // What does not fit into one message stays as it was: a card is for a glance.
        let (Some(message), None) = (messages.next(), messages.next()) else { return };
        if self.rest.edit(channel, card, &message).await.is_err() {
            self.cards.forget(channel, war);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_message_about_a_war_in_a_channel_is_its_card() {
        let cards = Cards::default();
        let (here, there) = (ChannelId::new(1), ChannelId::new(2));
        let war: WarId = "k3xp2".parse().unwrap();
        let message = MessageId::new;
        assert_eq!(cards.find_or_keep(here, war, message(10)), None);
        assert_eq!(cards.find_or_keep(here, war, message(10)), None, "it is no news of itself");
        assert_eq!(cards.find_or_keep(here, war, message(11)), Some(message(10)));
        assert_eq!(cards.find_or_keep(there, war, message(12)), None);
        cards.forget(here, war);
        assert_eq!(cards.find_or_keep(here, war, message(13)), None);
    }
}
