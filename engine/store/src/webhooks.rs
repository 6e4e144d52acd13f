//! Webhooks: who outside is told of wars, how far in the log each has been told, and the messages
//! that wait for it.

use gmbot_engine::model::AtMs;
use gmbot_engine::store::Stored;

use crate::Connection;
use crate::db::Row;
use crate::statements as sql;

/// A webhook as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptWebhook {
    /// Its name.
    pub id: String,
    /// Where messages go.
    pub url: String,
    /// What they are signed with.
    pub secret: String,
    /// The kinds of news that it wants, with spaces between; all if empty.
    pub events: String,
    /// The number of the last event of the log that was looked at for it.
    pub cursor: i64,
    /// When it was made.
    pub created_at: AtMs,
}

/// A message that waits to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptMessage {
    /// Its place in the table.
    pub row: i64,
    /// The webhook's name.
    pub webhook: String,
    /// What receivers know it by.
    pub id: String,
    /// What it says.
    pub body: String,
    /// How often sending it has failed.
    pub tries: u32,
    /// Where it goes.
    pub url: String,
    /// What it is signed with.
    pub secret: String,
}

/// How a webhook fares.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WebhookBacklog {
    /// How many messages wait.
    pub waiting: u64,
    /// How many were given up.
    pub parked: u64,
    /// Why the newest that failed did.
    pub failure: Option<String>,
}

impl Connection {
    /// Keeps a new webhook; it is told of what happens from now on.
    ///
    /// # Errors
    /// When the database fails.
    pub fn add_webhook(&mut self, webhook: &KeptWebhook) -> Stored<()> {
        let KeptWebhook { id, url, secret, events, cursor: _, created_at } = webhook;
        self.db.run(sql::ADD_WEBHOOK, (id, url, secret, events, created_at.0)).map(|_| ())
    }

    /// All webhooks, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn webhooks(&self) -> Stored<Vec<KeptWebhook>> {
        self.db.all(sql::WEBHOOKS, (), |row| {
            Ok(KeptWebhook {
                id: row.get(0)?,
                url: row.get(1)?,
                secret: row.get(2)?,
                events: row.get(3)?,
                cursor: row.get(4)?,
                created_at: AtMs(row.get(5)?),
            })
        })
    }

    /// How a webhook fares.
    ///
    /// # Errors
    /// When the database fails.
    pub fn webhook_backlog(&self, id: &str) -> Stored<WebhookBacklog> {
        let count = |parked: bool| self.db.value(sql::WEBHOOK_BACKLOG, (id, parked));
        let (waiting, parked) = (count(false)?, count(true)?);
        let failure = self.db.one(sql::WEBHOOK_FAILURE, [id], |row| row.get(0))?;
        Ok(WebhookBacklog { waiting, parked, failure })
    }

    /// Removes a webhook with all that waits for it; false if there is none of this name.
    ///
    /// # Errors
    /// When the database fails.
    pub fn remove_webhook(&mut self, id: &str) -> Stored<bool> {
        self.db.run(sql::REMOVE_WEBHOOK_MESSAGES, [id])?;
        Ok(self.db.run(sql::REMOVE_WEBHOOK, [id])? > 0)
    }

    /// Has the messages that a webhook was given up for sent again; how many those are.
    ///
    /// # Errors
    /// When the database fails.
    pub fn retry_messages(&mut self, id: &str) -> Stored<usize> {
        self.db.run(sql::RETRY_MESSAGES, [id])
    }

    /// Whether there is a webhook that has not been told of all that happened up to a number of the log.
    ///
    /// # Errors
    /// When the database fails.
    pub fn webhooks_are_behind(&self, until: i64) -> Stored<bool> {
        self.db.value::<i64>(sql::WEBHOOKS_BEHIND, [until]).map(|behind| behind > 0)
    }

    /// Notes how far in the log a webhook has been told.
    ///
    /// # Errors
    /// When the database fails.
    pub fn told_until(&mut self, webhook: &str, cursor: i64) -> Stored<()> {
        self.db.run(sql::TOLD_UNTIL, (webhook, cursor)).map(|_| ())
    }

    /// Has a message wait for a webhook.
    ///
    /// # Errors
    /// When the database fails.
    pub fn add_message(&mut self, webhook: &str, id: &str, body: &str) -> Stored<()> {
        self.db.run(sql::ADD_WEBHOOK_MESSAGE, (webhook, id, body)).map(|_| ())
    }

    /// The webhooks for which a message can be sent.
    ///
    /// # Errors
    /// When the database fails.
    pub fn webhooks_due(&self, now: AtMs) -> Stored<Vec<String>> {
        self.db.all(sql::WEBHOOKS_DUE, [now.0], |row| row.get(0))
    }

    /// Takes the oldest message that can be sent to a webhook; until `held_until` it is nobody else's.
    ///
    /// # Errors
    /// When the database fails.
    pub fn take_message(
        &mut self,
        webhook: &str,
        now: AtMs,
        held_until: AtMs,
    ) -> Stored<Option<KeptMessage>> {
        let due = self.db.one(sql::DUE_MESSAGE, (webhook, now.0), message)?;
        if let Some(message) = &due {
            self.db.run(sql::HOLD_MESSAGE, (message.row, held_until.0))?;
        }
        Ok(due)
    }

    /// Removes a message that arrived.
    ///
    /// # Errors
    /// When the database fails.
    pub fn message_arrived(&mut self, row: i64) -> Stored<()> {
        self.db.run(sql::MESSAGE_ARRIVED, [row]).map(|_| ())
    }

    /// Notes that a message did not arrive, and why: it is sent again at `again`, or parked where that is
    /// `None`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn message_failed(&mut self, row: i64, again: Option<AtMs>, why: &str) -> Stored<()> {
        let at = again.map_or(0, |at| at.0);
        self.db.run(sql::MESSAGE_FAILED, (row, at, again.is_none(), why)).map(|_| ())
    }
}

fn message(row: &Row<'_>) -> Stored<KeptMessage> {
    Ok(KeptMessage {
        row: row.get(0)?,
        webhook: row.get(1)?,
        id: row.get(2)?,
        body: row.get(3)?,
        tries: row.get(4)?,
        url: row.get(5)?,
        secret: row.get(6)?,
    })
}
