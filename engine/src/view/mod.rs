//! What may be seen, by whom: every face reads through here, and secrecy is decided here once.
//!
//! [`look`] turns a [`Query`] into a [`View`], for programs; a command that is a query becomes one,
//! and its view is put into words.

mod answer;
mod course;
mod directory;
mod explain;
mod help;
mod history;
mod line;
mod lookup;
mod myself;
mod news;
mod secrecy;
mod standings;
mod status;
mod war;
mod wars;

use serde::{Deserialize, Serialize};

pub(crate) use answer::answer;
pub use course::{GloryCourseView, GloryThen};
pub use directory::{
    ClanListing, ClansView, FormatsView, GamesView, MemberSeen, Preset, RolesView,
};
pub use explain::ExplanationView;
pub use history::HistoryView;
pub use line::WarLine;
pub use lookup::ClanName;
pub use myself::MyselfView;
pub use news::{NoNews, WarNews, WarTold};
pub use standings::{LeaderboardView, Standing, StatsView, Whose};
pub use status::StatusView;
pub use war::{MessageSeen, ProofSeen, WarView};
pub use wars::{Stage, WarsAsked, WarsView};

use crate::model::war::Evidence;
use crate::model::{AtMs, ClanId, GameId, PersonId, War, WarId};
use crate::rules::{self, Who};
use crate::store::{ClanFilter, Read, Stored};

/// The most clans that a search lists.
const MOST_CLANS: usize = 20;
/// The most rows of any list whose length is asked for.
const MOST_ROWS: u32 = 100;

/// Who asks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// The person; none: a stranger, or a client that acts for itself.
    pub person: Option<PersonId>,
    /// The clan they look from.
    pub clan: Option<ClanId>,
    /// Whether the operator looks.
    pub operator: bool,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Query {
    /// Whom the viewer is known as, and which clan they look from.
    Myself,
    /// The wars of a clan that are not over.
    Status(ClanId),
    /// Wars of all clans, in pages.
    Wars(WarsAsked),
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
    /// The match formats that have a number.
    Formats,
    /// What a clan tells of itself.
    Clan(ClanId),
    /// Who is who in a clan.
    Roles(ClanId),
    /// The clans with the most glory.
    Leaderboard {
        /// One game, or all.
        game: Option<GameId>,
        /// Those behind this one: `next` of the page before.
        #[serde(default)]
        after: Option<ClanId>,
        /// How many ranks.
        limit: u32,
    },
    /// How a public clan's glory went in the last days.
    GloryCourse {
        /// Which clan.
        clan: ClanId,
        /// One game, or all.
        game: Option<GameId>,
        /// How many days back, 1 to 366; others are brought into that range.
        days: u32,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "view", rename_all = "snake_case")]
pub enum View {
    /// There is no such thing, or none that this viewer may see.
    Hidden,
    /// Whom the viewer is known as.
    Myself(MyselfView),
    /// The wars of a clan that are not over.
    Status(StatusView),
    /// A page of wars.
    Wars(WarsView),
    /// One war.
    War(Box<WarView>),
    /// How a war's result and glory came about.
    Explanation(Box<ExplanationView>),
    /// The wars of a clan that are over.
    History(HistoryView),
    /// The games that can be played.
    Games(GamesView),
    /// The match formats that have a number.
    Formats(FormatsView),
    /// What a clan tells of itself.
    Clan(ClanListing),
    /// Who is who in a clan.
    Roles(RolesView),
    /// The clans with the most glory.
    Leaderboard(LeaderboardView),
    /// How a clan's glory went.
    GloryCourse(GloryCourseView),
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
        Query::Myself => View::Myself(MyselfView::see(read, viewer)?),
        Query::Status(clan) => {
            StatusView::see(read, *clan, viewer, now)?.map_or(View::Hidden, View::Status)
        }
        Query::Wars(asked) => {
            WarsView::see(read, asked, viewer, now)?.map_or(View::Hidden, View::Wars)
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
        Query::Formats => View::Formats(FormatsView::all()),
        Query::Clan(clan) => {
            ClanListing::see(read, *clan, viewer)?.map_or(View::Hidden, View::Clan)
        }
        Query::Roles(clan) => RolesView::see(read, *clan)?.map_or(View::Hidden, View::Roles),
        Query::Leaderboard { game, after, limit } => {
            LeaderboardView::see(read, *game, *after, (*limit).min(MOST_ROWS), viewer)?
                .map_or(View::Hidden, View::Leaderboard)
        }
        Query::GloryCourse { clan, game, days } => {
            GloryCourseView::see(read, *clan, *game, *days, viewer, now)?
                .map_or(View::Hidden, View::GloryCourse)
        }
        Query::ClanStats { clan, game } => View::Stats(StatsView::of_clan(read, *clan, *game)?),
        Query::PlayerStats { person, game } => {
            View::Stats(StatsView::of_player(read, *person, *game)?)
        }
        Query::Clans { game, language, location } => {
            let (language, location) = (language.clone(), location.clone());
            let filter = ClanFilter { game: *game, language, location, limit: MOST_CLANS };
            View::Clans(ClansView::see(read, &filter, viewer)?)
        }
    })
}

/// An image that was filed as proof, by the first characters of its hash as [`WarView`] shows it; none
/// where there is no such image, or the viewer may not see the war's proof.
///
/// # Errors
/// When the store failed.
pub fn image(read: &dyn Read, war: WarId, hash: &str, viewer: &Viewer) -> Stored<Option<Vec<u8>>> {
    let Some(war) = read.war(war)?.filter(|war| secrecy::may_see(war, viewer)) else {
        return Ok(None);
    };
    if !secrecy::Insight::of(read, &war, viewer)?.exchanged() {
        return Ok(None);
    }
    let found = war.proofs.iter().find_map(|proof| match &proof.evidence {
        Evidence::Image(sha256) => Some(sha256).filter(|known| known.starts_with(hash)),
        Evidence::Link(_) => None,
    });
    match found {
        Some(sha256) => read.image(sha256),
        None => Ok(None),
    }
}

/// A war with what is due of it applied, if the viewer may see it.
fn war_as_of(read: &dyn Read, war: WarId, viewer: &Viewer, now: AtMs) -> Stored<Option<War>> {
    match read.war(war)?.filter(|war| secrecy::may_see(war, viewer)) {
        Some(war) => Ok(Some(rules::as_of(read, &war, now)?)),
        None => Ok(None),
    }
}
