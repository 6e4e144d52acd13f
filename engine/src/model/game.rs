//! Games that clans fight each other in.

use serde::{Deserialize, Serialize};

use super::ids::GameId;

/// A game and how many players a side may field in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Game {
    /// The number that people type.
    pub id: GameId,
    /// The name, as shown.
    pub name: String,
    /// The fewest players a side, at least 1.
    pub min_players: u32,
    /// The most players a side.
    pub max_players: u32,
}

impl Game {
    /// The games that a new database knows.
    pub fn at_first() -> Vec<Self> {
        [
            (4, "Mini Militia", 1, 4),
            (5, "Fortnite", 1, 4),
            (7, "CS:GO", 1, 5),
            (8, "Rainbow Six Siege", 1, 5),
        ]
        .map(|(id, name, min_players, max_players)| Self {
            id: GameId(id),
            name: name.to_owned(),
            min_players,
            max_players,
        })
        .into()
    }
}
