//! A challenge through the backend: what the engine, its JSON and the hand-over between threads
//! cost, beside the bare rows.

use gmbot_bench::Failure;
use gmbot_bench::bare::{self, Script, Writer};
use gmbot_bench::data::Scratch;
use gmbot_bench::page::{Goal, Line, time};
use gmbot_bench::sample::{Series, spend};
use gmbot_bench::world::{self, Challenge};

/// How often both take their turn, and how many challenges one makes then.
const ROUNDS: usize = 25;
const TIMES: usize = 100;

pub(crate) fn measure() -> Result<Vec<Line>, Failure> {
    // Where a sync costs nothing: what is left is the processor's work, as it is with NORMAL.
    let scratch = Scratch::in_memory()?;
    let challenges = world::challenges(ROUNDS * TIMES / world::OPEN_A_CLAN);
    let (scripts, [ours, bares]) = prepare(&scratch, &challenges)?;
    let statements = scripts.first().map_or(0, Script::statements);

    let backend = world::open(&ours)?;
    let db = bare::connect(&bares)?;
    let first = scripts.first().ok_or("there is nothing to do")?;
    let mut writer = Writer::new(&db, first)?;
    let (mut engine, mut yardstick) = (Series::default(), Series::default());
    for (challenges, scripts) in challenges.chunks(TIMES).zip(scripts.chunks(TIMES)) {
        let requests: Vec<_> = challenges.iter().map(|challenge| challenge.request()).collect();
        let per_one = |spent: std::time::Duration| spent.as_secs_f64() / TIMES as f64;
        let (spent, ()) = spend(|| {
            requests.into_iter().try_for_each(|request| world::submit(&backend, request))
        })?;
        engine.push(per_one(spent));
        let (spent, ()) =
            spend(|| scripts.iter().try_for_each(|script| writer.carry_out([script])))?;
        yardstick.push(per_one(spent));
    }
    drop((writer, backend));
    bare::must_be_equal(&ours, &bares)?;
    Ok(vec![Line {
        work: "`createwar` through the backend, one client, syncs free: processor time".to_owned(),
        took: time(engine.median()),
        yardstick: format!(
            "bare rusqlite, the same rows in {statements} statements: {}",
            time(yardstick.median())
        ),
        ratio: engine.per(&yardstick),
        goal: Goal::AtMost(1.5),
    }])
}

/// Two databases with the same clans, and the scripts of all challenges.
pub(crate) fn prepare(
    scratch: &Scratch,
    challenges: &[Challenge],
) -> Result<(Vec<Script>, [std::path::PathBuf; 2]), Failure> {
    let [template, recorded, ours, bares] =
        ["template.db", "recorded.db", "ours.db", "bare.db"].map(|name| scratch.path(name));
    let clans = challenges.iter().map(|challenge| challenge.clan + 1).max().unwrap_or(0);
    world::make(&template, clans)?;
    for copy in [&recorded, &ours, &bares] {
        std::fs::copy(&template, copy)?;
    }
    Ok((bare::record(&recorded, challenges)?, [ours, bares]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_yardstick_writes_what_gmbot_writes_and_a_row_less_is_noticed() {
        let scratch = Scratch::on_disk().unwrap();
        let challenges = world::challenges(2);
        let (scripts, [ours, bares]) = prepare(&scratch, &challenges).unwrap();
        let backend = world::open(&ours).unwrap();
        for challenge in &challenges {
            world::submit(&backend, challenge.request()).unwrap();
        }
        let db = bare::connect(&bares).unwrap();
        let mut writer = Writer::new(&db, &scripts[0]).unwrap();
        let (last, others) = scripts.split_last().unwrap();
        writer.carry_out(others).unwrap();
        assert!(bare::must_be_equal(&ours, &bares).is_err());
        writer.carry_out([last]).unwrap();
        bare::must_be_equal(&ours, &bares).unwrap();
    }
}
