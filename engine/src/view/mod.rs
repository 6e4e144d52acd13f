//! What may be seen, by whom: every face reads through here, and secrecy is decided here once.
//!
//! [`look`] turns a [`Query`] into a [`View`], for programs; a command that is a query becomes one,
//! and its view is put into words.

mod directory;
mod explain;
mod help;
mod history;
mod lookup;
mod secrecy;
mod standings;
mod status;
mod war;

use serde::Serialize;

pub use directory::{ClanListing, ClansView, GamesView, MemberSeen, RolesView};
pub use explain::ExplanationView;
pub use history::HistoryView;
pub use lookup::ClanName;
pub use standings::{LeaderboardView, Standing, StatsView, Whose};
pub use status::StatusView;
pub use war::{ProofSeen, WarLine, WarView};

use crate::Request;
use crate::grammar::{ClanRef, Command, PlayerRef, WarRef};
use crate::model::{AtMs, ClanId, GameId, PersonId, Phase, War, WarId};
use crate::reply::{Code, Reply, Text};
use crate::rules::{self, Ruling, Stop, Who};
use crate::store::{ClanFilter, Read, Stored, WarFilter};

/// The most clans that a search lists.
const MOST_CLANS: usize = 20;
/// How many past wars are looked at for the last one with an outcome.
const LAST_WARS: usize = 20;
/// The most rows of any list whose length is asked for.
const MOST_ROWS: u32 = 100;

/// Who asks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Viewer {
    /// The person; none: a stranger, or a client that acts for itself.
    pub person: Option<PersonId>,
    /// The clan they look from.
    pub clan: Option<ClanId>,
    /// Whether the operator looks.
    pub operator: bool,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// The wars of a clan that are not over.
    Status(ClanId),
    /// One war.
    War(WarId),
    /// How a war's result and glory came about.
    Explanation(WarId),
    /// The wars of a clan that are over.
    History {
        /// Which clan.
        clan: ClanId,
        /// At most this many.
        limit: u32,
    },
    /// The games that can be played.
    Games,
    /// Who is who in a clan.
    Roles(ClanId),
    /// The clans with the most glory.
    Leaderboard {
        /// One game, or all.
        game: Option<GameId>,
        /// How many ranks.
        limit: u32,
    },
    /// How a clan fared.
    ClanStats {
        /// Which clan.
        clan: ClanId,
        /// One game, or all.
        game: Option<GameId>,
    },
    /// How a player fared.
    PlayerStats {
        /// Who.
        person: PersonId,
        /// One game, or all.
        game: Option<GameId>,
    },
    /// Public clans to play against.
    Clans {
        /// Subscribed to this game.
        game: Option<GameId>,
        /// Speaking this language, in any case.
        language: Option<String>,
        /// Playing there, in any case.
        location: Option<String>,
    },
}

/// What is seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "view", rename_all = "snake_case")]
pub enum View {
    /// There is no such thing, or none that this viewer may see.
    Hidden,
    /// The wars of a clan that are not over.
    Status(StatusView),
    /// One war.
    War(Box<WarView>),
    /// How a war's result and glory came about.
    Explanation(Box<ExplanationView>),
    /// The wars of a clan that are over.
    History(HistoryView),
    /// The games that can be played.
    Games(GamesView),
    /// Who is who in a clan.
    Roles(RolesView),
    /// The clans with the most glory.
    Leaderboard(LeaderboardView),
    /// How a clan or a player fared.
    Stats(StatsView),
    /// Public clans to play against.
    Clans(ClansView),
}

impl Viewer {
    fn who(&self) -> Who {
        let Self { person, clan, operator } = *self;
        Who { person, clan, operator }
    }
}

impl From<&Who> for Viewer {
    fn from(who: &Who) -> Self {
        let Who { person, clan, operator } = *who;
        Self { person, clan, operator }
    }
}

