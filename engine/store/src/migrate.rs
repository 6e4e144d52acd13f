//! How a new database is made, and an old one brought up to date.

use std::path::Path;

use gmbot_engine::event::{Event, Recorded};
use gmbot_engine::model::ids::hex;
use gmbot_engine::model::{AtMs, Game};
use gmbot_engine::store::{StoreError, StoreErrorKind, Stored};
use rusqlite::OpenFlags;

use crate::Clock;
use crate::db::{Db, not_ours};
use crate::log::{record, replay};
use crate::meta::{meta, set_meta};
use crate::schema::{
    API_KEYS, APPLICATION_ID, CLOSED_CHANNELS, OPERATIONAL, PROJECTIONS, SEQUENCES, Table, VERSION,
    WEBHOOK_MESSAGES, WEBHOOKS,
};

/// The seed of a database with a manual clock, unless it is set: the same requests give the same
/// ids, wherever the file lies.
const FIRST_SEED: [u8; 32] = *b"a game of war, from the first id";

/// 32 random bytes as hexadecimal digits.
const SEED_OF_SQLITE: &str = "SELECT lower(hex(randomblob(32)))";
const SEED_OF_POSTGRES: &str =
    "SELECT replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')";

/// Whether PostgreSQL has the table that tells the version. It is looked for among the rows of the
/// catalog: `to_regclass` would say from memory that it is not there, also to who has waited since for
/// those who made it.
const HAS_META: &str = "SELECT EXISTS (SELECT FROM pg_catalog.pg_tables
    WHERE schemaname = current_schema() AND tablename = 'meta')";

/// What each version of the schema changes in the operational tables of the one before; where that is
/// done already, it changes nothing.
const STEPS: &[(i32, &str)] =
    &[(2, API_KEYS), (4, WEBHOOKS), (4, WEBHOOK_MESSAGES), (6, CLOSED_CHANNELS)];

/// Makes the tables of a new database and updates those of an old one. Of two programs that open
/// it at once the second waits, and finds it done.
pub(crate) fn bring_up_to_date(db: &Db, clock: Clock) -> Stored<()> {
    if version(db)? == Some(VERSION) {
        return Ok(());
    }
    db.begin_alone()?;
    let done = match version(db) {
        Ok(Some(VERSION)) => Ok(()),
        Ok(version) => make_or_migrate(db, version, clock),
        Err(error) => Err(error),
    };
    // Dropping the connection would undo it as well; a failure to undo adds nothing to the first.
    done.and_then(|()| db.commit()).inspect_err(|_| db.rollback().unwrap_or(()))
}

/// The version of the schema; none if gmbot has made nothing here yet.
fn version(db: &Db) -> Stored<Option<i32>> {
    if db.is_file() {
        let ours = db.value::<i32>("PRAGMA application_id", ())? == APPLICATION_ID;
        return if ours { db.value("PRAGMA user_version", ()).map(Some) } else { Ok(None) };
    }
    if !db.value::<bool>(HAS_META, ())? {
        return Ok(None);
    }
    let version = meta(db, "schema")?.parse();
    version.map(Some).map_err(|_not_a_number| db.damaged("its schema has no version"))
}

fn set_version(db: &Db) -> Stored<()> {
    if !db.is_file() {
        return set_meta(db, "schema", &VERSION.to_string());
    }
    db.batch(&format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION}"))
}

fn make_or_migrate(db: &Db, from: Option<i32>, clock: Clock) -> Stored<()> {
    if let Some(version) = from {
        known_version(&db.name, version)?;
        migrate(db, version)?;
    } else {
        let tables = db.either(
            "SELECT count(*) FROM sqlite_schema",
            "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema()",
        );
        if db.value::<i64>(tables, ())? > 0 {
            let message = not_ours(&db.name);
            return Err(StoreError { kind: StoreErrorKind::NotADatabase, message });
        }
        create(db, clock)?;
    }
    set_version(db)
}

fn create(db: &Db, clock: Clock) -> Stored<()> {
    make(db, OPERATIONAL)?;
    make(db, PROJECTIONS)?;
    db.batch(db.either("", SEQUENCES))?;
    let (clock, seed) = match clock {
        Clock::System => ("system", db.value(db.either(SEED_OF_SQLITE, SEED_OF_POSTGRES), ())?),
        Clock::Manual => ("manual", hex(&FIRST_SEED)),
    };
    set_meta(db, "clock", clock)?;
    set_meta(db, "seed", &seed)?;
    for Game { id, name, min_players, max_players } in Game::at_first() {
        let event = Event::GameAdded { game: id, name, min_players, max_players };
        record(db, &Recorded { at: AtMs(0), by: None, clan: None, event })?;
    }
    Ok(())
}

