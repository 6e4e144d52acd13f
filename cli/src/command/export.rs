//! `gmbot export`: everything for other programs, as JSON (which `gmbot import` reads) or a table
//! as CSV.

mod csv;
mod json;
mod sheet;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use clap::ValueEnum;
use gmbot_engine::model::{Clan, Phase, Sides, War};
use gmbot_engine::store::WarFilter;
use gmbot_store::Connection;

use crate::config::Settings;
use crate::database;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::place::Draft;

/// How many rows are read at a time.
const PAGE: usize = 500;

/// For whom it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For programs, and for `gmbot import`: all of it, a JSON value a line.
    Json,
    /// For spreadsheets: one table.
    Csv,
}

/// A table for spreadsheets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Table {
    /// Who fights, and how they fare.
    Clans,
    /// What they fought, and how it ended.
    Wars,
    /// Who said what about settled wars.
    Ballots,
    /// How each clan fares at each game.
    Glory,
}

pub(crate) fn run(
    settings: &Settings,
    file: Option<&Path>,
    format: Format,
    table: Option<Table>,
    output: &Output,
) -> Result<Exit, Failure> {
    if format == Format::Json && table.is_some() {
        return Err(Failure::NoTables);
    }
    let address = database::existing(settings)?;
    let write = |to: &mut dyn Write| {
        let store = Connection::connect(&address, gmbot_store::Clock::System)?;
        // All pages show the database at one moment; it ends with the connection.
        store.begin_read()?;
        match table {
            Some(table) => csv::write(&store, table, to),
            None => json::write(&store, to),
        }
    };
    let Some(file) = file else {
        write(&mut BufWriter::new(io::stdout().lock()))?;
        return Ok(Exit::Done);
    };
    let draft = Draft::new(file)?;
    if let Some(path) = address.path() {
        draft.guard_like(path)?;
    }
    let opened = File::options().write(true).open(draft.path());
    let unwritable = |cause| Failure::Unwritable { file: file.to_owned(), cause };
    let written = write(&mut BufWriter::new(opened.map_err(unwritable)?));
    if let Err(Failure::Output(cause)) = written {
        return Err(unwritable(cause));
    }
    written?;
    draft.publish()?;
    output.line(&format!("exported to `{}`", file.display()))?;
    Ok(Exit::Done)
}

/// Goes through all clans in order of id.
fn each_clan(
    store: &Connection,
    mut each: impl FnMut(Clan) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut last = None;
    loop {
        let page = store.all_clans(last, PAGE)?;
        let Some(end) = page.last() else { return Ok(()) };
        last = Some(end.id);
        page.into_iter().try_for_each(&mut each)?;
    }
}

/// Goes through all wars, the newest first.
fn each_war(
    store: &Connection,
    mut each: impl FnMut(War) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut filter = WarFilter { limit: PAGE, ..WarFilter::default() };
    loop {
        let page = store.as_read().wars(&filter)?;
        let Some(last) = page.last() else { return Ok(()) };
        filter.before = Some((last.created_at, last.id));
        page.into_iter().try_for_each(&mut each)?;
    }
}

/// A war without the ballots that are still sealed: those of a war that is not settled, and those
/// that ask for another settlement.
pub(crate) fn unsealed(mut war: War) -> War {
    war.appeals = Sides::default();
    if war.phase != Phase::Settled {
        war.ballots = Sides::default();
    }
    war
}
