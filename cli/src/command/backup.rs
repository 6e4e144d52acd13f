//! `gmbot backup FILE`: a copy of the database in one file, made while others use it.

use std::path::Path;

use gmbot_store::{Clock, Connection};
use serde::Serialize;

use crate::config::Settings;
use crate::database;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::options::Options;
use crate::output::Output;
use crate::place::Draft;
use crate::progress::Progress;

/// What was saved, for programs.
#[derive(Serialize)]
struct Json<'a> {
    file: &'a Path,
    events: u64,
}

pub(crate) fn run(
    options: &Options,
    settings: &Settings,
    file: &Path,
    output: &Output,
) -> Result<Exit, Failure> {
    let from = database::existing_file(settings)?;
    let draft = Draft::new(file)?;
    // Before there is anything in it.
    draft.guard_like(&from)?;
    let store = Connection::open(&from, Clock::System)?;
    let (mut copying, mut replaying) = (Progress::new("copying"), Progress::new("replaying"));
    let found = store.back_up(
        draft.path(),
        |done, all| copying.at(done, all),
        |done, all| replaying.at(done, all),
    )?;
    drop((copying, replaying));
    if !found.is_sound() {
        return Err(Failure::UnsoundSource(from));
    }
    draft.publish()?;
    if options.json {
        output.json(&Json { file, events: found.events })?;
        return Ok(Exit::Done);
    }
    output.line(&format!("saved {} events to `{}`", found.events, file.display()))?;
    Ok(Exit::Done)
}
