//! `gmbot simulate`: plays many wars with all that goes wrong, and checks what has to hold.

use std::path::PathBuf;
use std::time::Instant;

use gmbot_snapshots::simulation::{Keep, Plan, simulate};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

pub(crate) fn run(seed: u64, steps: u64, restarts: bool, output: &Output) -> Result<Exit, Failure> {
    let keep = if restarts { Keep::File } else { Keep::Memory };
    let began = Instant::now();
    match simulate(&Plan::new(seed, steps, keep)) {
        Ok(tally) => {
            let seconds = began.elapsed().as_secs_f64();
            output.line(tally.to_string().trim_end())?;
            // For people to read: a fraction of a step says nothing.
            output.line(&format!("{:.0} steps a second", tally.steps as f64 / seconds))?;
            Ok(Exit::Done)
        }
        Err(failure) => {
            output.line(&failure.to_string())?;
            if let Some(transcript) = &failure.transcript {
                let file = PathBuf::from(format!("simulation-{seed}.gmt"));
                std::fs::write(&file, transcript)
                    .map_err(|cause| Failure::Unwritable { file: file.clone(), cause })?;
                output.line(&format!("the steps that it needs: gmbot test {}", file.display()))?;
            }
            Ok(Exit::Failed)
        }
    }
}
