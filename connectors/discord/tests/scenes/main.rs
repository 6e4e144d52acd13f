//! The connector on a fake Discord, scene by scene.

mod answers;
mod kills;
mod town;
mod wars;
