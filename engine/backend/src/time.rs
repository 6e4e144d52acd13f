//! The two clocks: the computer's, and one that is set by hand.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use gmbot_engine::model::AtMs;

use crate::BackendError;

/// Where the time comes from.
#[derive(Debug)]
pub(crate) enum Time {
    /// The computer's clock. It may jump, also back: rules keep each war's own events in order.
    System,
    /// Stands still until it is set.
    Manual(AtomicI64),
}

impl Time {
    /// A clock that stands at this time.
    pub(crate) fn manual(at: AtMs) -> Self {
        Self::Manual(AtomicI64::new(at.0))
    }

    /// The time it is.
    pub(crate) fn now(&self) -> AtMs {
        match self {
            Self::System => system_now(),
            Self::Manual(at_ms) => AtMs(at_ms.load(Ordering::SeqCst)),
        }
    }

    /// Sets a manual clock.
    pub(crate) fn set(&self, at: AtMs) -> Result<(), BackendError> {
        match self {
            Self::System => Err(BackendError::SystemClock),
            Self::Manual(at_ms) => {
                at_ms.store(at.0, Ordering::SeqCst);
                Ok(())
            }
        }
    }
}

fn system_now() -> AtMs {
    let millis =
        |length: std::time::Duration| i64::try_from(length.as_millis()).unwrap_or(i64::MAX);
    AtMs(match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => millis(since),
        Err(before) => -millis(before.duration()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_manual_clock_can_be_set() {
        let time = Time::manual(AtMs(5));
        assert_eq!(time.now(), AtMs(5));
        assert_eq!(time.set(AtMs(3)), Ok(()));
        assert_eq!(time.now(), AtMs(3));
        assert_eq!(Time::System.set(AtMs(3)), Err(BackendError::SystemClock));
    }

    #[test]
    fn the_computers_clock_is_past_the_year_2020() {
        assert!(Time::System.now() > AtMs(1_577_836_800_000));
    }
}
