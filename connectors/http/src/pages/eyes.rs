//! What a stranger sees: the only way in which pages read.

use std::sync::Arc;

use gmbot_backend::{BackendError, Operations};
use gmbot_engine::model::{ClanId, Game, GameId, WarId};
use gmbot_engine::request::Onlooker;
use gmbot_engine::view::{
    ClanListing, GloryCourseView, LeaderboardView, Query, StatsView, StatusView, View, WarView,
    WarsAsked, WarsView,
};

use super::Site;
use super::failure::Failure;

/// The backend, seen by nobody in particular.
pub(super) struct Eyes<'a>(&'a dyn Operations);

/// What is seen; none where there is nothing, or nothing for a stranger.
type Seen<T> = Result<Option<T>, BackendError>;

impl Site {
    /// Reads on a thread of the pages' own.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Eyes<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let backend = Arc::clone(&self.app.backend);
        // A failure to see is an answer too; what fails besides is the pool's.
        self.pool.run(move || Ok::<_, BackendError>(read(&Eyes(&*backend)))).await?
    }
}

impl Eyes<'_> {
    fn look(&self, query: &Query) -> Result<View, BackendError> {
        self.0.view(query, &Onlooker::default())
    }

    pub(super) fn games(&self) -> Result<Vec<Game>, BackendError> {
        let view = self.look(&Query::Games)?;
        Ok(if let View::Games(seen) = view { seen.games } else { Vec::new() })
    }

    pub(super) fn wars(&self, asked: WarsAsked) -> Seen<WarsView> {
        let view = self.look(&Query::Wars(asked))?;
        Ok(if let View::Wars(seen) = view { Some(seen) } else { None })
    }

    pub(super) fn war(&self, war: WarId) -> Seen<WarView> {
        let view = self.look(&Query::War(war))?;
        Ok(if let View::War(seen) = view { Some(*seen) } else { None })
    }

    pub(super) fn clan(&self, clan: ClanId) -> Seen<ClanListing> {
        let view = self.look(&Query::Clan(clan))?;
        Ok(if let View::Clan(seen) = view { Some(seen) } else { None })
    }

    pub(super) fn status(&self, clan: ClanId) -> Seen<StatusView> {
        let view = self.look(&Query::Status(clan))?;
        Ok(if let View::Status(seen) = view { Some(seen) } else { None })
    }

    pub(super) fn stats(&self, clan: ClanId) -> Seen<StatsView> {
        let view = self.look(&Query::ClanStats { clan, game: None })?;
        Ok(if let View::Stats(seen) = view { Some(seen) } else { None })
    }

    pub(super) fn leaders(&self, game: Option<GameId>, limit: u32) -> Seen<LeaderboardView> {
        let view = self.look(&Query::Leaderboard { game, after: None, limit })?;
        Ok(if let View::Leaderboard(seen) = view { Some(seen) } else { None })
    }

    pub(super) fn course(
        &self,
        clan: ClanId,
        game: Option<GameId>,
        days: u32,
    ) -> Seen<GloryCourseView> {
        let view = self.look(&Query::GloryCourse { clan, game, days })?;
        Ok(if let View::GloryCourse(seen) = view { Some(seen) } else { None })
    }
}