/// Updates a database of schema `from`. Operational tables are altered step by step; projections
/// never are: they are dropped and made again from the log.
fn migrate(db: &Db, from: i32) -> Stored<()> {
    for (version, change) in STEPS {
        if *version > from {
            db.define(change)?;
        }
    }
    make_projections_anew(db)?;
    replay(db, db, |_| {})
}

/// Replaces all projections by empty ones.
pub(crate) fn make_projections_anew(db: &Db) -> Stored<()> {
    for table in PROJECTIONS {
        db.batch(&format!("DROP TABLE IF EXISTS {}", table.name))?;
    }
    make(db, PROJECTIONS)
}

/// Refuses the schema of a later gmbot.
pub(crate) fn known_version(name: &str, version: i32) -> Stored<()> {
    if version <= VERSION {
        return Ok(());
    }
    let message = format!(
        "{name} was made by a newer gmbot (schema {version}, this one knows {VERSION}); use that one"
    );
    Err(StoreError { kind: StoreErrorKind::TooNew, message })
}

fn make(db: &Db, tables: &[Table]) -> Stored<()> {
    tables.iter().try_for_each(|table| db.define(table.ddl))
}

/// The indexes by which replaying finds rows; all others are there for questions.
const REPLAYED_BY: [&str; 3] = ["persons_joined", "accounts_of_person", "members_of_person"];

/// An empty database of its own that nothing else reaches, with the projections' tables only, and
/// the indexes that replaying needs.
pub(crate) fn projections_in_memory() -> Stored<Db> {
    let db =
        Db::open(Path::new(":memory:"), "the copy in memory".to_owned(), OpenFlags::default())?;
    make(&db, PROJECTIONS)?;
    let indexes = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL";
    for index in db.all(indexes, (), |row| row.get::<String>(0))? {
        if !REPLAYED_BY.contains(&index.as_str()) {
            db.batch(&format!("DROP INDEX {index}"))?;
        }
    }
    Ok(db)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Connection;

    #[test]
    fn a_database_of_the_first_version_is_brought_up_to_date() {
        let store = Connection::in_memory(Clock::Manual).unwrap();
        let db = &store.db;
        db.batch("DROP TABLE api_keys; DROP TABLE closed_channels; DROP TABLE games; PRAGMA user_version = 1").unwrap();
        bring_up_to_date(db, Clock::Manual).unwrap();
        assert_eq!(db.value::<i32>("PRAGMA user_version", ()).unwrap(), VERSION);
        assert!(store.keys().unwrap().is_empty());
        assert!(store.closed_channels(1).unwrap().is_empty());
        assert!(store.verify(|_, _| {}).unwrap().is_sound());
    }

    #[cfg(feature = "postgres")]
    #[test]
    #[ignore = "needs PostgreSQL: `just postgres`"]
    #[expect(clippy::disallowed_methods, reason = "only whoever runs the tests knows the server")]
    fn who_waits_for_the_tables_sees_them_whatever_it_saw_before() {
        let server = std::env::var("GMBOT_TEST_POSTGRES").expect("it names a server");
        let schema = format!("waits_{}", std::process::id());
        let url = crate::Address::postgres(&server, None).in_schema(&schema).unwrap().to_string();
        let connect = || Db::connect(&url, None).unwrap();
        let (one, other, watcher) = (connect(), connect(), connect());
        one.begin_alone().unwrap();
        assert_eq!(version(&other), Ok(None));
        let pid: i64 = other.value("SELECT pg_backend_pid()", ()).unwrap();
        let seen = std::thread::scope(|scope| {
            let seen = scope.spawn(move || {
                other.begin_alone().unwrap();
                version(&other)
            });
            let waits = "SELECT cardinality(pg_blocking_pids(CAST(?1 AS INT))) > 0";
            while !watcher.value::<bool>(waits, [pid]).unwrap() {}
            // Little enough that PostgreSQL does not press who waits to hear of it.
            one.define("CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL)").unwrap();
            set_version(&one).unwrap();
            one.commit().unwrap();
            seen.join().unwrap()
        });
        assert_eq!(seen, Ok(Some(VERSION)));
    }
}
