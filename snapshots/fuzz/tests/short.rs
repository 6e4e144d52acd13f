//! The short run of the fuzz targets, without libFuzzer: the seeds, what was found before, and a
//! bounded number of random changes to both, the same in every run. `just fuzz` is the long one.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use gmbot_fuzz::{TARGETS, Target, seeds};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};

fn target(name: &str) -> &'static Target {
    TARGETS.iter().find(|target| target.name == name).expect("there is such a target")
}

/// Runs an input; a panic tells which it was.
fn tried(target: &Target, what: &str, input: &[u8]) {
    if catch_unwind(AssertUnwindSafe(|| (target.run)(input))).is_err() {
        panic!("`{}` breaks at {what}: {}", target.name, input.escape_ascii());
    }
}

/// What was found before, by name of the file.
fn found(target: &Target) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("found").join(target.name);
    let Ok(entries) = std::fs::read_dir(&folder) else { return Vec::new() };
    let read = |path: std::path::PathBuf| {
        let bytes = std::fs::read(&path).expect("what was found can be read");
        (path.file_name().expect("a file has a name").to_string_lossy().into_owned(), bytes)
    };
    entries.map(|entry| read(entry.expect("the folder can be listed").path())).collect()
}

/// The seeds, what was found, and so many changed ones.
fn short(name: &str, changes: usize) {
    let target = target(name);
    let mut inputs = (target.seeds)();
    assert!(!inputs.is_empty());
    for (number, seed) in inputs.iter().enumerate() {
        tried(target, &format!("seed {number}"), seed);
    }
    for (file, input) in found(target) {
        tried(target, &file, &input);
        inputs.push(input);
    }
    let mut chance = Chance::new(target.name);
    for number in 0..changes {
        let input = chance.changed(&inputs, target.longest);
        tried(target, &format!("change {number}"), &input);
    }
}

/// All chance of a run: a stream of its own for each target.
struct Chance {
    random: ChaCha8Rng,
    words: Vec<String>,
}

impl Chance {
    fn new(name: &str) -> Self {
        let seed = name.bytes().fold(7, |seed: u64, byte| seed * 31 + u64::from(byte));
        Self { random: ChaCha8Rng::seed_from_u64(seed), words: seeds::dictionary() }
    }

    /// A number below `end`; 0 if `end` is 0.
    fn below(&mut self, end: usize) -> usize {
        (self.random.next_u64() % end.max(1) as u64) as usize
    }

    /// One of the inputs with a few changes.
    fn changed(&mut self, inputs: &[Vec<u8>], longest: usize) -> Vec<u8> {
        let mut input = inputs[self.below(inputs.len())].clone();
        for _ in 0..=self.below(4) {
            self.change(&mut input, inputs);
        }
        input.truncate(longest);
        input
    }

    fn change(&mut self, input: &mut Vec<u8>, inputs: &[Vec<u8>]) {
        let start = self.below(input.len() + 1);
        let end = start + self.below((input.len() - start + 1).min(24));
        match self.below(6) {
            0 => drop(input.drain(start..end)),
            1 => {
                let part = input[start..end].to_vec();
                input.splice(start..start, part);
            }
            2 if start < input.len() => input[start] ^= 1 << self.below(8),
            3 => {
                let other = &inputs[self.below(inputs.len())];
                let from = self.below(other.len() + 1);
                input.truncate(start);
                input.extend_from_slice(&other[from..]);
            }
            _ => {
                let word = self.below(self.words.len());
                input.splice(start..end, self.words[word].bytes());
            }
        }
    }
}

#[test]
fn parse() {
    short("parse", 8_000);
}

#[test]
fn complete() {
    short("complete", 5_000);
}

#[test]
fn request() {
    short("request", 100);
}

#[test]
fn events() {
    short("events", 400);
}

#[test]
fn transcript() {
    short("transcript", 200);
}

#[test]
fn what_was_found_belongs_to_a_target() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("found");
    for entry in std::fs::read_dir(&folder).expect("the folder is there") {
        let name = entry.expect("the folder can be listed").file_name();
        assert!(TARGETS.iter().any(|target| *target.name == *name), "{name:?} is no target");
    }
}
