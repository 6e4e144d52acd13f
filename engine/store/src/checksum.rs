//! A checksum of all that a database holds: of rows, not of bytes, so that it does not depend on
//! where in the file they lie.

use std::ops::ControlFlow::Continue;

use gmbot_engine::model::ids::hex;
use gmbot_engine::store::Stored;
use sha2::{Digest as _, Sha256};

use crate::db::{Cell, Db, Row};
use crate::statements as sql;
use crate::verify::Columns;

/// The entry of `meta` that holds a backup's checksum, and that no checksum counts.
pub(crate) const ENTRY: &str = "backup_sha256";

/// SHA-256 over all tables, their columns and rows in order, as hexadecimal digits.
pub(crate) fn of(db: &Db) -> Stored<String> {
    let mut hash = Sha256::new();
    for table in db.all(sql::TABLES, (), |row| row.get::<String>(0))? {
        add_table(&mut hash, db, &table, &Columns::of(db, &table)?)?;
    }
    Ok(hex(&hash.finalize()))
}

/// What a table's rows come to, whichever database they are in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sum {
    pub(crate) rows: u64,
    sha256: String,
}

/// The same of one table, which has these columns.
pub(crate) fn of_table(db: &Db, table: &str, columns: &Columns) -> Stored<Sum> {
    let mut hash = Sha256::new();
    let rows = add_table(&mut hash, db, table, columns)?;
    Ok(Sum { rows, sha256: hex(&hash.finalize()) })
}

/// Adds a table; says how many rows it has.
fn add_table(hash: &mut Sha256, db: &Db, table: &str, columns: &Columns) -> Stored<u64> {
    let mut rows = 0;
    // Lengths go before texts, so that no two contents look alike when they are strung together.
    add(hash, table.as_bytes());
    columns.names.iter().for_each(|name| add(hash, name.as_bytes()));
    db.walk(columns.select(table).as_str(), (), |row| {
        rows += 1;
        add_row(hash, row)?;
        Ok(Continue(()))
    })?;
    Ok(rows)
}

fn add_row(hash: &mut Sha256, row: &Row<'_>) -> Stored<()> {
    if row.cell(0)? == Cell::Text(ENTRY) {
        return Ok(());
    }
    for cell in row.all() {
        match cell? {
            Cell::Null => hash.update(b"n"),
            Cell::Integer(number) => add(hash, &number.to_be_bytes()),
            Cell::Text(text) => add(hash, text.as_bytes()),
            Cell::Bytes(bytes) => add(hash, bytes),
        }
    }
    Ok(())
}

fn add(hash: &mut Sha256, bytes: &[u8]) {
    hash.update(b"v");
    hash.update(bytes.len().to_be_bytes());
    hash.update(bytes);
}
