//! Every transcript on the terminal's face: the real binary, a process per line.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use gmbot_snapshots::{Mode, run_files};
use libtest_mimic::{Arguments, Failed, Trial};

use face::Terminal;

mod face;
#[path = "../support/program.rs"]
mod program;
mod shell;

fn main() -> ExitCode {
    let trials = transcripts().into_iter().map(trial).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// All transcripts, in order of name.
fn transcripts() -> Vec<PathBuf> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a crate in a workspace");
    let folder = project.join("snapshots/transcripts");
    let entries = std::fs::read_dir(folder).expect("the folder of transcripts is there");
    let paths = entries.map(|entry| entry.expect("the folder can be listed").path());
    let mut files: Vec<_> = paths.filter(|path| path.extension() == Some("gmt".as_ref())).collect();
    files.sort();
    files
}

fn trial(file: PathBuf) -> Trial {
    Trial::test(format!("{} × cli × file", stem(&file)), move || {
        let report =
            run_files(&[file], Mode::Check, &mut || Ok(Box::new(Terminal::new())), &|path| {
                let name = stem(Path::new(path));
                format!("cargo test -p gmbot --test transcripts -- '{name} × cli × file'")
            });
        if report.is_good() { Ok(()) } else { Err(Failed::from(report.to_string())) }
    })
}

fn stem(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
