//! Which wars a listing asks for: one statement for each way to narrow it, so that each has an
//! index to walk along.

use gmbot_engine::model::{ClanId, PersonId, War};
use gmbot_engine::store::{Stored, WarFilter};

use crate::db::{Db, Row, json};
use crate::limited;
use crate::statements as sql;

/// The wars that a filter lets through, the newest first.
pub(crate) fn list(db: &Db, filter: &WarFilter) -> Stored<Vec<War>> {
    let stages = [(filter.open, "open"), (filter.running, "running"), (filter.ended, "ended")];
    let mut asked = stages.iter().filter(|(asked, _)| *asked).map(|(_, stage)| *stage);
    let (stage, second) = (asked.next(), asked.next());
    if second.is_some() {
        // No war is at two stages.
        return Ok(Vec::new());
    }
    // The newest war comes after (sorts before) this: no id begins with `~`.
    let before = filter.before.as_ref();
    let (at, id) = before.map_or((i64::MAX, "~"), |(at, id)| (at.0, id.as_str()));
    let (game, limit) = (filter.game.map(|game| game.0), limited(filter.limit));
    let clan = filter.of.as_ref().map(ClanId::as_str);
    let player = filter.player.as_ref().map(PersonId::as_str);
    match (player, clan, stage) {
        (Some(player), clan, stage) => {
            db.all(sql::WARS_OF_PLAYER, (at, id, game, limit, player, stage, clan), war)
        }
        (None, Some(clan), Some(stage)) => {
            db.all(sql::WARS_OF_CLAN_AT_STAGE, (at, id, game, limit, clan, stage), war)
        }
        (None, Some(clan), None) => db.all(sql::WARS_OF_CLAN, (at, id, game, limit, clan), war),
        (None, None, Some(stage)) => db.all(sql::WARS_AT_STAGE, (at, id, game, limit, stage), war),
        (None, None, None) => db.all(sql::WARS, (at, id, game, limit), war),
    }
}

fn war(row: &Row<'_>) -> Stored<War> {
    json(row, 0)
}
