//! The `gmbot` binary: the terminal's face of the engine, and the program's own subcommands.

mod archive;
mod backend;
mod call;
mod clock;
mod command;
mod config;
mod database;
mod exit;
mod face;
mod failure;
#[cfg(feature = "faces")]
mod logging;
mod mentions;
mod options;
mod output;
mod paint;
mod person;
mod place;
mod progress;
#[cfg(feature = "faces")]
mod running;
#[cfg(any(feature = "discord", feature = "matrix", feature = "postgres", feature = "remote"))]
mod secret;

use std::process::ExitCode;

use clap::Parser as _;

use options::Cli;
use output::Output;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let output = Output::new(&cli.options);
    let exit = command::run(cli, &output).unwrap_or_else(|failure| {
        // Nobody is left to tell if this fails too.
        output.failure(&failure).ok();
        failure.exit()
    });
    exit.into()
}
