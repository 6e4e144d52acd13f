//! What a server needs to know of the backend it serves, besides what faces do.

use gmbot_engine::event::Recorded;
use gmbot_engine::grammar::complete::Completion;
use gmbot_engine::model::{DurationMs, Platform, SpaceKey};
use gmbot_engine::request::Onlooker;
use gmbot_engine::view::{Query, View};

use crate::local::see;
use crate::{Backend, BackendError, Key, Local, MetricFamily, keys};

/// A backend with what its operator looks after: keys, the raw log, how it fares.
pub trait Operations: Backend {
    /// The key with this text, revoked or not; none if no key has it.
    ///
    /// # Errors
    /// When the world outside failed.
    fn authenticate(&self, key: &str) -> Result<Option<Key>, BackendError>;

    /// Reads what the onlooker may see as whom a key's holder is admitted, in one go with finding out
    /// whose key it is; nothing where nobody is admitted. `admit` may be asked more than once.
    ///
    /// # Errors
    /// When the world outside failed.
    fn view_by_key(
        &self,
        key: &str,
        admit: &mut dyn FnMut(Option<Key>) -> Option<Onlooker>,
        query: &Query,
    ) -> Result<Option<View>, BackendError>;

    /// What may come next in a terminal's words, of which the last is being written.
    ///
    /// # Errors
    /// When the world outside failed.
    fn complete_words(
        &self,
        words: &[String],
        onlooker: &Onlooker,
    ) -> Result<Completion, BackendError>;

    /// How many notices wait for a space.
    ///
    /// # Errors
    /// When the world outside failed.
    fn notices_for(&self, space: &SpaceKey) -> Result<u64, BackendError>;

    /// Events of the log after the one numbered `after` (0 for all), with their numbers, in order;
    /// for the operator alone, since it holds all secrets. Who goes on from the last number misses
    /// nothing: it stops before the numbers below which another may still come.
    ///
    /// # Errors
    /// When the world outside failed.
    fn log(&self, after: i64, limit: usize) -> Result<Vec<(i64, Recorded)>, BackendError>;

    /// How long it is until a notice of a platform can be claimed, zero if one can be now; none if none
    /// waits.
    ///
    /// # Errors
    /// When the world outside failed.
    fn until_notice(&self, platform: &Platform) -> Result<Option<DurationMs>, BackendError>;

    /// What was counted and measured, for Prometheus.
    fn metrics(&self) -> Vec<MetricFamily>;

    /// What keeps it from doing its work now, if anything does.
    fn trouble(&self) -> Option<BackendError>;
}

impl Operations for Local {
    fn authenticate(&self, key: &str) -> Result<Option<Key>, BackendError> {
        self.inner.readers.read(|db| keys::find(db, key))
    }

    fn view_by_key(
        &self,
        key: &str,
        admit: &mut dyn FnMut(Option<Key>) -> Option<Onlooker>,
        query: &Query,
    ) -> Result<Option<View>, BackendError> {
        let now = self.now();
        self.inner.readers.read(|db| match admit(keys::find(db, key)?) {
            Some(onlooker) => see(db, query, &onlooker, now).map(Some),
            None => Ok(None),
        })
    }

    fn complete_words(
        &self,
        words: &[String],
        onlooker: &Onlooker,
    ) -> Result<Completion, BackendError> {
        Self::complete_words(self, words, &self.viewer(onlooker)?)
    }

    fn notices_for(&self, space: &SpaceKey) -> Result<u64, BackendError> {
        Self::notices_for(self, space)
    }

    fn log(&self, after: i64, limit: usize) -> Result<Vec<(i64, Recorded)>, BackendError> {
        self.inner.readers.lend(|db| db.feed(after, limit))
    }

    fn until_notice(&self, platform: &Platform) -> Result<Option<DurationMs>, BackendError> {
        let now = self.now();
        let next = self.inner.readers.read(|db| db.next_notice(platform, now))?;
        Ok(next.map(|at| DurationMs((at.0 - now.0).max(0))))
    }

    fn metrics(&self) -> Vec<MetricFamily> {
        Self::metrics(self)
    }

    fn trouble(&self) -> Option<BackendError> {
        Self::trouble(self).or_else(|| self.inner.readers.read(|db| db.last_at()).err())
    }
}
