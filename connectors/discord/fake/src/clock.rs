//! What time it is at this Discord, and the ids that tell it.
//!
//! An id is a moment and a counter, as at Discord. With the clock stopped, ids and moments are the
//! same in each run.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serenity::model::Timestamp;

/// The first moment that an id can tell, in milliseconds since 1970.
const EPOCH_MS: u64 = 1_420_070_400_000;

#[derive(Debug, Default)]
pub(crate) struct Clock {
    stopped_at_ms: Option<u64>,
    ahead_ms: u64,
    ids: u64,
    guilds: u64,
}

impl Clock {
    /// Milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> u64 {
        let real = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, as_ms);
        self.stopped_at_ms.unwrap_or_else(real) + self.ahead_ms
    }

    pub(crate) fn stop_at(&mut self, ms: u64) {
        self.stopped_at_ms = Some(ms);
        self.ahead_ms = 0;
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        self.ahead_ms += as_ms(by);
    }

    pub(crate) fn id(&mut self) -> u64 {
        self.id_at(self.now_ms())
    }

    /// An id that says it was made at a moment: for messages of old.
    pub(crate) fn id_at(&mut self, ms: u64) -> u64 {
        self.ids += 1;
        (ms.saturating_sub(EPOCH_MS).max(1) << 22) | (self.ids & 0x3f_ffff)
    }

    /// An id for a guild. A shard is chosen by the moment in it, so no two guilds share one.
    pub(crate) fn guild_id(&mut self) -> u64 {
        self.guilds += 1;
        self.id_at(self.now_ms() + self.guilds)
    }
}

fn as_ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// The moment in an id, in milliseconds since 1970.
pub(crate) fn made_at_ms(id: u64) -> u64 {
    (id >> 22) + EPOCH_MS
}

/// A moment as Discord writes it.
pub(crate) fn iso(ms: u64) -> String {
    let known = i64::try_from(ms).ok().and_then(|ms| Timestamp::from_millis(ms).ok());
    known.unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_and_tell_their_moment() {
        let mut clock = Clock::default();
        clock.stop_at(1_700_000_000_000);
        let first = clock.id();
        let second = clock.id();
        clock.advance(Duration::from_secs(1));
        let third = clock.id();
        assert!(first < second && second < third);
        assert_eq!(made_at_ms(first), 1_700_000_000_000);
        assert_eq!(made_at_ms(third), 1_700_000_001_000);
        assert_eq!(iso(1_700_000_000_000), "2023-11-14T22:13:20Z");
    }

    #[test]
    fn guilds_fall_on_different_shards() {
        let mut clock = Clock::default();
        clock.stop_at(1_700_000_000_000);
        let shards: Vec<u64> = (0..4).map(|_| (clock.guild_id() >> 22) % 2).collect();
        assert_eq!(shards, [1, 0, 1, 0]);
    }
}
