//! `gmbot inbox`: shows what others sent to this clan, and marks it as seen.

use gmbot_backend::Fate;
use gmbot_engine::model::Platform;

use crate::config::Settings;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::options::Options;
use crate::output::Output;
use crate::{backend, person};

/// How many notices are taken at a time.
const PAGE: usize = 50;

pub(crate) fn run(
    options: &Options,
    settings: &Settings,
    output: &Output,
) -> Result<Exit, Failure> {
    let backend = backend::open(settings, options.at)?;
    let space = person::space(&settings.clan);
    let mut first = true;
    loop {
        let page = backend.claim(&Platform::terminal(), Some(&space), PAGE)?;
        if page.is_empty() {
            break;
        }
        for delivery in page {
            if !first && !options.json {
                output.line("")?;
            }
            first = false;
            // Shown first, then marked: a notice may be seen twice, but none is lost.
            output.reply(&delivery.post.reply)?;
            backend.acknowledge(&delivery.token, Fate::Delivered)?;
        }
    }
    if first {
        output.hint("nothing new")?;
    }
    Ok(Exit::Done)
}
