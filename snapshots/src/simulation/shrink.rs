//! Few steps that fail instead of many: steps are left out for as long as it still fails.

use super::act::Step;
use super::play::Play;
use super::{Failure, Plan, script};

/// The most steps of a failed simulation that are kept to be left out; all of a longer one would take
/// too much memory.
const MOST: u64 = 300_000;
/// How many steps are played again at most, in all; some more for a longer simulation.
const BUDGET: usize = 60_000;
/// What beginning and ending a simulation costs, in steps.
const AROUND: usize = 100;

/// Adds a transcript of the few steps that a failure needs.
pub(super) fn explain(mut failure: Box<Failure>) -> Box<Failure> {
    let Plan { steps, .. } = failure.plan;
    let plan = Plan { steps: failure.step.min(steps), ..failure.plan };
    if plan.steps > MOST {
        return failure;
    }
    let mut recorded = Vec::new();
    let again = Play::new(plan).and_then(|play| play.run(|step| recorded.push(step.clone())));
    if again.is_err() {
        let few = fewest(plan, recorded);
        failure.transcript = Some(script::write(&failure, &few));
    }
    failure
}

/// Leaves out ever shorter runs of steps, from the end to the beginning, until none can be spared.
fn fewest(plan: Plan, mut steps: Vec<Step>) -> Vec<Step> {
    let mut budget = BUDGET + 20 * steps.len();
    let mut length = steps.len().div_ceil(2);
    while length > 0 {
        let before = steps.len();
        let mut end = steps.len();
        while end > 0 {
            let begin = end.saturating_sub(length);
            let fewer = [steps.get(..begin), steps.get(end..)];
            let fewer: Vec<Step> = fewer.into_iter().flatten().flatten().cloned().collect();
            let Some(left) = budget.checked_sub(fewer.len() + AROUND) else { return steps };
            budget = left;
            if fails(plan, &fewer) {
                steps = fewer;
            }
            end = begin;
        }
        // Single steps may be spared once others are gone.
        if length > 1 || steps.len() == before {
            length /= 2;
        }
    }
    steps
}

fn fails(plan: Plan, steps: &[Step]) -> bool {
    Play::new(plan).and_then(|play| play.replay(steps, |_, _| ())).is_err()
}
