//! `gmbot test FILE…`: runs transcripts, also a community's own.

use std::path::PathBuf;

use gmbot_snapshots::{Engine, Keep, Mode, run_files};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

pub(crate) fn run(files: &[PathBuf], bless: bool, output: &Output) -> Result<Exit, Failure> {
    let mode = if bless { Mode::Bless } else { Mode::Check };
    let report = run_files(files, mode, &mut || Ok(Box::new(Engine::new(Keep::Memory))), &|file| {
        format!("gmbot test {file}")
    });
    output.line(report.to_string().trim_end())?;
    Ok(if report.is_good() { Exit::Done } else { Exit::Refused })
}
