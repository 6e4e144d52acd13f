//! The store from outside: what it answers, what it replays, and which files it takes.

mod conformance;
mod files;
mod moving;
mod place;
mod replay;
#[cfg(feature = "postgres")]
mod together;
mod world;
