//! What falls due by itself: deadlines of wars, and broadcasts that go on after their commit.

use std::collections::BTreeMap;

use gmbot_engine::model::{AtMs, WarId};
use gmbot_engine::request::Fact;
use gmbot_engine::rules;
use gmbot_engine::store::Stored;
use gmbot_store::Connection;
use tracing::info_span;

use crate::BackendError;
use crate::inner::Inner;
use crate::observing::Course;
use crate::submission::fact;
use crate::writer::News;

/// How many wars are looked up at a time.
const PAGE: usize = 64;

/// A kind of work that wars wait for.
struct Queue {
    /// How its facts' keys begin.
    name: &'static str,
    /// The wars that wait, the most urgent first.
    waiting: fn(&Connection, AtMs, usize) -> Stored<Vec<WarId>>,
    /// What the engine is told of each, one transaction at a time.
    fact: fn(WarId) -> Fact,
    /// How often it is told of one war in a run; what waits even then is left to the next run, so
    /// that it can't hold up the others.
    most: u32,
}

/// Wars whose deadline has passed.
const TICKS: Queue = Queue {
    name: "tick",
    waiting: |db, now, limit| db.due(now, limit),
    fact: |war| Fact::Tick { war },
    most: 8,
};

/// Challenges that not all clans have heard of yet; each time one page of clans does.
const BROADCASTS: Queue = Queue {
    name: "broadcast",
    waiting: |db, _, limit| db.broadcasts(limit),
    fact: |war| Fact::Broadcast { war },
    most: 100_000,
};

/// Runs what is due until nothing is. One war that fails does not hold up the others.
///
/// # Errors
/// The first failure, when everything else was tried.
pub(crate) fn run(inner: &Inner) -> Result<(), BackendError> {
    let ticks = run_queue(inner, &TICKS);
    let broadcasts = run_queue(inner, &BROADCASTS);
    ticks.and(broadcasts)
}

fn run_queue(inner: &Inner, queue: &Queue) -> Result<(), BackendError> {
    let mut told = BTreeMap::<WarId, u32>::new();
    let mut given_up = 0;
    let mut outcome = Ok(());
    loop {
        let now = inner.time.now();
        // Wars that were given up may still lead the list: look past them.
        let waiting = inner.readers.read(|db| (queue.waiting)(db, now, PAGE + given_up))?;
        let mut idle = true;
        for war in waiting {
            let times = told.entry(war).or_default();
            if *times >= queue.most {
                continue;
            }
            idle = false;
            let key = format!("{}/{war}/{}/{times}", queue.name, now.0);
            let span = info_span!("due", kind = queue.name, %war);
            let ended = span.in_scope(|| tell(inner, key, (queue.fact)(war)));
            *times = if ended.is_ok() { *times + 1 } else { queue.most };
            given_up += usize::from(*times == queue.most);
            outcome = outcome.and(ended);
        }
        if idle {
            return outcome;
        }
    }
}

/// Has the engine take note of a fact of the backend's own. Such facts are not remembered: what was
/// settled once is not due again.
fn tell(inner: &Inner, key: String, what: Fact) -> Result<(), BackendError> {
    let entropy = inner.entropy.draw_for_fact(&key)?;
    let request = fact(key, what);
    inner.writer.call(News::Tell, move |db, now| {
        rules::decide(db.as_store(), &request, now, entropy, &Course::default())?;
        Ok(())
    })
}
