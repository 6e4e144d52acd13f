//! `gmbot test FILE…`: runs transcripts, also a community's own.

use std::path::PathBuf;

use gmbot_snapshots::{Engine, Keep, Mode, run_files, transcripts_in};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

pub(crate) fn run(files: &[PathBuf], bless: bool, output: &Output) -> Result<Exit, Failure> {
    let mode = if bless { Mode::Bless } else { Mode::Check };
    let files = transcripts(files)?;
    let report =
        run_files(&files, mode, &mut || Ok(Box::new(Engine::new(Keep::Memory))), &|file| {
            format!("gmbot test {file}")
        });
    output.line(report.to_string().trim_end())?;
    Ok(if report.is_good() { Exit::Done } else { Exit::Refused })
}

/// The files that are named, and those of folders that are, in alphabetical order.
fn transcripts(named: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for named in named {
        if !named.is_dir() {
            files.push(named.clone());
            continue;
        }
        let unreadable = |cause| Failure::Unreadable { file: named.clone(), cause };
        let mut inside = transcripts_in(named).map_err(unreadable)?;
        if inside.is_empty() {
            return Err(Failure::NoTranscripts(named.clone()));
        }
        files.append(&mut inside);
    }
    Ok(files)
}
