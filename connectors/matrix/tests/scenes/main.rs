//! The connector on a homeserver in memory, scene by scene.

#[path = "../support/homeserver.rs"]
#[expect(dead_code, reason = "transcripts need more of it")]
mod homeserver;
mod kills;
mod people;
mod rooms;
mod store;
mod town;
mod wars;
