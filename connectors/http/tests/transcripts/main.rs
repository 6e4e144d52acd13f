//! Every transcript on the server's face: a real server, and real clients that speak to it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use gmbot_snapshots::{Face, Mode, run_files};
use libtest_mimic::{Arguments, Failed, Trial};

use face::Http;

mod face;
#[path = "../support/served.rs"]
#[expect(dead_code, reason = "the transcripts need no plain HTTP")]
mod served;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    libtest_mimic::run(&arguments, transcripts().into_iter().map(trial).collect()).exit_code()
}

/// All transcripts, in order of name.
fn transcripts() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../snapshots/transcripts");
    let entries = std::fs::read_dir(folder).expect("the folder of transcripts is there");
    let paths = entries.map(|entry| entry.expect("the folder can be listed").path());
    let mut files: Vec<_> = paths.filter(|path| path.extension() == Some("gmt".as_ref())).collect();
    files.sort();
    files
}

fn trial(file: PathBuf) -> Trial {
    Trial::test(format!("{} × http × file", stem(&file)), move || {
        let mut face = || Ok(Box::new(Http::new()?) as Box<dyn Face>);
        let report = run_files(&[file], Mode::Check, &mut face, &|path| {
            let name = stem(Path::new(path));
            format!("cargo test -p gmbot-http --test transcripts -- '{name} × http × file'")
        });
        if report.is_good() { Ok(()) } else { Err(Failed::from(report.to_string())) }
    })
}

fn stem(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
