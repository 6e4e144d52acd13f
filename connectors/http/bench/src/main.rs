//! Measures the server under `wrk` beside bare axum handlers on SQLite in the same run, and writes
//! its table of `docs/performance.md`.

mod bare;
mod load;
mod reads;
mod running;
mod writes;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use gmbot_bench::{Failure, machine, page};

/// Measures the server under wrk beside bare axum handlers.
#[derive(Debug, Parser)]
struct Arguments {
    /// Writes the table into this page, between its markers
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
    /// How often each takes its turn; a figure is the median
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How many seconds a turn takes
    #[arg(long, default_value_t = 2)]
    seconds: u64,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            #[expect(clippy::print_stderr, reason = "a program's last word")]
            {
                eprintln!("gmbot-http-bench: {failure}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut lines = reads::measure(arguments)?;
    lines.extend(writes::measure(arguments)?);
    let table = page::table(&machine::describe()?, &lines);
    #[expect(clippy::print_stdout, reason = "the table is what one runs it for")]
    {
        println!("{table}");
    }
    match &arguments.page {
        Some(file) => page::write(file, "just bench-http", &table),
        None => Ok(()),
    }
}
