//! The routes, a file for each family.

pub(crate) mod changes;
pub(crate) mod command;
pub(crate) mod due;
pub(crate) mod facts;
pub(crate) mod health;
pub(crate) mod line;
pub(crate) mod metrics;
pub(crate) mod outbox;
pub(crate) mod people;
pub(crate) mod proof;
pub(crate) mod reads;
pub(crate) mod requests;
pub(crate) mod submit;
