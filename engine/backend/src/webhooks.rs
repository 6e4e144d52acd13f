//! Webhooks: who outside is told of public wars. Messages are made from the log as a stranger may see
//! it, wait in the database, and are sent until they arrive or were tried often enough.

use gmbot_engine::event::Recorded;
use gmbot_engine::model::ids::hex;
use gmbot_engine::model::{AtMs, DurationMs};
use gmbot_engine::store::{StoreError, StoreErrorKind, Stored};
use gmbot_engine::view::{WarNews, WarTold};
use gmbot_store::{Connection, KeptMessage, KeptWebhook};
use sha2::{Digest as _, Sha256};

use crate::entropy::system_bytes;
use crate::writer::News;
use crate::{BackendError, Local, Secret};

/// How long a message that is being sent is nobody else's.
const HOLD: DurationMs = DurationMs::minutes(1);
/// How long a message rests after its first failure; four times as long after each further one, and
/// chance adds up to half as much again.
const FIRST_REST: DurationMs = DurationMs(30_000);
/// After how many failures a message is parked.
const MAX_TRIES: u32 = 6;
/// How many entries of the log are looked at in one transaction.
const PAGE: usize = 200;
/// What begins a secret, so that it is recognised where it should not be.
const SECRET: &str = "whsec_";

/// A webhook, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its name.
    pub id: String,
    /// Where messages go.
    pub url: String,
    /// What it wants to be told; all if empty.
    pub events: Vec<WarNews>,
    /// When it was made.
    pub created_at: AtMs,
    /// How many messages wait for it.
    pub waiting: u64,
    /// How many messages were given up.
    pub parked: u64,
    /// Why the newest of those that failed did.
    pub failure: Option<String>,
}

/// A message to be sent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What the receiver knows it by; the same however often it is sent.
    pub id: String,
    /// Where it goes.
    pub url: String,
    /// What it is signed with.
    pub secret: Secret,
    /// What it says, as JSON.
    pub body: String,
    row: i64,
    tries: u32,
}

impl Local {
    /// Makes a webhook; its secret is shown this once. It is told of what happens from now on.
    ///
    /// # Errors
    /// When the store failed, or the system gave no random bytes.
    pub fn add_webhook(
        &self,
        url: &str,
        events: &[WarNews],
    ) -> Result<(Webhook, Secret), BackendError> {
        let secret = format!("{SECRET}{}", base64(&system_bytes::<32>()?));
        let words: Vec<_> = events.iter().map(|news| news.word()).collect();
        let kept = KeptWebhook {
            id: hex(&system_bytes::<6>()?),
            url: url.to_owned(),
            secret: secret.clone(),
            events: words.join(" "),
            cursor: 0,
            created_at: self.now(),
        };
        let made = Webhook {
            id: kept.id.clone(),
            url: kept.url.clone(),
            events: events.to_vec(),
            created_at: kept.created_at,
            waiting: 0,
            parked: 0,
            failure: None,
        };
        self.inner.writer.call(News::Quiet, move |db, _| db.add_webhook(&kept))?;
        Ok((made, Secret::from(secret)))
    }

    /// All webhooks, the oldest first.
    ///
    /// # Errors
    /// When the store failed.
    pub fn webhooks(&self) -> Result<Vec<Webhook>, BackendError> {
        self.inner.readers.read(|db| {
            let webhook = |kept: KeptWebhook| -> Stored<Webhook> {
                let backlog = db.webhook_backlog(&kept.id)?;
                Ok(Webhook {
                    events: wanted(&kept)?,
                    id: kept.id,
                    url: kept.url,
                    created_at: kept.created_at,
                    waiting: backlog.waiting,
                    parked: backlog.parked,
                    failure: backlog.failure,
                })
            };
            db.webhooks()?.into_iter().map(webhook).collect()
        })
    }

    /// Removes a webhook with all that waits for it; false if there is none of this name.
    ///
    /// # Errors
    /// When the store failed.
    pub fn remove_webhook(&self, id: &str) -> Result<bool, BackendError> {
        let id = id.to_owned();
        self.inner.writer.call(News::Quiet, move |db, _| db.remove_webhook(&id))
    }

    /// Has what was given up for a webhook sent again; how many messages that is, or nothing if there is
    /// no webhook of this name.
    ///
    /// # Errors
    /// When the store failed.
    pub fn retry_webhook(&self, id: &str) -> Result<Option<usize>, BackendError> {
        let id = id.to_owned();
        self.inner.writer.call(News::Tell, move |db, _| {
            let is_known = db.webhooks()?.iter().any(|webhook| webhook.id == id);
            if is_known { db.retry_messages(&id).map(Some) } else { Ok(None) }
        })
    }

    /// Makes messages of what happened since the last time.
    ///
    /// # Errors
    /// When the store failed.
    pub fn make_messages(&self) -> Result<(), BackendError> {
        if !self.inner.readers.read(|db| db.webhooks_are_behind(i64::MAX))? {
            return Ok(());
        }
        // What is numbered later waits for the next time: something lower may still be to come.
        let until = self.inner.readers.lend(Connection::complete_until)?;
        while self.inner.readers.read(|db| db.webhooks_are_behind(until))? {
            self.inner.writer.call(News::Quiet, move |db, now| {
                db.webhooks()?.iter().try_for_each(|webhook| tell(db, webhook, until, now))
            })?;
        }
        Ok(())
    }

