//! Every transcript on the terminal's face: the real binary, a process per line. When all of them
//! ran, they must have reached every code and every arrow that a terminal can reach.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use gmbot_snapshots::coverage::Coverage;
use gmbot_snapshots::{Mode, name_of, run_files, transcripts_in};
use libtest_mimic::{Arguments, Failed, Trial};

use face::Terminal;

mod face;
#[path = "../support/program.rs"]
mod program;
mod shell;
mod unreachable;

/// What the transcripts reached, as they run side by side.
type Reached = Arc<Mutex<Coverage>>;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let reached = Reached::default();
    let trials = transcripts().into_iter().map(|file| trial(file, Arc::clone(&reached))).collect();
    let ended = libtest_mimic::run(&arguments, trials);
    let all_ran = !arguments.list && ended.num_filtered_out == 0 && !ended.has_failed();
    let wrong = if all_ran { unreachable::compare(&lock(&reached)) } else { Vec::new() };
    // The test harness of this file is its own: nobody else prints what it finds.
    let mut to = anstream::stderr().lock();
    for line in &wrong {
        writeln!(to, "{line}").ok();
    }
    if wrong.is_empty() { ended.exit_code() } else { ExitCode::FAILURE }
}

/// All transcripts, in order of name.
fn transcripts() -> Vec<PathBuf> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a crate in a workspace");
    let folder = project.join("snapshots/transcripts");
    transcripts_in(&folder).expect("the folder of transcripts is there")
}

fn trial(file: PathBuf, reached: Reached) -> Trial {
    Trial::test(format!("{} × cli × file", name_of(&file)), move || {
        let report =
            run_files(&[file], Mode::Check, &mut || Ok(Box::new(Terminal::new())), &|path| {
                let name = name_of(Path::new(path));
                format!("cargo test -p gmbot --test transcripts -- '{name} × cli × file'")
            });
        lock(&reached).merge(&report.coverage);
        if report.is_good() { Ok(()) } else { Err(Failed::from(report.to_string())) }
    })
}

fn lock(reached: &Reached) -> std::sync::MutexGuard<'_, Coverage> {
    reached.lock().unwrap_or_else(PoisonError::into_inner)
}
