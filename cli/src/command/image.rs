//! `gmbot image`: writes an image that was filed as proof to standard output.

use std::io::{self, IsTerminal as _, Write as _};

use gmbot_engine::model::WarId;

use crate::config::Settings;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::options::Options;
use crate::output::Output;
use crate::{backend, person};

pub(crate) fn run(
    options: &Options,
    settings: &Settings,
    war: &str,
    hash: &str,
    output: &Output,
) -> Result<Exit, Failure> {
    let backend = backend::open(settings, options.at)?;
    let image = match war.parse::<WarId>() {
        Ok(id) => backend.image(id, hash, &person::onlooker(settings, options.operator))?,
        Err(_not_an_id) => None,
    };
    let missing = || Failure::NoImage { war: war.to_owned(), hash: hash.to_owned() };
    let image = image.ok_or_else(missing)?;
    if io::stdout().is_terminal() {
        return Err(Failure::ImageOnTerminal);
    }
    io::stdout().write_all(&image)?;
    output.hint(&format!("{} bytes", image.len()))?;
    Ok(Exit::Done)
}
