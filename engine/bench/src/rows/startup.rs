//! The binary as a process: from its start to its end.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::history::{self, History};
use crate::instructions;
use gmbot_bench::Failure;
use gmbot_bench::page::{Goal, Line, figure, time};
use gmbot_bench::sample::Series;

/// How many wars there are.
const SIZES: [usize; 2] = [1_000, 1_000_000];
/// How often each takes its turn.
const ROUNDS: usize = 41;

pub(crate) fn measure() -> Result<Vec<Line>, Failure> {
    let [few, many] = SIZES.map(history::of);
    let (few, many) = (few?, many?);
    let mut commands = [
        status(&few)?,
        status(&many)?,
        minimal(&few.path)?,
        minimal(&many.path)?,
        shell(&many.path),
    ];
    let mut times = [(); 5].map(|()| Series::default());
    for _ in 0..ROUNDS {
        for (command, times) in commands.iter_mut().zip(&mut times) {
            let begun = Instant::now();
            let ended = command.stdin(Stdio::null()).stdout(Stdio::null()).status();
            let took = begun.elapsed();
            match ended {
                Ok(ended) if ended.success() => times.time(took),
                // Without the shell of SQLite there is one yardstick less.
                Err(_) if command.get_program() == "sqlite3" => {}
                other => return Err(format!("{command:?} failed: {other:?}").into()),
            }
        }
    }
    let mut counts = Vec::new();
    for command in commands.iter().take(4) {
        counts.push(instructions::of_program(command)?);
    }
    let said = |at: usize| {
        let count = counts.get(at).copied().flatten();
        let count = count.map_or(String::new(), |n| format!(", {} instructions", figure(n)));
        format!("{}{count}", time(times[at].median()))
    };
    let line = |yardstick: String, ratio, goal| Line {
        work: "`gmbot status` as a process, 10⁶ wars".to_owned(),
        took: said(1),
        yardstick,
        ratio,
        goal,
    };
    Ok(vec![
        line(
            format!("a program that reads one row: {}", said(3)),
            times[1].per(&times[3]),
            Goal::AtMost(2.0),
        ),
        line(
            format!("`sqlite3 FILE 'select 1'`: {}", said(4)),
            times[1].per(&times[4]),
            Goal::None,
        ),
        line(format!("itself, 10³ wars: {}", said(0)), times[1].per(&times[0]), Goal::AtMost(1.2)),
    ])
}

/// A program that cargo built beside this one.
fn beside(name: &str) -> Result<Command, Failure> {
    let path = std::env::current_exe()?.with_file_name(name);
    if path.exists() {
        Ok(Command::new(path))
    } else {
        Err(format!("`{name}` is not built").into())
    }
}

fn status(history: &History) -> Result<Command, Failure> {
    let regular = history.regulars.first().ok_or("nobody fights there")?;
    let mut command = beside("gmbot")?;
    let space = regular.space();
    command.arg("--db").arg(&history.path).args(["--in", &space, "status"]);
    Ok(command)
}

fn minimal(path: &Path) -> Result<Command, Failure> {
    let mut command = beside("gmbot-bench-minimal")?;
    command.arg(path);
    Ok(command)
}

fn shell(path: &Path) -> Command {
    let mut command = Command::new("sqlite3");
    command.arg(path).arg("select 1");
    command
}
