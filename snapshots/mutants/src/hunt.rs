//! Building the copy with a bug in it, and running the tests that are to notice.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use wait_timeout::ChildExt;

use crate::copy::Copy;
use crate::trouble::Trouble;

/// What is built to look for a bug.
const FIRST: &[&str] = &["-p", "gmbot-snapshots", "--test", TRANSCRIPTS, "--test", SIMULATION];
/// What is built where that finds nothing: everything below.
const BELOW: &[&str] = &["-p", "gmbot-engine", "-p", "gmbot-store", "-p", "gmbot-backend"];
/// What is built for a bug that only shows on PostgreSQL, whose patch begins so.
const ON_POSTGRES: (&str, &[&str]) = (
    "postgres-",
    &["-p", "gmbot-store", "--features", "gmbot-store/postgres", "--lib", "--test", "suite"],
);
/// Names the server for those.
const SERVER: &str = "GMBOT_TEST_POSTGRES";
/// The test that runs the transcripts on the engine.
const TRANSCRIPTS: &str = "engine";
/// Those on databases in memory say the same, and the coverage adds nothing.
const PASSED_OVER: [&str; 4] = ["--skip", "× memory", "--skip", "coverage ×"];
/// The test that plays simulations with fixed seeds.
const SIMULATION: &str = "simulation";
/// The seeds, each a test that begins with `seed_N_`.
const SEEDS: std::ops::RangeInclusive<u64> = 1..=5;
/// How long one of them may take; they take half a minute.
const PATIENCE: Duration = Duration::from_mins(15);

/// A test program, and the folder in which it runs.
#[derive(Debug, PartialEq, Eq)]
struct Program {
    path: PathBuf,
    folder: PathBuf,
}

/// Test programs by the names of their tests.
type Programs = BTreeMap<String, Program>;

/// Who noticed a bug.
#[derive(Debug, Default)]
pub(crate) struct Noticed {
    /// The transcripts that fail, in order of name.
    pub(crate) transcripts: Vec<String>,
    /// Where a simulation fails.
    pub(crate) simulation: Option<Seen>,
    /// The tests of engine, store and backend that fail; they are asked where nobody else notices.
    pub(crate) below: Vec<String>,
}

/// Where a simulation with one of the fixed seeds noticed a bug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Seen {
    /// The lowest seed that shows it.
    pub(crate) seed: u64,
    /// How many steps that took.
    pub(crate) step: u64,
}

/// Has the tests look for the bug `name`, which is in the copy.
///
/// # Errors
/// When the copy does not build with it, and when a test can't be run or fails without saying where.
pub(crate) fn hunt(copy: &Copy, name: &str) -> Result<Noticed, Trouble> {
    let (prefix, what) = ON_POSTGRES;
    if name.starts_with(prefix) {
        if std::env::var_os(SERVER).is_none() {
            return Err(Trouble::NoServer(name.to_owned()));
        }
        let below = below(copy, &build(copy, name, what)?, &["--include-ignored"])?;
        return Ok(Noticed { below, ..Noticed::default() });
    }
    let programs = build(copy, name, FIRST)?;
    let (transcripts, simulation) = (transcripts(copy, &programs)?, simulation(copy, &programs)?);
    let below = if transcripts.is_empty() && simulation.is_none() {
        below(copy, &build(copy, name, BELOW)?, &[])?
    } else {
        Vec::new()
    };
    Ok(Noticed { transcripts, simulation, below })
}

fn build(copy: &Copy, name: &str, what: &[&str]) -> Result<Programs, Trouble> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["test", "--quiet", "--no-run", "--message-format", "json-render-diagnostics"])
        .args(what)
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
fn program(message: &str) -> Option<(String, Program)> {
    let message: Value = serde_json::from_str(message).ok()?;
    let (name, path) = (message["target"]["name"].as_str()?, message["executable"].as_str()?);
    let folder = Path::new(message["manifest_path"].as_str()?).parent()?;
    Some((name.to_owned(), Program { path: PathBuf::from(path), folder: folder.to_owned() }))
}

fn transcripts(copy: &Copy, programs: &Programs) -> Result<Vec<String>, Trouble> {
    let Some(said) = failing(copy, programs, TRANSCRIPTS, &PASSED_OVER)? else {
        return Ok(Vec::new());
    };
    // What is named otherwise than `accept × engine × file` is about all transcripts together, and
    // says no more than they do.
    let named = failed(&said).filter_map(|test| Some(test.split_once(" × engine × ")?.0));
    named_something(TRANSCRIPTS, &said, named)
}

