//! The server: every command as a POST, reads as GETs, and what trusted connectors need, over any
//! backend. It holds no rule: a body becomes a request, a reply becomes JSON.
//!
//! | module | what is in it |
//! | --- | --- |
//! | `server` | connections: accepting, time-outs, shutdown |
//! | `app` | what all routes share, and the table of routes |
//! | `caller` | who calls: keys, scopes, limits |
//! | `body`, `json` | reading bodies within bounds |
//! | `document` | the API document |
//! | `answer`, `problem` | replies and the server's own refusals as responses |
//! | `observe`, `metrics` | spans, ids, times, the access log, what Prometheus reads |
//! | `routes` | one file for each family of routes |
//! | `pages` | what browsers see, with the feature `web` |

#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::indexing_slicing))]

mod answer;
mod app;
mod body;
mod caller;
mod document;
mod files;
mod json;
mod limits;
mod metrics;
mod observe;
#[cfg(feature = "web")]
mod pages;
mod pool;
mod problem;
mod routes;
mod server;
mod settings;

pub use server::{ServeError, Server};
pub use settings::Settings;
#[cfg(feature = "web")]
pub use settings::{BadContact, DiscordInvite, MatrixUser, Pages};
