//! Every transcript on the engine's face, over both databases, as a test of its own; and that all of
//! them together reach every code and every arrow.
//!
//! With `GMBOT_BLESS=1` what the engine says is written into the transcripts.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use gmbot_engine::grammar::{CommandSpec, TABLE};
use gmbot_snapshots::{Engine, Face, Keep, Mode, Report, name_of, run_files, transcripts_in};
use libtest_mimic::{Arguments, Failed, Trial};

mod uncovered;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mode = if std::env::var_os("GMBOT_BLESS").is_some() { Mode::Bless } else { Mode::Check };
    let files = transcripts();
    let mut trials = Vec::new();
    for file in &files {
        trials.push(trial(file, "memory", mode));
        // Blessing once is enough; two at a time would write over each other.
        if mode == Mode::Check {
            trials.push(trial(file, "file", mode));
            #[cfg(feature = "postgres")]
            if server().is_some() {
                trials.push(trial(file, "postgres", mode));
            }
        }
    }
    if mode == Mode::Check {
        let all = files.clone();
        trials.push(Trial::test("commands × engine", move || every_command_is_said(&all)));
        trials.push(Trial::test("coverage × engine", move || everything_is_reached(&files)));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// All transcripts, in order of name.
fn transcripts() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts");
    transcripts_in(&folder).expect("the folder of transcripts is there")
}

fn trial(file: &Path, store: &'static str, mode: Mode) -> Trial {
    let file = file.to_owned();
    Trial::test(format!("{} × engine × {store}", name_of(&file)), move || {
        let report = run_one(&file, store, mode);
        if report.is_good() { Ok(()) } else { Err(Failed::from(report.to_string())) }
    })
}

/// The PostgreSQL server that the tests are to use as well, if they are to use one.
#[cfg(feature = "postgres")]
fn server() -> Option<String> {
    std::env::var("GMBOT_TEST_POSTGRES").ok()
}

/// A new, empty schema there for a transcript.
#[cfg(feature = "postgres")]
fn schema_for(transcript: &str) -> gmbot_backend::Address {
    let schema = format!("{}_{}", transcript.replace('-', "_"), std::process::id());
    let server = server().expect("it was asked before");
    gmbot_backend::Address::postgres(&server, None).in_schema(&schema).expect("the server is there")
}

fn run_one(file: &Path, store: &str, mode: Mode) -> Report {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let keep = match store {
        "file" => Keep::File(folder.path().join("gmbot.db")),
        #[cfg(feature = "postgres")]
        "postgres" => Keep::At(schema_for(&name_of(file))),
        _ => Keep::Memory,
    };
    let mut face = || Ok(Box::new(Engine::new(keep.clone())) as Box<dyn Face>);
    run_files(&[file.to_owned()], mode, &mut face, &|path| {
        let name = name_of(Path::new(path));
        format!("cargo test -p gmbot-snapshots --test engine -- '{name} × engine × {store}'")
    })
}

/// Each row of the command table has a line in some transcript.
fn every_command_is_said(files: &[PathBuf]) -> Result<(), Failed> {
    let mut said = String::new();
    for file in files {
        said.push_str(&std::fs::read_to_string(file)?);
    }
    let unsaid = |row: &&CommandSpec| !said.contains(&format!("> gmbot {}", row.name));
    let missing: Vec<_> = TABLE.iter().filter(unsaid).map(|row| row.name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failed::from(format!("no transcript says {}", missing.join(", "))))
}

/// What no transcript reaches is on a short list with reasons, and nothing else is.
fn everything_is_reached(files: &[PathBuf]) -> Result<(), Failed> {
    let mut report = Report::default();
    for file in files {
        report.merge(run_one(file, "memory", Mode::Check));
    }
    let mut wrong = Vec::new();
    for code in report.coverage.missing_codes() {
        if !uncovered::CODES.iter().any(|(known, _)| *known == code) {
            wrong.push(format!("no transcript reaches the code {code}"));
        }
    }
    for (code, why) in uncovered::CODES {
        if !report.coverage.missing_codes().contains(code) {
            wrong.push(format!("{code} is reached, though it is listed as: {why}"));
        }
    }
    for arrow in report.coverage.missing_arrows() {
        wrong.push(format!("no transcript goes along the arrow {arrow}"));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Failed::from(wrong.join("\n"))) }
}
