//! The least that a program on SQLite can do: it opens the file that it is told and reads one row.

use rusqlite::{Connection, OpenFlags};

fn main() -> rusqlite::Result<()> {
    let file = std::env::args_os().nth(1).unwrap_or_default();
    let db = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let mut statement = db.prepare("SELECT body FROM clans LIMIT 1")?;
    let body: String = statement.query_row([], |row| row.get(0))?;
    std::hint::black_box(body);
    Ok(())
}
