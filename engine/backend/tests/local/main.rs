//! The backend over the real engine and the real store.

mod completion;
mod faults;
mod idempotency;
mod keys;
mod outbox;
mod people;
mod sharing;
mod time;
