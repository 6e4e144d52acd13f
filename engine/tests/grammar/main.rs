//! The command language from outside: what is read, what is refused, and where it points.

mod complete;
mod errors;
mod form;
mod generated;
mod print;
mod reference;
mod table;
mod words;

use gmbot_engine::grammar::{Command, Problem, Reading, Vocabulary, read};
use gmbot_engine::model::{Game, GameId};
use gmbot_engine::request::Input;

/// A place where some names are known, and where the bot has a prefix and a mention.
#[derive(Clone)]
struct Place {
    games: Vec<Game>,
    names: &'static [&'static str],
    prefix: Option<&'static str>,
    direct: bool,
}

impl Place {
    fn new() -> Self {
        let mut games = Game::at_first();
        for (id, name) in [(20, "Quake Two"), (21, "Quake Twa"), (22, "Rocket 2"), (23, "Rocket 3")]
        {
            let name = name.to_owned();
            games.push(Game { id: GameId(id), name, min_players: 1, max_players: 4 });
        }
        Self {
            games,
            names: &["Ann Smith", "Ann Smith Jr", "7up", "Player 4"],
            prefix: None,
            direct: false,
        }
    }
}

impl Vocabulary for Place {
    fn games(&self) -> &[Game] {
        &self.games
    }
    fn is_player_name(&self, name: &str) -> bool {
        self.names.iter().any(|known| known.eq_ignore_ascii_case(name))
    }
    fn prefix(&self) -> Option<&str> {
        self.prefix
    }
    fn is_direct(&self) -> bool {
        self.direct
    }
    fn is_bot(&self, written: &str) -> bool {
        ["<@99>", "@gmbot:example.org", "@gmbot"].contains(&written)
    }
}

fn line(text: &str) -> Reading {
    read(&Input::Line(text.to_owned()), &Place::new())
}

fn words(words: &[&str]) -> Reading {
    read(&Input::Words(words.iter().map(|word| (*word).to_owned()).collect()), &Place::new())
}

#[track_caller]
fn command(reading: Reading) -> Command {
    let Reading::Command { command, .. } = reading else { panic!("no command: {reading:#?}") };
    command
}

#[track_caller]
fn problems(reading: Reading) -> (String, Vec<Problem>) {
    let Reading::Problems { line, problems, .. } = reading else {
        panic!("no problems: {reading:#?}")
    };
    assert!(!problems.is_empty(), "no problem in {line}");
    (line, problems)
}
