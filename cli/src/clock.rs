//! The computer's clock.

use std::time::{SystemTime, UNIX_EPOCH};

use gmbot_engine::model::AtMs;

/// What time it is; a clock before 1970 is as wrong as 1970.
pub(crate) fn now() -> AtMs {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    AtMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
