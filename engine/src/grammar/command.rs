//! The typed command: where a line of text, a terminal's words and structured input end.

use serde::{Deserialize, Serialize};

use super::values::{ClanRef, PlayerRef, TimeSpec, WarRef, Winner};
use crate::model::{DurationMs, Format, GameId, Score};

/// What `setup` changes; what is `None` stays as it is. All `None`: the profile is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Setup {
    /// The clan's name.
    pub name: Option<String>,
    /// Where it plays.
    pub location: Option<String>,
    /// What it speaks.
    pub language: Option<Vec<String>>,
    /// Its IANA time zone.
    pub timezone: Option<String>,
    /// An https link to reach it by.
    pub contact: Option<String>,
    /// Whether listings show it.
    pub public: Option<bool>,
    /// The war channel of this space, by the platform's id.
    pub channel: Option<String>,
    /// A word that starts a line for the bot in this space.
    pub prefix: Option<String>,
}

/// What `createwar` and `privatewar` ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CreateWar {
    /// Whether it is a `privatewar`.
    pub private: bool,
    /// The host's line-up.
    pub players: Vec<PlayerRef>,
    /// The game.
    pub game: GameId,
    /// How long it is played; 1 minute to 30 days.
    pub duration: DurationMs,
    /// The match format.
    pub format: Format,
    /// When it starts; none: on acceptance.
    pub start: Option<TimeSpec>,
    /// The one clan that is challenged; none: everybody.
    pub clan: Option<ClanRef>,
}

/// Everything that one can say to gmbot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "do", rename_all = "lowercase")]
#[expect(missing_docs, reason = "the command table documents commands and parameters")]
pub enum Command {
    Setup(Setup),
    CreateWar(CreateWar),
    RemoveWar { war: WarRef },
    Accept { war: WarRef, players: Vec<PlayerRef> },
    Decline { war: WarRef },
    Substitute { war: WarRef, out: PlayerRef, r#in: PlayerRef },
    Say { war: Option<WarRef>, text: String },
    Vote { war: Option<WarRef>, winner: Winner, score: Option<Score> },
    Proof { war: Option<WarRef>, url: Option<String>, note: Option<String> },
    Concede { war: WarRef, yes: bool },
    Subscribe { games: Vec<GameId> },
    Unsubscribe { games: Vec<GameId> },
    Promote { players: Vec<PlayerRef> },
    Demote { players: Vec<PlayerRef> },
    Relinquish { player: Option<PlayerRef>, yes: bool },
    Reclaim,
    Block { clan: ClanRef },
    Unblock { clan: ClanRef },
    Link { code: Option<String> },
    Available,
    Unavailable,
    Forget { yes: bool },
    Status { clan: Option<ClanRef> },
    Show { war: Option<WarRef> },
    Explain { war: Option<WarRef> },
    History { clan: Option<ClanRef>, limit: u32 },
    Games,
    Formats,
    MyGames,
    Roles,
    Leaderboard { game: Option<GameId>, limit: u32 },
    Stats { clan: Option<ClanRef>, player: Option<PlayerRef>, game: Option<GameId> },
    Clans { game: Option<GameId>, language: Option<String>, location: Option<String> },
    Help { command: Option<String> },
    Resolve { war: WarRef, winner: Winner, reason: String, yes: bool },
    Appoint { clan: ClanRef, player: PlayerRef, reason: String },
    Suspend { clan: ClanRef, reason: String },
    Restore { clan: ClanRef, reason: String },
    AddGame { name: String, min_players: u32, max_players: u32 },
}

impl Command {
    /// Its name in the command table.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Setup(_) => "setup",
            Self::CreateWar(war) if war.private => "privatewar",
            Self::CreateWar(_) => "createwar",
            Self::RemoveWar { .. } => "removewar",
            Self::Accept { .. } => "accept",
            Self::Decline { .. } => "decline",
            Self::Substitute { .. } => "substitute",
            Self::Say { .. } => "say",
            Self::Vote { .. } => "vote",
            Self::Proof { .. } => "proof",
            Self::Concede { .. } => "concede",
            Self::Subscribe { .. } => "subscribe",
            Self::Unsubscribe { .. } => "unsubscribe",
            Self::Promote { .. } => "promote",
            Self::Demote { .. } => "demote",
            Self::Relinquish { .. } => "relinquish",
            Self::Reclaim => "reclaim",
            Self::Block { .. } => "block",
            Self::Unblock { .. } => "unblock",
            Self::Link { .. } => "link",
            Self::Available => "available",
            Self::Unavailable => "unavailable",
            Self::Forget { .. } => "forget",
            Self::Status { .. } => "status",
            Self::Show { .. } => "show",
            Self::Explain { .. } => "explain",
            Self::History { .. } => "history",
            Self::Games => "games",
            Self::Formats => "formats",
            Self::MyGames => "mygames",
            Self::Roles => "roles",
            Self::Leaderboard { .. } => "leaderboard",
            Self::Stats { .. } => "stats",
            Self::Clans { .. } => "clans",
            Self::Help { .. } => "help",
            Self::Resolve { .. } => "resolve",
            Self::Appoint { .. } => "appoint",
            Self::Suspend { .. } => "suspend",
            Self::Restore { .. } => "restore",
            Self::AddGame { .. } => "addgame",
        }
    }
}

impl Command {
    /// The war that it names, if it names one.
    pub fn war(&self) -> Option<&WarRef> {
        match self {
            Self::RemoveWar { war }
            | Self::Accept { war, .. }
            | Self::Decline { war }
            | Self::Substitute { war, .. }
            | Self::Concede { war, .. }
            | Self::Resolve { war, .. } => Some(war),
            Self::Say { war, .. }
            | Self::Vote { war, .. }
            | Self::Proof { war, .. }
            | Self::Show { war }
            | Self::Explain { war } => war.as_ref(),
            Self::Setup(_)
            | Self::CreateWar(_)
            | Self::Subscribe { .. }
            | Self::Unsubscribe { .. }
            | Self::Promote { .. }
            | Self::Demote { .. }
            | Self::Relinquish { .. }
            | Self::Reclaim
            | Self::Block { .. }
            | Self::Unblock { .. }
            | Self::Link { .. }
            | Self::Available
            | Self::Unavailable
            | Self::Forget { .. }
            | Self::Status { .. }
            | Self::History { .. }
            | Self::Games
            | Self::Formats
            | Self::MyGames
            | Self::Roles
            | Self::Leaderboard { .. }
            | Self::Stats { .. }
            | Self::Clans { .. }
            | Self::Help { .. }
            | Self::Appoint { .. }
            | Self::Suspend { .. }
            | Self::Restore { .. }
            | Self::AddGame { .. } => None,
        }
    }

    /// Whether it is about the asking person's clan, so that it matters which one that is.
    pub fn needs_clan(&self) -> bool {
        !matches!(
            self,
            Self::Link { .. }
                | Self::Available
                | Self::Unavailable
                | Self::Forget { .. }
                | Self::Games
                | Self::Formats
                | Self::Leaderboard { .. }
                | Self::Clans { .. }
                | Self::Help { .. }
                | Self::Show { .. }
                | Self::Explain { .. }
                | Self::Say { .. }
                | Self::Vote { .. }
                | Self::Proof { .. }
                | Self::Resolve { .. }
                | Self::Appoint { .. }
                | Self::Suspend { .. }
                | Self::Restore { .. }
                | Self::AddGame { .. }
        )
    }
}
