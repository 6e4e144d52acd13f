//! Acting by keys: each press makes a line that is shown before it runs.

use gmbot_engine::model::DurationMs;

use super::stage::{Stage, THEM, US};

/// Goes to the row of a panel that shows a text.
#[track_caller]
fn choose(stage: &mut Stage, text: &str) {
    for _ in 0..5 {
        stage.press("Home");
        for _ in 0..10 {
            let screen = stage.screen();
            let marked = screen.lines().filter_map(|line| line.split_once('▸'));
            // What stands in the next panel is not chosen.
            let mut rows = marked.map(|(_, row)| crate::text::cut(row, 47));
            if rows.any(|row| row.contains(text)) {
                return;
            }
            stage.press("Down");
        }
        stage.press("Tab");
    }
    panic!("no row with `{text}` on\n{}", stage.screen());
}

#[test]
fn a_challenge_is_accepted_with_a_line_up_from_the_roster() {
    let mut stage = Stage::peopled();
    let war = stage.war(THEM, "mara", "createwar @mara @ann -game 4");
    stage.look();
    choose(&mut stage, &war);
    stage.press("Enter");
    stage.shows(&format!("› gmbot accept {war}"));
    stage.shows("who plays? 0 of 2");
    stage.press("Enter");
    stage.shows("2 more to pick with Space");
    stage.press("Space Down Space");
    insta::assert_snapshot!(stage.screen().replace(&war, "WAR22"));
    stage.press("Down Space Enter");
    stage.shows("1 too many");
    stage.press("Space Enter");
    stage.shows("WAR_ACCEPTED");
    stage.press("Esc");
    stage.shows("nikhil· vex·  –  mara ann");
}

#[test]
fn a_whole_war_is_played_without_typing_a_command() {
    let mut us = Stage::peopled();
    us.press("Tab Home Enter");
    us.shows("which game?");
    us.press("Enter");
    us.shows("who plays? 0 of 1 to 4");
    us.press("Space Down Space Enter");
    us.shows("which format?");
    us.press("Enter");
    us.shows("WAR_CREATED");
    let mut them = Stage::at(us.local.clone(), THEM, "mara");
    them.press("Tab Enter Space Down Space Enter");
    them.shows("WAR_ACCEPTED");
    us.press("Esc");
    us.look();
    us.press("BackTab Enter v");
    us.shows("who won?");
    us.press("Enter");
    us.shows("BALLOT_CAST");
    us.say(US, "vex", "vote -winner us");
    them.press("Esc BackTab Enter v t");
    them.shows("-winner them");
    them.press("Enter");
    us.say(THEM, "ann", "vote -winner them");
    us.look();
    us.press("Esc");
    us.shows("won by Headshot Killers");
    us.shows("#1 with");
}

#[test]
fn nothing_runs_that_was_not_shown() {
    let mut stage = Stage::at_war();
    choose(&mut stage, "ongoing");
    stage.press("Enter c");
    stage.shows("› gmbot concede");
    assert!(stage.state.answer.is_none());
    stage.press("Esc");
    assert!(stage.state.answer.is_none());
}

#[test]
fn a_line_that_is_shown_can_be_changed_first() {
    let mut stage = Stage::at_war();
    choose(&mut stage, "ongoing");
    stage.press("Enter v Down Down Tab");
    assert!(stage.state.line.text().ends_with("-winner draw"), "{}", stage.state.line.text());
    stage.write(" -score 2-2");
    stage.press("Enter");
    stage.shows("BALLOT_CAST");
}

#[test]
fn members_and_clans_and_games_are_acted_on_likewise() {
    let mut stage = Stage::at_war();
    choose(&mut stage, "@vex");
    stage.press("Enter p");
    stage.shows("› gmbot promote -players \"vex\"");
    stage.press("Enter Esc");
    assert!(stage.screen().lines().any(|row| row.contains("@vex") && row.ends_with("co-leader")));
    choose(&mut stage, "+ hears of");
    stage.press("Enter u Space Enter");
    stage.shows("SUBSCRI");
    stage.press("Esc");
    choose(&mut stage, "ongoing");
    stage.press("Enter s");
    assert!(stage.state.line.text().starts_with("gmbot say -war "));
}

#[test]
fn a_player_is_substituted() {
    let mut stage = Stage::at_war();
    choose(&mut stage, "starts in");
    stage.press("Enter u v Enter");
    stage.shows("who comes?");
    stage.shows("-out \"vex\" -in \"cobra\"");
    stage.press("Esc");
    stage.shows("who leaves the line-up?");
    stage.press("Esc");
    stage.shows("u substitute");
    stage.press("Esc");
    stage.hides("u substitute");
}

#[test]
fn a_war_has_a_page() {
    let mut stage = Stage::at_war();
    choose(&mut stage, "ongoing");
    stage.press("Enter o");
    insta::assert_snapshot!(stage.screen());
    stage.say(US, "zucc", "vote -winner us");
    for who in ["mara", "ann"] {
        stage.say(THEM, who, "vote -winner them");
    }
    stage.look();
    stage.resize(160, 48);
    insta::assert_snapshot!(stage.screen());
    stage.press("Esc");
    stage.shows("Challenges");
}

#[test]
fn glory_is_drawn() {
    let mut stage = Stage::at_war();
    stage.pass(DurationMs::days(10));
    stage.press("F2");
    insta::assert_snapshot!(stage.screen());
}
