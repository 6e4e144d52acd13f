//! `gmbot matrix`: the bot on Matrix, until it is told to stop.

use crate::config::Settings;
use crate::exit::Exit;
use crate::face::Face;
use crate::failure::Failure;
use crate::output::Output;
use crate::running;

pub(crate) fn run(settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    running::run(&[Face::Matrix], settings, output)
}
