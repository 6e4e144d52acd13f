//! Challenges over HTTP, each durable before it is answered.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use gmbot_bench::bare::{self as rows, GROUP, Script};
use gmbot_bench::data::Scratch;
use gmbot_bench::page::{Goal, Line};
use gmbot_bench::world::{self, Challenge};
use gmbot_bench::{Failure, progress};
use gmbot_engine::request::AccountRef;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::Arguments;
use crate::bare::writer;
use crate::load::{CONNECTIONS, Caller, Load, Measured};
use crate::running;

/// How many clans there are; each can have ten challenges out.
const CLANS: usize = 2_000;
/// How many bytes an answer of gmbot has, about.
const ANSWER: usize = 1_200;
/// The tables that a challenge writes rows to, its own first.
const TABLES: [&str; 6] = ["wars", "clan_wars", "line_ups", "broadcasts", "processed", "log"];

pub(crate) fn measure(arguments: &Arguments) -> Result<Vec<Line>, Failure> {
    progress("measuring challenges");
    let scratch = Scratch::in_memory()?;
    let [template, recorded] = ["template.db", "recorded.db"].map(|name| scratch.path(name));
    world::make(&template, CLANS)?;
    fs::copy(&template, &recorded)?;
    let challenges = world::challenges(CLANS);
    let scripts: Vec<Arc<Script>> =
        rows::record(&recorded, &challenges)?.into_iter().map(Arc::new).collect();
    let load = Load::new(challenges.iter().map(|challenge| asked(*challenge)), arguments.seconds)?;

    let answer = json!({"text": "x".repeat(ANSWER)}).to_string();
    let mut measured = CONNECTIONS.map(|_| [(); 3].map(|()| Measured::default()));
    for _ in 0..arguments.rounds {
        for (connections, [ours, grouped, single]) in CONNECTIONS.into_iter().zip(&mut measured) {
            let made = with_gmbot(&template, &load, connections, ours)?;
            for (group, measured) in [(GROUP, grouped), (1, single)] {
                let bare = without(&template, &load, connections, measured, |path| {
                    writer(path, &scripts, group, &answer)
                })?;
                if made != bare {
                    return Err(
                        format!("rows a challenge: gmbot {made:?}, yardstick {bare:?}").into()
                    );
                }
            }
        }
    }
    let line = |connections, ours: &Measured, yardstick: &str, other: &Measured, goal| Line {
        work: format!("`POST /createwar`, durable, {connections} at once"),
        took: ours.to_string(),
        yardstick: format!("{yardstick}: {other}"),
        ratio: ours.rate.per(&other.rate),
        goal,
    };
    let lines = CONNECTIONS.into_iter().zip(&measured).flat_map(|(connections, measured)| {
        let [ours, grouped, single] = measured;
        [
            line(connections, ours, "the same rows with group commit", grouped, Goal::AtLeast(0.6)),
            line(connections, ours, "the same rows, a commit each", single, Goal::None),
        ]
    });
    Ok(lines.collect())
}

/// A challenge as a client of the server asks for it.
fn asked(challenge: Challenge) -> String {
    let named = |account: AccountRef| json!({"id": account.id, "name": account.name});
    let [leader, one, two] = challenge.people().map(named);
    let space = challenge.space().id;
    let body: Value = json!({
        "server": {"name": format!("Clan {}", challenge.clan), "id": space},
        "actor": leader, "players": [one, two], "game": 4, "format": "ft3",
    });
    format!("POST /createwar {body}")
}

/// Rows of each table for each challenge.
type Rows = Vec<(&'static str, u64)>;

fn with_gmbot(
    template: &Path,
    load: &Load,
    connections: u32,
    measured: &mut Measured,
) -> Result<Rows, Failure> {
    let scratch = Scratch::on_disk()?;
    let path = scratch.path("ours.db");
    fs::copy(template, &path)?;
    let (server, caller) = running::gmbot(&path)?;
    load.send(server.address, &caller, connections, measured)?;
    drop(server);
    rows_a_challenge(template, &path)
}

fn without(
    template: &Path,
    load: &Load,
    connections: u32,
    measured: &mut Measured,
    routes: impl FnOnce(&Path) -> Router,
) -> Result<Rows, Failure> {
    let scratch = Scratch::on_disk()?;
    let path = scratch.path("bare.db");
    fs::copy(template, &path)?;
    let server = running::bare(routes(&path))?;
    load.send(server.address, &Caller::default(), connections, measured)?;
    drop(server);
    rows_a_challenge(template, &path)
}

/// How many rows there are for each challenge that a database has and its template does not.
fn rows_a_challenge(template: &Path, path: &Path) -> Result<Rows, Failure> {
    let (before, after) = (rows::connect(template)?, rows::connect(path)?);
    // What was under way when wrk ended may still be written.
    after.execute_batch("BEGIN")?;
    let new = |table: &str| -> Result<u64, Failure> {
        let count = format!("SELECT count(*) FROM {table}");
        let rows = |db: &Connection| db.query_row(&count, [], |row| row.get::<_, u64>(0));
        Ok(rows(&after)? - rows(&before)?)
    };
    let challenges = new(TABLES[0])?;
    let each = TABLES.into_iter().map(|table| match (new(table)?, challenges) {
        (rows, 1..) if rows % challenges == 0 => Ok((table, rows / challenges)),
        (rows, _) => Err(format!("{rows} rows in `{table}` for {challenges} challenges").into()),
    });
    each.collect()
}
