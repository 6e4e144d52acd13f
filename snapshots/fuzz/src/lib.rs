//! What is fuzzed: a plain function a target, from any bytes to a panic where a promise is broken.
//!
//! libFuzzer calls them from `targets/`; ordinary tests call them with the seeds, with all that was
//! ever found, and with a bounded number of random changes to both.

#![warn(missing_docs)]

pub mod complete;
pub mod events;
pub mod parse;
mod place;
pub mod request;
pub mod seeds;
pub mod transcript;

/// Something that is fuzzed.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name, and that of the folder of what was found by it.
    pub name: &'static str,
    /// Does with some bytes whatever the target does; panics where a promise is broken.
    pub run: fn(&[u8]),
    /// Inputs to begin with, as the project has them.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// The longest input that is worth trying, in bytes.
    pub longest: usize,
}

/// All targets.
pub const TARGETS: [Target; 5] = [
    Target { name: "parse", run: parse::run, seeds: seeds::parse, longest: 4_200 },
    Target { name: "complete", run: complete::run, seeds: seeds::complete, longest: 1_000 },
    Target { name: "request", run: request::run, seeds: seeds::request, longest: 3_000 },
    Target { name: "events", run: events::run, seeds: seeds::events, longest: 20_000 },
    Target { name: "transcript", run: transcript::run, seeds: seeds::transcript, longest: 6_000 },
];
