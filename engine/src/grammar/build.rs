//! From the values of a row's parameters to the typed command.

use super::command::{Command, CreateWar, Setup};
use super::table::CommandSpec;
use super::values::{ClanRef, PlayerRef, TimeSpec, WarRef, Winner};
use crate::model::{DurationMs, Format, GameId, Score};

/// A value that was read for a parameter.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Players(Vec<PlayerRef>),
    Player(PlayerRef),
    Game(GameId),
    Games(Vec<GameId>),
    Duration(DurationMs),
    Format(Format),
    Time(TimeSpec),
    War(WarRef),
    Clan(ClanRef),
    Winner(Winner),
    Score(Score),
    Text(String),
    Texts(Vec<String>),
    YesNo(bool),
    Count(u32),
    Range(u32, u32),
    Switch,
}

/// The values of a command's parameters, by the parameters' names: so few that looking through
/// them is the fastest way to find one.
#[derive(Debug, Default)]
pub(super) struct Values(Vec<(&'static str, Value)>);

macro_rules! takers {
    ($($name:ident: $variant:ident -> $type:ty;)*) => {
        impl Values {$(
            fn $name(&mut self, param: &str) -> Option<$type> {
                if let Some(Value::$variant(value)) = self.take(param) { Some(value) } else { None }
            }
        )*}
    };
}

takers! {
    players: Players -> Vec<PlayerRef>;
    player: Player -> PlayerRef;
    game: Game -> GameId;
    games: Games -> Vec<GameId>;
    duration: Duration -> DurationMs;
    format: Format -> Format;
    time: Time -> TimeSpec;
    war: War -> WarRef;
    clan: Clan -> ClanRef;
    winner: Winner -> Winner;
    score: Score -> Score;
    text: Text -> String;
    texts: Texts -> Vec<String>;
    yes_no: YesNo -> bool;
    count: Count -> u32;
}

impl Values {
    /// Keeps a parameter's value, instead of one that it had.
    pub(super) fn put(&mut self, param: &'static str, value: Value) {
        self.take(param);
        self.0.push((param, value));
    }

    fn take(&mut self, param: &str) -> Option<Value> {
        let at = self.0.iter().position(|(name, _)| *name == param)?;
        Some(self.0.swap_remove(at).1)
    }

    fn switch(&mut self, param: &str) -> bool {
        self.take(param).is_some()
    }

    fn range(&mut self, param: &str) -> Option<(u32, u32)> {
        if let Some(Value::Range(least, most)) = self.take(param) {
            Some((least, most))
        } else {
            None
        }
    }
}

/// The command of a row; nothing if a value that it can't do without is not there.
pub(super) fn build(spec: &CommandSpec, mut values: Values) -> Option<Command> {
    let values = &mut values;
    war_command(spec.name, values)
        .or_else(|| clan_command(spec.name, values))
        .or_else(|| query(spec.name, values))
        .or_else(|| operator_command(spec.name, values))
}

/// The commands that make, fight and end wars.
fn war_command(name: &str, values: &mut Values) -> Option<Command> {
    Some(match name {
        "createwar" | "privatewar" => Command::CreateWar(CreateWar {
            private: name == "privatewar",
            players: values.players("players")?,
            game: values.game("game")?,
            duration: values.duration("duration")?,
            format: values.format("type")?,
            start: values.time("start"),
            clan: values.clan("clan"),
        }),
        "removewar" => Command::RemoveWar { war: values.war("war")? },
        "accept" => Command::Accept {
            war: values.war("war")?,
            players: values.players("players").unwrap_or_default(),
        },
        "decline" => Command::Decline { war: values.war("war")? },
        "substitute" => Command::Substitute {
            war: values.war("war")?,
            out: values.player("out")?,
            r#in: values.player("in")?,
        },
        "say" => Command::Say { war: values.war("war"), text: values.text("text")? },
        "vote" => Command::Vote {
            war: values.war("war"),
            winner: values.winner("winner")?,
            score: values.score("score"),
        },
        "proof" => Command::Proof {
            war: values.war("war"),
            url: values.text("url"),
            note: values.text("note"),
        },
        "concede" => Command::Concede { war: values.war("war")?, yes: values.switch("yes") },
        _ => return None,
    })
}

/// The commands by which clans and their members run their own affairs.
fn clan_command(name: &str, values: &mut Values) -> Option<Command> {
    Some(match name {
        "setup" => Command::Setup(Setup {
            name: values.text("name"),
            location: values.text("location"),
            language: values.texts("language"),
            timezone: values.text("timezone"),
            contact: values.text("contact"),
            public: values.yes_no("public"),
            channel: values.text("channel"),
            prefix: values.text("prefix"),
        }),
        "subscribe" => Command::Subscribe { games: values.games("games").unwrap_or_default() },
        "unsubscribe" => Command::Unsubscribe { games: values.games("games").unwrap_or_default() },
        "promote" => Command::Promote { players: values.players("players")? },
        "demote" => Command::Demote { players: values.players("players")? },
        "relinquish" => {
            Command::Relinquish { player: values.player("player"), yes: values.switch("yes") }
        }
        "reclaim" => Command::Reclaim,
        "block" => Command::Block { clan: values.clan("clan")? },
        "unblock" => Command::Unblock { clan: values.clan("clan")? },
        "link" => Command::Link { code: values.text("code") },
        "available" => Command::Available,
        "unavailable" => Command::Unavailable,
        "forget" => Command::Forget { yes: values.switch("yes") },
        _ => return None,
    })
}

/// The commands that write nothing.
fn query(name: &str, values: &mut Values) -> Option<Command> {
    Some(match name {
        "status" => Command::Status { clan: values.clan("clan") },
        "show" => Command::Show { war: values.war("war") },
        "explain" => Command::Explain { war: values.war("war") },
        "history" => Command::History { clan: values.clan("clan"), limit: values.count("limit")? },
        "games" => Command::Games,
        "formats" => Command::Formats,
        "mygames" => Command::MyGames,
        "roles" => Command::Roles,
        "leaderboard" => {
            Command::Leaderboard { game: values.game("game"), limit: values.count("limit")? }
        }
        "stats" => Command::Stats {
            clan: values.clan("clan"),
            player: values.player("player"),
            game: values.game("game"),
        },
        "clans" => Command::Clans {
            game: values.game("game"),
            language: values.text("language"),
            location: values.text("location"),
        },
        "help" => Command::Help { command: values.text("command") },
        _ => return None,
    })
}

/// The commands of the operator.
fn operator_command(name: &str, values: &mut Values) -> Option<Command> {
    Some(match name {
        "resolve" => Command::Resolve {
            war: values.war("war")?,
            winner: values.winner("winner")?,
            reason: values.text("reason")?,
            yes: values.switch("yes"),
        },
        "appoint" => Command::Appoint {
            clan: values.clan("clan")?,
            player: values.player("player")?,
            reason: values.text("reason")?,
        },
        "suspend" => {
            Command::Suspend { clan: values.clan("clan")?, reason: values.text("reason")? }
        }
        "restore" => {
            Command::Restore { clan: values.clan("clan")?, reason: values.text("reason")? }
        }
        "addgame" => {
            let (min_players, max_players) = values.range("players")?;
            Command::AddGame { name: values.text("name")?, min_players, max_players }
        }
        _ => return None,
    })
}
