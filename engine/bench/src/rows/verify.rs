//! Replaying the log and comparing every row.

use gmbot_store::{Clock, Connection};

use crate::history;
use gmbot_bench::Failure;
use gmbot_bench::page::{Goal, Line, figure, time};
use gmbot_bench::sample::{Series, spend};

/// How many wars there are.
const WARS: usize = 10_000;
/// How often it is done.
const ROUNDS: usize = 5;
/// How many events a second it ought to be.
const GOAL: f64 = 200_000.0;

pub(crate) fn measure() -> Result<Vec<Line>, Failure> {
    let store = Connection::open(&history::of(WARS)?.path, Clock::Manual)?;
    let (mut times, mut rates) = (Series::default(), Series::default());
    let mut events = 0;
    for _ in 0..ROUNDS {
        let (spent, found) = spend(|| Ok(store.verify(|_done, _of| {})?))?;
        if !found.is_sound() {
            return Err(format!("the history is not sound: {:?}", found.differences).into());
        }
        events = found.events;
        times.time(spent);
        rates.push(found.events as f64 / spent.as_secs_f64());
    }
    Ok(vec![Line {
        work: format!("`verify`: {} events replayed, all rows compared", figure(events as f64)),
        took: time(times.median()),
        yardstick: "events a second of the processor".to_owned(),
        ratio: rates.median(),
        goal: Goal::AtLeast(GOAL),
    }])
}
