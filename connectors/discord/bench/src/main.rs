//! Measures the connector at a Discord with thousands of servers, beside a bot that answers without
//! a thought, and writes its table of `docs/performance.md`.
//!
//! Both bots run as processes of their own, and the fake Discord in this one.

mod bots;
mod load;
mod process;
mod servers;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use gmbot_bench::page::{Goal, Line, figure, time};
use gmbot_bench::{Failure, machine, page};

use crate::bots::Bot;
use crate::load::Measured;

/// How much later than the other bot an answer may come, in seconds.
const LATER: f64 = 0.1;
/// How much memory the connector may take, in bytes.
const MEMORY: f64 = 200e6;
/// How many times fewer servers there are where that shows what a thousand of them take.
const FEWER: usize = 10;

/// Measures the connector at a Discord with thousands of servers.
#[derive(Debug, Parser)]
struct Arguments {
    /// How many servers there are
    #[arg(long, default_value_t = 2_500)]
    servers: usize,
    /// How many commands come in a second
    #[arg(long, default_value_t = 100)]
    rate: u32,
    /// For how many seconds they come
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// Writes the table into this page, between its markers
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
    /// Is one of the bots, at this address
    #[arg(long, hide = true, num_args = 3, value_names = ["BOT", "API", "FOLDER"])]
    bot: Vec<String>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            #[expect(clippy::print_stderr, reason = "a program's last word")]
            {
                eprintln!("gmbot-discord-bench: {failure}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    if let [bot, api, folder] = arguments.bot.as_slice() {
        return bot.parse::<Bot>()?.run(api, folder.as_ref());
    }
    let echo = load::measure(Bot::Echo, arguments)?;
    let gmbot = load::measure(Bot::Gmbot, arguments)?;
    let fewer = |bot| load::measure_at_rest(bot, arguments.servers / FEWER);
    let mut lines = lines(arguments, &gmbot, &echo);
    let (least, little) = (fewer(Bot::Echo)?, fewer(Bot::Gmbot)?);
    lines.extend(per_thousand(gmbot.rest.per_thousand(&little), echo.rest.per_thousand(&least)));
    let table = page::table(&machine::describe()?, &lines);
    #[expect(clippy::print_stdout, reason = "the table is what one runs it for")]
    {
        println!("{table}");
    }
    match &arguments.page {
        Some(file) => page::write(file, "just bench-discord", &table),
        None => Ok(()),
    }
}

fn lines(arguments: &Arguments, gmbot: &Measured, echo: &Measured) -> Vec<Line> {
    let Arguments { servers, rate, .. } = arguments;
    let load = format!("{} servers, {rate} commands a second", figure(*servers as f64));
    let line = |work: String, took: String, yardstick: String, ratio: f64, goal: Goal| Line {
        work,
        took,
        yardstick,
        ratio,
        goal,
    };
    let asked = f64::from(*rate);
    let (p50, p99) = (gmbot.latency(0.5), gmbot.latency(0.99));
    let (least, usual) = (echo.latency(0.5), echo.latency(0.99));
    let memory = gmbot.peak_bytes;
    let spent = gmbot.processor_per_command();
    vec![
        line(
            format!("{load}: answered"),
            format!("{} a second", figure(gmbot.rate())),
            format!("asked: {} a second", figure(asked)),
            gmbot.rate() / asked,
            Goal::AtLeast(0.99),
        ),
        line(
            format!("{load}: not answered in time"),
            figure(gmbot.unanswered() as f64),
            format!("a bot that answers at once: {}", figure(echo.unanswered() as f64)),
            gmbot.unanswered() as f64,
            Goal::AtMost(0.0),
        ),
        line(
            format!("{load}: half of the answers within"),
            time(p50),
            format!("a bot that answers at once: {}", time(least)),
            p50 / least,
            Goal::None,
        ),
        line(
            format!("{load}: 99 of 100 answers within"),
            time(p99),
            format!("100 ms more than a bot that answers at once: {}", time(LATER + usual)),
            p99 / (LATER + usual),
            Goal::AtMost(1.0),
        ),
        line(
            format!("{load}: processor time a command"),
            time(spent),
            format!("a bot that answers at once: {}", time(echo.processor_per_command())),
            spent / echo.processor_per_command(),
            Goal::None,
        ),
        line(
            format!("{load}: memory at its peak"),
            format!("{} MB", figure(memory / 1e6)),
            format!("200 MB (a bot that answers at once: {} MB)", figure(echo.peak_bytes / 1e6)),
            memory / MEMORY,
            Goal::AtMost(1.0),
        ),
        line(
            format!("{} servers known after the start", figure(*servers as f64)),
            time(gmbot.rest.start.as_secs_f64()),
            format!("a bot that asks nothing: {}", time(echo.rest.start.as_secs_f64())),
            gmbot.rest.start.as_secs_f64() / echo.rest.start.as_secs_f64(),
            Goal::None,
        ),
    ]
}

/// What a thousand servers take of each bot, at rest: memory, and the processor's time until then.
fn per_thousand(gmbot: (f64, f64), echo: (f64, f64)) -> [Line; 2] {
    let megabytes = |bytes: f64| format!("{} MB", figure(bytes / 1e6));
    let line = |work: &str, took: String, yardstick: String, ratio| Line {
        work: work.to_owned(),
        took,
        yardstick: format!("a bot that asks nothing: {yardstick}"),
        ratio,
        goal: Goal::None,
    };
    [
        line(
            "1 000 servers more, at rest: memory",
            megabytes(gmbot.0),
            megabytes(echo.0),
            gmbot.0 / echo.0,
        ),
        line(
            "1 000 servers more, until they are known: processor time",
            time(gmbot.1),
            time(echo.1),
            gmbot.1 / echo.1,
        ),
    ]
}
