//! Commands that are queries: what is asked, and the view of it in words.

use super::{Query, View, Viewer, directory, help, look};
use crate::Request;
use crate::grammar::{ClanRef, Command, PlayerRef, WarRef};
use crate::model::{AtMs, ClanId, DurationMs, GameId, Phase, War, WarId};
use crate::reply::{Code, Reply, Text};
use crate::rules::{self, Ruling, Stop, Who};
use crate::store::{Read, Stored, WarFilter};

/// How many past wars are looked at for the last one with an outcome.
const LAST_WARS: usize = 20;
/// For how long an outcome is what people ask about.
const OF_LATE: DurationMs = DurationMs::hours(24);

/// Answers a command that is a query.
pub(crate) fn answer(
    read: &dyn Read,
    request: &Request,
    who: &Who,
    command: &Command,
    now: AtMs,
) -> Ruling<Reply> {
    match asked(read, request, who, command, now)? {
        Asked::Answered(reply) => Ok(reply),
        Asked::Query(query) => {
            let view = look(read, &query, &Viewer::from(who), now)?;
            Ok(phrase(&view))
        }
    }
}

/// What a command comes to.
enum Asked {
    /// A question to the store.
    Query(Query),
    /// Something that can be said at once.
    Answered(Reply),
}

fn asked(
    read: &dyn Read,
    request: &Request,
    who: &Who,
    command: &Command,
    now: AtMs,
) -> Ruling<Asked> {
    let of_clan = |named: &Option<ClanRef>, code, query: &dyn Fn(ClanId) -> Query| {
        Ok(match clan_meant(read, who, named.as_ref())? {
            Some(clan) => Asked::Query(query(clan)),
            None => Asked::Answered(no_clan(code)),
        })
    };
    #[expect(clippy::wildcard_enum_match_arm, reason = "the table says which commands are queries")]
    match command {
        Command::Status { clan } => of_clan(clan, Code::ClanStatus, &Query::Status),
        Command::Show { war } => {
            let war = rules::which(read, who, war.as_ref(), |_| true)?;
            Ok(Asked::Query(Query::War(war.id)))
        }
        Command::Explain { war } => {
            let war = war_to_explain(read, who, war.as_ref(), now)?;
            Ok(Asked::Query(Query::Explanation(war)))
        }
        Command::History { clan, limit } => {
            of_clan(clan, Code::History, &|clan| Query::History { clan, limit: *limit })
        }
        Command::Games => Ok(Asked::Query(Query::Games)),
        Command::Formats => Ok(Asked::Answered(directory::formats())),
        Command::MyGames => {
            let reply = match who.clan {
                Some(clan) => directory::my_games(read, clan)?,
                None => None,
            };
            Ok(Asked::Answered(reply.unwrap_or_else(|| no_clan(Code::Subscriptions))))
        }
        Command::Roles => Ok(match who.clan {
            Some(clan) => Asked::Query(Query::Roles(clan)),
            None => Asked::Answered(directory::powers(Reply::new(Code::Roles))),
        }),
        Command::Leaderboard { game, limit } => {
            Ok(Asked::Query(Query::Leaderboard { game: *game, after: None, limit: *limit }))
        }
        Command::Stats { clan, player: Some(player), game } => {
            player_stats(read, request, who, clan.as_ref(), player, *game)
        }
        Command::Stats { clan, player: None, game } => {
            of_clan(clan, Code::Stats, &|clan| Query::ClanStats { clan, game: *game })
        }
        Command::Clans { game, language, location } => {
            let (language, location) = (language.clone(), location.clone());
            Ok(Asked::Query(Query::Clans { game: *game, language, location }))
        }
        Command::Help { command } => {
            help::help(command.as_deref(), who.operator).map(Asked::Answered)
        }
        _ => unreachable!("changes are decided by rules, not viewed"),
    }
}

