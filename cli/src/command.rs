//! One file per subcommand; this one chooses.

mod backup;
mod chat;
mod complete;
pub(crate) mod completions;
mod config;
mod demo;
#[cfg(feature = "discord")]
mod discord;
mod doctor;
pub(crate) mod export;
mod image;
mod import;
mod inbox;
#[cfg(feature = "http")]
mod keys;
mod log;
#[cfg(feature = "matrix")]
mod matrix;
pub(crate) mod moving;
mod restore_backup;
mod run;
#[cfg(feature = "http")]
mod serve;
mod simulate;
mod test;
mod tick;
#[cfg(feature = "tui")]
mod tui;
mod verify;
#[cfg(feature = "http")]
mod webhooks;

use clap::CommandFactory as _;

use crate::config::{Config, Settings};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::options::{Cli, Given, Options, Own};
use crate::output::Output;

/// Does what the command line says.
pub(crate) fn run(cli: Cli, output: &Output) -> Result<Exit, Failure> {
    let options = &cli.options;
    // What needs no settings works with a file of them that is wrong.
    let settings = || settings(options, Vec::new());
    match cli.command {
        Some(Own::Chat(words)) => chat::run(options, &settings()?, words, output),
        Some(Own::Image { war, hash }) => image::run(options, &settings()?, &war, &hash, output),
        Some(Own::Inbox) => inbox::run(options, &settings()?, output),
        Some(Own::Tick) => tick::run(options, &settings()?, output),
        Some(Own::Verify) => verify::run(options, &settings()?, output),
        Some(Own::Log) => log::run(&settings()?, output),
        Some(Own::Backup { file }) => backup::run(options, &settings()?, &file, output),
        Some(Own::RestoreBackup { file, replace }) => {
            restore_backup::run(&settings()?, &file, replace, output)
        }
        Some(Own::Doctor) => doctor::run(options, &settings()?, output),
        Some(Own::Export { file, format, table }) => {
            export::run(&settings()?, file.as_deref(), format, table, output)
        }
        Some(Own::Import { file }) => import::run(&settings()?, &file, output),
        Some(Own::Move { from, to }) => moving::run(&settings()?, &from, &to, output),
        Some(Own::Config) => config::run(options, output),
        Some(Own::Run(how)) => run::run(&self::settings(options, how.given())?, output),
        #[cfg(feature = "discord")]
        Some(Own::Discord { what, how }) => {
            discord::run(&self::settings(options, how.given())?, what, output)
        }
        #[cfg(feature = "matrix")]
        Some(Own::Matrix(how)) => matrix::run(&self::settings(options, how.given())?, output),
        #[cfg(feature = "http")]
        Some(Own::Serve(how)) => serve::run(&self::settings(options, how.given())?, output),
        #[cfg(feature = "http")]
        Some(Own::Keys { what }) => keys::run(options, &settings()?, what, output),
        #[cfg(feature = "http")]
        Some(Own::Webhooks { what }) => webhooks::run(options, &settings()?, what, output),
        #[cfg(feature = "tui")]
        Some(Own::Tui) => tui::run(options, &settings()?),
        Some(Own::Demo) => demo::run(output),
        Some(Own::Simulate { seed, steps, restarts }) => {
            simulate::run(seed, steps, restarts, output)
        }
        Some(Own::Test { bless, files }) => test::run(&files, bless, output),
        Some(Own::Completions { shell }) => completions::run(shell, output),
        Some(Own::Complete { words }) => complete::run(words, output),
        None => {
            Cli::command().print_help()?;
            Ok(Exit::Done)
        }
    }
}

/// The settings in force, with what a subcommand's own options say.
fn settings(options: &Options, own: Vec<Given>) -> Result<Settings, Failure> {
    Ok(Config::load(&options.flags, own)?.settings)
}
