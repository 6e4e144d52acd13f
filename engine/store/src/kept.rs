//! Clans and wars as the transaction at hand last read or wrote them, so that what a request touches
//! again and again is read and parsed once.

use std::cell::RefCell;
use std::collections::BTreeMap;

use gmbot_engine::model::{Clan, ClanId, War, WarId};
use gmbot_engine::store::Stored;

/// How many of a kind are kept; then all are let go, since a transaction that touches more (a
/// replay) comes back to the latest alone.
const MOST: usize = 1024;

/// What is kept of a transaction. Nobody else can change it before the transaction ends.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) clans: Aggregates<ClanId, Clan>,
    pub(crate) wars: Aggregates<WarId, War>,
}

impl Kept {
    /// Lets everything go.
    pub(crate) fn clear(&self) {
        self.clans.0.borrow_mut().clear();
        self.wars.0.borrow_mut().clear();
    }
}

/// The aggregates of one kind.
#[derive(Debug)]
pub(crate) struct Aggregates<K, V>(RefCell<BTreeMap<K, V>>);

impl<K, V> Default for Aggregates<K, V> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<K: Ord, V: Clone> Aggregates<K, V> {
    /// The one that is kept, or else the one that `read` finds; just the latter outside of a
    /// transaction, where others may change it at any time.
    pub(crate) fn get_or(
        &self,
        key: K,
        in_transaction: bool,
        read: impl FnOnce() -> Stored<Option<V>>,
    ) -> Stored<Option<V>> {
        if !in_transaction {
            return read();
        }
        if let Some(kept) = self.0.borrow().get(&key) {
            return Ok(Some(kept.clone()));
        }
        let found = read()?;
        if let Some(found) = &found {
            self.keep(key, found);
        }
        Ok(found)
    }

    /// Keeps what was just read or written.
    pub(crate) fn keep(&self, key: K, value: &V) {
        let mut kept = self.0.borrow_mut();
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(key, value.clone());
    }
}
