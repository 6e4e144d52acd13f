//! One file per subcommand; this one chooses.

mod backup;
mod chat;
mod complete;
pub(crate) mod completions;
mod demo;
mod doctor;
pub(crate) mod export;
mod image;
mod import;
mod inbox;
#[cfg(feature = "http")]
mod keys;
mod log;
mod restore_backup;
#[cfg(feature = "http")]
mod serve;
mod simulate;
mod test;
mod tick;
mod verify;

use clap::CommandFactory as _;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::options::{Cli, Own};
use crate::output::Output;

/// Does what the command line says.
pub(crate) fn run(cli: Cli, output: &Output) -> Result<Exit, Failure> {
    let options = &cli.options;
    match cli.command {
        Some(Own::Chat(words)) => chat::run(options, words, output),
        Some(Own::Image { war, hash }) => image::run(options, &war, &hash, output),
        Some(Own::Inbox) => inbox::run(options, output),
        Some(Own::Tick) => tick::run(options, output),
        Some(Own::Verify) => verify::run(options, output),
        Some(Own::Log) => log::run(options, output),
        Some(Own::Backup { file }) => backup::run(options, &file, output),
        Some(Own::RestoreBackup { file, replace }) => {
            restore_backup::run(options, &file, replace, output)
        }
        Some(Own::Doctor) => doctor::run(options, output),
        Some(Own::Export { file, format, table }) => {
            export::run(options, file.as_deref(), format, table, output)
        }
        Some(Own::Import { file }) => import::run(options, &file, output),
        #[cfg(feature = "http")]
        Some(Own::Serve(how)) => serve::run(options, how, output),
        #[cfg(feature = "http")]
        Some(Own::Keys { what }) => keys::run(options, what, output),
        Some(Own::Demo) => demo::run(output),
        Some(Own::Simulate { seed, steps, restarts }) => {
            simulate::run(seed, steps, restarts, output)
        }
        Some(Own::Test { files }) => test::run(&files, output),
        Some(Own::Completions { shell }) => completions::run(shell, output),
        Some(Own::Complete { words }) => complete::run(words, output),
        None => {
            Cli::command().print_help()?;
            Ok(Exit::Done)
        }
    }
}
