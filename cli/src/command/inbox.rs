//! `gmbot inbox`: shows what others sent to this clan, and marks it as seen.

use gmbot_backend::Fate;
use gmbot_engine::model::{Phase, Platform};
use gmbot_engine::reply::{Code, Post, Reply};
use gmbot_engine::request::Onlooker;
use gmbot_engine::view::{Query, View};

use crate::backend::Opened;
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
    let backend = backend::open_existing(settings, options.at)?;
    let space = person::space(&settings.clan);
    let onlooker = person::onlooker(settings, options.operator);
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
            let shown = if options.json {
                delivery.post.reply
            } else {
                as_it_stands(&backend, &onlooker, delivery.post)?
            };
            output.reply(&shown)?;
            backend.acknowledge(&delivery.token, Fate::Delivered)?;
        }
    }
    if first {
        output.hint("nothing new")?;
    }
    Ok(Exit::Done)
}

/// A notice for people, without what a challenge proposed if nobody can accept that any more: here it
/// may have waited for long.
fn as_it_stands(backend: &Opened, onlooker: &Onlooker, post: Post) -> Result<Reply, Failure> {
    let Post { mut reply, war, .. } = post;
    let Some(war) = war.filter(|_| reply.code == Code::Challenge) else { return Ok(reply) };
    if let View::War(seen) = backend.view(&Query::War(war), onlooker)?
        && seen.line.phase != Phase::Open
    {
        reply.actions.clear();
        reply = reply.hint("nobody can accept it any more");
    }
    Ok(reply)
}
