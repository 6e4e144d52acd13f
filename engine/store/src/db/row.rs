//! A row that a statement found, whatever database it is from.

use std::fmt::Display;
use std::str::FromStr;

use gmbot_engine::store::{StoreError, Stored};

use super::damaged;
use super::value::{Cell, FromCell};

/// Where a row's values are.
pub(crate) trait Cells {
    /// How many there are.
    fn width(&self) -> usize;

    /// One of them, from 0; or why it can't be read.
    fn cell(&self, column: usize) -> Result<Cell<'_>, String>;
}

/// A row, with the name of the database that it is from.
#[derive(Clone, Copy)]
pub(crate) struct Row<'r> {
    cells: &'r dyn Cells,
    database: &'r str,
}

impl<'r> Row<'r> {
    pub(crate) fn new(cells: &'r dyn Cells, database: &'r str) -> Self {
        Self { cells, database }
    }

    /// A column's value.
    pub(crate) fn get<T: FromCell>(&self, column: usize) -> Stored<T> {
        let cell = self.cell(column)?;
        T::from_cell(cell)
            .ok_or_else(|| self.unreadable(column, format!("{cell:?} is not {}", T::EXPECTED)))
    }

    /// A column as it is.
    pub(crate) fn cell(&self, column: usize) -> Stored<Cell<'r>> {
        self.cells.cell(column).map_err(|why| self.unreadable(column, why))
    }

    /// All columns as they are.
    pub(crate) fn all(&self) -> impl Iterator<Item = Stored<Cell<'r>>> {
        let row = *self;
        (0..self.cells.width()).map(move |column| row.cell(column))
    }

    fn text(&self, column: usize) -> Stored<Option<&'r str>> {
        match self.cell(column)? {
            Cell::Null => Ok(None),
            Cell::Text(text) => Ok(Some(text)),
            other @ (Cell::Integer(_) | Cell::Bytes(_)) => {
                Err(self.unreadable(column, format!("{other:?} is not a text")))
            }
        }
    }

    fn unreadable(&self, column: usize, why: impl Display) -> StoreError {
        damaged(self.database, &format!("column {column} of a row can't be read: {why}"))
    }
}

/// A column that holds an id.
pub(crate) fn parsed<T: FromStr<Err: Display>>(row: &Row<'_>, column: usize) -> Stored<T> {
    let id = parsed_if_any(row, column)?;
    id.ok_or_else(|| row.unreadable(column, "an id is missing"))
}

/// A column that holds an id or nothing.
pub(crate) fn parsed_if_any<T: FromStr<Err: Display>>(
    row: &Row<'_>,
    column: usize,
) -> Stored<Option<T>> {
    let text = row.text(column)?;
    text.map(|text| text.parse().map_err(|error| row.unreadable(column, error))).transpose()
}

/// A column that holds a value as JSON.
pub(crate) fn json<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> Stored<T> {
    let text = row.text(column)?.unwrap_or_default();
    serde_json::from_str(text).map_err(|error| row.unreadable(column, error))
}
