//! The computer's clock: for how long ago something was said. When it counts is the backend's matter.

use std::time::{SystemTime, UNIX_EPOCH};

/// A minute; a platform's clock and ours differ by less.
const MINUTE_MS: i64 = 60_000;

/// The time, in milliseconds since 1970.
pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// How long ago something was said, in milliseconds, in whole minutes; `said_ms` is since 1970.
pub fn age_ms(said_ms: i64) -> i64 {
    now_ms().saturating_sub(said_ms).max(0) / MINUTE_MS * MINUTE_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_in_whole_minutes_and_never_less_than_none() {
        assert_eq!(age_ms(now_ms() + 3 * MINUTE_MS), 0);
        assert_eq!(age_ms(now_ms() - 2 * MINUTE_MS - MINUTE_MS / 2), 2 * MINUTE_MS);
    }
}
