//! Messages that can't be read yet: kept until their keys come, also over a restart, and then taken as
//! if they had come with them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use matrix_sdk::deserialized_responses::TimelineEventKind;
use matrix_sdk::ruma::{OwnedEventId, OwnedRoomId, RoomId};

use crate::bot::Bot;
use crate::trouble::{Trouble, Unheard};

/// Under which name the store keeps them.
const KEPT: &[u8] = b"gmbot.undecrypted";
/// How many are kept; of more, the oldest are given up.
const MOST: usize = 1_000;

/// Messages that can't be read yet, in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Undecrypted(Mutex<Vec<(OwnedRoomId, OwnedEventId)>>);

impl Undecrypted {
    fn change<T>(&self, change: impl FnOnce(&mut Vec<(OwnedRoomId, OwnedEventId)>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Bot {
    /// Remembers what an earlier process could not read.
    pub(crate) async fn recall_undecrypted(&self) -> Result<(), Trouble> {
        let kept = self.client.state_store().get_custom_value(KEPT).await?;
        let kept = kept.and_then(|kept| serde_json::from_slice(&kept).ok());
        self.undecrypted.change(|all| *all = kept.unwrap_or_default());
        Ok(())
    }

    /// Keeps a message that can't be read yet.
    pub(crate) async fn keep_undecrypted(
        &self,
        room: &RoomId,
        event: OwnedEventId,
    ) -> Result<(), Trouble> {
        let new = self.undecrypted.change(|all| {
            let kept = (room.to_owned(), event);
            let new = !all.contains(&kept);
            if new {
                let surplus = (all.len() + 1).saturating_sub(MOST);
                all.drain(..surplus);
                all.push(kept);
            }
            new
        });
        if new { self.save_undecrypted().await } else { Ok(()) }
    }

    /// Tries to read again what could not be read, since keys may have come.
    pub(crate) async fn try_undecrypted(self: &Arc<Self>) -> Result<(), Unheard> {
        let mut waiting: BTreeMap<OwnedRoomId, Vec<OwnedEventId>> = BTreeMap::new();
        for (room, event) in self.undecrypted.change(|all| all.clone()) {
            waiting.entry(room).or_default().push(event);
        }
        for (id, events) in waiting {
            let room = self.room(&id).ok();
            for event in events {
                let readable = match &room {
                    Some(room) => match room.event(&event, None).await.map_err(Trouble::from) {
                        Ok(found) => match found.kind {
                            TimelineEventKind::UnableToDecrypt { .. } => continue,
                            TimelineEventKind::Decrypted(_)
                            | TimelineEventKind::PlainText { .. } => Some((room, found)),
                        },
                        Err(trouble) if trouble.passes() => return Err(trouble.into()),
                        Err(_gone) => None,
                    },
                    None => None,
                };
                if let Some((room, found)) = readable {
                    self.take_event(room, &found).await?;
                }
                self.undecrypted.change(|all| all.retain(|(_, kept)| *kept != event));
                self.save_undecrypted().await?;
            }
        }
        Ok(())
    }

    async fn save_undecrypted(&self) -> Result<(), Trouble> {
        let kept = self.undecrypted.change(|all| serde_json::to_vec(all).unwrap_or_default());
        Ok(self.client.state_store().set_custom_value_no_read(KEPT, kept).await?)
    }
}
