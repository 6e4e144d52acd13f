//! `gmbot import FILE`: what `gmbot export` wrote as JSON into an empty database, all of it or
//! nothing.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::str::FromStr;

use gmbot_engine::model::{AccountKey, Platform};
use gmbot_engine::store::{SideText, StoreError, StoreErrorKind};
use gmbot_store::{Connection, SCHEMA};
use serde::Serialize;
use serde_json::Value;

use crate::archive::{Clock, Line, Reader, VERSION};
use crate::command::export::unsealed;
use crate::config::Settings;
use crate::database;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::place::Draft;
use crate::progress::Progress;

pub(crate) fn run(settings: &Settings, file: &Path, output: &Output) -> Result<Exit, Failure> {
    if is_database(file)? {
        return Err(Failure::IsDatabase(file.to_owned()));
    }
    let mut from = Reader::open(file)?;
    let header = Header::read(file, &mut from)?;
    let clock = header.clock.into();
    let address = database::address(settings)?;
    match address.path() {
        Some(place) if !place.exists() => {
            // A killed import leaves no empty database where there was none.
            let draft = Draft::new(place)?;
            import(&mut Connection::open(draft.path(), clock)?, &mut from, header.schema)?;
            draft.publish()?;
        }
        Some(_) | None => {
            import(&mut Connection::connect(&address, clock)?, &mut from, header.schema)?;
        }
    }
    output.line(&format!("imported {} events to `{address}`", header.events))?;
    Ok(Exit::Done)
}

/// Whether a file begins as SQLite's do.
fn is_database(file: &Path) -> Result<bool, Failure> {
    let mut head = Vec::new();
    let read = File::open(file).and_then(|file| file.take(16).read_to_end(&mut head));
    read.map_err(|cause| Failure::Unreadable { file: file.to_owned(), cause })?;
    Ok(head == b"SQLite format 3\0")
}

/// What the first line tells.
struct Header {
    schema: i32,
    clock: Clock,
    events: u64,
}

impl Header {
    fn read(file: &Path, from: &mut Reader) -> Result<Self, Failure> {
        match from.next()? {
            Some(Line::Gmbot { version, .. }) if version > VERSION => {
                Err(Failure::TooNew { file: file.to_owned(), version })
            }
            Some(Line::Gmbot { schema, clock, events, .. }) => Ok(Self { schema, clock, events }),
            Some(_) | None => Err(from.damaged("it does not begin as an export does")),
        }
    }
}

/// Reads all lines in one transaction.
fn import(store: &mut Connection, from: &mut Reader, schema: i32) -> Result<(), Failure> {
    store.begin()?;
    let done = lines(store, from, schema).and_then(|()| Ok(store.commit()?));
    // What failed is told; that the rest could not be undone would add nothing.
    done.inspect_err(|_| store.rollback().unwrap_or(()))
}

fn lines(store: &mut Connection, from: &mut Reader, schema: i32) -> Result<(), Failure> {
    let mut progress = Progress::new("importing");
    store.begin_import()?;
    while let Some(line) = from.next()? {
        // What another schema shows of the same events may look different here.
        if schema == SCHEMA || !matches!(line, Line::Clan(_) | Line::War(_)) {
            put(store, line, from)?;
        }
        let (done, all) = from.position();
        progress.at(done, all);
    }
    Ok(store.end_import()?)
}

fn put(store: &mut Connection, line: Line, from: &Reader) -> Result<(), Failure> {
    match line {
        Line::Event { number, recorded } => {
            let done = store.import_event(number, &recorded);
            done.map_err(|error| unfit(error, number, from))?;
        }
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
        Line::Clan(ref shown) => {
            let clan = id(shown).map(|id| store.as_read().clan(id)).transpose()?;
            must_be(shown, &clan.flatten(), from)?;
        }
        Line::War(ref shown) => {
            let war = id(shown).map(|id| store.as_read().war(id)).transpose()?;
            must_be(shown, &war.flatten().map(unsealed), from)?;
        }
        Line::Gmbot { .. } | Line::End { .. } => {
            return Err(from.damaged("it has a line where it can't be"));
        }
    }
    Ok(())
}

/// Why an event was not taken: mostly because the file is wrong, not the database.
fn unfit(error: StoreError, number: i64, from: &Reader) -> Failure {
    if matches!(error.kind, StoreErrorKind::Contradicted | StoreErrorKind::NotADatabase) {
        from.damaged(&format!("event {number} can't follow those before it"))
    } else {
        error.into()
    }
}

/// The id of what a line shows, if it has one.
fn id<T: FromStr>(shown: &Value) -> Option<T> {
    shown.get("id")?.as_str()?.parse().ok()
}

/// Refuses a line that does not show what the events came to.
fn must_be(shown: &Value, is: &impl Serialize, from: &Reader) -> Result<(), Failure> {
    if serde_json::to_value(is).is_ok_and(|is| is == *shown) {
        return Ok(());
    }
    let name = shown.get("id").unwrap_or(&Value::Null);
    Err(from.damaged(&format!("{name} is not shown as its events say")))
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
    pairs.map(|pair| u8::from_str_radix(pair.filter(|pair| pair.len() == 2)?, 16).ok()).collect()
}
