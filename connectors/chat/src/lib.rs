//! What the connectors of chat platforms have in common: the way to the backend, delivery from the
//! outbox, and how a line is told that is plainly for the bot. It knows no platform.

#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::indexing_slicing))]

mod called;
mod delivery;
mod time;
mod way;

pub use called::{OUT_OF_ORDER, is_called};
pub use delivery::{Deliver, Trouble, deliver, war_of};
pub use time::{age_ms, now_ms};
pub use way::Way;
