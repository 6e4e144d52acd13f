//! Every transcript on the face of Discord: the connector against a fake of Discord's REST and gateway.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use gmbot_snapshots::face::FaceError;
use gmbot_snapshots::{Face, Mode, name_of, run_files, transcripts_in};
use libtest_mimic::{Arguments, Failed, Trial};

use face::{OnDiscord, Way};
use mixed::Mixed;
use weather::Weather;

#[path = "../../../http/tests/support/clients.rs"]
mod clients;
mod command;
mod face;
mod mixed;
mod place;
#[path = "../support/read_back.rs"]
mod read_back;
mod reading;
mod recorded;
mod speaking;
mod weather;

/// How many transcripts play at a time, unless somebody says otherwise: they wait more than they work.
const AT_A_TIME: usize = 8;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(AT_A_TIME);
    let trials = transcripts().into_iter().flat_map(|file| {
        let ways = [Way::Text, Way::Command].into_iter();
        let cases = ways.flat_map(|way| Weather::ALL.map(|weather| (way, weather)));
        let alone = cases.map(|(way, weather)| on_discord(&file, way, weather));
        let apart = !mixed::TOGETHER.contains(&name_of(&file).as_str());
        alone.chain(apart.then(|| on_several(&file))).collect::<Vec<_>>()
    });
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

fn on_discord(file: &Path, way: Way, weather: Weather) -> Trial {
    let words = format!("discord {}{}", way.words(), weather.words());
    trial(file, &words, move |operators| {
        Ok(Box::new(OnDiscord::new(operators, way, weather)?) as Box<dyn Face>)
    })
}

/// Some clans on Discord, who use commands, and the others at an HTTP server.
fn on_several(file: &Path) -> Trial {
    trial(file, "mixed", |operators| {
        let discord = OnDiscord::new(operators, Way::Command, Weather::Calm)?;
        Ok(Box::new(Mixed::with(discord)) as Box<dyn Face>)
    })
}

fn trial(
    file: &Path,
    on: &str,
    face: impl Fn(&[String]) -> Result<Box<dyn Face>, FaceError> + Send + 'static,
) -> Trial {
    let name = format!("{} × {on} × file", name_of(file));
    let again = format!("cargo test -p gmbot-discord --test transcripts -- '{name}'");
    let file = file.to_owned();
    Trial::test(name, move || {
        let operators = operators(&file);
        let again = |_path: &str| again.clone();
        let report = run_files(&[file], Mode::Check, &mut || face(&operators), &again);
        if report.is_good() { Ok(()) } else { Err(Failed::from(report.to_string())) }
    })
}
