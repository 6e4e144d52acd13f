//! `gmbot serve`: answers clients over HTTP until it is told to stop.

use std::sync::Arc;

use gmbot_backend::Options as Opening;
use gmbot_http::{Server, Settings};

use crate::database;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::options::{Options, Serve};
use crate::output::Output;

/// How many queries are answered at a time.
const READERS: usize = 8;

pub(crate) fn run(options: &Options, how: Serve, output: &Output) -> Result<Exit, Failure> {
    let settings = Settings { origins: how.allow_origin, ..Settings::at(how.listen) };
    let server = Server::bind(settings)?;
    let path = database::place(options)?;
    let backend = Opening::file(path).with_readers(READERS).with_scheduler().open()?;
    let stop = server.interruption()?;
    output.line(&format!("listening at http://{}", server.address()))?;
    server.run(Arc::new(backend), stop);
    Ok(Exit::Done)
}
