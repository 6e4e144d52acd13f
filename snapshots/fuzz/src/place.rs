//! A place where some names are known, as the parser has to be told.

use gmbot_engine::grammar::Vocabulary;
use gmbot_engine::model::Game;

/// Games and people that are known, and how the bot is called.
pub(crate) struct Place {
    games: Vec<Game>,
    /// Whether every line is for the bot.
    direct: bool,
}

impl Place {
    /// A room in which the bot has to be called.
    pub(crate) fn room() -> Self {
        Self { games: Game::at_first(), direct: false }
    }

    /// A direct message.
    pub(crate) fn direct() -> Self {
        Self { direct: true, ..Self::room() }
    }
}

impl Vocabulary for Place {
    fn games(&self) -> &[Game] {
        &self.games
    }

    fn is_player_name(&self, name: &str) -> bool {
        ["ann smith", "ann smith jr", "7up", "player 4"].contains(&name.to_lowercase().as_str())
    }

    fn prefix(&self) -> Option<&str> {
        Some("!")
    }

    fn is_direct(&self) -> bool {
        self.direct
    }

    fn is_bot(&self, written: &str) -> bool {
        ["<@99>", "@gmbot"].contains(&written)
    }
}
