//! The definitions against every limit that Discord sets, and as a snapshot.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;

fn as_json() -> Vec<Value> {
    definitions().iter().map(|command| serde_json::to_value(command).unwrap()).collect()
}

/// Every definition with its path, the command itself first.
fn all(definitions: &[Definition]) -> Vec<(String, &Definition)> {
    fn add<'d>(
        before: &str,
        definition: &'d Definition,
        found: &mut Vec<(String, &'d Definition)>,
    ) {
        let path = format!("{before}/{}", definition.name);
        found.push((path.clone(), definition));
        definition.options.iter().for_each(|option| add(&path, option, found));
    }
    let mut found = Vec::new();
    definitions.iter().for_each(|command| add("", command, &mut found));
    found
}

#[test]
fn every_limit_is_kept() {
    let commands = definitions();
    assert!(commands.len() <= 100);
    for (path, definition) in all(&commands) {
        let name = &definition.name;
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        assert!((1..=32).contains(&name.len()) && name.chars().all(letters), "{path}");
        assert!((1..=100).contains(&definition.description.chars().count()), "{path}");
        assert!(definition.options.len() <= 25, "{path} has too many options");
        assert!(definition.choices.len() <= 25, "{path} has too many choices");
        assert!(definition.choices.is_empty() || !definition.autocomplete, "{path}");
        let choices = |choice: &Choice| {
            (1..=100).contains(&choice.name.chars().count()) && choice.value.chars().count() <= 100
        };
        assert!(definition.choices.iter().all(choices), "{path}");
        let required: Vec<bool> = definition.options.iter().map(|option| option.required).collect();
        assert!(required.is_sorted_by(|before, after| before >= after), "{path}");
        let names: BTreeSet<_> = definition.options.iter().map(|option| &option.name).collect();
        assert_eq!(names.len(), definition.options.len(), "{path} has an option twice");
        let completes = definition.kind == kind::STRING || !definition.autocomplete;
        assert!(completes, "{path}: only texts and numbers are completed");
    }
}

#[test]
fn groups_hold_subcommands_and_subcommands_hold_values() {
    for command in definitions() {
        assert_eq!(command.kind, kind::COMMAND);
        for group in &command.options {
            let inner = if group.kind == kind::GROUP {
                assert!(!group.options.is_empty(), "{}", group.name);
                assert!(group.options.iter().all(|option| option.kind == kind::SUBCOMMAND));
                &group.options[..]
            } else {
                assert_eq!(group.kind, kind::SUBCOMMAND);
                std::slice::from_ref(group)
            };
            let values = inner.iter().flat_map(|subcommand| &subcommand.options);
            assert!(values.into_iter().all(|option| option.kind > kind::GROUP));
        }
    }
}

#[test]
fn a_command_is_not_larger_than_discord_takes() {
    fn size(definition: &Definition) -> usize {
        let text = |text: &str| text.chars().count();
        let choices = definition.choices.iter().map(|one| text(&one.name) + text(&one.value));
        let own = text(&definition.name) + text(&definition.description);
        own + choices.sum::<usize>() + definition.options.iter().map(size).sum::<usize>()
    }
    for command in definitions() {
        let size = size(&command);
        assert!(size <= 8000, "`/{}` has {size} of 8,000 characters", command.name);
    }
}

#[test]
fn every_row_of_the_table_is_there_once() {
    let definitions = definitions();
    let all = all(&definitions);
    for row in TABLE {
        let found = all.iter().filter(|(_, found)| found.kind == 1 && found.name == row.name);
        assert_eq!(found.count(), 1, "{}", row.name);
    }
}

#[test]
fn the_definitions_are_these() {
    insta::assert_json_snapshot!(as_json());
}

#[test]
fn what_discord_adds_changes_no_fingerprint_and_a_changed_word_does() {
    let ours = as_json();
    let mut given_back = ours.clone();
    given_back[0]["id"] = json!("1234");
    given_back[0]["version"] = json!("5678");
    given_back[0]["default_member_permissions"] = Value::Null;
    given_back[0]["options"][0]["options"][0]["options"][0]["autocomplete"] = json!(false);
    given_back[0]["options"][0]["options"][0]["options"][0]["choices"] = json!([]);
    assert_eq!(fingerprint(&ours), fingerprint(&given_back));
    given_back[0]["options"][0]["description"] = json!("another");
    assert_ne!(fingerprint(&ours), fingerprint(&given_back));
    assert_ne!(fingerprint(&ours), fingerprint(&[]));
}
