//! What only the database knows: games, wars, clans and people.

use gmbot_engine::grammar::complete::{Candidate, Live};
use gmbot_engine::model::{ClanId, War, names};
use gmbot_engine::store::{Read, Stored, WarFilter};
use gmbot_store::{Clock, Sqlite};

use crate::failure::Failure;
use crate::options::Options;
use crate::{database, person};

/// The most that a shell is offered at once.
const LIMIT: usize = 100;

/// What can stand there and begins with what was typed. A database that does not exist is not made
/// for it.
pub(super) fn find(options: &Options, live: Live, typed: &str) -> Result<Vec<Candidate>, Failure> {
    let store = Sqlite::open(&database::existing(options)?, Clock::System)?;
    let read = store.as_read();
    let mut found = match live {
        Live::Games => games(read)?,
        Live::Clans => clans(read, typed)?,
        Live::Wars => match clan(options, read)? {
            Some(clan) => wars(read, &WarFilter { of: Some(clan), ..filter() })?,
            None => Vec::new(),
        },
        Live::OpenWars => wars(read, &WarFilter { open: true, ..filter() })?,
        Live::Players => match clan(options, read)? {
            Some(clan) => players(read, clan)?,
            None => Vec::new(),
        },
    };
    let typed = typed.to_lowercase();
    found.retain(|choice| choice.text.to_lowercase().starts_with(&typed));
    Ok(found)
}

fn filter() -> WarFilter {
    WarFilter { limit: LIMIT, ..WarFilter::default() }
}

/// The clan that the options speak for, if it was born already.
fn clan(options: &Options, read: &dyn Read) -> Stored<Option<ClanId>> {
    read.clan_of_space(&person::space(&options.clan).key)
}

/// Each game by number, and by name for whoever begins with a letter.
fn games(read: &dyn Read) -> Stored<Vec<Candidate>> {
    let games = read.games()?;
    let numbers =
        games.iter().map(|game| Candidate { text: game.id.to_string(), help: game.name.clone() });
    let names = games
        .iter()
        .map(|game| Candidate { text: game.name.clone(), help: format!("game {}", game.id) });
    Ok(numbers.chain(names).collect())
}

fn clans(read: &dyn Read, typed: &str) -> Stored<Vec<Candidate>> {
    let names = read.clan_names(&names::key(typed), LIMIT)?;
    Ok(names.into_iter().map(|text| Candidate { text, help: String::new() }).collect())
}

fn wars(read: &dyn Read, filter: &WarFilter) -> Stored<Vec<Candidate>> {
    let candidate = |war: War| {
        let game = read.games()?.into_iter().find(|game| game.id == war.game);
        let help = game.map(|game| game.name).unwrap_or_default();
        Ok(Candidate { text: war.id.to_string(), help })
    };
    read.wars(filter)?.into_iter().map(candidate).collect()
}

fn players(read: &dyn Read, clan: ClanId) -> Stored<Vec<Candidate>> {
    let mut found = Vec::new();
    for member in read.members(clan, LIMIT)? {
        if let Some(name) = read.person_name(member.person)? {
            found.push(Candidate { text: format!("@{name}"), help: String::new() });
        }
    }
    Ok(found)
}
