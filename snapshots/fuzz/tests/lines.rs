//! Lines in the shape of the grammar, as people and phones write them, through all that holds for any
//! line: see `parse` and `complete`.

use gmbot_engine::grammar::TABLE;
use gmbot_fuzz::{complete, parse};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngSeed};

/// The longest line, in characters.
const LONGEST: usize = 4_000;

/// What a line begins with, so that most are for the bot.
fn call() -> impl Strategy<Value = String> {
    let calls = vec!["gmbot ", "GMBOT: ", "!", "<@99> ", "@gmbot, ", "  gmbot\n", "", "gmbots "];
    select(calls).prop_map(str::to_owned)
}

fn command() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => select(TABLE).prop_map(|row| row.name.to_owned()),
        1 => select(TABLE).prop_map(|row| format!("\"{}\"", row.name.to_uppercase())),
        1 => "[a-z]{1,12}",
    ]
}

/// A flag of some command behind any dash, at times misspelt.
fn flag() -> impl Strategy<Value = String> {
    let names = TABLE.iter().flat_map(|row| row.params).map(|param| param.name);
    let dash = select(vec!["-", "--", "–", "—"]);
    let misspelt = prop_oneof![4 => Just(""), 1 => Just("e")];
    let tied = select(vec![" ", "=", "", "\n"]);
    (dash, select(names.collect::<Vec<_>>()), misspelt, tied)
        .prop_map(|(dash, name, more, tied)| format!("{dash}{name}{more}{tied}"))
}

fn value() -> impl Strategy<Value = String> {
    let known = vec![
        "4",
        "#5",
        "Mini Militia",
        "mini miltia",
        "CS:GO",
        "ft3",
        "bo5",
        "best of 5",
        "90m",
        "1h 30m",
        "0,2",
        "sat 20:00",
        "2026-03-07 20:00",
        "+3h",
        "2026-01-05T18:00:00Z",
        "k3xp2",
        "#k3xp2",
        "us",
        "host",
        "3-1",
        "3–1",
        "yes",
        "Europe/Berlin",
        "https://example.org/a,b",
        "<#123>",
        "10",
        "1-5",
        "Ann Smith",
        "7up",
    ];
    prop_oneof![
        4 => select(known).prop_map(str::to_owned),
        2 => select(vec!["@ann", "<@1>", "<@!22>", "@b:example.org", "<@&3>", "@", "<@"])
            .prop_map(str::to_owned),
        2 => quoted(),
        1 => "\\PC{0,8}",
    ]
}

/// Text in quotes as keyboards make them, closed or not.
fn quoted() -> impl Strategy<Value = String> {
    let quotes = select(vec![
        ("\"", "\""),
        ("'", "'"),
        ("“", "”"),
        ("„", "“"),
        ("‘", "’"),
        ("‚", "‘"),
        ("\"", ""),
        ("”", "”"),
    ]);
    (quotes, "[a-z \\\\\"',=-]{0,12}")
        .prop_map(|((open, close), inner)| format!("{open}{inner}{close}"))
}

/// What stands between words, and what nobody sees.
fn between() -> impl Strategy<Value = String> {
    let marks = vec![
        " ", " ", " ", "  ", ", ", ",", "", "\n", "\t", "\u{a0}", "\u{2028}", "\u{202e}",
        "\u{200d}", "\u{feff}", "\0", "\u{7f}", " -- ", " - ", "=",
    ];
    select(marks).prop_map(str::to_owned)
}

fn line() -> impl Strategy<Value = String> {
    let piece = prop_oneof![2 => flag(), 4 => value(), 3 => between()];
    (call(), command(), vec((piece, between()), 0..12)).prop_map(|(call, command, pieces)| {
        let pieces = pieces.into_iter().map(|(piece, between)| format!("{between}{piece}"));
        format!("{call}{command}{}", pieces.collect::<String>())
    })
}

/// A line that repeats itself until it is as long as a line may be, or a little longer.
fn long_line() -> impl Strategy<Value = String> {
    (line(), LONGEST - 3..LONGEST + 2)
        .prop_map(|(line, length)| format!("gmbot {line}").chars().cycle().take(length).collect())
}

fn config(cases: u32) -> Config {
    let config = Config { rng_seed: RngSeed::Fixed(7), ..Config::with_cases(cases) };
    Config { failure_persistence: None, ..config }
}

proptest! {
    #![proptest_config(config(3_000))]

    #[test]
    fn lines_of_the_grammar(line in line()) {
        parse::run(line.as_bytes());
    }

    #[test]
    fn any_text(text in ".{0,60}") {
        parse::run(text.as_bytes());
        parse::run(format!("gmbot {text}").as_bytes());
    }

    #[test]
    fn any_place_in_a_line(line in line(), place in any::<u16>()) {
        complete::run(&[&place.to_le_bytes()[..], line.as_bytes()].concat());
    }
}

proptest! {
    #![proptest_config(config(20))]

    #[test]
    fn lines_as_long_as_they_may_be(line in long_line()) {
        parse::run(line.as_bytes());
        complete::run(&[&[0xff, 0xff], line.as_bytes()].concat());
    }
}
