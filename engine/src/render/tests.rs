//! What replies look like as text.

use super::{Role, plain, styled, visible};
use crate::grammar::{Command, Problem, Span};
use crate::model::{AtMs, ClanId, PersonId, TextId, WarId};
use crate::reply::{Block, Code, Diagnostics, Inline, Reply, Text};

fn war() -> WarId {
    "k3xp2".parse().expect("an id")
}

fn person(id: &str) -> PersonId {
    id.parse().expect("an id")
}

/// A reply that a line with these mistakes gets, each by the word that it points at.
fn mistakes(line: &str, problems: &[(&str, &str, Option<&str>)]) -> Reply {
    let mut reply = Reply::new(Code::UnknownFlag);
    let problem = |(word, message, instead): &(&str, &str, Option<&str>)| {
        let start = line.find(word).filter(|_| !word.is_empty()).unwrap_or(line.len());
        Problem {
            code: Code::UnknownFlag,
            span: Span { start, end: start + word.len() },
            message: (*message).to_owned(),
            suggestion: instead.map(str::to_owned),
        }
    };
    let problems = problems.iter().map(problem).collect();
    reply.diagnostics = Some(Diagnostics { line: line.to_owned(), problems });
    reply
}

#[track_caller]
fn check(reply: &Reply, width: usize, lines: &[&str]) {
    let text = plain(reply, width);
    assert_eq!(text.split('\n').collect::<Vec<_>>(), lines);
}

#[test]
fn every_block_has_its_form() {
    let mut reply = Reply::new(Code::WarCreated)
        .title(Text::from("War ").and(war()))
        .say(Text::from("By ").and(person("abcdefgh2")).and(" and ").and(person("abcdefgh3")))
        .block(Block::Fields(vec![
            ("game".into(), Text::from("Fortnite")),
            ("until".into(), AtMs(1_767_636_000_000).into()),
        ]))
        .block(Block::List(vec![Text::new().user("hello"), Text::new().code("gmbot help")]))
        .block(Block::Code("one\n two".into()))
        .hint("this is advice")
        .title("Next")
        .action("List", Command::Games)
        .in_zone("Europe/Berlin");
    reply.legend.people.insert(person("abcdefgh2"), "zucc".into());
    check(
        &reply,
        80,
        &[
            "War k3xp2",
            "By @zucc and @someone",
            "game:  Fortnite",
            "until: 2026-01-05 19:00 Europe/Berlin",
            "- hello",
            "- `gmbot help`",
            "  one",
            "   two",
            "hint: this is advice",
            "",
            "Next",
            "List: gmbot games",
        ],
    );
}

#[test]
fn a_forgotten_message_says_so() {
    let text: TextId = "abcdefghj2".parse().expect("an id");
    let mut reply = Reply::new(Code::Message).say(text);
    check(&reply, 80, &["(forgotten)"]);
    reply.legend.texts.insert(text, "one\ntwo".into());
    check(&reply, 80, &["one\\ntwo"]);
}

fn ranks() -> Reply {
    let clan: ClanId = "abcdef2".parse().expect("an id");
    let row = |rank: &str, name: &str| {
        vec![Text::from(rank), Inline::Clan { id: clan, name: name.into() }.into(), "20".into()]
    };
    let head = ["rank", "clan", "glory"].map(str::to_owned).to_vec();
    Reply::new(Code::Leaderboard)
        .block(Block::Table { head, rows: vec![row("1", "龍の一族"), row("12", "Clan F")] })
}

#[test]
fn columns_are_aligned_by_what_a_screen_shows() {
    check(&ranks(), 21, &["rank  clan      glory", "1     龍の一族  20", "12    Clan F    20"]);
}

#[test]
fn a_table_that_is_too_wide_becomes_lines() {
    let lines = [
        "- rank: 1",
        "  clan: 龍の一族",
        "  glory: 20",
        "- rank: 12",
        "  clan: Clan F",
        "  glory: 20",
    ];
    check(&ranks(), 20, &lines);
}

