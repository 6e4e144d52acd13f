//! `gmbot log`: prints the log, one event a line as JSON, for reading and for programs.

use gmbot_engine::event::Recorded;
use gmbot_store::{Clock, Connection};
use serde::Serialize;

use crate::config::Settings;
use crate::database;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// How many events are read at a time.
const PAGE: usize = 500;

/// A line of the log.
#[derive(Serialize)]
struct Entry<'a> {
    /// Its place in the log.
    number: i64,
    #[serde(flatten)]
    recorded: &'a Recorded,
}

pub(crate) fn run(settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let store = Connection::connect(&database::existing(settings)?, Clock::System)?;
    let mut after = 0;
    loop {
        let page = store.log(after, PAGE)?;
        for (number, recorded) in &page {
            output.json(&Entry { number: *number, recorded })?;
            after = *number;
        }
        if page.is_empty() {
            return Ok(Exit::Done);
        }
    }
}
