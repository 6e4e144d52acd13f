//! The TUI: the command language with eyes. A screen over any backend, which it reads by `view`,
//! hears of by `watch`, and changes by `submit` alone; it never claims notices.
//!
//! State, update and view are apart: [`update`](update::update) turns a [`State`] and an [`Event`]
//! into [`Effect`]s, [`draw`](view::draw) turns a state into a screen, and neither waits for
//! anything. Whatever waits does so in threads of its own.

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

pub use event::{Effect, Event};
pub use run::run;
pub use seat::{Clock, MakeRequest, Seat};
pub use state::State;
