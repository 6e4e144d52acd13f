//! A bot built on serenity lives at the fake, as it would at Discord.

#![expect(clippy::result_large_err, reason = "the errors are serenity's")]

mod bot;
mod commands;
mod faults;
mod interactions;
mod messages;
mod openapi;
mod sessions;
