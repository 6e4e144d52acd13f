//! Measures gmbot against yardsticks in the same run, and writes the table of `docs/performance.md`.
//!
//! A row of the table is a file in `rows/`. What is measured and its yardstick take turns, so that
//! whatever else the machine does falls on both; a figure is a median.

mod history;
mod instructions;
mod rows;
mod terminal;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use gmbot_bench::{Failure, machine, page, progress};

/// Measures gmbot against its yardsticks.
#[derive(Debug, Parser)]
struct Arguments {
    /// The rows to measure; all, unless some are named
    #[arg(value_enum)]
    rows: Vec<rows::Row>,
    /// Writes the table into this page, between its markers
    #[arg(long, value_name = "FILE", conflicts_with = "rows")]
    page: Option<PathBuf>,
    /// Does one thing so many times and measures nothing: to be counted by valgrind
    #[arg(long, hide = true, num_args = 2, value_names = ["WHAT", "TIMES"])]
    only: Vec<String>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            #[expect(clippy::print_stderr, reason = "a program's last word")]
            {
                eprintln!("gmbot-bench: {failure}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    if let [what, times] = arguments.only.as_slice() {
        return rows::parse::only(what, times.parse()?);
    }
    let wanted = if arguments.rows.is_empty() { rows::Row::all() } else { arguments.rows.clone() };
    let mut lines = Vec::new();
    for row in wanted {
        progress(&format!("measuring {row}"));
        lines.extend(row.measure()?);
    }
    let table = page::table(&machine::describe()?, &lines);
    #[expect(clippy::print_stdout, reason = "the table is what one runs it for")]
    {
        println!("{table}");
    }
    match &arguments.page {
        Some(file) => page::write(file, "just bench", &table),
        None => Ok(()),
    }
}