#[test]
fn a_cell_without_heading_is_shown_too() {
    let rows = vec![vec![Text::from("a"), Text::from("b")]];
    let table = Block::Table { head: vec!["one".into()], rows };
    let reply = Reply::new(Code::Games).block(table);
    check(&reply, 80, &["one", "a    b"]);
    check(&reply, 3, &["- one: a", "  b"]);
}

#[test]
fn carets_stand_under_the_mistake() {
    let line = "gmbot createwar -players @zucc -game 4 -durationn 0.2";
    let unknown = ("-durationn", "unknown flag `-durationn`", Some("-duration"));
    check(
        &mistakes(line, &[unknown]),
        80,
        &[
            line,
            "                                       ^^^^^^^^^^ unknown flag `-durationn`; did you mean `-duration`?",
        ],
    );
}

#[test]
fn each_mistake_has_its_carets_and_what_is_missing_stands_at_the_end() {
    let problems = [("水", "what is this", None), ("", "`-game` is missing", None)];
    check(
        &mistakes("x 水 é", &problems),
        80,
        &["x 水 é", "  ^^ what is this", "      ^ `-game` is missing"],
    );
}

#[test]
fn an_escaped_character_takes_the_columns_of_its_escape() {
    check(&mistakes("a\u{1b}b", &[("b", "no", None)]), 80, &["a\\u{1b}b", "       ^ no"]);
}

#[test]
fn right_to_left_text_is_quoted() {
    let problems = [("שלום", "unknown game", None), ("", "`-players` is missing", None)];
    check(
        &mistakes("gmbot שלום", &problems),
        80,
        &["gmbot שלום", "at `שלום`: unknown game", "at the end: `-players` is missing"],
    );
}

#[test]
fn of_a_long_line_only_the_surroundings_are_shown() {
    let line = format!("{}oops{}", "a ".repeat(500), " b".repeat(500));
    check(
        &mistakes(&line, &[("oops", "no", None)]),
        22,
        &["…a a a a a oops b b b…", "           ^^^^ no"],
    );
}

#[test]
fn spans_outside_the_line_do_no_harm() {
    let mut reply = mistakes("é", &[("é", "no", None)]);
    for span in [Span { start: 1, end: 1 }, Span { start: 9, end: 3 }, Span { start: 0, end: 99 }] {
        reply.diagnostics.as_mut().expect("some").problems[0].span = span;
        for width in [0, 1, 2, 80] {
            assert!(plain(&reply, width).contains("no"));
        }
    }
}

#[test]
fn nothing_that_people_type_reaches_the_screen_as_an_order() {
    let cases = [
        ("\u{1b}[31mred", "\\u{1b}[31mred"),
        ("a\u{9b}2Jb\0", "a\\u{9b}2Jb\\u{0}"),
        ("evil\u{202e}gpj", "evil\\u{202e}gpj"),
        ("a\u{200b}b\u{feff}", "a\\u{200b}b\\u{feff}"),
        ("two\r\nlines\u{2028}three", "two\\r\\nlines\\u{2028}three"),
        ("👩\u{200d}👩\u{200d}👧", "👩\u{200d}👩\u{200d}👧"),
        ("می\u{200c}خواهم", "می\u{200c}خواهم"),
        ("ad\u{200d}min\u{200d}", "ad\\u{200d}min\\u{200d}"),
        ("é e\u{301} 😀", "é e\u{301} 😀"),
    ];
    for (typed, shown) in cases {
        assert_eq!(visible(typed), shown);
        let reply = Reply::new(Code::Message).say(Text::new().user(typed));
        assert_eq!(plain(&reply, 80), shown);
    }
}

#[test]
fn the_pieces_say_what_they_are() {
    let reply = Reply::new(Code::WarCreated).title(Text::from("War ").and(war()).code("x"));
    let pieces = [(Role::Title, "War "), (Role::War, "k3xp2"), (Role::Code, "`x`")];
    assert_eq!(styled(&reply, 80), pieces.map(|(role, text)| (role, text.to_owned())));
}
