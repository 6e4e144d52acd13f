//! `gmbot complete WORDS…`: what may come next, for completion scripts: a word a line, and what it
//! means behind a tab.

use std::ffi::OsString;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::options::Options;
use crate::output::Output;

pub(crate) fn run(
    _options: &Options,
    _words: Vec<OsString>,
    _output: &Output,
) -> Result<Exit, Failure> {
    Ok(Exit::Done)
}
