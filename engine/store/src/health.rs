//! How a database fares: what can be told without replaying it.

use gmbot_engine::model::{AtMs, Platform};
use gmbot_engine::store::Stored;

use crate::statements as sql;
use crate::{Clock, Connection, limited, schema};

/// How many closed channels are told of at most.
const MOST_CLOSED: usize = 100;

/// What a quick look at a database found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// What SQLite's quick check says of the file; empty if it is sound.
    pub damage: Vec<String>,
    /// The schema's version.
    pub schema: i32,
    /// How many events the log holds.
    pub events: u64,
    /// Whose clock it goes by.
    pub clock: Clock,
    /// When the last event happened.
    pub last_at: Option<AtMs>,
    /// When the next deadline of any war is; in the past if nobody carried it out.
    pub next_due: Option<AtMs>,
    /// How many notices wait to be delivered.
    pub waiting: u64,
    /// Since when the oldest of them does.
    pub waiting_since: Option<AtMs>,
    /// How many notices were given up.
    pub parked: u64,
    /// How many messages to webhooks were given up.
    pub parked_messages: u64,
    /// Channels that are closed to notices, the longest closed first; at most `MOST_CLOSED`.
    pub closed: Vec<ClosedChannel>,
}

/// A channel in which a clan can't be told things, though it wants to be told them there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedChannel {
    /// The clan's name.
    pub clan: String,
    /// Where the channel is.
    pub platform: Platform,
    /// The platform's id of the channel.
    pub channel: String,
    /// When it was first found closed.
    pub since: AtMs,
}

/// What lies about in the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// How many notices wait to be delivered.
    pub waiting: u64,
    /// Since when the oldest of them does.
    pub since: Option<AtMs>,
    /// How many notices were given up.
    pub parked: u64,
}

impl Connection {
    /// What lies about in the outbox.
    ///
    /// # Errors
    /// When the database fails.
    pub fn backlog(&self) -> Stored<Backlog> {
        let waiting = self.db.one(sql::WAITING_SINCE, (), |row| Ok((row.get(0)?, row.get(1)?)))?;
        let (waiting, since): (u64, Option<i64>) = waiting.unwrap_or_default();
        let parked = self.db.value(sql::PARKED_COUNT, ())?;
        Ok(Backlog { waiting, since: since.map(AtMs), parked })
    }

    /// Looks at the file and at what lies about in it. It takes a walk through the file, but no
    /// replay; see `verify` for that.
    ///
    /// # Errors
    /// When the database fails.
    pub fn health(&self) -> Stored<Health> {
        let Backlog { waiting, since, parked } = self.backlog()?;
        Ok(Health {
            damage: self.db.damage("quick_check")?,
            schema: schema::VERSION,
            events: self.events()?,
            clock: self.clock()?,
            last_at: self.last_at()?,
            next_due: self.next_due()?,
            waiting,
            waiting_since: since,
            parked,
            parked_messages: self.db.value(sql::PARKED_MESSAGES, ())?,
            closed: self.closed_channels(MOST_CLOSED)?,
        })
    }

    /// The channels that are closed to notices, the longest closed first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn closed_channels(&self, limit: usize) -> Stored<Vec<ClosedChannel>> {
        self.db.all(sql::CLOSED_CHANNELS, [limited(limit)], |row| {
            let (clan, platform) = (row.get(0)?, Platform(row.get(1)?));
            Ok(ClosedChannel { clan, platform, channel: row.get(2)?, since: AtMs(row.get(3)?) })
        })
    }
}
