//! A checksum of all that a database holds: of rows, not of bytes, so that it does not depend on
//! where in the file they lie.

use gmbot_engine::model::ids::hex;
use gmbot_engine::store::Stored;
use rusqlite::Rows;
use rusqlite::types::ValueRef;
use sha2::{Digest as _, Sha256};

use crate::db::Db;
use crate::statements as sql;
use crate::verify::Columns;

/// The entry of `meta` that holds a backup's checksum, and that no checksum counts.
pub(crate) const ENTRY: &str = "backup_sha256";

/// SHA-256 over all tables, their columns and rows in order, as hexadecimal digits.
pub(crate) fn of(db: &Db) -> Stored<String> {
    let mut hash = Sha256::new();
    for table in db.all(sql::TABLES, [], |row| row.get::<_, String>(0))? {
        let columns = Columns::of(db, &table)?;
        // Lengths go before texts, so that no two contents look alike when they are strung together.
        add(&mut hash, table.as_bytes());
        columns.names.iter().for_each(|name| add(&mut hash, name.as_bytes()));
        let mut select = db.of(db.conn.prepare(&columns.select(&table)))?;
        let mut rows = db.of(select.query([]))?;
        db.of(add_rows(&mut hash, &mut rows, columns.names.len()))?;
    }
    Ok(hex(&hash.finalize()))
}

fn add_rows(hash: &mut Sha256, rows: &mut Rows<'_>, columns: usize) -> rusqlite::Result<()> {
    while let Some(row) = rows.next()? {
        if matches!(row.get_ref(0)?, ValueRef::Text(key) if key == ENTRY.as_bytes()) {
            continue;
        }
        for column in 0..columns {
            match row.get_ref(column)? {
                ValueRef::Null => hash.update(b"n"),
                ValueRef::Integer(number) => add(hash, &number.to_be_bytes()),
                ValueRef::Real(number) => add(hash, &number.to_be_bytes()),
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => add(hash, bytes),
            }
        }
    }
    Ok(())
}

fn add(hash: &mut Sha256, bytes: &[u8]) {
    hash.update(b"v");
    hash.update(bytes.len().to_be_bytes());
    hash.update(bytes);
}
