//! Every transcript on the terminal's two faces, its command line and its screen: the real binary, a
//! process per line. When all of them ran, they must have reached on each face every code and every
//! arrow that a terminal can reach.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gmbot_snapshots::coverage::Coverage;
use gmbot_snapshots::{Face, Mode, name_of, run_files, transcripts_in};
use libtest_mimic::{Arguments, Failed, Trial};

use face::Terminal;

#[cfg(all(unix, feature = "tui"))]
#[path = "../../tui/tests/terminal/emulator.rs"]
mod emulator;
mod face;
#[cfg(all(unix, feature = "tui"))]
#[path = "../support/on_terminal.rs"]
mod on_terminal;
#[path = "../support/program.rs"]
mod program;
#[cfg(all(unix, feature = "tui"))]
mod screen;
mod shell;
mod unreachable;

/// A face, and what the transcripts reached on it as they run side by side.
#[derive(Clone)]
struct Stage {
    name: &'static str,
    start: fn() -> Box<dyn Face>,
    reached: Arc<Mutex<Coverage>>,
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let stages = stages();
    let files = transcripts();
    let trials = stages.iter().flat_map(|stage| files.iter().map(|file| stage.trial(file)));
    let ended = libtest_mimic::run(&arguments, trials.collect());
    let all_ran = !arguments.list && ended.num_filtered_out == 0 && !ended.has_failed();
    let wrong = |stage: &Stage| unreachable::compare(stage.name, &stage.reached());
    let wrong: Vec<String> =
        if all_ran { stages.iter().flat_map(wrong).collect() } else { Vec::new() };
    // The test harness of this file is its own: nobody else prints what it finds.
    let mut to = anstream::stderr().lock();
    for line in &wrong {
        writeln!(to, "{line}").ok();
    }
    if wrong.is_empty() { ended.exit_code() } else { ExitCode::FAILURE }
}

fn stages() -> Vec<Stage> {
    vec![
        Stage::new("cli", || Box::new(Terminal::new())),
        #[cfg(all(unix, feature = "tui"))]
        Stage::new("tui", || Box::new(screen::Screen::new())),
    ]
}

/// All transcripts, in order of name.
fn transcripts() -> Vec<PathBuf> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a crate in a workspace");
    let folder = project.join("snapshots/transcripts");
    transcripts_in(&folder).expect("the folder of transcripts is there")
}

impl Stage {
    fn new(name: &'static str, start: fn() -> Box<dyn Face>) -> Self {
        Self { name, start, reached: Arc::default() }
    }

    fn trial(&self, file: &Path) -> Trial {
        let (stage, file) = (self.clone(), file.to_owned());
        Trial::test(format!("{} × {} × file", name_of(&file), self.name), move || {
            let again = |path: &str| {
                let name = name_of(Path::new(path));
                format!(
                    "cargo test -p gmbot --test transcripts -- '{name} × {} × file'",
                    stage.name
                )
            };
            let report = run_files(&[file], Mode::Check, &mut || Ok((stage.start)()), &again);
            stage.reached().merge(&report.coverage);
            if report.is_good() { Ok(()) } else { Err(Failed::from(report.to_string())) }
        })
    }

    fn reached(&self) -> MutexGuard<'_, Coverage> {
        self.reached.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
