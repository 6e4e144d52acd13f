//! Matrix as a face: a room acts as a clan. This crate turns what Matrix says into requests, and
//! replies and notices into what Matrix shows. It decides nothing about wars.

#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::indexing_slicing))]

mod answer;
mod bot;
mod card;
mod cards;
mod catch_up;
mod connector;
mod deliver;
mod encryption;
mod image;
mod invites;
mod key;
mod life;
mod line;
mod message;
mod people;
mod react;
mod render;
mod rooms;
mod send;
mod session;
mod settings;
mod sync;
mod trouble;
mod undecrypted;

pub use connector::{Matrix, connect};
pub use render::{COLUMNS, LARGEST, Message, render};
pub use send::payloads;
pub use session::ConnectError;
pub use settings::{Credentials, Recovery, Settings};
