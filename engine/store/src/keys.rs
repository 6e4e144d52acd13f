//! The keys of clients: who may speak over HTTP, as which client, for which platform.

use gmbot_engine::model::AtMs;
use gmbot_engine::store::Stored;

use crate::Connection;
use crate::db::Row;
use crate::statements as sql;

/// A client's key as it is kept: its secret part is not among it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// The part of it that may be shown.
    pub id: String,
    /// Whose it is.
    pub client: String,
    /// The platform for which it speaks.
    pub platform: String,
    /// What it may do.
    pub scope: String,
    /// SHA-256 of the secret part, as hexadecimal digits.
    pub hash: String,
    /// When it was made.
    pub created_at: AtMs,
    /// When it was revoked, if it was.
    pub revoked_at: Option<AtMs>,
}

impl Connection {
    /// Keeps a new key.
    ///
    /// # Errors
    /// When the database fails, or a key has this id already.
    pub fn add_key(&mut self, key: &ApiKey) -> Stored<()> {
        let ApiKey { id, client, platform, scope, hash, created_at, revoked_at: _ } = key;
        self.db.run(sql::ADD_KEY, (id, client, platform, scope, hash, created_at.0)).map(|_| ())
    }

    /// The key with an id, revoked or not.
    ///
    /// # Errors
    /// When the database fails.
    pub fn key(&self, id: &str) -> Stored<Option<ApiKey>> {
        self.db.one(sql::KEY, [id], api_key)
    }

    /// All keys, by client and platform.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keys(&self) -> Stored<Vec<ApiKey>> {
        self.db.all(sql::KEYS, (), api_key)
    }

    /// Revokes a key for good; false if there is none with this id, or it was revoked before.
    ///
    /// # Errors
    /// When the database fails.
    pub fn revoke_key(&mut self, id: &str, now: AtMs) -> Stored<bool> {
        Ok(self.db.run(sql::REVOKE_KEY, (id, now.0))? > 0)
    }
}

fn api_key(row: &Row<'_>) -> Stored<ApiKey> {
    Ok(ApiKey {
        id: row.get(0)?,
        client: row.get(1)?,
        platform: row.get(2)?,
        scope: row.get(3)?,
        hash: row.get(4)?,
        created_at: AtMs(row.get(5)?),
        revoked_at: row.get::<Option<i64>>(6)?.map(AtMs),
    })
}
