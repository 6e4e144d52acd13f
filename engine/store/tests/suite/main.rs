//! The store from outside: what it answers, what it replays, and which files it takes.

mod conformance;
mod files;
mod place;
mod replay;
mod world;
