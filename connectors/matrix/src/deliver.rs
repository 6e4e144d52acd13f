//! Notices to the rooms of their clans, answers to where something was said.

use gmbot_backend::{Delivery, Fate};
use gmbot_chat::{Deliver, Way, war_of};
use gmbot_engine::model::{Platform, SpaceKey};
use gmbot_engine::reply::Address;
use gmbot_engine::request::SpaceRef;
use matrix_sdk::ruma::{OwnedEventId, OwnedRoomId, RoomId};
use sha2::{Digest as _, Sha256};

use crate::bot::Bot;
use crate::key::{ForeignKey, Source};
use crate::people;
use crate::send::Name;
use crate::trouble::Trouble;

/// How many bytes of a hash tell notices apart.
const TOLD_APART: usize = 12;

impl Deliver for Bot {
    fn way(&self) -> &Way {
        &self.way
    }

    fn platform(&self) -> Platform {
        people::platform()
    }

    type Trouble = Trouble;

    async fn deliver(&self, delivery: &Delivery) -> Result<Fate, Trouble> {
        match &delivery.post.to {
            Address::Clan { space, .. } => self.notify(space, delivery).await?,
            Address::Answer { space, key } => self.answer_by_key(space, key, delivery).await?,
        }
        Ok(Fate::Delivered)
    }
}

impl gmbot_chat::Trouble for Trouble {
    fn passes(&self) -> bool {
        Self::passes(self)
    }
}

impl Bot {
    async fn answer_by_key(
        &self,
        space: &SpaceKey,
        key: &str,
        delivery: &Delivery,
    ) -> Result<(), Trouble> {
        let source: Source =
            key.parse().map_err(|error: ForeignKey| Trouble::Gone(error.to_string()))?;
        let reply = &delivery.post.reply;
        let posted = self.answer(&source, reply, war_of(delivery), self.name(delivery)).await?;
        self.show_on_card(&source.room, space, delivery, posted).await;
        Ok(())
    }

    /// Posts a notice in the clan's room.
    async fn notify(&self, space: &SpaceKey, delivery: &Delivery) -> Result<(), Trouble> {
        let id = OwnedRoomId::try_from(space.id.as_str())?;
        let room = self.room(&id)?;
        let (war, name) = (war_of(delivery), self.name(delivery));
        let posted = self.show(&room, &delivery.post.reply, war, name, None).await?;
        self.show_on_card(&id, space, delivery, Some(posted)).await;
        Ok(())
    }

    /// By which name a notice is sent. One that was written before this device began may have been
    /// sent by an earlier one.
    fn name(&self, delivery: &Delivery) -> Name {
        let earlier = self.began_ms.is_some_and(|began_ms| delivery.post.at.0 < began_ms);
        Name { name: transaction(delivery), earlier }
    }

    /// Lets the card of the war in that room show how it stands.
    async fn show_on_card(
        &self,
        room: &RoomId,
        space: &SpaceKey,
        delivery: &Delivery,
        posted: Option<OwnedEventId>,
    ) {
        let (Some(war), Some(posted), Ok(room)) = (war_of(delivery), posted, self.room(room))
        else {
            return;
        };
        let space = SpaceRef { key: space.clone(), name: String::new(), direct: false };
        let news = transaction(delivery);
        if let Err(cause) = self.turn_card(&room, &space, war, &posted, &news).await {
            tracing::info!("a war's card stays as it was: {cause}");
        }
    }
}

/// The transaction that sends a notice: the same whenever it is handed out, and another for a notice
/// of the same number in another database.
fn transaction(delivery: &Delivery) -> String {
    let mut hash = Sha256::new();
    hash.update(delivery.notice.to_le_bytes());
    hash.update(delivery.post.at.0.to_le_bytes());
    let (Address::Clan { space, .. } | Address::Answer { space, .. }) = &delivery.post.to;
    hash.update(space.id.as_bytes());
    if let Address::Answer { key, .. } = &delivery.post.to {
        hash.update(key.as_bytes());
    }
    let bytes = hash.finalize();
    let hex = bytes.iter().take(TOLD_APART).map(|byte| format!("{byte:02x}"));
    format!("o{}", hex.collect::<String>())
}
