//! `gmbot backup FILE`: a copy of the database in one file, made while others use it.

use std::path::Path;

use gmbot_store::{Clock, Sqlite};

use crate::database;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::options::Options;
use crate::output::Output;
use crate::place::Draft;
use crate::progress::Progress;

pub(crate) fn run(options: &Options, file: &Path, output: &Output) -> Result<Exit, Failure> {
    let from = database::existing(options)?;
    let draft = Draft::new(file)?;
    // Before there is anything in it.
    draft.guard_like(&from)?;
    let store = Sqlite::open(&from, Clock::System)?;
    let mut progress = Progress::new("copying");
    store.back_up(draft.path(), |done, all| progress.at(done, all))?;
    drop(progress);
    draft.publish()?;
    output.line(&format!("saved to `{}`", file.display()))?;
    Ok(Exit::Done)
}
