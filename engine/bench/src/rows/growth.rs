//! What a thousand times as many wars make of a command.

use gmbot_backend::{Backend as _, Local, Options};
use gmbot_engine::model::{AtMs, DurationMs};
use gmbot_engine::reply::Code;

use crate::history::{self, History};
use gmbot_bench::page::{Goal, Line, time};
use gmbot_bench::sample::{Series, spend};
use gmbot_bench::{Failure, data};

/// How many wars there are.
const SIZES: [usize; 2] = [1_000, 1_000_000];
/// How often each takes its turn, and how often it does its work then.
const ROUNDS: usize = 15;
const TIMES: usize = 10;

/// The commands, and what answers them when all is well.
const COMMANDS: [(&str, Code); 3] = [
    ("gmbot createwar @Leader -game 4", Code::WarCreated),
    ("gmbot show WAR", Code::WarShown),
    ("gmbot stats", Code::Stats),
];

/// A database, and how many requests were made of it.
struct Asked {
    backend: Local,
    history: History,
    begun: AtMs,
    rounds: usize,
    _scratch: data::Scratch,
}

pub(crate) fn measure() -> Result<Vec<Line>, Failure> {
    let [few, many] = SIZES.map(history::of);
    let (mut few, mut many) = (open(few?)?, open(many?)?);
    let mut lines = Vec::new();
    for (command, code) in COMMANDS {
        let (mut of_few, mut of_many) = (Series::default(), Series::default());
        for _ in 0..ROUNDS {
            of_few.push(few.ask(command, code)?);
            of_many.push(many.ask(command, code)?);
        }
        let word = command.split(' ').nth(1).unwrap_or(command);
        lines.push(Line {
            work: format!("`{word}`, 10⁶ wars: processor time"),
            took: time(of_many.median()),
            yardstick: format!("itself, 10³ wars: {}", time(of_few.median())),
            ratio: of_many.per(&of_few),
            goal: Goal::AtMost(1.3),
        });
    }
    Ok(lines)
}

/// Opens a copy: what is measured writes.
fn open(history: History) -> Result<Asked, Failure> {
    let scratch = data::Scratch::on_disk()?;
    let copy = scratch.path("copy.db");
    std::fs::copy(&history.path, &copy)?;
    let backend = Options::file(copy).open()?;
    Ok(Asked { backend, begun: history.end, history, rounds: 0, _scratch: scratch })
}

impl Asked {
    /// What one answer takes, in seconds of the processor.
    fn ask(&mut self, command: &str, code: Code) -> Result<f64, Failure> {
        self.rounds += 1;
        // Each round on a day of its own: yesterday's challenges have lapsed.
        let days = i64::try_from(self.rounds)? * 2;
        self.backend.set_now(self.begun + DurationMs::days(days))?;
        self.backend.run_due()?;
        let requests: Vec<_> = (0..TIMES)
            .map(|number| {
                let regular = &self.history.regulars[number % self.history.regulars.len()];
                let war = (self.rounds * TIMES + number) * 7 % self.history.wars.len();
                let line = command.replace("WAR", self.history.wars[war].as_str());
                regular.says(format!("{}-{number}", self.rounds), &line)
            })
            .collect();
        let (spent, ()) = spend(|| {
            for request in requests {
                let reply = self.backend.submit(request)?;
                if reply.as_ref().is_none_or(|reply| reply.code != code) {
                    return Err(format!("`{command}` was not answered: {reply:?}").into());
                }
            }
            Ok(())
        })?;
        Ok(spent.as_secs_f64() / TIMES as f64)
    }
}
