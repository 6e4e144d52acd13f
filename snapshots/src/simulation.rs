//! A simulation: many clans on several platforms, people who follow the rules and people who don't,
//! a clock that jumps, and everything that goes wrong between a platform and a backend, or inside a
//! commit. After each step, what has to hold is checked; a seed says all that happens.
//!
//! ```no_run
//! use gmbot_snapshots::simulation::{Keep, Plan, simulate};
//!
//! let tally = simulate(&Plan::new(1, 10_000, Keep::Memory));
//! # drop(tally);
//! ```

use std::fmt;

use gmbot_backend::{Address, BackendError};

mod act;
mod backends;
mod broadcasts;
mod cast;
mod courier;
mod deeds;
mod dice;
mod look;
mod play;
mod rulebook;
mod script;
mod shrink;
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
    /// What the engine is held to.
    pub rules: Rules,
}

impl Plan {
    /// A plan by the rules as they are written.
    pub fn new(seed: u64, steps: u64, keep: Keep) -> Self {
        Self { seed, steps, keep, rules: Rules::default() }
    }
}

/// Where the database of a simulation lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// In memory, which is fast; a backend that crashed is replaced by another over the same memory.
    Memory,
    /// In a temporary file with two backends on it.
    File,
    /// On the server that [`simulate_on`] is told, with so many backends on it.
    Server(usize),
}

/// Numbers of the rules as the second reading of them has them. With others than the engine's a
/// simulation fails: so one sees that it would.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// What a draw gives to each side, but for wars between the same two before.
    pub drawn_glory: i64,
    /// How many challenges of a clan may be open.
    pub most_open: usize,
}

impl Default for Rules {
    fn default() -> Self {
        Self { drawn_glory: 5, most_open: 10 }
    }
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
    /// The few steps of it that fail as well, as a transcript; none where they were not looked for.
    pub transcript: Option<String>,
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
    /// A server was wanted that was not named.
    #[error("the plan wants a server, and was told none")]
    NoServer,
    /// The system gave no place for a temporary file.
    #[error("the system gave no temporary file: {0}; free some room and try again")]
    NoFile(String),
}

/// Fails because something does not hold.
fn broken<T>(what: String) -> Result<T, Trouble> {
    Err(Trouble::Broken(what))
}

impl Failure {
    fn new(plan: Plan, step: u64, deed: &str, trouble: Trouble) -> Box<Self> {
        Box::new(Self { plan, step, deed: deed.to_owned(), trouble, transcript: None })
    }
}

impl std::error::Error for Failure {}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Plan { seed, steps, keep, .. } = self.plan;
        let on_file = match keep {
            Keep::Memory => "",
            Keep::File => " --restarts",
            Keep::Server(_) => " --restarts, on the server",
        };
        let shortest = self.step.min(steps);
        writeln!(f, "seed {seed} failed at step {}: {}", self.step, self.trouble)?;
        writeln!(f, "the step: {}", self.deed)?;
        write!(f, "again: gmbot simulate --seed {seed} --steps {shortest}{on_file}")
    }
}

/// Plays a plan to its end. The same plan fails in the same way each time.
///
/// # Errors
/// The first thing that does not hold, with the step at which it was seen, and with a transcript of
/// the few steps that are needed for it.
pub fn simulate(plan: &Plan) -> Result<Tally, Box<Failure>> {
    play::Play::new(*plan).and_then(|play| play.run(|_| ())).map_err(shrink::explain)
}

/// The same with the database at an address, where nothing may be yet: `backends` of them take turns. What
/// fails is not played again.
///
/// # Errors
/// The first thing that does not hold, with the step at which it was seen.
pub fn simulate_on(
    address: Address,
    backends: usize,
    seed: u64,
    steps: u64,
) -> Result<Tally, Box<Failure>> {
    let plan = Plan::new(seed, steps, Keep::Server(backends));
    play::Play::at(plan, Some(address)).and_then(|play| play.run(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_how_to_see_it_again() {
        let plan = Plan::new(7, 5000, Keep::File);
        let trouble = Trouble::Broken("two clans accepted `k3xp2`".to_owned());
        let failure = Failure::new(plan, 31, "accept", trouble);
        assert_eq!(
            failure.to_string(),
            "seed 7 failed at step 31: two clans accepted `k3xp2`\n\
             the step: accept\n\
             again: gmbot simulate --seed 7 --steps 31 --restarts"
        );
    }
}
