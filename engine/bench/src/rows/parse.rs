//! A line, to the typed command: against one pass of memchr over it, and against clap.

use std::hint::black_box;
use std::time::Instant;

use clap::{Arg, ArgAction, Command};
use gmbot_engine::grammar::{Games, ParamSpec, Reading, TABLE, ValueKind, read};
use gmbot_engine::model::Game;
use gmbot_engine::request::Input;

use crate::instructions;
use gmbot_bench::Failure;
use gmbot_bench::page::{Goal, Line, figure, time};
use gmbot_bench::sample::Series;

/// What is read.
const LINE: &str = "gmbot createwar -players @Player1 @Player2 -game 4 -type ft3";
/// The nearest that clap can read: flags with two dashes, already cut into words.
const WORDS: &str = "gmbot createwar --players @Player1 @Player2 --game 4 --type ft3";
/// How often each takes its turn, and how often it does its work then.
const ROUNDS: usize = 41;
const TIMES: u32 = 2_000;

/// One piece of work, ready to be done again and again.
type Work = Box<dyn FnMut()>;

fn work(what: &str) -> Result<Work, Failure> {
    match what {
        "parse" => {
            let (input, games) = (Input::Line(LINE.to_owned()), Game::at_first());
            let reading = read(&input, &Games(&games));
            if !matches!(reading, Reading::Command { .. }) {
                return Err(format!("`{LINE}` was not understood: {reading:?}").into());
            }
            Ok(Box::new(move || drop(black_box(read(black_box(&input), &Games(&games))))))
        }
        "memchr" => Ok(Box::new(|| {
            black_box(memchr::memchr(b'\n', black_box(LINE).as_bytes()));
        })),
        "clap" => {
            let words: Vec<&str> = WORDS.split(' ').collect();
            let mut command = all_commands();
            command.try_get_matches_from_mut(&words)?;
            Ok(Box::new(move || {
                drop(black_box(command.try_get_matches_from_mut(black_box(&words))));
            }))
        }
        other => Err(format!("there is no work `{other}`").into()),
    }
}

/// The command table as clap would have it.
fn all_commands() -> Command {
    let argument = |param: &ParamSpec| {
        let argument = Arg::new(param.name).long(param.name).required(param.required);
        #[expect(clippy::wildcard_enum_match_arm, reason = "all others take one text")]
        match param.value {
            ValueKind::Switch => argument.action(ArgAction::SetTrue),
            ValueKind::Players | ValueKind::Games | ValueKind::Texts => argument.num_args(1..),
            ValueKind::Game | ValueKind::Count => argument.value_parser(clap::value_parser!(u32)),
            _ => argument,
        }
    };
    let commands =
        TABLE.iter().map(|row| Command::new(row.name).args(row.params.iter().map(argument)));
    Command::new("gmbot").subcommands(commands)
}

/// Does one thing so many times.
pub(crate) fn only(what: &str, times: u64) -> Result<(), Failure> {
    let mut work = work(what)?;
    (0..times).for_each(|_| work());
    Ok(())
}

pub(crate) fn measure() -> Result<Vec<Line>, Failure> {
    let names = ["parse", "memchr", "clap"];
    let mut times = [(); 3].map(|()| Series::default());
    let mut works = [work("parse")?, work("memchr")?, work("clap")?];
    for _ in 0..ROUNDS {
        for (work, times) in works.iter_mut().zip(&mut times) {
            let begun = Instant::now();
            (0..TIMES).for_each(|_| work());
            times.time(begun.elapsed() / TIMES);
        }
    }
    let mut counts = Vec::new();
    for name in names {
        counts.push(instructions::count(name)?);
    }
    let took = |at: usize| {
        let count = counts[at].map_or(String::new(), |n| format!(", {} instructions", figure(n)));
        format!("{}{count}", time(times[at].median()))
    };
    // Instructions where they can be counted: nothing that the machine does besides is in them.
    let ratio = |one: usize, other: usize| match (counts[one], counts[other]) {
        (Some(one), Some(other)) => one / other,
        _ => times[one].per(&times[other]),
    };
    let line = |yardstick: String, ratio, goal| Line {
        work: "`createwar` line to the typed command".to_owned(),
        took: took(0),
        yardstick,
        ratio,
        goal,
    };
    Ok(vec![
        line(format!("one memchr pass over it: {}", took(1)), ratio(0, 1), Goal::AtMost(15.0)),
        line(
            format!("clap, builder reused, times as fast: {}", took(2)),
            ratio(2, 0),
            Goal::AtLeast(10.0),
        ),
    ])
}
