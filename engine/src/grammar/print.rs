//! The canonical printer: `parse(print(c)) == c` for every command.

use super::command::{Command, CreateWar, Setup};
use super::say::needs_guard;
use super::source::quote;
use super::values::{ClanRef, PlayerRef, TimeSpec, WarRef, Weekday, Winner};
use crate::model::GameId;

/// The one line that is written for a command, with `gmbot` before it.
pub fn print(command: &Command) -> String {
    let mut line = Line(format!("gmbot {}", command.name()));
    line.command(command);
    line.0
}

/// A line that grows by parameters.
struct Line(String);

impl Line {
    fn command(&mut self, command: &Command) {
        match command {
            Command::Setup(setup) => self.setup(setup),
            Command::CreateWar(war) => self.create_war(war),
            Command::RemoveWar { war } | Command::Decline { war } => self.war(Some(war)),
            Command::Accept { war, players } => {
                self.war(Some(war));
                self.players(players);
            }
            Command::Substitute { war, out, r#in } => {
                self.flag("war", Some(word(&war.0)));
                self.flag("out", Some(person(out)));
                self.flag("in", Some(person(r#in)));
            }
            Command::Say { war, text } => {
                self.flag("war", war.as_ref().map(|war| war.0.clone()));
                self.add(if needs_guard(text) { " -- " } else { " " });
                self.add(text);
            }
            Command::Vote { war, winner, score } => {
                self.war(war.as_ref());
                self.flag("winner", Some(winner_word(winner)));
                self.flag("score", score.map(|score| score.to_string()));
            }
            Command::Proof { war, url, note } => {
                self.war(war.as_ref());
                self.flag("url", url.as_deref().map(word));
                self.flag("note", note.as_deref().map(word));
            }
            Command::Concede { war, yes } => {
                self.war(Some(war));
                self.switch("yes", *yes);
            }
            Command::Relinquish { player, yes } => {
                self.flag("player", player.as_ref().map(person));
                self.switch("yes", *yes);
            }
            Command::Forget { yes } => self.switch("yes", *yes),
            Command::Resolve { .. }
            | Command::Appoint { .. }
            | Command::Suspend { .. }
            | Command::Restore { .. }
            | Command::AddGame { .. } => self.operator(command),
            Command::Reclaim
            | Command::Available
            | Command::Unavailable
            | Command::Games
            | Command::Formats
            | Command::MyGames
            | Command::Roles => {}
            Command::Subscribe { games } | Command::Unsubscribe { games } => self.games(games),
            Command::Promote { players } | Command::Demote { players } => self.players(players),
            Command::Block { clan } | Command::Unblock { clan } => self.clan(Some(clan)),
            Command::Link { code: word } | Command::Help { command: word } => {
                self.positional(word.as_deref());
            }
            Command::Status { .. }
            | Command::Show { .. }
            | Command::Explain { .. }
            | Command::History { .. }
            | Command::Leaderboard { .. }
            | Command::Stats { .. }
            | Command::Clans { .. } => self.query(command),
        }
    }

    /// The commands that look for something.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only queries come here")]
    fn query(&mut self, command: &Command) {
        match command {
            Command::Status { clan } => self.clan(clan.as_ref()),
            Command::Show { war } | Command::Explain { war } => self.war(war.as_ref()),
            Command::History { clan, limit } => {
                self.clan(clan.as_ref());
                self.flag("limit", Some(limit.to_string()));
            }
            Command::Leaderboard { game, limit } => {
                self.game(*game);
                self.flag("limit", Some(limit.to_string()));
            }
            Command::Stats { clan, player, game } => {
                self.clan(clan.as_ref());
                self.flag("player", player.as_ref().map(person));
                self.game(*game);
            }
            Command::Clans { game, language, location } => {
                self.game(*game);
                self.flag("language", language.as_deref().map(word));
                self.flag("location", location.as_deref().map(word));
            }
            _ => {}
        }
    }

    /// The operator's commands.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only the operator's come here")]
    fn operator(&mut self, command: &Command) {
        match command {
            Command::Resolve { war, winner, reason, yes } => {
                self.flag("war", Some(word(&war.0)));
                self.flag("winner", Some(winner_word(winner)));
                self.flag("reason", Some(word(reason)));
                self.switch("yes", *yes);
            }
            Command::Appoint { clan, player, reason } => {
                self.clan(Some(clan));
                self.flag("player", Some(person(player)));
                self.flag("reason", Some(word(reason)));
            }
            Command::Suspend { clan, reason } | Command::Restore { clan, reason } => {
                self.clan(Some(clan));
                self.flag("reason", Some(word(reason)));
            }
            Command::AddGame { name, min_players, max_players } => {
                self.flag("name", Some(word(name)));
                self.flag("players", Some(format!("{min_players}-{max_players}")));
            }
            _ => {}
        }
    }

    fn setup(&mut self, setup: &Setup) {
        self.flag("name", setup.name.as_deref().map(word));
        self.flag("location", setup.location.as_deref().map(word));
        let languages = setup.language.as_ref();
        self.flag("language", languages.map(|all| list(all.iter().map(|one| word(one)), ", ")));
        self.flag("timezone", setup.timezone.as_deref().map(word));
        self.flag("contact", setup.contact.as_deref().map(word));
        self.flag("public", setup.public.map(|yes| if yes { "yes" } else { "no" }.to_owned()));
        self.flag("channel", setup.channel.as_deref().map(word));
        self.flag("prefix", setup.prefix.as_deref().map(word));
    }

    fn create_war(&mut self, war: &CreateWar) {
        self.flag("players", Some(people(&war.players)));
        self.game(Some(war.game));
        self.flag("duration", Some(war.duration.to_string()));
        self.flag("type", Some(war.format.code()));
        self.flag("start", war.start.map(time));
        self.clan(war.clan.as_ref());
    }

    fn add(&mut self, text: &str) {
        self.0.push_str(text);
    }

    fn flag(&mut self, name: &str, value: Option<String>) {
        if let Some(value) = value {
            self.add(&format!(" -{name} {value}"));
        }
    }

    fn switch(&mut self, name: &str, on: bool) {
        if on {
            self.add(&format!(" -{name}"));
        }
    }

    fn positional(&mut self, value: Option<&str>) {
        if let Some(value) = value {
            self.add(&format!(" {}", word(value)));
        }
    }

    fn war(&mut self, war: Option<&WarRef>) {
        self.positional(war.map(|war| war.0.as_str()));
    }

    fn clan(&mut self, clan: Option<&ClanRef>) {
        self.flag("clan", clan.map(|clan| word(&clan.0)));
    }

    fn game(&mut self, game: Option<GameId>) {
        self.flag("game", game.map(|game| game.to_string()));
    }

    fn games(&mut self, games: &[GameId]) {
        if !games.is_empty() {
            self.add(&format!(" {}", list(games.iter().map(GameId::to_string), ",")));
        }
    }

    fn players(&mut self, players: &[PlayerRef]) {
        if !players.is_empty() {
            self.flag("players", Some(people(players)));
        }
    }
}

/// A value as one word: in quotes unless it is plainly a word by itself.
pub(super) fn word(text: &str) -> String {
    let inside = |c: char| c.is_ascii_alphanumeric() || "-_.:/+%?&=".contains(c);
    let plain = text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(inside);
    if plain { text.to_owned() } else { quote(text) }
}

/// A person. A name is always quoted in a list, so that two names are not read as one.
fn person(player: &PlayerRef) -> String {
    match player {
        PlayerRef::Mention(written) => written.clone(),
        PlayerRef::Name(name) => quote(name),
    }
}

fn people(players: &[PlayerRef]) -> String {
    list(players.iter().map(person), " ")
}

fn list(items: impl Iterator<Item = String>, between: &str) -> String {
    items.collect::<Vec<_>>().join(between)
}

fn winner_word(winner: &Winner) -> String {
    match winner {
        Winner::Host => "host".to_owned(),
        Winner::Guest => "guest".to_owned(),
        Winner::Draw => "draw".to_owned(),
        Winner::Void => "void".to_owned(),
        Winner::None => "none".to_owned(),
        Winner::Us => "us".to_owned(),
        Winner::Them => "them".to_owned(),
        Winner::Clan(clan) => word(&clan.0),
    }
}

fn time(time: TimeSpec) -> String {
    match time {
        TimeSpec::Local { year, month, day, hour, minute } => {
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}")
        }
        TimeSpec::Weekday { day, hour, minute } => {
            format!("{} {hour:02}:{minute:02}", weekday(day))
        }
        TimeSpec::Moment(at) => jiff::Timestamp::from_millisecond(at.0)
            .map_or_else(|_| format!("{} ms", at.0), |moment| moment.to_string()),
        TimeSpec::After(length) => format!("+{length}"),
    }
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "mon",
        Weekday::Tue => "tue",
        Weekday::Wed => "wed",
        Weekday::Thu => "thu",
        Weekday::Fri => "fri",
        Weekday::Sat => "sat",
        Weekday::Sun => "sun",
    }
}
