//! The server over real connections: commands, keys, bounds, and the remote backend.

mod commands;
mod keys;
#[path = "../support/served.rs"]
mod served;
