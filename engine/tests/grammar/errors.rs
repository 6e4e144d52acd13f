//! What is wrong with a line: all of it at once, each mistake with its place and a way out.

use std::cell::Cell;

use gmbot_engine::grammar::lexer::lex_line;
use gmbot_engine::grammar::{Command, Reading, Vocabulary, read};
use gmbot_engine::model::{DurationMs, Game};
use gmbot_engine::reply::Code;
use gmbot_engine::request::Input;

use crate::{Place, command, line, problems, words};

/// A mistake: its code, the words it points at (none: the end of the line), and the suggestion.
type Mistake<'a> = (Code, &'a str, Option<&'a str>);

#[track_caller]
fn check_reading(reading: Reading, expect: &[Mistake<'_>]) {
    let (line, problems) = problems(reading);
    let found: Vec<Mistake<'_>> = problems
        .iter()
        .map(|problem| {
            let place = &line[problem.span.start..problem.span.end];
            (problem.code, place, problem.suggestion.as_deref())
        })
        .collect();
    assert_eq!(found, expect, "{line}\n{problems:#?}");
}

#[track_caller]
fn check(input: &str, expect: &[Mistake<'_>]) {
    check_reading(line(input), expect);
}

#[test]
fn an_unknown_command() {
    check("gmbot craetewar @ann", &[(Code::UnknownCommand, "craetewar", Some("createwar"))]);
    check("gmbot create @ann", &[(Code::UnknownCommand, "create", Some("createwar"))]);
    check("gmbot dance -game 4", &[(Code::UnknownCommand, "dance", None)]);
    check("gmbot -game 4", &[(Code::UnknownCommand, "-game", None)]);
    check("gmbot help acept", &[(Code::UnknownCommand, "acept", Some("accept"))]);
    check_reading(words(&["is", "great"]), &[(Code::UnknownCommand, "is", None)]);
    check_reading(words(&["@ann"]), &[(Code::UnknownCommand, "@ann", None)]);
    let direct = Place { direct: true, ..Place::new() };
    let reading = read(&Input::Line("hello there".to_owned()), &direct);
    check_reading(reading, &[(Code::UnknownCommand, "hello", None)]);
}

#[test]
fn an_unknown_flag_suggests_the_close_one() {
    check(
        "gmbot createwar -players @zucc -game 4 -durationn 0.2",
        &[(Code::UnknownFlag, "-durationn", Some("-duration"))],
    );
    check("gmbot createwar @a -gam 4", &[(Code::UnknownFlag, "-gam", Some("-game"))]);
    check("gmbot createwar @a -game 4 -colour red", &[(Code::UnknownFlag, "-colour", None)]);
    check("gmbot status -game 4", &[(Code::UnknownFlag, "-game", None)]);
    let (_, found) = problems(line("gmbot createwar @a -game 4 -durationn 1"));
    assert_eq!(found[0].message, "unknown flag `-durationn`");
}

#[test]
fn a_flag_is_given_twice_or_without_a_value() {
    check("gmbot createwar @a -game 4 -game 5", &[(Code::RepeatedFlag, "-game", None)]);
    check(
        "gmbot createwar @a -game 4 -type ft3 -format ft5",
        &[(Code::RepeatedFlag, "-format", None)],
    );
    check(
        "gmbot createwar @a -game 4 -durationn 1 -duration 2",
        &[(Code::UnknownFlag, "-durationn", Some("-duration"))],
    );
    check("gmbot concede k3xp2 -yes -yes", &[(Code::RepeatedFlag, "-yes", None)]);
    check("gmbot createwar @a -game", &[(Code::MissingValue, "-game", None)]);
    check("gmbot createwar @a -game= -type ft3", &[(Code::MissingValue, "-game", None)]);
    check("gmbot createwar -players -game 4", &[(Code::MissingValue, "-players", None)]);
    check("gmbot createwar -players , -game 4", &[(Code::MissingValue, "-players", None)]);
    check(
        "gmbot say -war",
        &[(Code::MissingValue, "-war", None), (Code::MissingParameter, "", None)],
    );
}

#[test]
fn something_is_missing() {
    check("gmbot createwar -game 4", &[(Code::MissingParameter, "", None)]);
    check("gmbot createwar", &[(Code::MissingParameter, "", None); 2]);
    check("gmbot promote,", &[(Code::MissingParameter, "", None)]);
    check("gmbot say", &[(Code::MissingParameter, "", None)]);
    check("gmbot say -war k3xp2 -- ", &[(Code::MissingParameter, "", None)]);
    for name in ["accept", "removewar", "decline", "concede"] {
        let (_, found) = problems(line(&format!("gmbot {name}")));
        assert_eq!(found[0].code, Code::MissingParameter, "{name}");
        assert!(found[0].message.contains("`gmbot status` lists"), "{name}: {}", found[0].message);
    }
}

#[test]
fn a_stray_word_is_shown_where_it_belongs() {
    let game = (Code::SurplusWords, "4", Some("-game 4"));
    check("gmbot createwar -players @a @b 4", &[game]);
    check("gmbot createwar @a, @b 4", &[game]);
    check(
        "gmbot createwar @a fortnite",
        &[(Code::SurplusWords, "fortnite", Some("-game fortnite"))],
    );
    check("gmbot createwar @a ft5 -game 4", &[(Code::SurplusWords, "ft5", Some("-type ft5"))]);
    check("gmbot createwar @a -game 4 ft5", &[(Code::SurplusWords, "ft5", Some("-type ft5"))]);
    check("gmbot vote -winner us k3xp2", &[(Code::SurplusWords, "k3xp2", Some("-war k3xp2"))]);
    check("gmbot vote us", &[(Code::SurplusWords, "us", Some("-winner us"))]);
    check("gmbot vote , us", &[(Code::SurplusWords, "us", Some("-winner us"))]);
    check("gmbot stats @ann", &[(Code::SurplusWords, "@ann", Some("-player @ann"))]);
    check("gmbot accept -war k3xp2 @a", &[(Code::SurplusWords, "@a", Some("-players @a"))]);
    check("gmbot games of chance", &[(Code::SurplusWords, "of chance", None)]);
    check("gmbot status clan", &[(Code::SurplusWords, "clan", Some("-clan"))]);
    check("gmbot show k3xp2 please now", &[(Code::SurplusWords, "please now", None)]);
    check("gmbot relinquish @a @b", &[(Code::SurplusWords, "@b", None)]);
    // Unless somebody is called that.
    command(line("gmbot createwar -players @a 7up -game 4"));
}

#[test]
fn an_unclosed_quote() {
    check("gmbot status -clan \"Clan F", &[(Code::UnclosedQuote, "\"Clan F", None)]);
    check("gmbot status -clan “Clan F", &[(Code::UnclosedQuote, "“Clan F", None)]);
    check(
        "gmbot createwar @a -clan 'Clan F -gam 4",
        &[
            (Code::UnclosedQuote, "'Clan F -gam 4", None),
            (Code::UnknownFlag, "-gam", Some("-game")),
        ],
    );
}

#[test]
fn all_mistakes_come_in_one_answer() {
    check(
        "gmbot createwar -players @a 4 -durationn 31d -type ft99 -start never -x",
        &[
            (Code::SurplusWords, "4", Some("-game 4")),
            (Code::UnknownFlag, "-durationn", Some("-duration")),
            (Code::BadDuration, "31d", None),
            (Code::UnknownFormat, "ft99", None),
            (Code::BadTime, "never", None),
            (Code::UnknownFlag, "-x", None),
        ],
    );
}

#[test]
fn bad_values_are_pointed_at() {
    let check_flag = |flag: &str, value: &str, code: Code, suggestion: Option<&str>| {
        let input = format!("gmbot createwar @a -game 4 {flag} {value}");
        let known = input.replace("-game 4 -game", "-game");
        check(&known, &[(code, value, suggestion)]);
    };
    for duration in ["0", "-5", "1e99", "31d", "soon"] {
        check_flag("-duration", duration, Code::BadDuration, None);
    }
    check_flag("-type", "bo4", Code::UnknownFormat, Some("bo5"));
    check_flag("-start", "tomorrow", Code::BadTime, None);
    check_flag("-game", "Quake Twi", Code::AmbiguousGame, None);
    check_flag("-game", "Rocket 4", Code::UnknownGame, Some("Rocket 2"));
    check_flag("-game", "nothing", Code::UnknownGame, None);
    check("gmbot vote -winner us -score 3", &[(Code::BadValue, "3", None)]);
    check(
        "gmbot resolve -war k3xp2 -winner hots -reason x",
        &[(Code::BadValue, "hots", Some("host"))],
    );
    check("gmbot history -limit 0", &[(Code::BadValue, "0", None)]);
    check("gmbot history -limit 101", &[(Code::BadValue, "101", None)]);
    check("gmbot setup -public maybe", &[(Code::BadValue, "maybe", None)]);
    check("gmbot setup -timezone Berlin", &[(Code::BadValue, "Berlin", Some("Europe/Berlin"))]);
    check(
        "gmbot setup -timezone Europe/Berln",
        &[(Code::BadValue, "Europe/Berln", Some("Europe/Berlin"))],
    );
    check("gmbot setup -name \"\"", &[(Code::BadValue, "\"\"", None)]);
    check("gmbot proof -url ftp://example.org", &[(Code::BadValue, "ftp://example.org", None)]);
    let long = format!("https://example.org/{}", "x".repeat(481));
    check(&format!("gmbot proof -url {long}"), &[(Code::BadValue, &long, None)]);
    command(line(&format!("gmbot proof -url {}", &long[..500])));
    check("gmbot addgame -name X -players 5-1", &[(Code::BadValue, "5-1", None)]);
    check("gmbot addgame -name X -players 0-1", &[(Code::BadValue, "0-1", None)]);
}

#[test]
fn remarks_say_how_a_value_was_understood() {
    let Reading::Command { notes, .. } = line("gmbot createwar @a -game Mini Miltitia -type 3")
    else {
        panic!("no command");
    };
    let format = "format 3 is ft5, first to 5 wins; for first to 3 write ft3";
    assert_eq!(notes, ["took \"Mini Miltitia\" for Mini Militia", format]);
}

#[test]
fn lines_that_no_line_may_be() {
    let long = |count: usize| format!("gmbot say {}", "é".repeat(count - "gmbot say ".len()));
    command(line(&long(4_000)));
    let (_, found) = problems(line(&long(4_001)));
    assert_eq!(found[0].code, Code::LineTooLong);
    assert_eq!(problems(words(&["say", &"x".repeat(4_001)])).1[0].code, Code::LineTooLong);
    check("gmbot say a\0b", &[(Code::BadCharacter, "\0", None)]);
    check("gmbot promote @a\u{1b}[31m", &[(Code::BadCharacter, "\u{1b}", None)]);
    check_reading(words(&["status", "\u{7}"]), &[(Code::BadCharacter, "\u{7}", None)]);
    assert_eq!(line(&"x".repeat(5_000)), Reading::NotForBot);
}

#[test]
fn odd_letters_are_letters() {
    let emoji = "🎮".repeat(100);
    check(&format!("gmbot show x {emoji}"), &[(Code::SurplusWords, &emoji, None)]);
    check("gmbot show x مرحبا", &[(Code::SurplusWords, "مرحبا", None)]);
    check("gmbot show x e\u{301}e\u{301}", &[(Code::SurplusWords, "e\u{301}e\u{301}", None)]);
    for name in ["'; DROP TABLE wars; --", "**bold** `code`", "us", "مرحبا", &emoji] {
        let input = format!("gmbot status -clan \"{name}\"");
        let Command::Status { clan: Some(clan) } = command(line(&input)) else { panic!("{input}") };
        assert_eq!(clan.0, name);
    }
}

#[test]
fn a_terminals_mistakes_point_into_the_shown_line() {
    let argv = ["createwar", "-players", "@zucc", "-game", "4", "-durationn", "0.2"];
    check_reading(words(&argv), &[(Code::UnknownFlag, "-durationn", Some("-duration"))]);
    let argv = ["createwar", "Ann Bo", "-game", "no such"];
    check_reading(words(&argv), &[(Code::UnknownGame, "\"no such\"", None)]);
    let argv = ["createwar", "-game=9,9", "@a"];
    let player = (Code::SurplusWords, "@a", Some("-players @a"));
    check_reading(words(&argv), &[(Code::UnknownGame, "9,9", None), player]);
}

#[test]
fn structured_input_can_say_no_more_than_a_line() {
    let read = |command: Command| read(&Input::Command(command), &Place::new());
    let history = |limit| Command::History { clan: None, limit };
    assert_eq!(command(read(history(5))), history(5));
    check_reading(read(history(1_000)), &[(Code::BadValue, "1000", None)]);
    let created = command(line("gmbot createwar @a -game 4"));
    let Command::CreateWar(mut war) = created else { panic!("{created:?}") };
    war.duration = DurationMs(0);
    check_reading(read(Command::CreateWar(war)), &[(Code::BadDuration, "0s", None)]);
}

/// Pieces that open, close and divide things, to be put together in every way.
const PIECES: [&str; 18] = [
    "gmbot",
    " ",
    "-players",
    "-",
    "—x",
    "=",
    "\"",
    "'",
    "“",
    "”",
    "\\",
    ",",
    "<@1>",
    "<@",
    "@a",
    "4",
    "é\u{301}",
    "createwar",
];

#[test]
fn nothing_panics_and_every_letter_is_in_one_token() {
    for seed in 0..5_000_u64 {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut text = "gmbot createwar ".to_owned();
        for _ in 0..12 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            text.push_str(PIECES[(state >> 33) as usize % PIECES.len()]);
        }
        let lexed = lex_line(&text, 0);
        let mut end = 0;
        for token in &lexed.tokens {
            let between = &text[end..token.span.start];
            assert!(between.chars().all(|c| c.is_whitespace() || c == '='), "{text}: {between}");
            end = token.span.end;
        }
        assert!(text[end..].chars().all(|c| c.is_whitespace() || c == '='), "{text}");
        if let Reading::Problems { line, problems, .. } = line(&text) {
            for problem in problems {
                assert!(line.get(problem.span.start..problem.span.end).is_some(), "{text}");
            }
        }
        let argv: Vec<&str> = text.split(' ').skip(1).collect();
        drop(words(&argv));
    }
}

/// A place that counts how often a name is looked up.
struct Counting {
    place: Place,
    lookups: Cell<usize>,
}

impl Vocabulary for Counting {
    fn games(&self) -> &[Game] {
        self.place.games()
    }
    fn is_player_name(&self, name: &str) -> bool {
        self.lookups.set(self.lookups.get() + 1);
        self.place.is_player_name(name)
    }
    fn prefix(&self) -> Option<&str> {
        None
    }
    fn is_direct(&self) -> bool {
        false
    }
    fn is_bot(&self, written: &str) -> bool {
        self.place.is_bot(written)
    }
}

/// Work grows with the line, not with its square: counted in tokens, reports and lookups, since a
/// clock would say something else each time.
#[test]
fn reading_takes_time_linear_in_the_line() {
    for piece in ["\"a ", "'b “c ", "<@", "<@1>", "a b ", "-x ", ",", "\\\"", "4 "] {
        let text = format!("gmbot promote {}", piece.repeat(3_900 / piece.chars().count()));
        let lexed = lex_line(&text, 0);
        assert!(lexed.tokens.len() <= text.chars().count(), "{piece}");
        assert!(lexed.problems.len() <= 4, "one report for each kind of quote: {piece}");
        let counting = Counting { place: Place::new(), lookups: Cell::new(0) };
        drop(read(&Input::Line(text), &counting));
        assert!(counting.lookups.get() <= 64, "{piece}: {} lookups", counting.lookups.get());
    }
}
