//! Whole wars between two rooms: by lines, by reactions, with an image as proof.

use gmbot_engine::model::DurationMs;
use serde_json::json;

use crate::town::{Clan, Town, war_in};

/// A PNG of one pixel, as far as anybody looks.
const IMAGE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";

fn two_rooms(town: &mut Town) -> [Clan; 2] {
    let clans = [
        town.clan("Headshot Killers", "ann", "ben"),
        town.clan_of_version("Clan F", "mia", "noa", "12"),
    ];
    town.connect();
    clans.iter().for_each(|clan| town.come(&clan.room));
    clans
}

/// A challenge by the first clan, as the second reads it: its war, and the message.
fn challenged(town: &Town, [hsk, f]: &[Clan; 2]) -> (String, String) {
    town.ask(&f.room, &f.owner, "gmbot subscribe 4");
    let line = format!("gmbot createwar {} {} -game 4 -duration 1h", hsk.owner, hsk.other);
    let created = town.ask(&hsk.room, &hsk.owner, &line);
    town.run_due();
    let war = war_in(created.text(), "war ");
    let challenge = town.message(&f.room, &format!("challenge {war} by"));
    (war, challenge.event)
}

#[test]
fn a_war_by_lines_ends_in_glory() {
    let mut town = Town::new();
    let clans = two_rooms(&mut town);
    let (war, _challenge) = challenged(&town, &clans);
    let [hsk, f] = &clans;
    town.server.change(|state| state.limits = true);
    let accepted =
        town.ask(&f.room, &f.owner, &format!("gmbot accept {war} {} {}", f.owner, f.other));
    assert!(accepted.says("begins"), "{}", accepted.text());
    town.message(&hsk.room, "Clan F accepted");
    for (clan, winner) in [(hsk, "us"), (f, "them")] {
        for voter in [&clan.owner, &clan.other] {
            town.say(&clan.room, voter, &format!("gmbot vote {war} -winner {winner} -score 3-1"));
        }
    }
    for clan in [hsk, f] {
        let settled = town.message(&clan.room, "beat");
        assert!(settled.says("+20"), "{}", settled.text());
    }
    // A ballot is nobody else's matter: its answer comes to the voter alone.
    let alone = town.server.wait("a room for two", |server| server.direct(&hsk.owner));
    town.message(&alone, "3-1");
}

#[test]
fn a_war_by_reactions_ends_in_glory() {
    let mut town = Town::new();
    let clans = two_rooms(&mut town);
    let (war, challenge) = challenged(&town, &clans);
    let [hsk, f] = &clans;
    // Accepted by a reaction, and who plays by an answer that names them.
    town.server.wait("the sign", |server| {
        server
            .sent()
            .into_iter()
            .find(|sent| sent.kind == "m.reaction" && sent.content["m.relates_to"]["key"] == "✅")
    });
    town.react(&f.room, &f.owner, &challenge, "✅");
    let asked = town.answer(&challenge);
    let names = json!({
        "msgtype": "m.text",
        "body": format!("{} {}", f.owner, f.other),
        "m.relates_to": { "m.in_reply_to": { "event_id": asked.event } },
    });
    let named = town.send(&f.room, &f.owner, names);
    assert!(town.answer(&named).says("begins"), "{}", town.answer(&named).text());
    // Who won, when time is up.
    town.pass(DurationMs::minutes(61));
    for clan in [hsk, f] {
        let question = town.message(&clan.room, "who won?");
        let signs = |sent: &crate::homeserver::Sent| {
            sent.kind == "m.reaction" && sent.content["m.relates_to"]["event_id"] == question.event
        };
        town.server.wait("three signs", |server| {
            (server.sent().iter().filter(|sent| signs(sent)).count() == 3).then_some(())
        });
        // An image that answers it is proof.
        let image = json!({
            "msgtype": "m.image", "body": "end.png", "url": town.server.file(IMAGE.to_vec()),
            "m.relates_to": { "m.in_reply_to": { "event_id": question.event } },
        });
        town.send(&clan.room, &clan.owner, image);
        let alone = town.server.wait("a room for two", |server| server.direct(&clan.owner));
        town.message(&alone, "1 proof");
        let sign = if clan.room == hsk.room { "1️⃣" } else { "2\u{20e3}" };
        for voter in [&clan.owner, &clan.other] {
            town.react(&clan.room, voter, &question.event, sign);
        }
    }
    town.message(&hsk.room, "Headshot Killers beat Clan F");
    assert!(town.message(&f.room, "beat").says("+20"));
    let shown = town.ask(&hsk.room, &hsk.owner, &format!("gmbot show {war}"));
    assert!(shown.says("end.png") || shown.says("proof"), "{}", shown.text());
}

#[test]
fn a_reaction_that_is_taken_away_takes_the_ballot_back() {
    let mut town = Town::new();
    let clans = two_rooms(&mut town);
    let (war, _challenge) = challenged(&town, &clans);
    let [hsk, f] = &clans;
    town.ask(&f.room, &f.owner, &format!("gmbot accept {war} {} {}", f.owner, f.other));
    town.pass(DurationMs::minutes(61));
    let question = town.message(&hsk.room, "who won?");
    let first = town.react(&hsk.room, &hsk.owner, &question.event, "2️⃣");
    let alone = town.server.wait("a room for two", |server| server.direct(&hsk.owner));
    town.message(&alone, "Clan F");
    let redact = |what: &str, who: &str| {
        let content = json!({ "redacts": what });
        town.server.send(&hsk.room, who, "m.room.redaction", content, std::time::Duration::ZERO);
    };
    // Nobody takes another's ballot back, and a ballot that was changed since stays.
    let second = town.react(&hsk.room, &hsk.owner, &question.event, "1️⃣");
    town.message(&alone, "Headshot Killers");
    redact(&second, &hsk.other);
    redact(&first, &hsk.owner);
    let before = town.ask(&hsk.room, &hsk.owner, &format!("gmbot show {war}"));
    assert!(before.says("Headshot Killers"), "{}", before.text());
    redact(&second, &hsk.owner);
    town.message(&alone, "back");
}

#[test]
fn one_message_shows_how_a_war_stands() {
    let mut town = Town::new();
    let clans = two_rooms(&mut town);
    let (war, _challenge) = challenged(&town, &clans);
    let [hsk, f] = &clans;
    let created = town.message(&hsk.room, "is open");
    // Which message it is, is known over a restart; what was not acknowledged is handed out again.
    town.kill();
    town.pass(DurationMs::minutes(2));
    town.connect();
    town.ask(&hsk.room, &hsk.owner, "gmbot games");
    town.ask(&f.room, &f.owner, &format!("gmbot accept {war} {} {}", f.owner, f.other));
    let edited = town.server.wait("an edit", |server| {
        server.sent().into_iter().find(|sent| {
            sent.is_edit() && sent.content["m.relates_to"]["event_id"] == *created.event
        })
    });
    assert_eq!(edited.content["m.new_content"]["m.mentions"], json!({}));
    assert!(edited.says("Clan F"), "{}", edited.text());
}
