//! `gmbot tick`: runs what is due, for a timer of the system.

use crate::config::Settings;
use crate::database;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::options::Options;
use crate::output::Output;

pub(crate) fn run(
    options: &Options,
    settings: &Settings,
    output: &Output,
) -> Result<Exit, Failure> {
    let backend = database::open(settings, options.at)?;
    backend.sweep()?;
    match backend.next_due()? {
        Some(at) => output.line(&format!("done; next at {}", at.in_zone("UTC")))?,
        None => output.line("done; nothing else is due")?,
    }
    Ok(Exit::Done)
}
