//! A Discord on loopback, for tests: REST and gateway, as strict as the real one.
//!
//! [`Fake::start`] gives a Discord with nobody in it. A test makes guilds and people, lets a bot
//! built on serenity connect with [`Fake::http`], lets people talk, and looks at what they see.
//! What Discord would refuse is refused, in Discord's own words; a [`Fault`] makes things go wrong.
//!
//! It keeps its own thread, so that a test may wait without holding anything up.

mod call;
mod certificate;
mod channels;
mod clicks;
mod clock;
mod commands;
mod components;
mod describe;
mod fake;
mod faults;
mod form;
mod gateway;
mod guard;
mod guilds;
mod interactions;
mod life;
mod limits;
mod logs;
mod message;
mod messages;
mod openapi;
mod people;
mod permissions;
mod reactions;
mod refusal;
mod requests;
mod routes;
mod server;
mod sessions;
mod shared;
mod state;
mod users;

pub use fake::Fake;
pub use faults::Fault;
pub use interactions::{Callback, Interaction, Kind};
pub use logs::Unreadable;
pub use message::{Attachment, Message};
pub use openapi::{Checked, Description};
pub use requests::Request;
pub use state::{Channel, Guild, Handshakes, Member, Overwrite, Role, State, User};

use shared::Shared;
