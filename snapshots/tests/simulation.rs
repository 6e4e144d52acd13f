//! A few simulations with fixed seeds; `just simulate` plays others.

use gmbot_snapshots::simulation::{Keep, Plan, simulate};

fn ends_well(seed: u64, keep: Keep) {
    if let Err(failure) = simulate(&Plan::new(seed, 2000, keep)) {
        panic!("{failure}\n\n{}", failure.transcript.as_deref().unwrap_or_default());
    }
}

#[test]
fn seed_1_in_memory() {
    ends_well(1, Keep::Memory);
}

#[test]
fn seed_2_in_memory() {
    ends_well(2, Keep::Memory);
}

#[test]
fn seed_3_in_memory() {
    ends_well(3, Keep::Memory);
}

#[test]
fn seed_4_with_restarts() {
    ends_well(4, Keep::File);
}

#[test]
fn seed_5_with_restarts() {
    ends_well(5, Keep::File);
}

#[test]
fn the_same_seed_plays_the_same() {
    let plan = Plan::new(6, 300, Keep::Memory);
    assert_eq!(simulate(&plan), simulate(&plan));
}
