//! The connector on a homeserver in memory, scene by scene.

#[path = "../support/homeserver.rs"]
mod homeserver;
mod kills;
mod people;
mod rooms;
mod store;
mod town;
mod wars;
