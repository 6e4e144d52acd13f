//! Rooms come and go: invitations, kicks, upgrades, who owns them.

use serde_json::json;

use crate::homeserver::{BOT, Homeserver};
use crate::town::{Town, user};

#[test]
fn who_made_a_room_of_version_12_leads_its_clan_though_no_list_says_so() {
    let mut town = Town::new();
    let hsk = town.clan_of_version("Headshot Killers", "ann", "ben", "12");
    town.connect();
    town.come(&hsk.room);
    let greeting = town.message(&hsk.room, "gmbot arranges wars");
    assert!(greeting.answers().is_none());
    let done = town.ask(&hsk.room, &hsk.owner, &format!("gmbot promote {}", hsk.other));
    assert!(done.says("co-leader"), "{}", done.text());
}

#[test]
fn only_those_are_followed_who_may_invite() {
    let mut town = Town::new();
    town.inviters = vec![user("ann")];
    let welcome = town.clan("Headshot Killers", "ann", "ben");
    let stranger = town.clan("Clan F", "mia", "noa");
    town.connect();
    town.come(&welcome.room);
    let declined = |server: &Homeserver| {
        (server.membership(&stranger.room, BOT).as_deref() == Some("leave")).then_some(())
    };
    town.server.wait("no", declined);
}

#[test]
fn a_clan_sleeps_while_the_bot_is_away_and_its_leader_may_leave() {
    let mut town = Town::new();
    let (hsk, f) = (town.clan("Headshot Killers", "ann", "ben"), town.clan("Clan F", "mia", "noa"));
    town.connect();
    town.come(&hsk.room);
    town.come(&f.room);
    for clan in [&hsk, &f] {
        town.ask(&clan.room, &clan.owner, "gmbot subscribe 4");
        // Whoever says something becomes a member.
        town.ask(&clan.room, &clan.other, "gmbot subscribe 5");
    }
    town.server.be(&f.room, &f.owner, BOT, "leave");
    let line = format!("gmbot createwar {} -game 4 -clan \"Clan F\"", hsk.owner);
    let refused = town.server.wait("a refusal", |_| {
        let answer = town.ask(&hsk.room, &hsk.owner, &line);
        answer.says("removed").then_some(answer)
    });
    assert!(refused.says("Clan F"), "{}", refused.text());
    town.server.be(&f.room, &f.owner, BOT, "invite");
    town.server.wait("the challenge", |_| {
        town.ask(&hsk.room, &hsk.owner, &line).says("is open").then_some(())
    });
    town.run_due();
    town.message(&f.room, "by Headshot Killers");
    // The leader leaves, and a room is a clan as long as two people are in it.
    let cat = user("cat");
    town.server.be(&f.room, &cat, &cat, "join");
    let content = json!({ "users": { &f.other: 100 } });
    town.server.set(&f.room, &f.owner, "m.room.power_levels", "", content);
    town.server.be(&f.room, &f.owner, &f.owner, "leave");
    assert!(town.message(&f.room, "is led by").says("noa"));
}

#[test]
fn a_clan_moves_with_its_room() {
    let mut town = Town::new();
    let hsk = town.clan("Headshot Killers", "ann", "ben");
    town.connect();
    town.come(&hsk.room);
    town.ask(&hsk.room, &hsk.owner, "gmbot subscribe 4");
    let new = town.server.room_after(&hsk.room, "Headshot Killers", &hsk.owner, "12");
    town.server.be(&new, &hsk.other, &hsk.other, "join");
    let content = json!({ "body": "moved", "replacement_room": new });
    town.server.set(&hsk.room, &hsk.owner, "m.room.tombstone", "", content);
    town.come(&new);
    let games = town.ask(&new, &hsk.owner, "gmbot mygames");
    assert!(games.says("Mini Militia"), "{}", games.text());
    let name = town.ask(&new, &hsk.owner, "gmbot setup");
    assert!(!name.says("Headshot Killers (2)"), "{}", name.text());
}
