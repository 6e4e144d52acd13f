//! How a clan's glory went: what it came to at the end of each day.

use serde::{Deserialize, Serialize};

use super::Viewer;
use super::directory::ClanListing;
use super::lookup::{ClanName, Lookup};
use crate::model::{AtMs, ClanId, DurationMs, Game, GameId};
use crate::store::{Read, Stored};

/// The most days that are looked back.
const MOST_DAYS: u32 = 366;

/// How a clan's glory went. Days say no more than the leaderboard did on each of them, so that a
/// private war stays private.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct GloryCourseView {
    /// Which clan.
    pub clan: ClanName,
    /// The one game that it is about; none: all.
    pub game: Option<Game>,
    /// The days, the oldest first; the last is today. What a war gave counts on the day of its first
    /// settlement, as it stands now.
    pub days: Vec<GloryThen>,
}

/// What a clan's glory came to at the end of a day, or comes to today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct GloryThen {
    /// When the day began, at midnight UTC.
    pub day: AtMs,
    /// The glory.
    pub glory: i64,
}

impl GloryCourseView {
    /// None if there is no such clan, or the viewer may not see it.
    pub(super) fn see(
        read: &dyn Read,
        clan: ClanId,
        game: Option<GameId>,
        days: u32,
        viewer: &Viewer,
        now: AtMs,
    ) -> Stored<Option<Self>> {
        let Some(listing) = ClanListing::see(read, clan, viewer)? else { return Ok(None) };
        let days = i64::from(days.clamp(1, MOST_DAYS));
        let first = now.midnight() - DurationMs::days(days - 1);
        let given = read.glory_by_day(clan, game, first)?;
        let before =
            read.clan_record(clan, game)?.glory - given.iter().map(|(_, g)| g).sum::<i64>();
        Ok(Some(Self {
            clan: listing.clan,
            game: game.map(|game| Lookup::new(read).map(|lookup| lookup.game(game))).transpose()?,
            days: course(first, days, before, &given),
        }))
    }
}

/// The glory at the end of each of some days, from what it was before them and what was given.
fn course(first: AtMs, days: i64, before: i64, given: &[(AtMs, i64)]) -> Vec<GloryThen> {
    let mut glory = before;
    let mut given = given.iter().peekable();
    let mut course = Vec::new();
    for number in 0..days {
        let day = first + DurationMs::days(number);
        while let Some((_, more)) = given.next_if(|(settled, _)| *settled <= day) {
            glory += more;
        }
        course.push(GloryThen { day, glory });
    }
    course
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glory_stays_until_a_day_gives_more() {
        let day = |number| AtMs(0) + DurationMs::days(number);
        let went = course(day(10), 5, 7, &[(day(10), 1), (day(12), 20), (day(13), -3)]);
        let went: Vec<_> = went.into_iter().map(|then| (then.day, then.glory)).collect();
        let expected = [(day(10), 8), (day(11), 8), (day(12), 28), (day(13), 25), (day(14), 25)];
        assert_eq!(went, expected);
    }
}
