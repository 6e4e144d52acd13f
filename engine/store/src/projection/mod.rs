//! What an event changes in the projections. Nothing here reads an operational table, so that
//! replaying the log into an empty store gives the same rows.

pub(crate) mod clan;
pub(crate) mod person;
pub(crate) mod war;

use gmbot_engine::event::{Event, Recorded};
use gmbot_engine::model::GameId;
use gmbot_engine::store::Stored;

use crate::db::Db;
use crate::statements as sql;

/// Changes the projections as an event says.
pub(crate) fn project(db: &Db, recorded: &Recorded) -> Stored<()> {
    let Recorded { at, event, .. } = recorded;
    person::project(db, event)?;
    if let Event::GameAdded { game, name, min_players, max_players } = event {
        db.run(sql::ADD_GAME, (game.0, name, min_players, max_players))?;
    }
    let game = war::project(db, *at, event)?;
    clan::project(db, *at, event, game)?;
    if let Event::PersonsJoined { kept, merged, .. } = event {
        // After the clans, so that offices have moved before their traces do.
        person::join(db, *kept, *merged)?;
    }
    Ok(())
}

/// The game that a war's event is about, for standings.
type AtGame = Option<GameId>;
