//! The games to choose from on a page that is about all of them or about one.

use gmbot_engine::model::{Game, GameId};
use gmbot_engine::render::visible;

use super::failure::Failure;

/// A game to choose.
#[derive(Debug)]
pub(super) struct Chip {
    pub(super) href: String,
    pub(super) name: String,
    pub(super) current: bool,
}

/// Links to a page for all games and for each, with the chosen one marked.
pub(super) fn chips(path: &str, games: &[Game], chosen: Option<GameId>) -> Vec<Chip> {
    let all =
        Chip { href: path.to_owned(), name: "All games".to_owned(), current: chosen.is_none() };
    let each = games.iter().map(|game| Chip {
        href: format!("{path}?game={}", game.id),
        name: visible(&game.name),
        current: chosen == Some(game.id),
    });
    std::iter::once(all).chain(each).collect()
}

/// The name of the game that is asked for; nothing where there is no such game.
pub(super) fn name(games: &[Game], chosen: Option<GameId>) -> Result<Option<String>, Failure> {
    let Some(chosen) = chosen else { return Ok(None) };
    let game = games.iter().find(|game| game.id == chosen).ok_or(Failure::Nothing)?;
    Ok(Some(visible(&game.name)))
}
