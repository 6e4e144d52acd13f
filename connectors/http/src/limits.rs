//! How often a key may call, and how often for one person.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::problem::Problem;

/// How many callers are remembered before those who have not called lately are forgotten.
const MOST_REMEMBERED: usize = 10_000;
/// How many average seconds fit into a burst.
const BURST: NonZeroU32 = NonZeroU32::new(4).expect("not zero");

/// A limit for each of many callers.
pub(crate) struct Limit(DefaultKeyedRateLimiter<String>);

impl Limit {
    /// So many calls a second on average, four times as many in a burst.
    pub(crate) fn per_second(calls: NonZeroU32) -> Self {
        let burst = calls.saturating_mul(BURST);
        Self(RateLimiter::keyed(Quota::per_second(calls).allow_burst(burst)))
    }

    /// Counts a call.
    pub(crate) fn count(&self, caller: &str) -> Result<(), Problem> {
        if self.0.len() > MOST_REMEMBERED {
            self.0.retain_recent();
        }
        self.0.check_key(&caller.to_owned()).map_err(|until| {
            let pause = until.wait_time_from(DefaultClock::default().now());
            Problem::TooFast(pause + Duration::from_millis(999))
        })
    }
}
