//! The connector is killed at each step between hearing a command and answering it: after a restart
//! the war is there once, and so is the answer.

use gmbot_chat_testing::Step;
use gmbot_engine::model::DurationMs;

use crate::homeserver::BOT;
use crate::town::{Clan, Town};

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
    // What is heard next is heard after the place up to which that was taken was kept.
    town.ask(&hsk.room, &hsk.owner, "gmbot formats");
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

/// What is answered to somebody alone.
const ALONE: &str = "gmbot help vote";

/// A clan, and a connector that has come to it.
fn one_room(town: &mut Town) -> Clan {
    let hsk = town.clan("Headshot Killers", "ann", "ben");
    town.connect();
    town.come(&hsk.room);
    town.ask(&hsk.room, &hsk.owner, "gmbot games");
    hsk
}

#[test]
fn a_room_for_two_is_found_again_that_was_made_just_before_the_end() {
    let mut town = Town::new();
    let hsk = one_room(&mut town);
    town.server.change(|state| state.silent = true);
    town.say(&hsk.room, &hsk.owner, ALONE);
    let made = town.server.wait("a room for two", |server| server.direct(&hsk.owner));
    town.kill();
    town.server.change(|state| state.silent = false);
    town.connect();
    town.message(&made, "vote");
    assert_eq!(town.server.directs(&hsk.owner), [made]);
}

#[test]
fn of_several_rooms_for_two_the_same_is_used_over_restarts() {
    let mut town = Town::new();
    let hsk = one_room(&mut town);
    let rooms = ["one", "another", "a third"].map(|name| {
        let room = town.server.room(name, &hsk.owner, "11");
        town.server.be(&room, &hsk.owner, BOT, "invite");
        town.come(&room);
        room
    });
    for _life in 0..3 {
        town.say(&hsk.room, &hsk.owner, ALONE);
        // What was said before is answered before.
        town.ask(&hsk.room, &hsk.owner, "gmbot games");
        town.kill();
        town.connect();
    }
    let told = |room: &String| town.server.posted(room, 0).len();
    let told: Vec<_> = rooms.iter().map(told).collect();
    assert_eq!(told, [3, 0, 0]);
    assert_eq!(town.server.directs(&hsk.owner), rooms);
}
