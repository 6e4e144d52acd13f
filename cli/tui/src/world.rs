//! What can be seen of the backend: all that the panels show, read by `view` at one go.

use std::collections::BTreeMap;

use gmbot_backend::{Backend, BackendError};
use gmbot_engine::Reply;
use gmbot_engine::model::{ClanId, Game, PersonId, Side, WarId};
use gmbot_engine::request::Onlooker;
use gmbot_engine::view::{
    ClanName, GloryCourseView, HistoryView, LeaderboardView, MyselfView, Query, RolesView,
    StatusView, View, WarLine, WarView, WarsAsked,
};

/// How many wars that run are looked at in full; the others show without line-ups.
const MOST_IN_FULL: usize = 16;
/// How many ranks of the leaderboard are asked for.
const RANKS: u32 = 20;
/// How many wars that are over are asked for.
const PAST: u32 = 50;
/// How many of everybody's newest wars are asked for.
const NEWEST: u32 = 30;
/// How many days back glory is drawn.
const DAYS: u32 = 90;

/// What can be seen at one moment.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct World {
    /// Who looks.
    pub(crate) me: MyselfView,
    /// The clan's wars; none where no clan acts yet.
    pub(crate) status: Option<StatusView>,
    /// Its wars that run, in full.
    pub(crate) in_full: BTreeMap<WarId, WarView>,
    /// Its members.
    pub(crate) roster: Option<RolesView>,
    /// The clans with the most glory.
    pub(crate) leaderboard: LeaderboardView,
    /// The clan's wars that are over.
    pub(crate) history: Option<HistoryView>,
    /// The newest wars of all clans.
    pub(crate) newest: Vec<WarLine>,
    /// How the clan's glory went.
    pub(crate) course: Option<GloryCourseView>,
    /// The games that can be played.
    pub(crate) games: Vec<Game>,
}

/// One war in full, with how it came about.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sight {
    /// The war; none: there is no such war to see.
    pub(crate) war: Option<WarView>,
    /// What `explain` says.
    pub(crate) explained: Option<Reply>,
}

/// Asks a view and takes it if it is the one that was asked for: [`View::Hidden`] is none.
macro_rules! seen {
    ($backend:expr, $onlooker:expr, $query:expr, $view:path) => {
        match $backend.view(&$query, $onlooker)? {
            $view(seen) => Some(seen),
            _ => None,
        }
    };
}

impl World {
    /// Looks at everything.
    ///
    /// # Errors
    /// When the backend failed.
    pub(crate) fn look(backend: &dyn Backend, onlooker: &Onlooker) -> Result<Self, BackendError> {
        let strange = || BackendError::Denied("it does not say who looks".to_owned());
        let me = seen!(backend, onlooker, Query::Myself, View::Myself).ok_or_else(strange)?;
        let clan = me.clan.as_ref().map(|clan| clan.id);
        let leaderboard = Query::Leaderboard { game: None, after: None, limit: RANKS };
        let newest = Query::Wars(WarsAsked { limit: NEWEST, ..WarsAsked::default() });
        let mut world = Self {
            me,
            status: None,
            in_full: BTreeMap::new(),
            roster: None,
            leaderboard: seen!(backend, onlooker, leaderboard, View::Leaderboard)
                .unwrap_or(LeaderboardView { game: None, rows: Vec::new(), own: None, next: None }),
            history: None,
            newest: seen!(backend, onlooker, newest, View::Wars)
                .map(|seen| seen.wars)
                .unwrap_or_default(),
            course: None,
            games: seen!(backend, onlooker, Query::Games, View::Games)
                .map(|seen| seen.games)
                .unwrap_or_default(),
        };
        if let Some(clan) = clan {
            world.look_at_clan(clan, backend, onlooker)?;
        }
        Ok(world)
    }

    fn look_at_clan(
        &mut self,
        clan: ClanId,
        backend: &dyn Backend,
        onlooker: &Onlooker,
    ) -> Result<(), BackendError> {
        let course = Query::GloryCourse { clan, game: None, days: DAYS };
        let past = Query::History { clan, limit: PAST };
        self.status = seen!(backend, onlooker, Query::Status(clan), View::Status);
        self.roster = seen!(backend, onlooker, Query::Roles(clan), View::Roles);
        self.history = seen!(backend, onlooker, past, View::History);
        self.course = seen!(backend, onlooker, course, View::GloryCourse);
        let ids: Vec<WarId> =
            self.own_wars().chain(self.acceptable()).map(|war| war.id).take(MOST_IN_FULL).collect();
        for id in ids {
            if let Some(war) = seen!(backend, onlooker, Query::War(id), View::War) {
                self.in_full.insert(id, *war);
            }
        }
        Ok(())
    }

    /// The clan's wars that are not over: those that run, then those that are to come.
    pub(crate) fn own_wars(&self) -> impl Iterator<Item = &WarLine> {
        self.status
            .iter()
            .flat_map(|status| status.running.iter().chain(&status.scheduled).chain(&status.open))
    }

    /// The challenges that the clan can accept.
    pub(crate) fn acceptable(&self) -> impl Iterator<Item = &WarLine> {
        self.status.iter().flat_map(|status| &status.acceptable)
    }

    /// Every war of which something is known, each once.
    pub(crate) fn wars(&self) -> BTreeMap<WarId, &WarLine> {
        let past = self.history.iter().flat_map(|history| &history.wars);
        let all = self.newest.iter().chain(past).chain(self.acceptable()).chain(self.own_wars());
        all.map(|war| (war.id, war)).collect()
    }

    /// The clan that looks.
    pub(crate) fn clan(&self) -> Option<&ClanName> {
        self.me.clan.as_ref()
    }

    /// Which side of a war the clan is on.
    pub(crate) fn side(&self, war: &WarLine) -> Option<Side> {
        let own = self.clan()?.id;
        Side::BOTH.into_iter().find(|side| war.clan(*side).is_some_and(|clan| clan.id == own))
    }

    /// A member's name as last seen.
    pub(crate) fn name(&self, person: PersonId) -> Option<&str> {
        self.roster.as_ref()?.legend.people.get(&person).map(String::as_str)
    }
}

impl Sight {
    /// Looks at one war; `explained` comes from `explain`, which is a command.
    ///
    /// # Errors
    /// When the backend failed.
    pub(crate) fn look(
        war: WarId,
        backend: &dyn Backend,
        onlooker: &Onlooker,
    ) -> Result<Self, BackendError> {
        let seen = seen!(backend, onlooker, Query::War(war), View::War);
        Ok(Self { war: seen.map(|war| *war), explained: None })
    }
}
