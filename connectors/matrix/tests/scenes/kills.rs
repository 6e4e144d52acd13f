//! The connector is killed at each step between hearing a command and answering it: after a restart
//! the war is there once, and so is the answer.

use gmbot_chat_testing::Step;
use gmbot_engine::model::DurationMs;

use crate::town::Town;

#[test]
fn a_line_is_carried_out_and_answered_once() {
    for step in [Step::BeforeSubmit, Step::AfterSubmit, Step::AfterClaim, Step::BeforeAcknowledge] {
        let mut town = Town::new();
        let hsk = town.clan("Headshot Killers", "ann", "ben");
        town.connect();
        town.come(&hsk.room);
        town.ask(&hsk.room, &hsk.owner, "gmbot games");
        town.backend.stumble(step);
        let said =
            town.say(&hsk.room, &hsk.owner, &format!("gmbot createwar {} -game 4", hsk.owner));
        town.backend.wait_until_stopped();
        town.kill();
        town.backend.go_on();
        // What was handed out is handed out again.
        town.pass(DurationMs::minutes(2));
        town.connect();
        let answer = town.answer(&said);
        assert!(answer.says("is open"), "{step:?}: {}", answer.text());
        let status = town.ask(&hsk.room, &hsk.owner, "gmbot status");
        assert_eq!(status.text().matches("everybody").count(), 1, "{step:?}: {}", status.text());
        assert_eq!(town.answers(&said), 1, "{step:?}");
    }
}

#[test]
fn what_was_said_while_it_was_away_is_answered() {
    let mut town = Town::new();
    let hsk = town.clan("Headshot Killers", "ann", "ben");
    town.connect();
    town.come(&hsk.room);
    town.ask(&hsk.room, &hsk.owner, "gmbot games");
    town.kill();
    let said = town.say(&hsk.room, &hsk.owner, "gmbot subscribe 4");
    // More is said than a sync holds, and the rest is read back.
    town.server.change(|state| state.most = Some(5));
    for number in 0..120 {
        town.say(&hsk.room, &hsk.other, &format!("chat {number}"));
    }
    town.connect();
    assert!(town.answer(&said).says("hears of challenges at Mini Militia"));
}
