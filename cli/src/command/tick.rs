//! `gmbot tick`: runs what is due, for a timer of the system.

use gmbot_engine::model::AtMs;
use serde::Serialize;

use crate::config::Settings;
use crate::database;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::options::Options;
use crate::output::Output;

/// What was done, for programs.
#[derive(Serialize)]
struct Json {
    /// When something is due again.
    next: Option<AtMs>,
}

pub(crate) fn run(
    options: &Options,
    settings: &Settings,
    output: &Output,
) -> Result<Exit, Failure> {
    database::existing(settings)?;
    let backend = database::open(settings, options.at)?;
    backend.sweep()?;
    let next = backend.next_due()?;
    if options.json {
        output.json(&Json { next })?;
        return Ok(Exit::Done);
    }
    match next {
        Some(at) => output.line(&format!("done; next at {}", at.in_zone("UTC")))?,
        None => output.line("done; nothing else is due")?,
    }
    Ok(Exit::Done)
}
