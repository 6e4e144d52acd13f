//! The numbers that tables give their rows: where they stand, so that none is given twice, also
//! after all rows were moved elsewhere. Receivers know notices and messages by them.

use gmbot_engine::store::Stored;

use crate::db::Db;

/// A table that numbers its rows, and the column that holds the number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Numbered {
    table: &'static str,
    column: &'static str,
}

/// All of them.
pub(crate) const NUMBERED: [Numbered; 4] = [
    Numbered { table: "log", column: "seq" },
    Numbered { table: "outbox", column: "id" },
    Numbered { table: "broadcasts", column: "id" },
    Numbered { table: "webhook_messages", column: "id" },
];

/// The highest number that a row ever had; 0 if there was none.
pub(crate) fn highest(db: &Db, numbered: Numbered) -> Stored<i64> {
    let Numbered { table, column } = numbered;
    let told = format!("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = '{table}'");
    let counted =
        format!("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {table}_{column}_seq");
    db.value(db.either(told, counted).as_str(), ())
}

/// Has the next row get a number above this one, and above those that are there.
pub(crate) fn go_on_after(db: &Db, numbered: Numbered, highest: i64) -> Stored<()> {
    let Numbered { table, column } = numbered;
    let there = format!("SELECT coalesce(max({column}), 0) FROM {table}");
    let last = db.value::<i64>(there.as_str(), ())?.max(highest);
    let told = format!(
        "DELETE FROM sqlite_sequence WHERE name = '{table}';
         INSERT INTO sqlite_sequence (name, seq) VALUES ('{table}', {last})"
    );
    let (value, is_called) = (last.max(1), last > 0);
    let counted = format!("SELECT setval('{table}_{column}_seq', {value}, {is_called})");
    db.batch(&db.either(told, counted))?;
    // SQLite takes the newest name's place from the names that are there.
    let sightings =
        "SELECT setval('sightings', coalesce(max(seen), 1), count(*) > 0) FROM account_names";
    db.batch(db.either("", sightings))
}
