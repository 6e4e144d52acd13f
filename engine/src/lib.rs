//! The engine of gmbot: a pure function from a request, the time, some entropy and a store's
//! contents to events, notices and a reply.
//!
//! Nothing in here reads a clock, draws a random number, opens a file or waits. Whatever decides in
//! gmbot is in this crate, and nowhere else.

#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::indexing_slicing))]

pub mod event;
pub mod grammar;
pub mod model;
pub mod render;
pub mod reply;
pub mod request;
pub mod rules;
pub mod store;
pub mod view;

pub use reply::Reply;
pub use request::Request;
