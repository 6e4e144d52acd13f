//! `gmbot discord`: the bot on Discord, until it is told to stop; `gmbot discord register`.

use gmbot_discord::Registered;

use crate::config::Settings;
use crate::exit::Exit;
use crate::face::{self, Face};
use crate::failure::Failure;
use crate::options::Discord;
use crate::output::Output;
use crate::running;

pub(crate) fn run(
    settings: &Settings,
    what: Option<Discord>,
    output: &Output,
) -> Result<Exit, Failure> {
    let Some(Discord::Register) = what else {
        return running::run(&[Face::Discord], settings, output);
    };
    output.line(match face::discord::connector(settings)?.register()? {
        Registered::Before => "the commands were registered as they are now",
        Registered::Now => "the commands are registered",
    })?;
    Ok(Exit::Done)
}
