//! Wars and clans as rows of lists.

use gmbot_engine::reply::Legend;
use gmbot_engine::view::{Standing, WarLine};

use super::piece::{Piece, Pieces};

/// A war as lists show it.
#[derive(Debug)]
pub(super) struct WarRow {
    pub(super) id: String,
    pub(super) href: String,
    /// Who against whom.
    pub(super) who: Pieces,
    pub(super) game: Piece,
    pub(super) format: String,
    pub(super) players: usize,
    pub(super) state: Pieces,
    /// When it got its outcome.
    pub(super) settled: Option<Piece>,
}

/// A clan as the leaderboard shows it.
#[derive(Debug)]
pub(super) struct LeaderRow {
    pub(super) rank: u64,
    pub(super) clan: Piece,
    pub(super) glory: i64,
    pub(super) won: u32,
}

impl From<&WarLine> for WarRow {
    fn from(line: &WarLine) -> Self {
        let plain = |words: &str| Piece::Plain(words.to_owned());
        let (verb, whom) = match (&line.guest, &line.named) {
            (Some(guest), _) => (" against ", Piece::clan(guest)),
            (None, Some(named)) => (" challenges ", Piece::clan(named)),
            (None, None) => (" challenges ", plain("everybody")),
        };
        Self {
            id: line.id.to_string(),
            href: format!("/wars/{}", line.id),
            who: Pieces::new([Piece::clan(&line.host), plain(verb), whom]),
            game: Piece::name(&line.game.name),
            format: line.format.words(),
            players: line.players,
            state: Pieces::of(&line.state(), line, &Legend::default()),
            settled: line.settlement.as_ref().map(|settled| Piece::moment(settled.at)),
        }
    }
}

impl From<&Standing> for LeaderRow {
    fn from(standing: &Standing) -> Self {
        let Standing { rank, clan, glory, won } = standing;
        Self { rank: *rank, clan: Piece::clan(clan), glory: *glory, won: *won }
    }
}

/// Wars as rows.
pub(super) fn wars(lines: &[WarLine]) -> Vec<WarRow> {
    lines.iter().map(WarRow::from).collect()
}

/// Clans as rows.
pub(super) fn leaders(rows: &[Standing]) -> Vec<LeaderRow> {
    rows.iter().map(LeaderRow::from).collect()
}
