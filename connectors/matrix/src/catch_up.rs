//! What a sync left out: read back from the rooms' history. And what the first sync of a store tells,
//! which may have been answered by an earlier one.

use std::collections::BTreeSet;

use gmbot_chat::{is_called, now_ms};
use matrix_sdk::Room;
use matrix_sdk::deserialized_responses::TimelineEvent;
use matrix_sdk::room::MessagesOptions;
use matrix_sdk::ruma::UInt;
use serde_json::Value;

use crate::bot::Bot;
use crate::card::ANSWERED;
use crate::trouble::Trouble;

/// How many events are read back at a time.
const PAGE: u32 = 100;
/// How many times; of a busier room the oldest events are given up.
const PAGES: usize = 20;
/// How far back the first sync of a store is heard, in milliseconds.
const BACK_MS: i64 = 24 * 60 * 60 * 1000;

impl Bot {
    /// What happened in a room between a sync's token and the place where its timeline begins, the
    /// oldest first.
    pub(crate) async fn left_out(
        &self,
        room: &Room,
        since: &str,
        begins: &str,
    ) -> Result<Vec<TimelineEvent>, Trouble> {
        let mut events = Vec::new();
        let mut from = begins.to_owned();
        for _page in 0..PAGES {
            let mut options = MessagesOptions::backward().from(from.as_str());
            options.to = Some(since.to_owned());
            options.limit = UInt::from(PAGE);
            let page = room.messages(options).await?;
            let empty = page.chunk.is_empty();
            events.extend(page.chunk);
            match page.end {
                Some(end) if !empty => from = end,
                Some(_) | None => {
                    events.reverse();
                    return Ok(events);
                }
            }
        }
        tracing::warn!(room = %room.room_id(), "more was said than is read back");
        events.reverse();
        Ok(events)
    }

    /// Of what the first sync of a store tells: what was said to the bot since yesterday, while it was
    /// there, and was not answered.
    pub(crate) fn unanswered(&self, events: Vec<TimelineEvent>) -> Vec<TimelineEvent> {
        let answered: BTreeSet<String> =
            events.iter().filter_map(|event| self.answers(event)).collect();
        let since = now_ms() - BACK_MS;
        let asks = |event: &TimelineEvent| {
            let lately = event.timestamp.is_some_and(|at| i64::from(at.get()) >= since);
            let content: Value = field(event, "content").unwrap_or_default();
            let body = content.get("body").and_then(Value::as_str).unwrap_or_default();
            let id = event.event_id();
            let new = id.is_some_and(|id| !answered.contains(id.as_str()));
            lately && new && is_called(body, self.me.as_str())
        };
        let mut events = events;
        events.retain(asks);
        events
    }

    /// The message that one of the bot's answers.
    fn answers(&self, event: &TimelineEvent) -> Option<String> {
        let sender: String = field(event, "sender")?;
        let content: Value = field(event, "content")?;
        let answered = content.pointer(ANSWERED)?.as_str()?;
        (sender == self.me.as_str()).then(|| answered.to_owned())
    }
}

fn field<T: for<'de> serde::Deserialize<'de>>(event: &TimelineEvent, name: &str) -> Option<T> {
    event.raw().get_field(name).ok().flatten()
}
