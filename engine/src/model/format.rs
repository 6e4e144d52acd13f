//! Match formats and the scores that are possible in them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::sides::Side;
use super::war::Outcome;

/// How many matches decide a war.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// The first side to win this many matches (1 to 25) wins.
    FirstTo(u8),
    /// At most this many matches (odd, 1 to 49); more than half of them win.
    BestOf(u8),
    /// One knockout match.
    Single,
}

/// A final score, the host's matches first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Score {
    /// Matches the host won.
    pub host: u8,
    /// Matches the guest won.
    pub guest: u8,
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.host, self.guest)
    }
}

impl Format {
    /// The presets by their numbers, as `formats` lists them.
    pub const PRESETS: [(u8, Self); 5] = [
        (1, Self::FirstTo(3)),
        (2, Self::Single),
        (3, Self::FirstTo(5)),
        (4, Self::BestOf(3)),
        (5, Self::BestOf(5)),
    ];

    /// The matches that a side must win.
    pub fn wins_needed(self) -> u8 {
        match self {
            Self::FirstTo(n) => n,
            Self::BestOf(n) => n / 2 + 1,
            Self::Single => 1,
        }
    }

    /// The short form that people type: `ft3`, `bo5`, `single`.
    pub fn code(self) -> String {
        match self {
            Self::FirstTo(n) => format!("ft{n}"),
            Self::BestOf(n) => format!("bo{n}"),
            Self::Single => "single".to_owned(),
        }
    }

    /// The format spelt out: `first to 3 wins`.
    pub fn words(self) -> String {
        match self {
            Self::FirstTo(1) => "first to 1 win".to_owned(),
            Self::FirstTo(n) => format!("first to {n} wins"),
            Self::BestOf(n) => format!("best of {n}"),
            Self::Single => "one knockout match".to_owned(),
        }
    }

    /// Whether `score` can come about in this format and fits `outcome`: a winner has exactly the
    /// wins that are needed and the loser fewer; in a draw both have the same, fewer than needed; a
    /// void war has no score.
    pub fn allows(self, score: Score, outcome: Outcome) -> bool {
        let needed = self.wins_needed();
        match outcome {
            Outcome::Won(Side::Host) => score.host == needed && score.guest < needed,
            Outcome::Won(Side::Guest) => score.guest == needed && score.host < needed,
            Outcome::Drawn => score.host == score.guest && score.host < needed,
            Outcome::Void => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_must_be_possible_and_fit_the_winner() {
        let check = |format: Format, host, guest, outcome, expect| {
            assert_eq!(format.allows(Score { host, guest }, outcome), expect, "{host}-{guest}");
        };
        let (host, guest) = (Outcome::Won(Side::Host), Outcome::Won(Side::Guest));
        check(Format::FirstTo(3), 3, 2, host, true);
        check(Format::FirstTo(3), 3, 4, guest, false);
        check(Format::FirstTo(3), 2, 3, host, false);
        check(Format::FirstTo(3), 2, 2, Outcome::Drawn, true);
        check(Format::FirstTo(3), 3, 3, Outcome::Drawn, false);
        check(Format::BestOf(5), 3, 0, host, true);
        check(Format::BestOf(5), 4, 1, host, false);
        check(Format::Single, 0, 1, guest, true);
        check(Format::Single, 0, 0, Outcome::Void, false);
    }
}
