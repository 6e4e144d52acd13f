//! What the tests of connectors have in common: a backend that stops where a connector is to be
//! killed, and how what people read is compared with what was to be said.

mod reading;
mod stumbling;

pub use reading::{expected, lacks};
pub use stumbling::{Step, Stumbling};
