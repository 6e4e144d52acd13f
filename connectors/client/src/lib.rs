//! The client of a gmbot server: [`Remote`] is the backend over HTTP, and [`wire`] holds what
//! client and server say to each other. Nothing of the server is in it.

#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::indexing_slicing))]

#[cfg(feature = "remote")]
mod changes;
#[cfg(feature = "remote")]
mod remote;
#[cfg(feature = "remote")]
mod transport;
pub mod wire;

#[cfg(feature = "remote")]
pub use remote::{Address, Remote};
