//! Persons, their accounts and memberships.

use gmbot_engine::event::Event;
use gmbot_engine::model::PersonId;
use gmbot_engine::store::Stored;

use crate::db::{Db, parsed};
use crate::statements as sql;

/// Changes persons and accounts as an event says.
pub(crate) fn project(db: &Db, event: &Event) -> Stored<()> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "persons change by these events alone")]
    match event {
        Event::PersonSeen { person, account } => {
            db.run(sql::ADD_PERSON, [person.as_str()])?;
            db.run(sql::ADD_ACCOUNT, (account.as_str(), person.as_str()))?;
        }
        Event::AccountJoined { person, account } => {
            db.run(sql::ADD_ACCOUNT, (account.as_str(), person.as_str()))?;
        }
        Event::AvailabilityChanged { person, available } => {
            db.run(sql::SET_AVAILABLE, (person.as_str(), available))?;
        }
        _ => {}
    }
    Ok(())
}

/// Gives `kept` all that `merged` had. Wars keep the ids that they were played under; these tables
/// know who is meant.
pub(crate) fn join(db: &Db, kept: PersonId, merged: PersonId) -> Stored<()> {
    let both = (kept.as_str(), merged.as_str());
    db.run(sql::JOIN_PERSON, both)?;
    db.run(sql::JOIN_ACCOUNTS, both)?;
    let moves = [
        (sql::JOIN_MEMBERS, sql::DROP_MEMBERSHIPS),
        (sql::JOIN_LINE_UPS, sql::DROP_LINE_UPS),
        (sql::JOIN_SERVED, sql::DROP_SERVED),
    ];
    for (copy, remove) in moves {
        db.run(copy, both)?;
        db.run(remove, [merged.as_str()])?;
    }
    Ok(())
}

/// The person that `person` turned out to be.
pub(crate) fn canonical(db: &Db, person: PersonId) -> Stored<PersonId> {
    let joined = db.one(sql::CANONICAL, [person.as_str()], |row| parsed(row, 0))?;
    Ok(joined.unwrap_or(person))
}
