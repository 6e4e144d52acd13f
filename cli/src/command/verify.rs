//! `gmbot verify`: replays the log into an empty store and compares the two.

use gmbot_store::{Clock, Sqlite};

use crate::database;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::options::Options;
use crate::output::Output;

pub(crate) fn run(options: &Options, output: &Output) -> Result<Exit, Failure> {
    let store = Sqlite::open(&database::existing(options)?, Clock::System)?;
    let found = store.verify(|_done, _of| {})?;
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
