//! Building the copy with a bug in it, and running the tests that are to notice.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use wait_timeout::ChildExt;

use crate::copy::Copy;
use crate::trouble::Trouble;

/// The package whose tests notice.
const PACKAGE: &str = "gmbot-snapshots";
/// The test that runs the transcripts on the engine.
const TRANSCRIPTS: &str = "engine";
/// The test that plays simulations with fixed seeds.
const SIMULATION: &str = "simulation";
/// How long one of them may take; they take half a minute.
const PATIENCE: Duration = Duration::from_mins(15);

/// Test programs by the names of their tests.
pub(crate) type Tests = BTreeMap<String, PathBuf>;

/// Where a simulation with one of the fixed seeds noticed a bug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Seen {
    /// The lowest seed that shows it.
    pub(crate) seed: u64,
    /// How many steps that took.
    pub(crate) step: u64,
}

/// Builds the tests in the copy.
///
/// # Errors
/// When the copy does not build with the bug `name`.
pub(crate) fn build(copy: &Copy, name: &str) -> Result<Tests, Trouble> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["test", "--quiet", "--no-run", "--message-format", "json-render-diagnostics"])
        .args(["--package", PACKAGE, "--test", TRANSCRIPTS, "--test", SIMULATION])
        .current_dir(&copy.tree)
        .env("CARGO_TARGET_DIR", &copy.build)
        .output()
        .map_err(Trouble::with(Path::new("cargo")))?;
    if !built.status.success() {
        let why = String::from_utf8_lossy(&built.stderr).into_owned();
        return Err(Trouble::NoBuild { name: name.to_owned(), why });
    }
    Ok(String::from_utf8_lossy(&built.stdout).lines().filter_map(program).collect())
}

/// The test and its program that a message of cargo's tells of, if it does.
fn program(message: &str) -> Option<(String, PathBuf)> {
    let message: Value = serde_json::from_str(message).ok()?;
    let (name, program) = (message["target"]["name"].as_str()?, message["executable"].as_str()?);
    Some((name.to_owned(), PathBuf::from(program)))
}

/// The transcripts that fail, in order of name.
///
/// # Errors
/// When they can't be run, or fail without saying which.
pub(crate) fn transcripts(copy: &Copy, tests: &Tests) -> Result<Vec<String>, Trouble> {
    let Some(said) = failing(copy, tests, TRANSCRIPTS)? else { return Ok(Vec::new()) };
    // `accept × engine × file` is the transcript `accept` on another store; what begins otherwise is
    // about all transcripts together, and says no more.
    let (_told, list) = said.rsplit_once("failures:\n").unwrap_or_default();
    let named = list.lines().filter_map(|line| line.trim().split_once(" × engine × "));
    let stems: BTreeSet<_> = named.map(|(stem, _store)| stem.to_owned()).collect();
    let stems = (!stems.is_empty()).then(|| stems.into_iter().collect());
    verdict(TRANSCRIPTS, &said, stems)
}

/// Where the simulation with the lowest seed notices, if any does.
///
/// # Errors
/// When they can't be run, or fail without saying where.
pub(crate) fn simulation(copy: &Copy, tests: &Tests) -> Result<Option<Seen>, Trouble> {
    let Some(said) = failing(copy, tests, SIMULATION)? else { return Ok(None) };
    let first = said.lines().filter_map(seen).min();
    verdict(SIMULATION, &said, first).map(Some)
}

/// Reads `seed 3 failed at step 41: …`.
fn seen(line: &str) -> Option<Seen> {
    let (seed, rest) = line.strip_prefix("seed ")?.split_once(" failed at step ")?;
    let (step, _why) = rest.split_once(':')?;
    Some(Seen { seed: seed.parse().ok()?, step: step.parse().ok()? })
}

fn verdict<T>(test: &'static str, said: &str, verdict: Option<T>) -> Result<T, Trouble> {
    verdict.ok_or_else(|| Trouble::NoVerdict {
        test,
        ended: "a failure".to_owned(),
        said: said.to_owned(),
    })
}

/// What a test says when it fails; `None` if it passes.
fn failing(copy: &Copy, tests: &Tests, test: &'static str) -> Result<Option<String>, Trouble> {
    let program = tests.get(test).map_or_else(|| OsStr::new(test), |path| path.as_os_str());
    // Into a file: a pipe that nobody empties would stop the test.
    let log = copy.build.join(format!("{test}.log"));
    let to = File::create(&log).map_err(Trouble::with(&log))?;
    let mut child = Command::new(program)
        .current_dir(copy.tree.join("snapshots"))
        .stdin(Stdio::null())
        .stderr(to.try_clone().map_err(Trouble::with(&log))?)
        .stdout(to)
        .spawn()
        .map_err(Trouble::with(Path::new(program)))?;
    let ended = child.wait_timeout(PATIENCE).map_err(Trouble::with(Path::new(program)))?;
    let said = fs::read(&log).map_err(Trouble::with(&log))?;
    let said = String::from_utf8_lossy(&said).into_owned();
    match ended {
        Some(status) if status.success() => Ok(None),
        Some(status) if status.code().is_some() => Ok(Some(said)),
        Some(status) => Err(Trouble::NoVerdict { test, ended: status.to_string(), said }),
        None => {
            child.kill().and_then(|()| child.wait()).map_err(Trouble::with(Path::new(program)))?;
            Err(Trouble::NoVerdict { test, ended: "no end in sight".to_owned(), said })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_of_a_simulation_says_where() {
        let check = |line, expect| assert_eq!(seen(line), expect, "{line}");
        check("seed 3 failed at step 41: two clans", Some(Seen { seed: 3, step: 41 }));
        check("seed 3 went well", None);
        check("again: gmbot simulate --seed 3 --steps 41", None);
    }

    #[test]
    fn a_message_of_cargo_names_a_program() {
        let check = |message, expect: Option<(&str, &str)>| {
            let expect = expect.map(|(name, path)| (name.to_owned(), PathBuf::from(path)));
            assert_eq!(program(message), expect, "{message}");
        };
        check(r#"{"target":{"name":"engine"},"executable":"/b/e"}"#, Some(("engine", "/b/e")));
        check(r#"{"target":{"name":"serde"},"executable":null}"#, None);
        check(r#"{"reason":"build-finished","success":true}"#, None);
    }
}
