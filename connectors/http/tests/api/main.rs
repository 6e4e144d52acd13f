//! The server over real connections: commands, keys, bounds, and the remote backend.

mod bodies;
mod commands;
mod connections;
mod keys;
mod remote;
#[path = "../support/served.rs"]
mod served;
