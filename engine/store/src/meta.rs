//! What a database says of itself: its clock and its seed.

use gmbot_engine::model::ids::hex;
use gmbot_engine::store::{StoreError, StoreErrorKind, Stored};

use crate::db::Db;
use crate::statements as sql;
use crate::{Clock, Connection};

impl Connection {
    /// Whose clock this database goes by.
    ///
    /// # Errors
    /// When the database fails.
    pub fn clock(&self) -> Stored<Clock> {
        match meta(&self.db, "clock")?.as_str() {
            "system" => Ok(Clock::System),
            "manual" => Ok(Clock::Manual),
            other => Err(self.db.damaged(&format!("it goes by an unknown clock `{other}`"))),
        }
    }

    /// The seed that a manual-clock database draws all entropy from: the same in every new one, or
    /// set by a rehearsal. A database with the computer's clock has one that nobody can guess.
    ///
    /// # Errors
    /// When the database fails.
    pub fn seed(&self) -> Stored<[u8; 32]> {
        let text = meta(&self.db, "seed")?;
        from_hex(&text).ok_or_else(|| self.db.damaged("its seed can't be read"))
    }

    /// Sets the seed; only for a database with a manual clock.
    ///
    /// # Errors
    /// When the database goes by the computer's clock, or fails.
    pub fn set_seed(&mut self, seed: [u8; 32]) -> Stored<()> {
        if self.clock()? == Clock::System {
            let message = format!(
                "{} goes by the computer's clock, so its seed can't be set; use a new database with a manual clock",
                self.db.name
            );
            return Err(StoreError { kind: StoreErrorKind::Failed, message });
        }
        set_meta(&self.db, "seed", &hex(&seed))
    }
}

pub(crate) fn meta(db: &Db, key: &str) -> Stored<String> {
    meta_if_any(db, key)?.ok_or_else(|| db.damaged(&format!("its `{key}` is missing")))
}

/// The same of what not every database says.
pub(crate) fn meta_if_any(db: &Db, key: &str) -> Stored<Option<String>> {
    db.one(sql::META, [key], |row| row.get(0))
}

/// Writes what a database says of itself.
pub(crate) fn set_meta(db: &Db, key: &str, value: &str) -> Stored<()> {
    db.run(sql::SET_META, (key, value)).map(|_| ())
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(bytes)
}
