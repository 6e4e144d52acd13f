//! Transcripts: conversations as files, and the runner that holds any face to them.
//!
//! A transcript (`.gmt`) says who says what, what the bot answers and what others are told. The same
//! file runs on every face that implements [`Face`]; [`Engine`] is the face without a platform. The
//! format is described in `docs/transcripts.md`.

#![warn(missing_docs)]

mod bless;
mod check;
pub mod coverage;
mod engine;
pub mod face;
mod files;
pub mod format;
mod report;
mod run;
pub mod simulation;
pub mod world;

pub use engine::{Engine, Keep};
pub use face::{Ability, Answer, Face, FaceError, Message, SEED};
pub use files::{name_of, transcripts_in};
pub use format::Transcript;
pub use report::{Failure, Report};
pub use run::{Mode, run, run_files};
pub use world::World;
