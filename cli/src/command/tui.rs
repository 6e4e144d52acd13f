//! `gmbot tui`: the command language with eyes.

use std::cell::Cell;
use std::io::{self, IsTerminal as _};
use std::path::PathBuf;
use std::sync::Arc;

use etcetera::BaseStrategy as _;
use gmbot_backend::Backend;
use gmbot_engine::Request;
use gmbot_engine::grammar::TABLE;
use gmbot_engine::request::Input;
use gmbot_tui::{Clock, MakeRequest, Seat};

use super::chat;
use crate::backend::Opened;
#[cfg(feature = "remote")]
use crate::clock;
use crate::config::Settings;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::options::{Color, Options};
use crate::{backend, database, person};

pub(crate) fn run(options: &Options, settings: &Settings) -> Result<Exit, Failure> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(Failure::NoTerminal);
    }
    let (backend, now) = open(options, settings)?;
    let seat = Seat {
        backend,
        onlooker: person::onlooker(settings, options.operator),
        request: requests(options, settings)?,
        now,
        place: place(settings)?,
        memory: memory(),
        colors: colors(options.color),
    };
    gmbot_tui::run(seat).map_err(Failure::Screen)?;
    Ok(Exit::Done)
}

/// The backend, and its clock; a server's is taken to go like this computer's.
fn open(options: &Options, settings: &Settings) -> Result<(Arc<dyn Backend>, Clock), Failure> {
    Ok(match backend::open_to_stay(settings, options.at)? {
        Opened::Here(local) => {
            let local = Arc::new(local);
            (Arc::clone(&local) as Arc<dyn Backend>, Box::new(move || local.now()))
        }
        #[cfg(feature = "remote")]
        Opened::Elsewhere(remote) => (Arc::new(remote), Box::new(clock::now)),
    })
}

/// Makes requests of lines. A key that the options name is the first line's; the key of each further
/// one is made from it. Files go with each line that files proof.
fn requests(options: &Options, settings: &Settings) -> Result<MakeRequest, Failure> {
    let files = chat::attachments(options)?;
    let (options, settings) = (options.clone(), settings.clone());
    let said = Cell::new(0_u64);
    Ok(Box::new(move |line| {
        let number = said.replace(said.get() + 1);
        let key = match &options.key {
            None => chat::random_key()?,
            Some(key) if number == 0 => key.clone(),
            Some(key) => format!("{key}.{number}"),
        };
        let attachments = if files_proof(&line) { files.clone() } else { Vec::new() };
        Ok(Request { attachments, ..chat::spoken(&options, &settings, key, Input::Line(line)) })
    }))
}

/// Whether a line is about proof: its command stands first, or behind the bot's name.
fn files_proof(line: &str) -> bool {
    let proof = TABLE.iter().find(|row| row.name == "proof");
    let named =
        |word: &str| proof.is_some_and(|row| row.name == word || row.aliases.contains(&word));
    line.split_whitespace().take(2).any(|word| named(&word.to_lowercase()))
}

/// Where the backend is, in a few words.
fn place(settings: &Settings) -> Result<String, Failure> {
    match settings.backend.as_ref().or(settings.database.as_ref()) {
        Some(url) => Ok(url.clone()),
        None => {
            let path = database::path(settings)?;
            Ok(path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned())
        }
    }
}

/// Where the lines that were sent are kept: beside the database of one's own. Without a home, nowhere.
fn memory() -> Option<PathBuf> {
    let places = etcetera::choose_base_strategy().ok()?;
    Some(places.data_dir().join("gmbot").join("lines"))
}

/// Whether there may be colours.
fn colors(wanted: Color) -> bool {
    match wanted {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty()),
    }
}
