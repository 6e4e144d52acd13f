//! The sender of webhooks: takes the messages that wait in a backend, signs and posts them, and says
//! what became of each. What is told, and when it is tried again, the backend knows.

#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::indexing_slicing))]

mod sender;
mod signature;
mod target;

pub use sender::Sender;
pub use signature::sign;
pub use target::{BadTarget, Target};
