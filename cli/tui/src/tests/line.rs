//! The command line: choices, usage, mistakes, earlier lines, pasting.

use super::stage::{Stage, US};
use crate::event::Event;

#[test]
fn a_command_is_completed_word_by_word() {
    let mut stage = Stage::at_war();
    stage.write("acc");
    stage.shows("accept accepts a challenge");
    stage.press("Tab");
    assert_eq!(stage.state.line.text(), "accept ");
    let mut lines = Vec::new();
    for _ in 0..3 {
        stage.press("Tab");
        lines.push(stage.state.line.text().to_owned());
    }
    lines.dedup();
    assert_eq!(lines.len(), 3, "{lines:?}");
    stage.press("BackTab");
    assert_eq!(stage.state.line.text(), lines[1]);
}

#[test]
fn players_games_and_clans_are_offered() {
    let mut stage = Stage::at_war();
    let cases = [
        ("promote @v", "@vex"),
        ("createwar -game mini", "\"Mini Militia\""),
        ("stats -clan cl", "\"Clan F\""),
        ("createwar -type ft", "ft3"),
        ("vote -winner th", "them"),
        ("help lead", "leaderboard"),
    ];
    for (line, choice) in cases {
        stage.write(line);
        stage.shows(choice);
        stage.press("Esc");
    }
}

#[test]
fn the_parameter_at_the_cursor_is_explained() {
    let mut stage = Stage::at_war();
    stage.write("createwar -duration ");
    stage.shows("── -duration DURATION: how long it is played");
    insta::assert_snapshot!(stage.screen());
}

#[test]
fn a_mistake_is_marked_once_its_word_is_finished() {
    let mut stage = Stage::at_war();
    stage.write("createwar -durationn");
    stage.hides("unknown flag");
    stage.write(" 2");
    insta::assert_snapshot!(stage.screen().lines().rev().take(2).collect::<Vec<_>>().join("\n"));
    stage.press("Backspace Backspace Backspace");
    stage.hides("unknown flag");
}

#[test]
fn what_is_missing_is_no_mistake_while_one_writes() {
    let mut stage = Stage::at_war();
    stage.write("createwar -game 4 ");
    stage.hides("^");
}

#[test]
fn a_mistake_in_a_named_line_is_marked_under_its_word() {
    let mut stage = Stage::at_war();
    stage.write("gmbot vote -score nine ");
    let screen = stage.screen();
    let line = screen.lines().find(|line| line.contains("› gmbot vote")).unwrap();
    let marks = screen.lines().last().unwrap();
    assert_eq!(line.find("nine"), marks.find("^^^^").map(|at| at + "›".len() - 1), "{screen}");
}

#[test]
fn where_text_runs_from_right_to_left_the_word_is_quoted() {
    let mut stage = Stage::at_war();
    stage.write("stats -clan שלום -gamme 4 ");
    stage.shows("at `-gamme`: unknown flag");
    stage.hides("^");
}

#[test]
fn earlier_lines_come_back() {
    let mut stage = Stage::at_war();
    stage.take(Event::Remembered(vec!["status".to_owned(), "games".to_owned()]));
    for line in ["formats", "gmbot help"] {
        stage.write(line);
        stage.press("Enter Esc");
    }
    assert_eq!(stage.remembered, ["formats", "gmbot help"]);
    let mut seen = Vec::new();
    for _ in 0..4 {
        stage.press("Ctrl-P");
        seen.push(stage.state.line.text().to_owned());
    }
    assert_eq!(seen, ["gmbot help", "formats", "games", "status"]);
    stage.press("Ctrl-N");
    assert_eq!(stage.state.line.text(), "games");
    stage.press("Esc g Up");
    assert_eq!(stage.state.line.text(), "gmbot help");
    stage.press("Up");
    assert_eq!(stage.state.line.text(), "games");
    stage.press("Down Down");
    assert_eq!(stage.state.line.text(), "g");
}

#[test]
fn several_lines_can_be_pasted() {
    let mut stage = Stage::at_war();
    stage.take(Event::Paste("createwar\r\n  @zucc\n -game 4".to_owned()));
    stage.shows("createwar⏎  @zucc⏎ -game 4");
    stage.press("Enter");
    stage.shows("Format:   first to 3 wins");
    stage.press("Esc");
    stage.take(Event::Paste("gmbot games\ngmbot formats\n".to_owned()));
    stage.press("Enter");
    assert_eq!(stage.remembered[1..], ["gmbot games", "gmbot formats"]);
    stage.shows("match formats");
    assert!(stage.state.waiting.is_empty());
}

#[test]
fn wide_letters_and_letters_of_several_parts_are_one_step_each() {
    let mut stage = Stage::at_war();
    stage.write("say 龍👩‍👩‍👧e\u{301}");
    stage.press("Backspace Backspace");
    assert_eq!(stage.state.line.text(), "say 龍");
    stage.press("Left x");
    assert_eq!(stage.state.line.text(), "say x龍");
}

#[test]
fn a_line_that_is_longer_than_the_screen_moves_along() {
    let mut stage = Stage::at_war();
    stage.write(&format!("say {}end", "word ".repeat(40)));
    stage.shows("word end");
    stage.hides("gmbot say");
    stage.press("Home");
    stage.shows("› gmbot say word");
}

#[test]
fn the_answer_shows_until_it_is_closed_and_its_actions_are_keys() {
    let mut stage = Stage::at_war();
    stage.write("concede ");
    stage.press("Tab Enter");
    insta::assert_snapshot!(stage.screen());
    stage.press("1");
    stage.shows("WAR_CONCEDED");
    stage.press("Esc");
    stage.hides("WAR_CONCEDED");
    let war = stage.war(US, "nikhil", "createwar @vex -game 5");
    stage.write(&format!("gmbot removewar {war}"));
    stage.press("Enter");
    stage.shows("WAR_WITHDRAWN");
}

#[test]
fn talk_about_the_bot_gets_no_answer() {
    let mut stage = Stage::at_war();
    stage.write("gmbot is great");
    stage.press("Enter");
    stage.shows("this is no command");
}

#[test]
fn a_long_answer_is_scrolled() {
    let mut stage = Stage::at_war();
    stage.write("help");
    stage.press("Enter");
    stage.shows("for the clan's leader and");
    stage.press("PageDown PageDown");
    stage.hides("for the clan's leader and");
    stage.press("PageUp PageUp PageUp");
    stage.shows("for the clan's leader and");
}
