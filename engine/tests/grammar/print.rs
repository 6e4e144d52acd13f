//! What is printed reads as what it was: many commands of every kind, from a fixed seed.

use std::collections::BTreeSet;

use gmbot_engine::grammar::command::{CreateWar, Setup};
use gmbot_engine::grammar::values::Weekday;
use gmbot_engine::grammar::{
    ClanRef, Command, CommandSpec, PlayerRef, TABLE, TimeSpec, WarRef, Winner, kind_of, print, read,
};
use gmbot_engine::model::{AtMs, DurationMs, Format, GameId, Score};
use gmbot_engine::request::Input;

use crate::{Place, command};

/// A small generator of numbers, so that a failure comes back with its seed.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    fn yes(&mut self) -> bool {
        self.below(2) == 0
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.yes().then(|| make(self))
    }

    /// Text with all that means something elsewhere.
    fn text(&mut self) -> String {
        const PIECES: [&str; 20] = [
            "a", "B", "é", "🎮", "\"", "'", "\\", ",", "-", "--", " x", "  y", "@", "<@1>", "#",
            "“", "”", "=", "4", "\n-game",
        ];
        let length = 1 + self.below(6);
        let text: String = (0..length).map(|_| self.pick(&PIECES)).collect();
        let text = text.trim();
        if text.is_empty() { "x".to_owned() } else { text.to_owned() }
    }

    fn word(&mut self) -> String {
        self.text().split_whitespace().collect()
    }

    fn war(&mut self) -> WarRef {
        WarRef(self.pick(&["k3xp2", "k3x", "abc", "77777", "2z"]).to_owned())
    }

    /// Not a keyword, and not an id behind `#`, which would be read without it.
    fn clan(&mut self) -> ClanRef {
        ClanRef(self.text())
    }

    fn player(&mut self) -> PlayerRef {
        const MENTIONS: [&str; 5] =
            ["@ann", "<@1>", "<@!22>", "@b:example.org", "https://matrix.to/#/@c:example.org"];
        if self.yes() {
            PlayerRef::Mention(self.pick(&MENTIONS).to_owned())
        } else {
            PlayerRef::Name(self.text())
        }
    }

    fn players(&mut self) -> Vec<PlayerRef> {
        let count = 1 + self.below(4);
        (0..count).map(|_| self.player()).collect()
    }

    fn game(&mut self) -> GameId {
        GameId(self.pick(&[4, 5, 7, 8, 20, 23]))
    }

    fn games(&mut self) -> Vec<GameId> {
        let all = [4, 5, 7, 8];
        all[..self.below(all.len())].iter().map(|id| GameId(*id)).collect()
    }

    fn duration(&mut self) -> DurationMs {
        DurationMs(self.pick(&[60, 61, 720, 3_600, 86_400, 90_061, 2_592_000]) * 1000)
    }

    fn format(&mut self) -> Format {
        let wins = 1 + self.below(25) as u8;
        self.pick(&[Format::FirstTo(wins), Format::BestOf(wins * 2 - 1), Format::Single])
    }

    fn time(&mut self) -> TimeSpec {
        const DAYS: [Weekday; 7] = [
            Weekday::Mon,
            Weekday::Tue,
            Weekday::Wed,
            Weekday::Thu,
            Weekday::Fri,
            Weekday::Sat,
            Weekday::Sun,
        ];
        let (hour, minute) = (self.below(24) as i8, self.below(60) as i8);
        match self.below(4) {
            0 => TimeSpec::Local {
                year: 2026,
                month: 1 + self.below(12) as i8,
                day: 28,
                hour,
                minute,
            },
            1 => TimeSpec::Weekday { day: self.pick(&DAYS), hour, minute },
            2 => TimeSpec::Moment(AtMs(1_767_636_000_000 + self.below(1 << 30) as i64)),
            _ => TimeSpec::After(self.duration()),
        }
    }

    fn outcome(&mut self) -> Winner {
        self.pick(&[Winner::Host, Winner::Guest, Winner::Draw, Winner::Void])
    }

    fn winner(&mut self) -> Winner {
        match self.below(5) {
            0 => self.outcome(),
            1 => Winner::None,
            2 => Winner::Us,
            3 => Winner::Them,
            _ => Winner::Clan(self.clan()),
        }
    }

    fn limit(&mut self) -> u32 {
        1 + self.below(100) as u32
    }

    fn setup(&mut self) -> Setup {
        Setup {
            name: self.maybe(Self::text),
            location: self.maybe(Self::text),
            language: self.maybe(|draw| (0..=draw.below(3)).map(|_| draw.text()).collect()),
            timezone: self
                .maybe(|draw| draw.pick(&["Europe/Berlin", "UTC", "Etc/GMT+5"]).to_owned()),
            contact: self.maybe(|_| "https://example.org/a,b?c=\"d\"#e".to_owned()),
            public: self.maybe(Self::yes),
            channel: self
                .maybe(|draw| draw.pick(&["123", "!room:example.org", "#wars"]).to_owned()),
            prefix: self.maybe(Self::word),
        }
    }

    fn create_war(&mut self) -> CreateWar {
        CreateWar {
            private: self.yes(),
            players: self.players(),
            game: self.game(),
            duration: self.duration(),
            format: self.format(),
            start: self.maybe(Self::time),
            clan: self.maybe(Self::clan),
        }
    }

    fn command(&mut self) -> Command {
        match self.below(39) {
            0 => Command::Setup(self.setup()),
            1 | 2 => Command::CreateWar(self.create_war()),
            3 => Command::RemoveWar { war: self.war() },
            4 => {
                let players = self.maybe(Self::players).unwrap_or_default();
                Command::Accept { war: self.war(), players }
            }
            5 => Command::Decline { war: self.war() },
            6 => Command::Substitute { war: self.war(), out: self.player(), r#in: self.player() },
            7 => Command::Say { war: self.maybe(Self::war), text: self.text() },
            8 => Command::Vote {
                war: self.maybe(Self::war),
                winner: self.winner(),
                score: self.maybe(|draw| Score {
                    host: draw.below(26) as u8,
                    guest: draw.below(26) as u8,
                }),
            },
            9 => Command::Proof {
                war: self.maybe(Self::war),
                url: self.maybe(|_| "http://example.org/x".to_owned()),
                note: self.maybe(Self::text),
            },
            10 => Command::Concede { war: self.war(), yes: self.yes() },
            11 => Command::Subscribe { games: self.games() },
            12 => Command::Unsubscribe { games: self.games() },
            13 => Command::Promote { players: self.players() },
            14 => Command::Demote { players: self.players() },
            15 => Command::Relinquish { player: self.maybe(Self::player), yes: self.yes() },
            16 => Command::Reclaim,
            17 => Command::Block { clan: self.clan() },
            18 => Command::Unblock { clan: self.clan() },
            19 => Command::Link { code: self.maybe(Self::word) },
            20 => Command::Available,
            21 => Command::Unavailable,
            22 => Command::Forget { yes: self.yes() },
            23 => Command::Status { clan: self.maybe(Self::clan) },
            24 => Command::Show { war: self.maybe(Self::war) },
            25 => Command::Explain { war: self.maybe(Self::war) },
            26 => Command::History { clan: self.maybe(Self::clan), limit: self.limit() },
            _ => self.other_command(),
        }
    }

    fn other_command(&mut self) -> Command {
        match self.below(13) {
            0 => Command::Games,
            1 => Command::Formats,
            2 => Command::MyGames,
            3 => Command::Roles,
            4 => Command::Leaderboard { game: self.maybe(Self::game), limit: self.limit() },
            5 => Command::Stats {
                clan: self.maybe(Self::clan),
                player: self.maybe(Self::player),
                game: self.maybe(Self::game),
            },
            6 => Command::Clans {
                game: self.maybe(Self::game),
                language: self.maybe(Self::text),
                location: self.maybe(Self::text),
            },
            7 => Command::Help { command: self.maybe(|draw| draw.pick(TABLE).name.to_owned()) },
            8 => Command::Resolve {
                war: self.war(),
                winner: self.outcome(),
                reason: self.text(),
                yes: self.yes(),
            },
            9 => Command::Appoint { clan: self.clan(), player: self.player(), reason: self.text() },
            10 => Command::Suspend { clan: self.clan(), reason: self.text() },
            11 => Command::Restore { clan: self.clan(), reason: self.text() },
            _ => Command::AddGame { name: self.text(), min_players: 1, max_players: self.limit() },
        }
    }
}

#[test]
fn what_is_printed_reads_as_what_it_was() {
    let place = Place::new();
    let mut seen = BTreeSet::new();
    for seed in 0..5_000 {
        let expect = Draw(seed).command();
        let line = print(&expect);
        let found = command(read(&Input::Line(line.clone()), &place));
        assert_eq!(found, expect, "seed {seed}: {line}");
        assert_eq!(print(&found), line, "seed {seed}");
        assert_eq!(kind_of(&Input::Line(line)), CommandSpec::of(&found).kind, "seed {seed}");
        seen.insert(expect.name());
    }
    let all: BTreeSet<&str> = TABLE.iter().map(|row| row.name).collect();
    assert_eq!(seen, all, "every command was drawn");
}
