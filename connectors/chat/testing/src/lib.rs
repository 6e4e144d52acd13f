//! What the tests of connectors have in common: a transcript's database with the connector over it,
//! what crosses the boundary between the two, a backend that stops where a connector is to be killed,
//! and how what people read is compared with what was to be said.

#![warn(missing_docs)]

mod kinds;
mod parts;
mod reading;
mod recorded;
mod stage;
mod stumbling;
mod trials;

pub use kinds::{must_all_be_compared, replies};
pub use parts::{Part, parts};
pub use reading::{expected, lacks};
pub use recorded::{IdIn, Memory, Recorded, Said};
pub use stage::{Stage, Stop};
pub use stumbling::{Step, Stumbling};
pub use trials::{play, transcripts, trial};
