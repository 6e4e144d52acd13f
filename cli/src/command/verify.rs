//! `gmbot verify`: replays the log into an empty store and compares the two.

use gmbot_engine::store::Stored;
use gmbot_store::{Clock, Connection, Verification};
use serde::Serialize;

use crate::config::Settings;
use crate::database;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::options::Options;
use crate::output::Output;
use crate::progress::Progress;

/// What was found, for programs.
#[derive(Serialize)]
struct Json {
    sound: bool,
    events: u64,
    rows: u64,
    differing: u64,
    /// What is wrong with the file, then rows that are not what the log says; not all of many.
    troubles: Vec<String>,
}

pub(crate) fn run(
    options: &Options,
    settings: &Settings,
    output: &Output,
) -> Result<Exit, Failure> {
    let store = Connection::connect(&database::existing(settings)?, Clock::System)?;
    let found = with_progress(&store)?;
    if options.json {
        output.json(&Json::from(&found))?;
        return Ok(if found.is_sound() { Exit::Done } else { Exit::Failed });
    }
    for trouble in &found.integrity {
        output.line(&format!("the file is damaged: {trouble}"))?;
    }
    for difference in &found.differences {
        output.line(&difference.to_string())?;
    }
    let (events, rows) = (found.events, found.rows);
    if found.is_sound() {
        output.line(&format!("sound: {events} events replayed, {rows} rows compared"))?;
        return Ok(Exit::Done);
    }
    let differing = found.differing;
    output.line(&format!(
        "not sound: {differing} of {rows} rows are not what {events} events say; \
         keep a copy of the file and restore a backup"
    ))?;
    Ok(Exit::Failed)
}

impl From<&Verification> for Json {
    fn from(found: &Verification) -> Self {
        let differences = found.differences.iter().map(ToString::to_string);
        Self {
            sound: found.is_sound(),
            events: found.events,
            rows: found.rows,
            differing: found.differing,
            troubles: found.integrity.iter().cloned().chain(differences).collect(),
        }
    }
}

/// Verifies a store, and shows how far that is.
pub(crate) fn with_progress(store: &Connection) -> Stored<Verification> {
    let mut progress = Progress::new("replaying");
    store.verify(|done, all| progress.at(done, all))
}
