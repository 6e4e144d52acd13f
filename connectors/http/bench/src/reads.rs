//! A war read over HTTP.

use gmbot_bench::data::Scratch;
use gmbot_bench::page::{Goal, Line};
use gmbot_bench::{Failure, bare as rows, progress, world};

use crate::Arguments;
use crate::bare::{Place, reader};
use crate::load::{CONNECTIONS, Load, Measured};
use crate::running;

/// How many clans there are, with a war each.
const CLANS: usize = 1_000;

pub(crate) fn measure(arguments: &Arguments) -> Result<Vec<Line>, Failure> {
    progress("measuring reads");
    let scratch = Scratch::on_disk()?;
    let path = scratch.path("reads.db");
    world::make(&path, CLANS)?;
    rows::record(&path, &world::challenges(CLANS)[..CLANS])?;
    let wars = wars(&path)?;
    let load =
        Load::new(wars.iter().map(|id| format!("GET /api/v1/wars/{id}")), arguments.seconds)?;

    let (ours, caller) = running::gmbot(&path)?;
    let inline = running::bare(reader(&path, Place::Handler))?;
    let blocking = running::bare(reader(&path, Place::Blocking))?;
    let mut measured = CONNECTIONS.map(|_| [(); 3].map(|()| Measured::default()));
    for _ in 0..arguments.rounds {
        for (connections, measured) in CONNECTIONS.into_iter().zip(&mut measured) {
            for (server, measured) in [&ours, &inline, &blocking].into_iter().zip(measured) {
                load.send(server.address, &caller, connections, measured)?;
            }
        }
    }
    let line = |connections, ours: &Measured, yardstick: &str, other: &Measured, goal| Line {
        work: format!("`GET /api/v1/wars/ID`, {connections} at once"),
        took: ours.to_string(),
        yardstick: format!("{yardstick}: {other}"),
        ratio: ours.rate.per(&other.rate),
        goal,
    };
    let lines = CONNECTIONS.into_iter().zip(&measured).flat_map(|(connections, measured)| {
        let [ours, inline, blocking] = measured;
        [
            line(
                connections,
                ours,
                "one read on a thread where it may block",
                blocking,
                Goal::AtLeast(0.55),
            ),
            line(connections, ours, "one read in the handler itself", inline, Goal::AtLeast(0.55)),
        ]
    });
    Ok(lines.collect())
}

fn wars(path: &std::path::Path) -> Result<Vec<String>, Failure> {
    let db = rows::connect(path)?;
    let mut statement = db.prepare("SELECT id FROM wars ORDER BY id")?;
    let ids = statement.query_map([], |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}
