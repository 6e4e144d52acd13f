//! Discord as a face: a server acts as a clan. This crate turns what Discord says into requests, and
//! replies and notices into what Discord shows. It decides nothing about wars.

#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::indexing_slicing))]

mod answer;
mod bot;
mod cards;
mod catch_up;
pub mod commands;
mod complete;
mod connector;
mod deliver;
mod form;
mod handler;
mod image;
mod interaction;
mod key;
mod life;
mod message;
mod options;
pub mod payload;
mod pending;
mod people;
mod react;
mod register;
mod render;
mod rest;
mod servers;
mod settings;

pub use connector::{ConnectError, Discord, PERMISSIONS, connect};
pub use register::Registered;
pub use render::{Capabilities, render};
pub use settings::Settings;
