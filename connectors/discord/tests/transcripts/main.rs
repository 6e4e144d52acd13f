//! Every transcript on the face of Discord: the connector against a fake of Discord's REST and gateway.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use gmbot_snapshots::{Face, Mode, name_of, run_files, transcripts_in};
use libtest_mimic::{Arguments, Failed, Trial};

use face::{OnDiscord, Weather};

mod face;
mod place;
#[path = "../support/read_back.rs"]
mod read_back;
mod recorded;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = transcripts()
        .into_iter()
        .flat_map(|file| Weather::ALL.map(|weather| trial(file.clone(), weather)));
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

/// All transcripts, in order of name.
fn transcripts() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../snapshots/transcripts");
    transcripts_in(&folder).expect("the folder of transcripts is there")
}

/// Who operates the bot in a transcript, as far as it says so.
fn operators(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let speakers = text.lines().filter_map(|line| line.split_once("+operator"));
    let mut names: Vec<String> = speakers
        .filter_map(|(speaker, _)| speaker.split_once('/'))
        .map(|(_, name)| name.split('+').next().unwrap_or_default().to_owned())
        .collect();
    names.sort();
    names.dedup();
    names
}

fn trial(file: PathBuf, weather: Weather) -> Trial {
    let name = format!("{} × discord by text{} × file", name_of(&file), weather.words());
    let again = format!("cargo test -p gmbot-discord --test transcripts -- '{name}'");
    Trial::test(name, move || {
        let operators = operators(&file);
        let mut face = || Ok(Box::new(OnDiscord::new(&operators, weather)?) as Box<dyn Face>);
        let report = run_files(&[file], Mode::Check, &mut face, &|_path| again.clone());
        if report.is_good() { Ok(()) } else { Err(Failed::from(report.to_string())) }
    })
}
