//! Games by number and name, and by a name that is almost one.

use super::Fault;
use crate::grammar::suggest::{is_slip, nearest, same_digits};
use crate::model::{Game, GameId};
use crate::reply::Code;

/// The game with exactly this number or name, in any case.
pub(in crate::grammar) fn exact_game(text: &str, games: &[Game]) -> Option<GameId> {
    let written = text.strip_prefix('#').unwrap_or(text);
    // As it is shown: neither `04` nor `+4` is a game's number.
    let shown = written.starts_with(|first| matches!(first, '1'..='9'));
    let number = written.parse().ok().filter(|_: &u32| shown);
    let numbered = number.and_then(|number| games.iter().find(|game| game.id.0 == number));
    let known = numbered.or_else(|| {
        let name = text.to_lowercase();
        games.iter().find(|game| game.name.to_lowercase() == name)
    })?;
    Some(known.id)
}

/// Reads a game; with a remark where a misspelt name was taken for it.
pub(in crate::grammar) fn game(
    text: &str,
    games: &[Game],
) -> Result<(GameId, Option<String>), Fault> {
    if let Some(id) = exact_game(text, games) {
        return Ok((id, None));
    }
    let close = close_games(text, games);
    match close.as_slice() {
        [only] => Ok((only.id, Some(format!("took \"{text}\" for {}", only.name)))),
        [] => {
            let nearest = nearest(text, games.iter().map(|game| game.name.as_str()));
            Err(Fault::new(
                Code::UnknownGame,
                format!("no game is called `{text}`; `gmbot games` lists them"),
            )
            .suggest(nearest))
        }
        several => {
            let names: Vec<_> =
                several.iter().map(|game| format!("{} {}", game.id, game.name)).collect();
            let message = format!("`{text}` is close to several games: {}", names.join(", "));
            Err(Fault::new(Code::AmbiguousGame, message))
        }
    }
}

/// The games of whose names a name is a slip.
fn close_games<'g>(text: &str, games: &'g [Game]) -> Vec<&'g Game> {
    let name = text.to_lowercase();
    let close = |known: &str| same_digits(&name, known) && is_slip(&name, known);
    games.iter().filter(|game| close(&game.name.to_lowercase())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn games() -> Vec<Game> {
        let mut games = Game::at_first();
        for (id, name) in [(20, "Quake 2"), (21, "Quake 3"), (30, "Red Rover"), (31, "Red Raver")] {
            let name = name.to_owned();
            games.push(Game { id: GameId(id), name, min_players: 1, max_players: 2 });
        }
        games
    }

    #[test]
    fn a_game_is_known_by_number_and_name() {
        let check = |text: &str, id: u32| {
            assert_eq!(game(text, &games()), Ok((GameId(id), None)), "{text}");
        };
        check("4", 4);
        check("mini militia", 4);
        check("cs:go", 7);
        check("QUAKE 2", 20);
        check("#4", 4);
        assert!(game("04", &games()).is_err());
    }

    #[test]
    fn a_slip_of_the_finger_is_forgiven_and_said() {
        let note = "took \"Mini Miltitia\" for Mini Militia".to_owned();
        assert_eq!(game("Mini Miltitia", &games()), Ok((GameId(4), Some(note))));
        assert!(game("Fortnight", &games()).is_err(), "three edits are too many");
    }

    #[test]
    fn what_is_close_to_several_or_to_none() {
        let check = |text: &str, code: Code| {
            assert_eq!(game(text, &games()).map_err(|fault| fault.code), Err(code), "{text}");
        };
        check("Red Rever", Code::AmbiguousGame);
        check("Quake 4", Code::UnknownGame);
        check("csgp", Code::UnknownGame);
        check("9", Code::UnknownGame);
        check("", Code::UnknownGame);
        let fault = game("csgo", &games()).map_err(|fault| fault.suggestion);
        assert_eq!(fault, Err(Some("CS:GO".to_owned())));
    }
}