/// The war that is named, or the only one that came to an outcome of late, or the only one that runs;
/// where none runs, the clan's last one.
fn war_to_explain(read: &dyn Read, who: &Who, named: Option<&WarRef>, now: AtMs) -> Ruling<WarId> {
    if named.is_none() {
        let late = settled_of_late(read, who, now)?;
        match late.as_slice() {
            [] => {}
            [only] => return Ok(*only),
            several => return Err(rules::say_which(several.iter().copied())),
        }
    }
    let meant = rules::which(read, who, named, |_| true);
    if let (Err(Stop::Refused(reply)), Some(clan)) = (&meant, who.clan)
        && reply.code == Code::NoWarMeant
        && let Some(last) = last_settled(read, who, clan)?
    {
        return Ok(last);
    }
    meant.map(|war| war.id)
}

/// The clan's wars that came to an outcome within a day, the newest first.
fn settled_of_late(read: &dyn Read, who: &Who, now: AtMs) -> Stored<Vec<WarId>> {
    let Some(clan) = who.clan else { return Ok(Vec::new()) };
    let of_late = |war: &War| war.settlements.last().is_some_and(|last| now < last.at + OF_LATE);
    Ok(ended(read, who, clan)?.filter(of_late).map(|war| war.id).collect())
}

/// The clan's last war that has an outcome and may be seen, by when it was asked for.
fn last_settled(read: &dyn Read, who: &Who, clan: ClanId) -> Stored<Option<WarId>> {
    let last = ended(read, who, clan)?.find(|war| war.phase == Phase::Settled);
    Ok(last.map(|war| war.id))
}

/// The clan's last wars that are over and may be seen, the newest first.
fn ended(read: &dyn Read, who: &Who, clan: ClanId) -> Stored<impl Iterator<Item = War>> {
    let ended = WarFilter { of: Some(clan), ended: true, limit: LAST_WARS, ..WarFilter::default() };
    Ok(read.wars(&ended)?.into_iter().filter(|war| rules::may_see(war, who)))
}

fn player_stats(
    read: &dyn Read,
    request: &Request,
    who: &Who,
    clan: Option<&ClanRef>,
    player: &PlayerRef,
    game: Option<GameId>,
) -> Ruling<Asked> {
    let clan = match clan_meant(read, who, clan)? {
        Some(clan) => read.clan(clan)?,
        None => None,
    };
    let Some(clan) = clan else { return Ok(Asked::Answered(no_clan(Code::Stats))) };
    let person = rules::find_member(read, request, &clan, player)?;
    Ok(Asked::Query(Query::PlayerStats { person, game }))
}

/// The clan that is named, or else the asking one.
fn clan_meant(read: &dyn Read, who: &Who, named: Option<&ClanRef>) -> Ruling<Option<ClanId>> {
    match named {
        Some(named) => rules::find_clan(read, named).map(Some),
        None => Ok(who.clan),
    }
}

/// The answer where no clan acts yet: nothing, and how one comes to be.
fn no_clan(code: Code) -> Reply {
    Reply::new(code).say("no clan acts here yet").hint(
        Text::from("one is born in a space by the first command that does something, as ")
            .code("gmbot available"),
    )
}

/// Puts a view into words.
fn phrase(view: &View) -> Reply {
    match view {
        View::Status(status) => status.phrase(),
        View::War(war) => war.phrase(),
        View::Explanation(explanation) => explanation.phrase(),
        View::History(history) => history.phrase(),
        View::Games(games) => games.phrase(),
        View::Roles(roles) => roles.phrase(),
        View::Leaderboard(leaderboard) => leaderboard.phrase(),
        View::Stats(stats) => stats.phrase(),
        View::Clans(clans) => clans.phrase(),
        // Whoever may not see it was told so when the command was understood; no command asks for the
        // last five, which are for programs.
        View::Hidden
        | View::Myself(_)
        | View::Wars(_)
        | View::Formats(_)
        | View::Clan(_)
        | View::GloryCourse(_) => {
            Reply::new(Code::UnknownWar).to_actor().say("there is no such thing to see")
        }
    }
}
