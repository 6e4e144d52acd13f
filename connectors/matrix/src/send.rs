//! What is sent: messages, edits and reactions, each under a transaction id that is made from what it
//! says, so that what is sent again stays one event.

use gmbot_engine::Reply;
use matrix_sdk::Room;
use matrix_sdk::config::RequestConfig;
use matrix_sdk::room::MessagesOptions;
use matrix_sdk::ruma::{EventId, OwnedEventId, OwnedTransactionId, UInt};
use serde_json::{Value, json};

use crate::bot::Bot;
use crate::card::{Card, FIELD};
use crate::render::{Message, render};
use crate::trouble::Trouble;

/// How often a request is tried while the homeserver is busy or out of order; then the outbox waits.
const TRIES: usize = 3;
/// How many of a room's newest events are looked through for what an earlier device sent.
const LOOKED_THROUGH: u32 = 100;

/// By which name something is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    /// What its transactions begin with.
    pub(crate) name: String,
    /// Whether an earlier device of the bot's may have sent it: a homeserver knows transactions by
    /// device alone.
    pub(crate) earlier: bool,
}

impl Name {
    /// The name of what is said for the first time.
    pub(crate) fn new(name: String) -> Self {
        Self { name, earlier: false }
    }
}

/// Where a message stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Below<'a> {
    /// The message that it answers.
    pub(crate) message: &'a EventId,
    /// The first message of the thread that it stands in.
    pub(crate) thread: Option<&'a EventId>,
}

impl Bot {
    /// Sends messages one after the other; the first of them answers. Gives the last one's id.
    pub(crate) async fn send(
        &self,
        room: &Room,
        messages: &[Message],
        card: &Card,
        earlier: bool,
        below: Option<Below<'_>>,
    ) -> Result<OwnedEventId, Trouble> {
        let mut last = None;
        for (sent_as, content) in contents(messages, card, below) {
            let sent = if earlier { self.sent_before(room, &sent_as).await? } else { None };
            last = Some(match sent {
                Some(sent) => sent,
                None => self.post(room, "m.room.message", content, &sent_as).await?,
            });
        }
        last.ok_or_else(|| Trouble::Refused("there is nothing to say".to_owned()))
    }

    /// Shows a message in the place of another.
    pub(crate) async fn edit(
        &self,
        room: &Room,
        edited: &EventId,
        message: &Message,
        card: &Card,
    ) -> Result<(), Trouble> {
        let mut whole = content(message, card, None);
        let mut shown = content(&starred(message), card, None);
        // Who reads it is told by the message that brought the news.
        if let (Some(shown), Some(whole)) = (shown.as_object_mut(), whole.as_object_mut()) {
            whole.remove("m.relates_to");
            shown.insert("m.new_content".to_owned(), Value::Object(whole.clone()));
            let relation = json!({ "rel_type": "m.replace", "event_id": edited });
            shown.insert("m.relates_to".to_owned(), relation);
        }
        self.post(room, "m.room.message", shown, &card.sent_as).await.map(|_event| ())
    }

    /// Puts the reactions below a message that stand for something there.
    pub(crate) async fn offer(&self, room: &Room, below: &EventId, card: &Card) {
        for (number, sign) in card.signs().into_iter().enumerate() {
            let relation = json!({ "rel_type": "m.annotation", "event_id": below, "key": sign });
            let content = json!({ "m.relates_to": relation });
            let transaction = format!("{}.r{number}", card.sent_as);
            match self.post(room, "m.reaction", content, &transaction).await {
                Ok(_event) => {}
                // Where the bot may not react, there are lines to type.
                Err(cause) => return tracing::info!("no reaction was put: {cause}"),
            }
        }
    }

    async fn post(
        &self,
        room: &Room,
        kind: &str,
        content: Value,
        transaction: &str,
    ) -> Result<OwnedEventId, Trouble> {
        let transaction = OwnedTransactionId::from(transaction);
        let config = RequestConfig::new().retry_limit(TRIES);
        let send = room.send_raw(kind, content).with_transaction_id(&transaction);
        Ok(send.with_request_config(config).await?.response.event_id)
    }

    /// Looks for what an earlier device sent.
    async fn sent_before(
        &self,
        room: &Room,
        sent_as: &str,
    ) -> Result<Option<OwnedEventId>, Trouble> {
        let mut options = MessagesOptions::backward();
        options.limit = UInt::from(LOOKED_THROUGH);
        let newest = room.messages(options).await?;
        let sent = newest.chunk.iter().find(|event| {
            let raw = event.raw();
            let ours = raw.get_field::<String>("sender").ok().flatten();
            let content = raw.get_field::<Value>("content").ok().flatten().unwrap_or_default();
            ours.as_deref() == Some(self.me.as_str())
                && content.get(FIELD).and_then(|ours| ours.get("sent_as")).and_then(Value::as_str)
                    == Some(sent_as)
        });
        Ok(sent.and_then(matrix_sdk::deserialized_responses::TimelineEvent::event_id))
    }
}

/// What is sent for a reply by this name, message by message: the content of each event.
pub fn payloads(reply: &Reply, sent_as: &str) -> Vec<Value> {
    let card = Card::of(reply, None, sent_as.to_owned());
    contents(&render(reply), &card, None).map(|(_transaction, content)| content).collect()
}

/// The transactions that send messages, each with its content; the first message answers.
fn contents(
    messages: &[Message],
    card: &Card,
    below: Option<Below<'_>>,
) -> impl Iterator<Item = (String, Value)> {
    let end = messages.len().saturating_sub(1);
    messages.iter().enumerate().map(move |(number, message)| {
        let sent_as = format!("{}.{number}", card.sent_as);
        // What can be reacted to is the last.
        let card = if number == end { card.clone() } else { Card::default() };
        let card = Card { sent_as: sent_as.clone(), ..card };
        let thread = below.and_then(|below| below.thread);
        let relation = match below.filter(|_| number == 0) {
            Some(below) => Some(relation(below)),
            None => thread.map(in_thread),
        };
        (sent_as, content(message, &card, relation))
    })
}

/// The content of a message.
fn content(message: &Message, card: &Card, relation: Option<Value>) -> Value {
    let mut content = json!({
        "msgtype": "m.notice",
        "body": message.body,
        "format": "org.matrix.custom.html",
        "formatted_body": message.html,
        // Said always: without it clients look for names in the text, and ping them.
        "m.mentions": {},
        FIELD: card,
    });
    if let (Some(content), Some(relation)) = (content.as_object_mut(), relation) {
        content.insert("m.relates_to".to_owned(), relation);
    }
    content
}

/// An edit as clients show it that know no edits.
fn starred(message: &Message) -> Message {
    Message { body: format!("* {}", message.body), html: format!("* {}", message.html) }
}

fn relation(below: Below<'_>) -> Value {
    let answers = json!({ "event_id": below.message });
    match below.thread {
        Some(thread) => json!({
            "rel_type": "m.thread",
            "event_id": thread,
            "is_falling_back": false,
            "m.in_reply_to": answers,
        }),
        None => json!({ "m.in_reply_to": answers }),
    }
}

fn in_thread(thread: &EventId) -> Value {
    json!({
        "rel_type": "m.thread",
        "event_id": thread,
        "is_falling_back": true,
        "m.in_reply_to": { "event_id": thread },
    })
}
