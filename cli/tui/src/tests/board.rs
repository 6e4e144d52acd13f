//! What the panels show, how it is kept up to date, and how it fits.

use gmbot_engine::model::DurationMs;
use ratatui::style::Color;

use super::stage::{Stage, THEM, US};
use crate::event::Event;

#[test]
fn everything_shows_on_a_small_screen() {
    insta::assert_snapshot!(Stage::at_war().screen());
}

#[test]
fn a_large_screen_shows_more() {
    let mut stage = Stage::at_war();
    stage.resize(160, 48);
    insta::assert_snapshot!(stage.screen());
}

#[test]
fn a_narrow_screen_shows_one_panel_at_a_time() {
    let mut stage = Stage::at_war();
    stage.resize(40, 16);
    insta::assert_snapshot!(stage.screen());
    stage.press("Right");
    stage.shows("+ challenge others");
    stage.click_on("Members");
    stage.shows("@nikhil (you)");
}

#[test]
fn no_size_is_too_small_to_draw() {
    let mut stage = Stage::at_war();
    stage.press("Enter v");
    for keys in ["", "Esc", "Esc ?", "Esc F2", "Esc Enter o", "Esc c r e"] {
        stage.press(keys);
        for size in [(0, 0), (1, 1), (3, 2), (10, 4), (20, 5), (79, 17), (72, 18), (300, 100)] {
            stage.resize(size.0, size.1);
            stage.screen();
        }
    }
}

#[test]
fn an_empty_database_says_what_to_do() {
    let mut stage = Stage::empty();
    stage.shows("no clan acts here yet");
    stage.write("available");
    stage.press("Enter");
    stage.shows("@nikhil, leader");
}

#[test]
fn what_others_do_shows() {
    let mut stage = Stage::at_war();
    stage.say(US, "zucc", "vote -winner us");
    stage.look();
    stage.resize(160, 48);
    stage.shows("2 of our 2 ballots are in");
    stage.shows("nikhil✓ zucc✓");
    stage.say(US, "nikhil", "promote @vex");
    stage.look();
    stage.shows("@vex is now co-leader");
    stage.pass(DurationMs::hours(3));
    stage.shows("begins: Clan F – Headshot Killers");
}

#[test]
fn other_clans_ballots_stay_sealed() {
    let mut stage = Stage::at_war();
    stage.say(THEM, "ann", "vote -winner them");
    stage.look();
    stage.hides("ann✓");
}

#[test]
fn a_lost_connection_is_said_and_so_is_its_return() {
    let mut stage = Stage::at_war();
    stage.take(Event::Lost("the server at http://x can't be reached: refused".to_owned()));
    stage.shows("○ connection lost, trying again");
    stage.shows("── the server at http://x can't be reached");
    stage.shows("Clan F");
    stage.look();
    stage.shows("● live");
    stage.shows("connected again");
}

#[test]
fn time_goes_on_by_itself() {
    let mut stage = Stage::at_war();
    stage.shows("ongoing 12h 00m");
    let changes_in = stage.state.changes_in().expect("a deadline");
    assert!(changes_in <= DurationMs::minutes(1), "{changes_in:?}");
    stage.local.set_now(stage.local.now() + DurationMs::minutes(1)).unwrap();
    stage.take(Event::Resized(80, 24));
    stage.shows("ongoing 11h 59m");
    assert_eq!(Stage::empty().state.changes_in(), None);
}

#[test]
fn without_colours_there_are_none() {
    let mut stage = Stage::at_war();
    stage.state.theme = crate::theme::Theme::new(false);
    stage.press("Enter");
    for cell in stage.cells().content {
        assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset));
    }
}

#[test]
fn the_mouse_chooses_and_opens() {
    let mut stage = Stage::at_war();
    stage.click_on("+ challenge");
    stage.shows("▸ + challenge others");
    stage.click_on("+ challenge");
    stage.shows("which game?");
    stage.click(0, 0);
    stage.hides("which game?");
}

#[test]
fn all_keys_are_shown() {
    let mut stage = Stage::at_war();
    stage.resize(160, 48);
    stage.press("?");
    insta::assert_snapshot!(stage.screen());
    stage.press("Esc");
    stage.shows("Wars");
}

#[test]
fn keys_end_it() {
    for keys in ["Ctrl-Q", "Ctrl-C", "a Ctrl-C Ctrl-C", "Enter Ctrl-Q"] {
        let mut stage = Stage::at_war();
        stage.press(keys);
        assert!(stage.ended, "{keys}");
    }
    let mut stage = Stage::at_war();
    stage.press("a Ctrl-C");
    assert!(!stage.ended && stage.state.line.is_empty());
}
