//! A clan's rank and the first ten, among few clans and among a million.

use gmbot_engine::model::ClanId;
use gmbot_store::{Clock, Connection};

use crate::history;
use gmbot_bench::page::{Goal, Line, time};
use gmbot_bench::sample::{Series, spend};
use gmbot_bench::{Failure, bare};

/// How many clans there are.
const SIZES: [usize; 2] = [10_000, 1_000_000];
/// How often each takes its turn.
const ROUNDS: usize = 15;
/// What one would ask without counts of glory: an index holds all that it reads.
const COUNT: &str = "SELECT count(*) FROM standings WHERE game = -1 AND ranked = 1 AND glory >
    (SELECT glory FROM standings WHERE clan = ?1 AND game = -1)";

/// A database, open both ways.
struct Open {
    store: Connection,
    db: rusqlite::Connection,
    clans: Vec<ClanId>,
}

pub(crate) fn measure() -> Result<Vec<Line>, Failure> {
    let [few, many] = SIZES.map(history::of);
    let (few, many) = (open(few?)?, open(many?)?);
    let mut times = [(); 3].map(|()| Series::default());
    let [of_few, of_many, counted] = &mut times;
    for _ in 0..ROUNDS {
        of_few.push(ranked(&few)?);
        of_many.push(ranked(&many)?);
        counted.push(count(&many)?);
    }
    let [of_few, of_many, counted] = &times;
    let line = |yardstick: String, ratio, goal| Line {
        work: "rank of a clan and the first ten, 10⁶ clans".to_owned(),
        took: time(of_many.median()),
        yardstick,
        ratio,
        goal,
    };
    Ok(vec![
        line(
            format!("count(*) over an index, times as fast: {}", time(counted.median())),
            counted.per(of_many),
            Goal::AtLeast(50.0),
        ),
        line(
            format!("itself, 10⁴ clans: {}", time(of_few.median())),
            of_many.per(of_few),
            Goal::AtMost(12.0),
        ),
    ])
}

fn open(history: history::History) -> Result<Open, Failure> {
    let store = Connection::open(&history.path, Clock::Manual)?;
    let db = bare::connect(&history.path)?;
    Ok(Open { store, db, clans: history.clans })
}

/// What one answer takes, in seconds of the processor.
fn ranked(open: &Open) -> Result<f64, Failure> {
    let read = open.store.as_read();
    let (spent, ()) = spend(|| {
        for clan in &open.clans {
            read.rank(*clan, None)?.ok_or("a clan has no rank")?;
            read.leaders(None, None, 10)?;
        }
        Ok(())
    })?;
    Ok(spent.as_secs_f64() / open.clans.len() as f64)
}

/// The same by counting who is ahead; held to say the same.
fn count(open: &Open) -> Result<f64, Failure> {
    let mut statement = open.db.prepare_cached(COUNT)?;
    let (spent, ahead) = spend(|| {
        let ask = |clan: &ClanId| statement.query_row([clan.as_str()], |row| row.get::<_, u64>(0));
        Ok(open.clans.iter().map(ask).collect::<Result<Vec<_>, _>>()?)
    })?;
    for (clan, ahead) in open.clans.iter().zip(ahead) {
        let rank = open.store.as_read().rank(*clan, None)?.map(|ranked| ranked.rank);
        if rank != Some(ahead + 1) {
            return Err(format!("{clan} has rank {rank:?}, but {ahead} clans are ahead").into());
        }
    }
    Ok(spent.as_secs_f64() / open.clans.len() as f64)
}
