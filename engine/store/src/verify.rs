//! Whether the projections are what the log says: it is replayed, and every row compared.

use std::cmp::Ordering;
use std::fmt;
use std::ops::ControlFlow::Continue;

use gmbot_engine::store::Stored;

use crate::Connection;
use crate::db::{Arg, Db, Kind, Row, Value};
use crate::log::replay;
use crate::migrate::projections_in_memory;
use crate::schema::PROJECTIONS;
use crate::statements as sql;

/// How many differences are listed; the rest are counted.
const LISTED: usize = 100;

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verification {
    /// How many events were replayed.
    pub events: u64,
    /// How many rows of projections were compared.
    pub rows: u64,
    /// What SQLite says of the file itself; empty if it is sound.
    pub integrity: Vec<String>,
    /// Rows that are not what the log says, the first 100.
    pub differences: Vec<Difference>,
    /// How many differences there are in all.
    pub differing: u64,
}

impl Verification {
    /// Counts a difference, and lists it if there is room.
    fn note(&mut self, difference: Difference) {
        self.differing += 1;
        if self.differences.len() < LISTED {
            self.differences.push(difference);
        }
    }

    /// Whether everything is as it should be.
    pub fn is_sound(&self) -> bool {
        self.integrity.is_empty() && self.differing == 0
    }
}

/// A row that is not what the log says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The table.
    pub table: &'static str,
    /// The row's key, its columns parted by `/`.
    pub key: String,
    /// What is wrong with it: `missing`, `surplus`, or the columns that differ.
    pub what: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`: {}", self.table, self.key, self.what)
    }
}

impl Connection {
    /// Replays the log into an empty store in memory and compares every projection row by row, all
    /// within one state of the database. `progress` hears how many events of how many are done.
    ///
    /// # Errors
    /// When the database fails, or the log can't be read or replayed.
    pub fn verify(&self, progress: impl FnMut(u64, u64)) -> Stored<Verification> {
        self.begin_read()?;
        let found = verify(&self.db, progress);
        self.end_read()?;
        found
    }
}

/// The same for any connection, whatever transaction it is in.
pub(crate) fn verify(db: &Db, mut progress: impl FnMut(u64, u64)) -> Stored<Verification> {
    let (integrity, events) = (db.damage("integrity_check")?, db.value(sql::LOG_LENGTH, ())?);
    let mut found = Verification { events, integrity, ..Verification::default() };

    let copy = projections_in_memory()?;
    copy.begin()?;
    replay(db, &copy, |done| progress(done, events))?;
    copy.commit()?;
    for table in PROJECTIONS {
        compare(db, &copy, table.name, &mut found)?;
    }
    Ok(found)
}

/// A table's columns, and which of them make its key.
pub(crate) struct Columns {
    pub(crate) names: Vec<String>,
    kinds: Vec<Kind>,
    key: Vec<usize>,
}

impl Columns {
    pub(crate) fn of(db: &Db, table: &str) -> Stored<Self> {
        let (mut names, mut kinds, mut key) = (Vec::new(), Vec::new(), Vec::new());
        let listed =
            format!("SELECT name, type, pk FROM pragma_table_info('{table}') ORDER BY cid");
        db.walk(listed.as_str(), (), |row| {
            if let part @ 1.. = row.get::<i64>(2)? {
                key.push((part, names.len()));
            }
            names.push(row.get(0)?);
            kinds.push(match row.get::<String>(1)?.as_str() {
                "INTEGER" => Kind::Integer,
                "BLOB" => Kind::Bytes,
                _ => Kind::Text,
            });
            Ok(Continue(()))
        })?;
        key.sort_unstable();
        Ok(Self { names, kinds, key: key.into_iter().map(|(_, place)| place).collect() })
    }

    /// A row's values for a statement, which has to know what missing ones would have been.
    pub(crate) fn typed<'a>(&'a self, row: &'a [Value]) -> Vec<Arg<'a>> {
        row.iter().zip(&self.kinds).map(|(value, kind)| value.to_arg(*kind)).collect()
    }

    /// All rows in order of their keys.
    pub(crate) fn select(&self, table: &str) -> String {
        let key: Vec<_> = self.key.iter().filter_map(|place| self.names.get(*place)).collect();
        let key: Vec<_> = key.into_iter().map(String::as_str).collect();
        format!("SELECT {} FROM {table} ORDER BY {}", self.names.join(", "), key.join(", "))
    }

    fn key<'a>(&self, row: &'a [Value]) -> Vec<&'a Value> {
        self.key.iter().filter_map(|place| row.get(*place)).collect()
    }

    /// The key and the fault of the row that is first in `order`, if it is not as it ought to be.
    fn difference(
        &self,
        order: Ordering,
        here: Option<&[Value]>,
        there: Option<&[Value]>,
    ) -> Option<(String, String)> {
        let (row, what) = match order {
            Ordering::Less => (here?, "surplus".to_owned()),
            Ordering::Greater => (there?, "missing".to_owned()),
            Ordering::Equal if here == there => return None,
            Ordering::Equal => (here?, self.differing(here?, there?)),
        };
        let key: Vec<_> = self.key(row).into_iter().map(shown).collect();
        Some((key.join("/"), what))
    }

    fn differing(&self, one: &[Value], other: &[Value]) -> String {
        let pairs = self.names.iter().zip(one.iter().zip(other));
        let names: Vec<_> =
            pairs.filter(|(_, (one, other))| one != other).map(|(name, _)| name.as_str()).collect();
        format!("{} differ", names.join(", "))
    }
}

/// Walks along both tables in the order of their keys.
fn compare(db: &Db, copy: &Db, table: &'static str, found: &mut Verification) -> Stored<()> {
    let columns = Columns::of(copy, table)?;
    let select = columns.select(table);
    let mut ought = copy.of(copy.file()?.prepare(&select))?;
    let mut ought = copy.of(ought.query([]))?;
    let mut next = || {
        let row = copy.of(ought.next())?;
        row.map(|row| values(&Row::new(row, &copy.name))).transpose()
    };
    let mut note = |order, here: Option<&[Value]>, there: Option<&[Value]>| {
        found.rows += 1;
        if let Some((key, what)) = columns.difference(order, here, there) {
            found.note(Difference { table, key, what });
        }
    };
    let mut there = next()?;
    db.walk(select.as_str(), (), |row| {
        let here = values(row)?;
        loop {
            let order = there
                .as_ref()
                .map_or(Ordering::Less, |there| ordered(&columns.key(&here), &columns.key(there)));
            note(order, Some(&here), there.as_deref());
            if order == Ordering::Less {
                return Ok(Continue(()));
            }
            there = next()?;
            if order == Ordering::Equal {
                return Ok(Continue(()));
            }
        }
    })?;
    while let Some(missing) = there {
        note(Ordering::Greater, None, Some(&missing));
        there = next()?;
    }
    Ok(())
}

fn values(row: &Row<'_>) -> Stored<Vec<Value>> {
    row.all().map(|cell| cell.map(Value::from)).collect()
}

/// The order in which databases sort keys of whole numbers and texts.
fn ordered(one: &[&Value], other: &[&Value]) -> Ordering {
    let pairs = one.iter().zip(other).map(|(one, other)| match (one, other) {
        (Value::Integer(one), Value::Integer(other)) => one.cmp(other),
        (Value::Text(one), Value::Text(other)) => one.cmp(other),
        _ => Ordering::Equal,
    });
    pairs.fold(Ordering::Equal, Ordering::then)
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Integer(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
    }
}
