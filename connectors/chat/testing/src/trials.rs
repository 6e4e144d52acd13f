//! Transcripts as trials of a face.

use std::path::{Path, PathBuf};

use gmbot_snapshots::face::FaceError;
use gmbot_snapshots::{Face, Mode, Report, name_of, run_files, transcripts_in};
use libtest_mimic::{Failed, Trial};

/// All transcripts, in order of name.
///
/// # Panics
/// When their folder is not there.
pub fn transcripts() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../snapshots/transcripts");
    transcripts_in(&folder).expect("the folder of transcripts is there")
}

/// A transcript on a face that a crate has, made with the names of whoever operates the bot in it.
pub fn trial(
    package: &str,
    file: &Path,
    on: &str,
    face: impl Fn(&[String]) -> Result<Box<dyn Face>, FaceError> + Send + 'static,
) -> Trial {
    let name = format!("{} × {on} × file", name_of(file));
    let again = format!("cargo test -p {package} --test transcripts -- '{name}'");
    let file = file.to_owned();
    Trial::test(name, move || {
        let report = play(&file, &again, &face);
        if report.is_good() { Ok(()) } else { Err(Failed::from(report.to_string())) }
    })
}

/// Plays a transcript on a face that is made with the names of whoever operates the bot in it. `again`
/// is the command that plays it again.
pub fn play(
    file: &Path,
    again: &str,
    face: impl Fn(&[String]) -> Result<Box<dyn Face>, FaceError>,
) -> Report {
    let operators = operators(file);
    let again = |_path: &str| again.to_owned();
    run_files(&[file.to_owned()], Mode::Check, &mut || face(&operators), &again)
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
