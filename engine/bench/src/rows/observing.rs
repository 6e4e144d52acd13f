//! What it costs to be looked at: the backend with counts and times down to the statement, beside
//! itself without.

use std::path::Path;
use std::time::Duration;

use gmbot_backend::{Clock, Local, Options};

use gmbot_bench::Failure;
use gmbot_bench::data::Scratch;
use gmbot_bench::page::{Goal, Line, time};
use gmbot_bench::sample::{Series, spend};
use gmbot_bench::world;

/// How often both take their turn, and how many challenges one makes then.
const ROUNDS: usize = 25;
const TIMES: usize = 100;

pub(crate) fn measure() -> Result<Vec<Line>, Failure> {
    // Where a sync costs nothing, so that nothing hides what is added.
    let scratch = Scratch::in_memory()?;
    let challenges = world::challenges(ROUNDS * TIMES / world::OPEN_A_CLAN);
    let [seen, unseen] = ["seen.db", "unseen.db"].map(|name| scratch.path(name));
    world::make(&seen, ROUNDS * TIMES / world::OPEN_A_CLAN)?;
    std::fs::copy(&seen, &unseen)?;
    let (seen, unseen) = (open(&seen)?, world::open(&unseen)?);
    let (mut with, mut without) = (Series::default(), Series::default());
    for challenges in challenges.chunks(TIMES) {
        for (backend, series) in [(&seen, &mut with), (&unseen, &mut without)] {
            let requests: Vec<_> = challenges.iter().map(|one| one.request()).collect();
            let (spent, ()) = spend(|| {
                requests.into_iter().try_for_each(|request| world::submit(backend, request))
            })?;
            series.push(per_one(spent));
        }
    }
    Ok(vec![Line {
        work: "`createwar` through the backend, counted and timed: processor time".to_owned(),
        took: time(with.median()),
        yardstick: format!("itself, neither counted nor timed: {}", time(without.median())),
        ratio: with.per(&without),
        goal: Goal::AtMost(1.05),
    }])
}

fn per_one(spent: Duration) -> f64 {
    spent.as_secs_f64() / TIMES as f64
}

fn open(path: &Path) -> Result<Local, Failure> {
    let backend = Options::file(path).with_new_clock(Clock::Manual).with_metrics().open()?;
    backend.set_now(world::NOW)?;
    Ok(backend)
}
