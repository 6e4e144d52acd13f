//! Every transcript on the server's face: a real server, and real clients that speak to it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use gmbot_snapshots::{Face, Mode, name_of, run_files, transcripts_in};
use libtest_mimic::{Arguments, Failed, Trial};

use face::Http;

#[path = "../support/clients.rs"]
mod clients;
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
    transcripts_in(&folder).expect("the folder of transcripts is there")
}

fn trial(file: PathBuf) -> Trial {
    Trial::test(format!("{} × http × file", name_of(&file)), move || {
        let mut face = || Ok(Box::new(Http::new()?) as Box<dyn Face>);
        let report = run_files(&[file], Mode::Check, &mut face, &|path| {
            let name = name_of(Path::new(path));
            format!("cargo test -p gmbot-http --test transcripts -- '{name} × http × file'")
        });
        if report.is_good() { Ok(()) } else { Err(Failed::from(report.to_string())) }
    })
}
