//! Discord as a face: a server acts as a clan. This crate turns what Discord says into requests, and
//! replies and notices into what Discord shows. It decides nothing about wars.

#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::indexing_slicing))]

pub mod commands;
pub mod payload;
mod render;

pub use render::{Capabilities, render};
