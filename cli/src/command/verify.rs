//! `gmbot verify`: replays the log into an empty store and compares the two.

use gmbot_engine::store::Stored;
use gmbot_store::{Clock, Connection, Verification};

use crate::config::Settings;
use crate::database;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::progress::Progress;

pub(crate) fn run(settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let store = Connection::connect(&database::existing(settings)?, Clock::System)?;
    let found = with_progress(&store)?;
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

/// Verifies a store, and shows how far that is.
pub(crate) fn with_progress(store: &Connection) -> Stored<Verification> {
    let mut progress = Progress::new("replaying");
    store.verify(|done, all| progress.at(done, all))
}
