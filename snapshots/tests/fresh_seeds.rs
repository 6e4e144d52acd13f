//! A hundred short simulations with seeds that nobody has seen before.

use std::io::{Write as _, stderr};
use std::time::{SystemTime, UNIX_EPOCH};

use gmbot_snapshots::simulation::{Keep, Plan, simulate};

/// How many seeds are played.
const SEEDS: u64 = 100;
/// How many steps each is played: enough for some wars to end.
const STEPS: u64 = 80;

/// `GMBOT_SEED` is the first of them, to see again what failed elsewhere.
#[test]
fn a_hundred_fresh_seeds_end_well() {
    let given = std::env::var("GMBOT_SEED").ok();
    let base: u64 = match given {
        Some(seed) => seed.parse().expect("GMBOT_SEED is a number"),
        None => SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs(),
    };
    // Past what catches the output of tests that pass, so that it is always there to be seen.
    let last = base + SEEDS - 1;
    writeln!(stderr(), "seeds {base} to {last}; GMBOT_SEED={base} plays them again").unwrap();
    for seed in base..=last {
        if let Err(failure) = simulate(&Plan::new(seed, STEPS, Keep::Memory)) {
            panic!("{failure}\n\n{}", failure.transcript.as_deref().unwrap_or_default());
        }
    }
}
