//! Reading a request's input with the words that are live here: games, people, prefix.

use super::times;
use crate::grammar::{self, CommandSpec, Problem, Reading, Vocabulary};
use crate::model::{AtMs, Clan, ClanId, Game, names};
use crate::reply::{Block, Code, Diagnostics, Reply, Text};
use crate::request::{Request, SpaceRef};
use crate::store::{Read, Stored};

/// What the words of a request may mean, here and now.
struct LiveWords<'a> {
    read: &'a dyn Read,
    request: &'a Request,
    games: Vec<Game>,
    clan: Option<ClanId>,
    prefix: Option<String>,
}

impl Vocabulary for LiveWords<'_> {
    fn games(&self) -> &[Game] {
        &self.games
    }

    fn is_player_name(&self, name: &str) -> bool {
        self.clan.is_some_and(|clan| {
            let named = self.read.members_named(clan, &names::key(name));
            named.is_ok_and(|people| !people.is_empty())
        })
    }

    fn prefix(&self) -> Option<&str> {
        self.prefix.as_deref()
    }

    fn is_direct(&self) -> bool {
        self.request.space.as_ref().is_some_and(|space| space.direct)
    }

    fn is_bot(&self, written: &str) -> bool {
        self.request.bot_mention.as_deref() == Some(written)
    }
}

/// Reads what a request says.
pub(super) fn read(read: &dyn Read, request: &Request) -> Stored<Reading> {
    let here = clan_here(read, request)?;
    let clan = here.as_ref().map(|(_, clan)| clan.id);
    let prefix = here.and_then(|(space, clan)| {
        clan.spaces.into_iter().find(|known| known.key == space.key)?.prefix
    });
    let words = LiveWords { read, request, games: read.games()?, clan, prefix };
    Ok(grammar::read(&request.input, &words))
}

/// The space in which a request is said, and the clan that acts there, if there is one.
fn clan_here<'r>(read: &dyn Read, request: &'r Request) -> Stored<Option<(&'r SpaceRef, Clan)>> {
    let Some(space) = request.space.as_ref().filter(|space| !space.direct) else { return Ok(None) };
    let Some(clan) = read.clan_of_space(&space.key)? else { return Ok(None) };
    Ok(read.clan(clan)?.map(|clan| (space, clan)))
}

/// Proposes what to write for a time of which only people know what it means: it takes a clock.
pub(super) fn suggest_times(
    read: &dyn Read,
    request: &Request,
    now: AtMs,
    line: &str,
    problems: &mut [Problem],
) -> Stored<()> {
    let is_time = |problem: &&mut Problem| problem.code == Code::BadTime;
    let mut wrong = problems.iter_mut().filter(is_time).peekable();
    if wrong.peek().is_none() {
        return Ok(());
    }
    let zone =
        clan_here(read, request)?.map_or_else(String::new, |(_, clan)| clan.profile.timezone);
    for problem in wrong {
        let written = line.get(problem.span.start..problem.span.end).unwrap_or_default();
        problem.suggestion = times::instead_of(written, &zone, now);
    }
    Ok(())
}

/// The answer to a line with mistakes: all of them, then how the command goes.
pub(super) fn problems(
    line: String,
    problems: Vec<Problem>,
    spec: Option<&'static CommandSpec>,
) -> Reply {
    let code = problems.first().map_or(Code::UnknownCommand, |problem| problem.code);
    let mut reply = Reply::new(code).to_actor();
    reply = match spec {
        Some(spec) => reply.block(Block::Code(grammar::reference::usage_line(spec))),
        None => reply.hint(Text::new().code("gmbot help").and(" lists what one can say")),
    };
    reply.diagnostics = Some(Diagnostics { line, problems });
    reply
}
