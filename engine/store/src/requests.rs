//! Requests that were carried out before, and what is past its time.

use gmbot_engine::model::{AtMs, DurationMs, PersonId, WarId};
use gmbot_engine::store::Stored;

use crate::db::parsed;
use crate::statements as sql;
use crate::{Connection, Processed, limited};

/// How long a request's reply is kept.
const REPLIES_FOR: DurationMs = DurationMs::days(30);

impl Connection {
    /// A request that was carried out before.
    ///
    /// # Errors
    /// When the database fails.
    pub fn processed(&self, client: &str, key: &str) -> Stored<Option<Processed>> {
        self.db.one(sql::PROCESSED, (client, key), |row| {
            Ok(Processed { body_hash: row.get(0)?, reply: row.get(1)? })
        })
    }

    /// Remembers a request and its reply for 30 days.
    ///
    /// # Errors
    /// When the database fails, or the request is remembered already.
    pub fn remember(
        &mut self,
        client: &str,
        key: &str,
        at: AtMs,
        actor: Option<PersonId>,
        processed: &Processed,
    ) -> Stored<()> {
        let actor = actor.as_ref().map(PersonId::as_str);
        let Processed { body_hash, reply } = processed;
        self.db.run(sql::REMEMBER, (client, key, body_hash, at.0, actor, reply)).map(|_| ())
    }

    /// Deletes what is past its time: old processed requests, old messages, dead codes.
    ///
    /// # Errors
    /// When the database fails.
    pub fn sweep(&mut self, now: AtMs) -> Stored<()> {
        self.db.run(sql::SWEEP_PROCESSED, [(now - REPLIES_FOR).0])?;
        self.db.run(sql::SWEEP_TEXTS, [now.0])?;
        self.db.run(sql::SWEEP_LINK_CODES, [now.0])?;
        Ok(())
    }

    /// Wars with a deadline or reminder at or before `now`, the most urgent first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn due(&self, now: AtMs, limit: usize) -> Stored<Vec<WarId>> {
        self.db.all(sql::DUE, (now.0, limited(limit)), |row| parsed(row, 0))
    }

    /// When the next deadline or reminder of any war is.
    ///
    /// # Errors
    /// When the database fails.
    pub fn next_due(&self) -> Stored<Option<AtMs>> {
        self.db.value::<Option<i64>>(sql::NEXT_DUE, ()).map(|at| at.map(AtMs))
    }

    /// Wars whose broadcast is not expanded to its end.
    ///
    /// # Errors
    /// When the database fails.
    pub fn broadcasts(&self, limit: usize) -> Stored<Vec<WarId>> {
        self.db.all(sql::BROADCASTS, [limited(limit)], |row| parsed(row, 0))
    }
}
