//! Commands of any kind, as properties need them.

use gmbot_engine::grammar::command::{CreateWar, Setup};
use gmbot_engine::grammar::values::Weekday;
use gmbot_engine::grammar::{ClanRef, Command, PlayerRef, TABLE, TimeSpec, WarRef, Winner};
use gmbot_engine::model::{AtMs, DurationMs, Format, GameId, Score};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

/// Commands of one row of the table.
pub(crate) fn command(name: &'static str) -> BoxedStrategy<Command> {
    course(name)
        .or_else(|| office(name))
        .or_else(|| query(name))
        .or_else(|| operation(name))
        .unwrap_or_else(|| panic!("nothing here makes a `{name}`"))
}

/// The commands that make, fight and end wars.
fn course(name: &str) -> Option<BoxedStrategy<Command>> {
    Some(match name {
        "createwar" => create_war(false),
        "privatewar" => create_war(true),
        "removewar" => war().prop_map(|war| Command::RemoveWar { war }).boxed(),
        "accept" => (war(), vec(player(), 0..5))
            .prop_map(|(war, players)| Command::Accept { war, players })
            .boxed(),
        "decline" => war().prop_map(|war| Command::Decline { war }).boxed(),
        "substitute" => (war(), player(), player())
            .prop_map(|(war, out, r#in)| Command::Substitute { war, out, r#in })
            .boxed(),
        "say" => (of(war()), text()).prop_map(|(war, text)| Command::Say { war, text }).boxed(),
        "vote" => (of(war()), winner(), of(score()))
            .prop_map(|(war, winner, score)| Command::Vote { war, winner, score })
            .boxed(),
        "proof" => (of(war()), of(link()), of(text()))
            .prop_map(|(war, url, note)| Command::Proof { war, url, note })
            .boxed(),
        "concede" => {
            (war(), any::<bool>()).prop_map(|(war, yes)| Command::Concede { war, yes }).boxed()
        }
        _ => return None,
    })
}

/// The commands by which clans and their members run their own affairs.
fn office(name: &str) -> Option<BoxedStrategy<Command>> {
    let only = |command: Command| Just(command).boxed();
    Some(match name {
        "setup" => setup(),
        "subscribe" => games().prop_map(|games| Command::Subscribe { games }).boxed(),
        "unsubscribe" => games().prop_map(|games| Command::Unsubscribe { games }).boxed(),
        "promote" => players().prop_map(|players| Command::Promote { players }).boxed(),
        "demote" => players().prop_map(|players| Command::Demote { players }).boxed(),
        "relinquish" => (of(player()), any::<bool>())
            .prop_map(|(player, yes)| Command::Relinquish { player, yes })
            .boxed(),
        "reclaim" => only(Command::Reclaim),
        "block" => clan().prop_map(|clan| Command::Block { clan }).boxed(),
        "unblock" => clan().prop_map(|clan| Command::Unblock { clan }).boxed(),
        "link" => of(word()).prop_map(|code| Command::Link { code }).boxed(),
        "available" => only(Command::Available),
        "unavailable" => only(Command::Unavailable),
        "forget" => any::<bool>().prop_map(|yes| Command::Forget { yes }).boxed(),
        _ => return None,
    })
}

/// The commands that write nothing.
fn query(name: &str) -> Option<BoxedStrategy<Command>> {
    let only = |command: Command| Just(command).boxed();
    Some(match name {
        "status" => of(clan()).prop_map(|clan| Command::Status { clan }).boxed(),
        "show" => of(war()).prop_map(|war| Command::Show { war }).boxed(),
        "explain" => of(war()).prop_map(|war| Command::Explain { war }).boxed(),
        "history" => (of(clan()), 1..=100_u32)
            .prop_map(|(clan, limit)| Command::History { clan, limit })
            .boxed(),
        "games" => only(Command::Games),
        "formats" => only(Command::Formats),
        "mygames" => only(Command::MyGames),
        "roles" => only(Command::Roles),
        "leaderboard" => (of(game()), 1..=100_u32)
            .prop_map(|(game, limit)| Command::Leaderboard { game, limit })
            .boxed(),
        "stats" => (of(clan()), of(player()), of(game()))
            .prop_map(|(clan, player, game)| Command::Stats { clan, player, game })
            .boxed(),
        "clans" => (of(game()), of(text()), of(text()))
            .prop_map(|(game, language, location)| Command::Clans { game, language, location })
            .boxed(),
        "help" => of(select(TABLE))
            .prop_map(|row| Command::Help { command: row.map(|row| row.name.to_owned()) })
            .boxed(),
        _ => return None,
    })
}

/// The operator's commands.
fn operation(name: &str) -> Option<BoxedStrategy<Command>> {
    let on_clan = || (clan(), text());
    Some(match name {
        "resolve" => (war(), outcome(), text(), any::<bool>())
            .prop_map(|(war, winner, reason, yes)| Command::Resolve { war, winner, reason, yes })
            .boxed(),
        "appoint" => (clan(), player(), text())
            .prop_map(|(clan, player, reason)| Command::Appoint { clan, player, reason })
            .boxed(),
        "suspend" => on_clan().prop_map(|(clan, reason)| Command::Suspend { clan, reason }).boxed(),
        "restore" => on_clan().prop_map(|(clan, reason)| Command::Restore { clan, reason }).boxed(),
        "addgame" => (text(), 1..=100_u32, 1..=100_u32)
            .prop_map(|(name, one, other)| Command::AddGame {
                name,
                min_players: one.min(other),
                max_players: one.max(other),
            })
            .boxed(),
        _ => return None,
    })
}

fn create_war(private: bool) -> BoxedStrategy<Command> {
    (players(), game(), duration(), format(), of(time()), of(clan()))
        .prop_map(move |(players, game, duration, format, start, clan)| {
            Command::CreateWar(CreateWar { private, players, game, duration, format, start, clan })
        })
        .boxed()
}

fn setup() -> BoxedStrategy<Command> {
    let zone = select(vec!["Europe/Berlin", "UTC", "Etc/GMT+5"]).prop_map(str::to_owned);
    let channel = select(vec!["123", "!room:example.org", "#wars"]).prop_map(str::to_owned);
    let profile = (of(text()), of(text()), of(vec(text(), 1..4)), of(zone), of(link()));
    (profile, of(any::<bool>()), of(channel), of(word()))
        .prop_map(|((name, location, language, timezone, contact), public, channel, prefix)| {
            Command::Setup(Setup {
                name,
                location,
                language,
                timezone,
                contact,
                public,
                channel,
                prefix,
            })
        })
        .boxed()
}

/// Text with all that means something elsewhere, and any other letters.
pub(crate) fn text() -> impl Strategy<Value = String> {
    const PIECES: [&str; 32] = [
        "a", "B", "é", "🎮", "\"", "'", "\\", ",", "-", "--", "–", " x", "  y", "@", "<@1>",
        "<#2>", "#", "“", "”", "„", "‘", "’", "=", "4", "us", "k3xp2", "קשת", "\u{202e}",
        "\u{200d}", "\u{2028}", "\n-game", "ft3",
    ];
    let piece = prop_oneof![4 => select(PIECES.to_vec()).prop_map(str::to_owned), 1 => "\\PC{1,3}"];
    let text = vec(piece, 1..8).prop_map(|pieces| pieces.concat().trim().to_owned());
    text.prop_map(|text| if text.is_empty() { "x".to_owned() } else { text })
}

fn word() -> impl Strategy<Value = String> {
    text().prop_map(|text| text.split_whitespace().collect())
}

fn link() -> impl Strategy<Value = String> {
    "https?://[a-z0-9]{1,9}/[a-zA-Z0-9,?=\"'#&%é-]{0,20}"
}

fn war() -> impl Strategy<Value = WarRef> {
    select(vec!["k3xp2", "k3x", "abc", "77777", "2z"]).prop_map(|id| WarRef(id.to_owned()))
}

/// A clan's name, as it can be written: one that is an id behind `#` is read without it.
fn clan() -> impl Strategy<Value = ClanRef> {
    text().prop_map(ClanRef)
}

fn player() -> impl Strategy<Value = PlayerRef> {
    let mentions =
        vec!["@ann", "<@1>", "<@!22>", "@b:example.org", "https://matrix.to/#/@c:example.org"];
    prop_oneof![
        select(mentions).prop_map(|written| PlayerRef::Mention(written.to_owned())),
        text().prop_map(PlayerRef::Name),
    ]
}

fn players() -> impl Strategy<Value = Vec<PlayerRef>> {
    vec(player(), 1..5)
}

fn game() -> impl Strategy<Value = GameId> {
    select(vec![4, 5, 7, 8, 20, 23]).prop_map(GameId)
}

fn games() -> impl Strategy<Value = Vec<GameId>> {
    proptest::sample::subsequence(vec![GameId(4), GameId(5), GameId(7), GameId(8)], 0..5)
}

/// 1 minute to 30 days, to the second.
fn duration() -> impl Strategy<Value = DurationMs> {
    (60..=2_592_000_i64).prop_map(|seconds| DurationMs(seconds * 1000))
}

fn format() -> impl Strategy<Value = Format> {
    let wins = 1..=25_u8;
    prop_oneof![
        wins.clone().prop_map(Format::FirstTo),
        wins.prop_map(|wins| Format::BestOf(wins * 2 - 1)),
        Just(Format::Single),
    ]
}

fn time() -> impl Strategy<Value = TimeSpec> {
    use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    let clock = || (0..24_i8, 0..60_i8);
    prop_oneof![
        (0..=9999_i16, 1..=12_i8, 1..=28_i8, clock()).prop_map(
            |(year, month, day, (hour, minute))| TimeSpec::Local { year, month, day, hour, minute }
        ),
        (select(vec![Mon, Tue, Wed, Thu, Fri, Sat, Sun]), clock())
            .prop_map(|(day, (hour, minute))| TimeSpec::Weekday { day, hour, minute }),
        (-62_135_596_800_000..253_402_207_200_000_i64).prop_map(|at| TimeSpec::Moment(AtMs(at))),
        duration().prop_map(TimeSpec::After),
    ]
}

fn score() -> impl Strategy<Value = Score> {
    any::<(u8, u8)>().prop_map(|(host, guest)| Score { host, guest })
}

fn outcome() -> impl Strategy<Value = Winner> {
    select(vec![Winner::Host, Winner::Guest, Winner::Draw, Winner::Void])
}

/// A winner, as a ballot may say it; a clan that is called as a keyword can't be meant.
fn winner() -> impl Strategy<Value = Winner> {
    const KEYWORDS: [&str; 7] = ["host", "guest", "draw", "void", "none", "us", "them"];
    let named = clan().prop_map(|clan| {
        let keyword = KEYWORDS.contains(&clan.0.to_lowercase().as_str());
        if keyword { Winner::Us } else { Winner::Clan(clan) }
    });
    prop_oneof![outcome(), select(vec![Winner::None, Winner::Us, Winner::Them]), named]
}
