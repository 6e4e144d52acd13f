//! What may come next at a place in a line.

use gmbot_engine::grammar::complete::{Completion, Live, complete, complete_words};

/// Checks what is offered at `|`, as `replaced text: first options`, and what is asked for.
#[track_caller]
fn check(text: &str, replaced: &str, options: &[&str], live: Option<Live>) {
    let cursor = text.find('|').unwrap_or(text.len());
    let line = text.replace('|', "");
    let found = complete(&line, cursor);
    assert_eq!(&line[found.replace.start..found.replace.end], replaced, "{text}");
    check_options(&found, options, live, text);
}

#[track_caller]
fn check_words(words: &[&str], replaced: &str, options: &[&str], live: Option<Live>) {
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let found = complete_words(&words);
    let last = words.last().map_or("", String::as_str);
    assert_eq!(&last[found.replace.start..found.replace.end], replaced, "{words:?}");
    check_options(&found, options, live, &format!("{words:?}"));
}

#[track_caller]
fn check_options(found: &Completion, options: &[&str], live: Option<Live>, input: &str) {
    let texts: Vec<&str> = found.options.iter().map(|option| option.text.as_str()).collect();
    assert_eq!(texts, options, "{input}");
    assert_eq!(found.live, live, "{input}");
}

#[test]
fn commands_come_first() {
    check("gmbot cr|", "cr", &["createwar"], None);
    check("cr", "cr", &["createwar"], None);
    check("gmbot CR| @ann", "CR", &["createwar"], None);
    check("gmbot", "gmbot", &[], None);
    assert_eq!(complete("gmbot:", 6), complete("gmbot ", 6));
    check("gmbot top", "top", &["leaderboard"].map(|_| "top"), None);
    check("gmbot xyz", "xyz", &[], None);
    check("gmbot xyz ", "", &[], None);
    let all = complete("gmbot ", 6).options.len();
    assert_eq!(all, gmbot_engine::grammar::TABLE.len());
}

#[test]
fn flags_that_are_not_there_yet() {
    check(
        "gmbot createwar @a -game 4 -",
        "-",
        &["-players", "-duration", "-type", "-start", "-clan"],
        None,
    );
    check("gmbot createwar @a -d", "-d", &["-duration"], None);
    check("gmbot createwar @a --d", "--d", &["-duration"], None);
    check("gmbot concede k3xp2 -yes ", "", &["-war"], None);
    check("gmbot vote -winner us -score 3-1 ", "", &["-war"], Some(Live::Wars));
}

#[test]
fn values_of_flags() {
    check("gmbot createwar -type ", "", &["ft3", "single", "ft5", "bo3", "bo5"], None);
    check("gmbot createwar -format=b", "b", &["bo3", "bo5"], None);
    check("gmbot setup -public ", "", &["yes", "no"], None);
    check("gmbot vote -winner u", "u", &["us"], Some(Live::Clans));
    check("gmbot setup -timezone europe/berl", "europe/berl", &["Europe/Berlin"], None);
    check("gmbot createwar -game Mini M", "Mini M", &[], Some(Live::Games));
    check("gmbot createwar -start s", "s", &["sat 20:00", "sun 20:00"], None);
}

#[test]
fn parameters_without_a_flag() {
    check("gmbot accept ", "", &["-war", "-players"], Some(Live::OpenWars));
    check("gmbot accept k3x", "k3x", &[], Some(Live::OpenWars));
    check("gmbot accept k3xp2 @a", "@a", &[], Some(Live::Players));
    check("gmbot accept @a", "@a", &[], Some(Live::Players));
    check("gmbot show ", "", &["-war"], Some(Live::Wars));
    check("gmbot help cre", "cre", &["createwar"], None);
    check("gmbot subscribe 4,", "", &["-games"], Some(Live::Games));
    check("gmbot say hello ", "", &[], None);
    check("gmbot say -war ", "", &[], Some(Live::Wars));
}

#[test]
fn usage_names_the_parameter_that_is_being_written() {
    let usage = complete("gmbot createwar -duration ", 26).usage;
    let expect = "-duration DURATION: how long it is played: 90m, 12h, 2d (24h)";
    assert_eq!(usage.as_deref(), Some(expect));
}

#[test]
fn a_terminals_words() {
    check_words(&["cr"], "cr", &["createwar"], None);
    check_words(&["createwar", "-type", ""], "", &["ft3", "single", "ft5", "bo3", "bo5"], None);
    check_words(&["createwar", "-type=b"], "b", &["bo3", "bo5"], None);
    check_words(&["createwar", "-players", "@a", "-d"], "-d", &["-duration"], None);
    check_words(&["accept", "k3"], "k3", &[], Some(Live::OpenWars));
    check_words(&["subscribe", "4,f"], "f", &[], Some(Live::Games));
}

#[test]
fn any_place_in_any_line_can_be_asked_about() {
    let line = "gmbot createwar -players <@1>, “é” -game=Mini Militia 'x";
    for cursor in 0..line.len() + 3 {
        let found = complete(line, cursor);
        assert!(line.get(found.replace.start..found.replace.end).is_some(), "{cursor}");
    }
}
