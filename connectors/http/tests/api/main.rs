//! The server over real connections: commands, keys, bounds, pages, and the remote backend.

mod bodies;
mod commands;
mod connections;
mod document;
mod due;
mod facts;
mod keys;
mod observing;
#[cfg(feature = "web")]
mod pages;
mod remote;
#[path = "../support/served.rs"]
mod served;
