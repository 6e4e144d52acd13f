//! One message shows each war in each channel, and is edited as the war goes on. Which one, the
//! channel itself says after a restart: the first of ours that names the war.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use gmbot_engine::grammar::{Command, WarRef};
use gmbot_engine::model::WarId;
use gmbot_engine::request::{Input, Request, SpaceRef};
use serenity::all::{ChannelId, Message, MessageId, MessagePagination};

use crate::bot::Bot;
use crate::people::PLATFORM;
use crate::render::{Capabilities, render};

/// How many cards are remembered; others are looked up.
const MOST: usize = 10_000;
/// How many messages are looked through for a card.
const BACK: u8 = 100;

/// The card of each war in each channel.
#[derive(Debug, Default)]
pub(crate) struct Cards(Mutex<BTreeMap<(ChannelId, WarId), MessageId>>);

impl Cards {
    fn get(&self, channel: ChannelId, war: WarId) -> Option<MessageId> {
        let cards = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cards.get(&(channel, war)).copied()
    }

    fn keep(&self, channel: ChannelId, war: WarId, card: MessageId) {
        let mut cards = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if cards.len() == MOST {
            let oldest = cards.iter().min_by_key(|(_, card)| **card).map(|(place, _)| *place);
            oldest.and_then(|place| cards.remove(&place));
        }
        cards.insert((channel, war), card);
    }

    fn forget(&self, channel: ChannelId, war: WarId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&(channel, war));
    }
}

impl Bot {
    /// A message about a war was posted: the card of the war in the channel shows how it stands now,
    /// as the space sees it. The first message about a war is its card.
    pub(crate) async fn turn_card(
        &self,
        channel: ChannelId,
        space: &SpaceRef,
        war: WarId,
        posted: Posted,
    ) {
        let card = match self.cards.get(channel, war) {
            Some(card) => card,
            None => {
                let earlier = match posted.is_first {
                    true => None,
                    false => self.first_about(channel, war, posted.message).await,
                };
                let card = earlier.unwrap_or(posted.message);
                self.cards.keep(channel, war, card);
                card
            }
        };
        if card == posted.message {
            return;
        }
        let show = Command::Show { war: Some(WarRef(war.to_string())) };
        let request = Request {
            space: Some(space.clone()),
            ..Request::new(PLATFORM, format!("card.{card}"), Input::Command(show))
        };
        let Ok(Some(reply)) = self.way.submit(request).await else { return };
        let mut messages = render(&reply, &posted.can).into_iter();
        // What does not fit into one message stays as it was: a card is for a glance.
        let (Some(message), None) = (messages.next(), messages.next()) else { return };
        if self.rest.edit(channel, card, &message).await.is_err() {
            self.cards.forget(channel, war);
        }
    }

    /// The first of our messages about a war in a channel, as far back as is looked.
    async fn first_about(
        &self,
        channel: ChannelId,
        war: WarId,
        before: MessageId,
    ) -> Option<MessageId> {
        let (http, before) = (&self.rest.http, Some(MessagePagination::Before(before)));
        let said = self.rest.tried(|| http.get_messages(channel, before, Some(BACK))).await;
        // Where the bot may not read, no card can be found, and the newest message is one.
        let ours = said.unwrap_or_default().into_iter().filter(|said| said.author.id == self.me);
        ours.filter(|said| names(said, &war.to_string())).map(|said| said.id).min()
    }
}

/// What was posted about a war.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Posted {
    pub(crate) message: MessageId,
    /// Whether nothing can have been said about the war before.
    pub(crate) is_first: bool,
    /// What can be shown in its place.
    pub(crate) can: Capabilities,
}

/// Whether a message is about a war, and not about several: its first line names it.
fn names(message: &Message, war: &str) -> bool {
    let title = message.embeds.first().and_then(|embed| embed.title.as_deref());
    let line = title.or_else(|| message.content.lines().next()).unwrap_or_default();
    line.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == war)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_cards_are_remembered() {
        let (cards, here) = (Cards::default(), ChannelId::new(1));
        let war: WarId = "k3xp2".parse().unwrap();
        for channel in 1..=MOST as u64 {
            cards.keep(ChannelId::new(channel), war, MessageId::new(channel));
        }
        let another = ChannelId::new(MOST as u64 + 1);
        cards.keep(another, war, MessageId::new(MOST as u64 + 1));
        assert_eq!((cards.get(here, war), cards.get(another, war).is_some()), (None, true));
        cards.forget(another, war);
        assert_eq!(cards.get(another, war), None);
    }
}
