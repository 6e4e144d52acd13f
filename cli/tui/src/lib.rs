//! The TUI: the command language with eyes. A screen over any backend, which it reads by `view`,
//! hears of by `watch`, and changes by `submit` alone; it never claims notices.
//!
//! State, update and view are apart: `update` turns a state and an event into effects, `view` turns
//! a state into a screen, and neither waits for anything. Whatever waits does so in threads of its
//! own, in `worker`.

#![warn(missing_docs)]

mod act;
mod deadline;
mod dialog;
mod event;
mod feed;
mod keys;
mod layout;
mod line;
mod memory;
mod run;
mod screen;
mod seat;
#[cfg(unix)]
mod signals;
mod state;
#[cfg(test)]
mod tests;
mod text;
mod theme;
mod update;
mod view;
mod worker;
mod world;

pub use run::run;
pub use seat::{Clock, MakeRequest, Seat};
