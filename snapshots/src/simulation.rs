//! A simulation: many clans on several platforms, people who follow the rules and people who don't,
//! a clock that jumps, and everything that goes wrong between a platform and a backend. After each
//! step, what has to hold is checked; a seed says all that happens.
//!
//! ```no_run
//! use gmbot_snapshots::simulation::{Keep, Plan, simulate};
//!
//! let tally = simulate(&Plan { seed: 1, steps: 10_000, keep: Keep::Memory });
//! # drop(tally);
//! ```

use std::fmt;

use gmbot_backend::BackendError;

mod cast;
mod courier;
mod deeds;
mod dice;
mod look;
mod play;
mod rulebook;
mod tally;

pub use tally::Tally;

/// What is to be simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// What all chance depends on.
    pub seed: u64,
    /// How many things happen.
    pub steps: u64,
    /// Where the database lies.
    pub keep: Keep,
}

/// Where the database of a simulation lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// In memory: fast, and never restarted.
    Memory,
    /// In a temporary file with two backends on it, which are restarted now and then.
    File,
}

/// A simulation that did not end well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What was simulated.
    pub plan: Plan,
    /// At which step it failed, from 1; one more than there are steps if it was at the end.
    pub step: u64,
    /// What was done in that step.
    pub deed: String,
    /// What does not hold, or what failed outside.
    pub trouble: Trouble,
}

/// Why a simulation stops.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// Something does not hold that has to.
    #[error("{0}")]
    Broken(String),
    /// The backend failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// The system gave no place for a temporary file.
    #[error("the system gave no temporary file: {0}; free some room and try again")]
    NoFile(String),
}

impl std::error::Error for Failure {}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Plan { seed, steps, keep } = self.plan;
        let on_file = if keep == Keep::File { " --restarts" } else { "" };
        let shortest = self.step.min(steps);
        writeln!(f, "seed {seed} failed at step {}: {}", self.step, self.trouble)?;
        writeln!(f, "the step: {}", self.deed)?;
        write!(f, "again: gmbot simulate --seed {seed} --steps {shortest}{on_file}")
    }
}

/// Plays a plan to its end. The same plan fails in the same way each time.
///
/// # Errors
/// The first thing that does not hold, with the step at which it was seen: nothing that comes later
/// in the plan matters for it, so that a plan with as many steps is the shortest that shows it. What
/// only shows at the end is looked for in shorter plans, too.
pub fn simulate(plan: &Plan) -> Result<Tally, Box<Failure>> {
    play(*plan)
        .map_err(|failure| if failure.step > plan.steps { shorten(failure) } else { failure })
}

fn play(plan: Plan) -> Result<Tally, Box<Failure>> {
    play::Play::new(plan).and_then(play::Play::run)
}

/// Halves the steps until half of them are too few to fail.
fn shorten(failure: Box<Failure>) -> Box<Failure> {
    let (mut shortest, mut too_few) = (failure, 0);
    while shortest.step.min(shortest.plan.steps) > too_few + 1 {
        let steps = too_few + (shortest.step.min(shortest.plan.steps) - too_few) / 2;
        match play(Plan { steps, ..shortest.plan }) {
            Ok(_) => too_few = steps,
            Err(shorter) => shortest = shorter,
        }
    }
    shortest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_how_to_see_it_again() {
        let plan = Plan { seed: 7, steps: 5000, keep: Keep::File };
        let trouble = Trouble::Broken("two clans accepted `k3xp2`".to_owned());
        let failure = Failure { plan, step: 31, deed: "accept".to_owned(), trouble };
        assert_eq!(
            failure.to_string(),
            "seed 7 failed at step 31: two clans accepted `k3xp2`\n\
             the step: accept\n\
             again: gmbot simulate --seed 7 --steps 31 --restarts"
        );
    }
}