fn simulation(copy: &Copy, programs: &Programs) -> Result<Option<Seen>, Trouble> {
    for seed in SEEDS {
        let chosen = format!("seed_{seed}_");
        if let Some(said) = failing(copy, programs, SIMULATION, &[&chosen])? {
            let seen = said.lines().find_map(seen);
            return seen.map(Some).ok_or_else(|| no_verdict(SIMULATION, "a failure", &said));
        }
    }
    Ok(None)
}

fn below(copy: &Copy, programs: &Programs, chosen: &[&str]) -> Result<Vec<String>, Trouble> {
    for test in programs.keys() {
        if let Some(said) = failing(copy, programs, test, chosen)? {
            return named_something(test, &said, failed(&said));
        }
    }
    Ok(Vec::new())
}

/// The tests that failed, from the list that a test program ends with.
fn failed(said: &str) -> impl Iterator<Item = &str> {
    let (_told, list) = said.rsplit_once("failures:\n").unwrap_or_default();
    list.lines().filter_map(|line| line.strip_prefix("    "))
}

fn named_something<'s>(
    test: &str,
    said: &str,
    named: impl Iterator<Item = &'s str>,
) -> Result<Vec<String>, Trouble> {
    let named: BTreeSet<_> = named.map(str::to_owned).collect();
    if named.is_empty() {
        return Err(no_verdict(test, "a failure", said));
    }
    Ok(named.into_iter().collect())
}

fn no_verdict(test: &str, ended: &str, said: &str) -> Trouble {
    let (test, ended, said) = (test.to_owned(), ended.to_owned(), said.to_owned());
    Trouble::NoVerdict { test, ended, said }
}

/// Reads `seed 3 failed at step 41: …`.
fn seen(line: &str) -> Option<Seen> {
    let (seed, rest) = line.strip_prefix("seed ")?.split_once(" failed at step ")?;
    let (step, _why) = rest.split_once(':')?;
    Some(Seen { seed: seed.parse().ok()?, step: step.parse().ok()? })
}

/// What a test says when it fails; `None` if it passes. `chosen` narrows it down.
fn failing(
    copy: &Copy,
    programs: &Programs,
    test: &str,
    chosen: &[&str],
) -> Result<Option<String>, Trouble> {
    let Some(Program { path, folder }) = programs.get(test) else {
        return Err(no_verdict(test, "no program", "cargo did not build it"));
    };
    // Into a file: a pipe that nobody empties would stop the test.
    let log = copy.build.join("said.log");
    let to = File::create(&log).map_err(Trouble::with(&log))?;
    let mut child = Command::new(path)
        .args(chosen)
        .current_dir(folder)
        .env("INSTA_UPDATE", "no")
        .stdin(Stdio::null())
        .stderr(to.try_clone().map_err(Trouble::with(&log))?)
        .stdout(to)
        .spawn()
        .map_err(Trouble::with(path))?;
    let ended = child.wait_timeout(PATIENCE).map_err(Trouble::with(path))?;
    let said = fs::read(&log).map_err(Trouble::with(&log))?;
    let said = String::from_utf8_lossy(&said).into_owned();
    match ended {
        // Whoever chooses no test passes, and proves nothing.
        Some(status) if status.success() && !chosen.is_empty() && said.contains(" 0 passed") => {
            Err(no_verdict(test, "no test chosen", &said))
        }
        Some(status) if status.success() => Ok(None),
        Some(status) if status.code().is_some() => Ok(Some(said)),
        Some(status) => Err(no_verdict(test, &status.to_string(), &said)),
        None => {
            child.kill().and_then(|()| child.wait()).map_err(Trouble::with(path))?;
            Err(no_verdict(test, "no end in sight", &said))
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
    fn the_tests_that_failed_stand_at_the_end() {
        let said =
            "failures:\n\n---- one ----\n    not this\n\nfailures:\n    a × engine × file\n    b\n";
        assert_eq!(failed(said).collect::<Vec<_>>(), ["a × engine × file", "b"]);
        assert_eq!(failed("all is well\n").count(), 0);
    }

    #[test]
    fn a_message_of_cargo_names_a_program() {
        let message = r#"{"target":{"name":"engine"},"executable":"/b/e","manifest_path":"/s/C"}"#;
        let expect = Program { path: PathBuf::from("/b/e"), folder: PathBuf::from("/s") };
        assert_eq!(program(message), Some(("engine".to_owned(), expect)));
        assert_eq!(program(r#"{"target":{"name":"serde"},"executable":null}"#), None);
        assert_eq!(program(r#"{"reason":"build-finished","success":true}"#), None);
    }
}
