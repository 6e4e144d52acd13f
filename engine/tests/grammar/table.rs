//! The table against the strictest chat platform, and its examples against the parser.

use std::collections::BTreeSet;

use gmbot_engine::grammar::table::find;
use gmbot_engine::grammar::{TABLE, ValueKind};

use crate::{command, line};

/// The most parameters of a command.
const MOST_PARAMS: usize = 25;

#[track_caller]
fn check_name(name: &str) {
    let letters = name.bytes().all(|b| b.is_ascii_lowercase());
    assert!(
        letters && (1..=32).contains(&name.len()),
        "`{name}` can't name a command or parameter"
    );
}

#[track_caller]
fn check_summary(summary: &str, of: &str) {
    let length = summary.chars().count();
    assert!((1..=100).contains(&length), "the summary of `{of}` has {length} characters");
    assert!(!summary.ends_with('.'), "the summary of `{of}` ends with a period");
}

#[test]
fn names_are_short_letters_and_belong_to_one_command() {
    let mut seen = BTreeSet::new();
    for row in TABLE {
        for name in std::iter::once(&row.name).chain(row.aliases) {
            check_name(name);
            assert!(seen.insert(*name), "`{name}` names two commands");
        }
        check_summary(row.summary, row.name);
    }
}

#[test]
fn parameters_fit_the_strictest_platform() {
    for row in TABLE {
        assert!(row.params.len() <= MOST_PARAMS, "{}", row.name);
        let mut seen = BTreeSet::new();
        for param in row.params {
            for name in std::iter::once(&param.name).chain(param.aliases) {
                check_name(name);
                assert!(seen.insert(*name), "`-{name}` means two things in {}", row.name);
            }
            check_summary(param.summary, &format!("{} -{}", row.name, param.name));
            assert!(!(param.required && param.default.is_some()), "{} -{}", row.name, param.name);
        }
        let required = row.params.iter().map(|param| param.required);
        assert!(required.is_sorted_by(|a, b| a >= b), "required first: {}", row.name);
        let many = [ValueKind::Players, ValueKind::Games, ValueKind::Rest];
        let lists = row.params.iter().filter(|p| p.positional && many.contains(&p.value));
        assert!(lists.count() <= 1, "two lists without a flag: {}", row.name);
    }
}

#[test]
fn every_example_is_read_as_its_command() {
    for row in TABLE {
        assert!(!row.examples.is_empty(), "{} has no example", row.name);
        for example in row.examples {
            assert_eq!(command(line(example)).name(), row.name, "{example}");
        }
    }
}

#[test]
fn a_command_is_found_by_its_name_and_aliases_in_any_case() {
    let check = |name: &str, expect: Option<&str>| {
        assert_eq!(find(name).map(|row| row.name), expect, "{name}");
    };
    check("CreateWar", Some("createwar"));
    check("SUB", Some("substitute"));
    check("why", Some("explain"));
    check("edmundo", None);
}
