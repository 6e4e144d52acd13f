//! `gmbot import FILE`: what `gmbot export` wrote as JSON into an empty database, all of it or
//! nothing.

use std::path::Path;

use gmbot_engine::model::{AccountKey, Platform};
use gmbot_engine::store::SideText;
use gmbot_store::Sqlite;

use crate::archive::{Clock, Line, Reader, VERSION};
use crate::command::export::unsealed;
use crate::database;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::options::Options;
use crate::output::Output;
use crate::place::Draft;
use crate::progress::Progress;

pub(crate) fn run(options: &Options, file: &Path, output: &Output) -> Result<Exit, Failure> {
    let mut from = Reader::open(file)?;
    let (clock, events) = header(file, &mut from)?;
    let place = database::place(options)?;
    if place.exists() {
        import(&mut Sqlite::open(&place, clock.into())?, &mut from)?;
    } else {
        // A killed import leaves no empty database where there was none.
        let draft = Draft::new(&place)?;
        import(&mut Sqlite::open(draft.path(), clock.into())?, &mut from)?;
        draft.publish()?;
    }
    output.line(&format!("imported {events} events to `{}`", place.display()))?;
    Ok(Exit::Done)
}

/// The clock and the number of events that the first line tells.
fn header(file: &Path, from: &mut Reader) -> Result<(Clock, u64), Failure> {
    match from.next()? {
        Some(Line::Gmbot { version, .. }) if version > VERSION => {
            Err(Failure::TooNew { file: file.to_owned(), version })
        }
        Some(Line::Gmbot { clock, events, .. }) => Ok((clock, events)),
        Some(_) | None => Err(from.damaged("it does not begin as an export does")),
    }
}

/// Reads all lines in one transaction.
fn import(store: &mut Sqlite, from: &mut Reader) -> Result<(), Failure> {
    store.begin()?;
    let done = lines(store, from).and_then(|()| Ok(store.commit()?));
    // What failed is told; that the rest could not be undone would add nothing.
    done.inspect_err(|_| store.rollback().unwrap_or(()))
}

fn lines(store: &mut Sqlite, from: &mut Reader) -> Result<(), Failure> {
    let mut progress = Progress::new("importing");
    store.begin_import()?;
    while let Some(line) = from.next()? {
        put(store, line, from)?;
        let (done, all) = from.position();
        progress.at(done, all);
    }
    Ok(())
}

fn put(store: &mut Sqlite, line: Line, from: &Reader) -> Result<(), Failure> {
    match line {
        Line::Event { number, recorded } => store.import_event(number, &recorded)?,
        Line::Name { platform, id, name } => {
            let platform = Platform(platform);
            let account = AccountKey::new(&platform, &id);
            store.as_store().keep_account(&account, &platform, &id, &name)?;
        }
        Line::Text { id, war, author, at, until, text } => {
            store.as_store().keep_text(&SideText { id, war, author, at, until, text })?;
        }
        Line::Image { sha256, filers, bytes } => {
            let bytes = from_hex(&bytes).ok_or_else(|| from.damaged("an image can't be read"))?;
            for filer in filers {
                store.as_store().keep_image(&sha256, filer, &bytes)?;
            }
        }
        Line::Clan(clan) => {
            if store.as_read().clan(clan.id)?.as_ref() != Some(&*clan) {
                return Err(from.damaged(&format!("clan {} is not as its events say", clan.id)));
            }
        }
        Line::War(war) => {
            if store.as_read().war(war.id)?.map(unsealed).as_ref() != Some(&*war) {
                return Err(from.damaged(&format!("war {} is not as its events say", war.id)));
            }
        }
        Line::Gmbot { .. } | Line::End { .. } => {
            return Err(from.damaged("it has a line where it can't be"));
        }
    }
    Ok(())
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
    pairs.map(|pair| u8::from_str_radix(pair.filter(|pair| pair.len() == 2)?, 16).ok()).collect()
}