    /// The ids of the webhooks to which a message can be sent now.
    ///
    /// # Errors
    /// When the store failed.
    pub fn webhooks_due(&self) -> Result<Vec<String>, BackendError> {
        let now = self.now();
        self.inner.readers.read(|db| db.webhooks_due(now))
    }

    /// Takes the oldest message that can be sent to a webhook now; for a minute it is nobody else's.
    ///
    /// # Errors
    /// When the store failed.
    pub fn take_message(&self, webhook: &str) -> Result<Option<Message>, BackendError> {
        let webhook = webhook.to_owned();
        let taken = self
            .inner
            .writer
            .call(News::Quiet, move |db, now| db.take_message(&webhook, now, now + HOLD))?;
        Ok(taken.map(Message::from))
    }

    /// Notes what became of a message that was taken: it arrived, or why not.
    ///
    /// # Errors
    /// When the store failed, or the system gave no random bytes.
    pub fn note_message(
        &self,
        message: &Message,
        outcome: Result<(), String>,
    ) -> Result<(), BackendError> {
        let (row, tries) = (message.row, message.tries);
        let chance = u32::from_le_bytes(system_bytes()?);
        self.inner.writer.call(News::Quiet, move |db, now| match &outcome {
            Ok(()) => db.message_arrived(row),
            Err(why) => db.message_failed(row, rest(tries, chance).map(|rest| now + rest), why),
        })
    }
}

/// Has what happened since the last time wait for a webhook, as far as it wants to know; up to a number
/// of the log.
fn tell(db: &mut Connection, webhook: &KeptWebhook, until: i64, now: AtMs) -> Stored<()> {
    let wanted = wanted(webhook)?;
    let mut page = db.log(webhook.cursor, PAGE)?;
    page.retain(|(number, _)| *number <= until);
    for (number, recorded) in &page {
        if let Some(body) = body(db, &wanted, recorded, now)? {
            db.add_message(&webhook.id, &message_id(webhook, *number), &body)?;
        }
    }
    match page.last() {
        Some((number, _)) => db.told_until(&webhook.id, *number),
        None => Ok(()),
    }
}

/// What a message says of an entry of the log, if there is anything to say.
fn body(
    db: &Connection,
    wanted: &[WarNews],
    recorded: &Recorded,
    now: AtMs,
) -> Stored<Option<String>> {
    let news = WarNews::of(&recorded.event);
    if news.is_none_or(|news| !wanted.is_empty() && !wanted.contains(&news)) {
        return Ok(None);
    }
    let Some(told) = WarTold::of(db.as_read(), recorded, now)? else { return Ok(None) };
    serde_json::to_string(&told).map(Some).map_err(|error| StoreError {
        kind: StoreErrorKind::Failed,
        message: format!("a message to a webhook can't be written: {error}"),
    })
}

/// What receivers know a message by. It tells nothing of the log's length.
fn message_id(webhook: &KeptWebhook, number: i64) -> String {
    let digest = Sha256::digest(format!("{}/{}/{number}", webhook.id, webhook.secret));
    format!("msg_{}", hex(digest.get(..16).unwrap_or_default()))
}

/// How long a message rests that failed `tries` times before and now again; none if it is parked.
fn rest(tries: u32, chance: u32) -> Option<DurationMs> {
    if tries + 1 >= MAX_TRIES {
        return None;
    }
    let rest = FIRST_REST.0 << (2 * tries);
    Some(DurationMs(rest + rest / 2 * i64::from(chance) / i64::from(u32::MAX)))
}

/// What a webhook wants to be told.
fn wanted(webhook: &KeptWebhook) -> Stored<Vec<WarNews>> {
    let words = webhook.events.split_whitespace();
    words.map(str::parse).collect::<Result<_, _>>().map_err(|error| StoreError {
        kind: StoreErrorKind::NotADatabase,
        message: format!("the webhook `{}` can't be read: {error}; remove it", webhook.id),
    })
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

impl From<KeptMessage> for Message {
    fn from(kept: KeptMessage) -> Self {
        let KeptMessage { row, webhook: _, id, body, tries, url, secret } = kept;
        Self { id, url, secret: Secret::from(secret), body, row, tries }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_rests_longer_each_time_and_is_parked_after_the_sixth() {
        let seconds = |chance: u32| {
            (0..7).map(move |tries| rest(tries, chance).map(|rest| rest.0 / 1000)).collect()
        };
        let least: Vec<_> = seconds(0);
        let most: Vec<_> = seconds(u32::MAX);
        let given_up = [None, None];
        let rests = |rests: [i64; 5]| [&rests.map(Some)[..], &given_up[..]].concat();
        assert_eq!(least, rests([30, 120, 480, 1_920, 7_680]));
        assert_eq!(most, rests([45, 180, 720, 2_880, 11_520]));
    }
}