/// Looks at something, as it stands at `now`.
///
/// # Errors
/// When the store failed.
pub fn look(read: &dyn Read, query: &Query, viewer: &Viewer, now: AtMs) -> Stored<View> {
    Ok(match query {
        Query::Status(clan) => {
            StatusView::see(read, *clan, viewer, now)?.map_or(View::Hidden, View::Status)
        }
        Query::War(war) => match war_as_of(read, *war, viewer, now)? {
            Some(war) => View::War(Box::new(WarView::see(read, &war, viewer)?)),
            None => View::Hidden,
        },
        Query::Explanation(war) => match war_as_of(read, *war, viewer, now)? {
            Some(war) => View::Explanation(Box::new(ExplanationView::see(read, &war, viewer)?)),
            None => View::Hidden,
        },
        Query::History { clan, limit } => {
            View::History(HistoryView::see(read, *clan, (*limit).min(MOST_ROWS), viewer)?)
        }
        Query::Games => View::Games(GamesView::see(read)?),
        Query::Roles(clan) => RolesView::see(read, *clan)?.map_or(View::Hidden, View::Roles),
        Query::Leaderboard { game, limit } => {
            View::Leaderboard(LeaderboardView::see(read, *game, (*limit).min(MOST_ROWS), viewer)?)
        }
        Query::ClanStats { clan, game } => View::Stats(StatsView::of_clan(read, *clan, *game)?),
        Query::PlayerStats { person, game } => {
            View::Stats(StatsView::of_player(read, *person, *game)?)
        }
        Query::Clans { game, language, location } => {
            let (language, location) = (language.clone(), location.clone());
            let filter = ClanFilter { game: *game, language, location, limit: MOST_CLANS };
            View::Clans(ClansView::see(read, &filter)?)
        }
    })
}

/// A war with what is due of it applied, if the viewer may see it.
fn war_as_of(read: &dyn Read, war: WarId, viewer: &Viewer, now: AtMs) -> Stored<Option<War>> {
    match read.war(war)?.filter(|war| secrecy::may_see(war, viewer)) {
        Some(war) => Ok(Some(rules::as_of(read, &war, now)?)),
        None => Ok(None),
    }
}

/// Answers a command that is a query.
pub(crate) fn answer(
    read: &dyn Read,
    request: &Request,
    who: &Who,
    command: &Command,
    now: AtMs,
) -> Ruling<Reply> {
    match asked(read, request, who, command)? {
        Asked::Answered(reply) => Ok(reply),
        Asked::Query(query) => {
            let view = look(read, &query, &Viewer::from(who), now)?;
            Ok(phrase(read, &view)?)
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

fn asked(read: &dyn Read, request: &Request, who: &Who, command: &Command) -> Ruling<Asked> {
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
            let war = war_to_explain(read, who, war.as_ref())?;
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
            Ok(Asked::Query(Query::Leaderboard { game: *game, limit: *limit }))
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

/// The war that is named, or the only one that runs; where none runs, the clan's last one.
fn war_to_explain(read: &dyn Read, who: &Who, named: Option<&WarRef>) -> Ruling<WarId> {
    let meant = rules::which(read, who, named, |_| true);
    if let (Err(Stop::Refused(reply)), Some(clan)) = (&meant, who.clan)
        && reply.code == Code::NoWarMeant
        && let Some(last) = last_settled(read, who, clan)?
    {
        return Ok(last);
    }
    meant.map(|war| war.id)
}

/// The clan's last war that has an outcome and may be seen, by when it was asked for.
fn last_settled(read: &dyn Read, who: &Who, clan: ClanId) -> Stored<Option<WarId>> {
    let ended = WarFilter { of: Some(clan), ended: true, limit: LAST_WARS, ..WarFilter::default() };
    let mut wars = read.wars(&ended)?.into_iter();
    let last = wars.find(|war| war.phase == Phase::Settled && rules::may_see(war, who));
    Ok(last.map(|war| war.id))
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
fn phrase(read: &dyn Read, view: &View) -> Stored<Reply> {
    Ok(match view {
        View::Status(status) => status.phrase(),
        View::War(war) => war.phrase(read)?,
        View::Explanation(explanation) => explanation.phrase(read)?,
        View::History(history) => history.phrase(),
        View::Games(games) => games.phrase(),
        View::Roles(roles) => roles.phrase(),
        View::Leaderboard(leaderboard) => leaderboard.phrase(),
        View::Stats(stats) => stats.phrase(),
        View::Clans(clans) => clans.phrase(),
        // Whoever may not see it was told so when the command was understood.
        View::Hidden => {
            Reply::new(Code::UnknownWar).to_actor().say("there is no such thing to see")
        }
    })
}
