//! Everything, a JSON value a line.

use std::io::{self, Write};

use gmbot_engine::model::ids::hex;
use gmbot_engine::store::SideText;
use gmbot_store::{AccountName, Connection, Image, SCHEMA};
use serde::Serialize;
use serde_json::Value;

use super::{PAGE, each_clan, each_war, unsealed};
use crate::archive::{Line, VERSION, Writer};
use crate::failure::Failure;
use crate::progress::Progress;

pub(super) fn write(store: &Connection, to: &mut dyn Write) -> Result<(), Failure> {
    let mut to = Writer::new(to);
    let events = store.events()?;
    let clock = store.clock()?.into();
    to.put(&Line::Gmbot { version: VERSION, schema: SCHEMA, clock, events })?;
    log(store, events, &mut to)?;
    names(store, &mut to)?;
    texts(store, &mut to)?;
    images(store, &mut to)?;
    each_clan(store, |clan| Ok(to.put(&Line::Clan(value(&clan)?))?))?;
    each_war(store, |war| Ok(to.put(&Line::War(value(&unsealed(war))?))?))?;
    Ok(to.finish()?)
}

fn value(of: &impl Serialize) -> io::Result<Value> {
    Ok(serde_json::to_value(of)?)
}

fn log<W: Write>(store: &Connection, all: u64, to: &mut Writer<W>) -> Result<(), Failure> {
    let mut progress = Progress::new("exporting");
    let (mut last, mut done) = (0, 0);
    loop {
        let page = store.log(last, PAGE)?;
        if page.is_empty() {
            return Ok(());
        }
        for (number, recorded) in page {
            to.put(&Line::Event { number, recorded: Box::new(recorded) })?;
            (last, done) = (number, done + 1);
        }
        progress.at(done, all);
    }
}

fn names<W: Write>(store: &Connection, to: &mut Writer<W>) -> Result<(), Failure> {
    let mut last = 0;
    loop {
        let page = store.all_names(last, PAGE)?;
        if page.is_empty() {
            return Ok(());
        }
        for AccountName { seen, platform, id, name, .. } in page {
            to.put(&Line::Name { platform: platform.0, id, name })?;
            last = seen;
        }
    }
}

fn texts<W: Write>(store: &Connection, to: &mut Writer<W>) -> Result<(), Failure> {
    let mut last = None;
    loop {
        let page = store.all_texts(last, PAGE)?;
        if page.is_empty() {
            return Ok(());
        }
        for SideText { id, war, author, at, until, text } in page {
            to.put(&Line::Text { id, war, author, at, until, text })?;
            last = Some(id);
        }
    }
}

fn images<W: Write>(store: &Connection, to: &mut Writer<W>) -> Result<(), Failure> {
    let mut last = String::new();
    while let Some(Image { sha256, filers, bytes }) = store.next_image(&last)? {
        last.clone_from(&sha256);
        to.put(&Line::Image { sha256, filers, bytes: hex(&bytes) })?;
    }
    Ok(())
}
