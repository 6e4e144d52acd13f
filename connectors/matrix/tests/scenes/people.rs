//! Who speaks, who is meant, and where the answer stands.

use serde_json::json;

use crate::town::{Town, user};

#[test]
fn who_is_meant_is_who_the_link_leads_to() {
    let mut town = Town::new();
    let hsk = town.clan("Headshot Killers", "ann", "ben");
    town.connect();
    town.come(&hsk.room);
    // Somebody goes by another's name.
    let content = json!({ "membership": "join", "displayname": "ann" });
    town.server.set(&hsk.room, &hsk.other, "m.room.member", &hsk.other, content);
    let said = town.send(
        &hsk.room,
        &hsk.owner,
        json!({
            "msgtype": "m.text",
            "body": "gmbot: promote ann",
            "format": "org.matrix.custom.html",
            "formatted_body": format!(
                "<a href=\"https://matrix.to/#/@gmbot:town.example\">gmbot</a>: promote \
                 <a href=\"https://matrix.to/#/{}\">ann</a>", hsk.other),
            "m.mentions": { "user_ids": ["@gmbot:town.example", hsk.other] },
        }),
    );
    let answer = town.answer(&said);
    assert!(answer.says("co-leader"), "{}", answer.text());
}

#[test]
fn a_command_that_is_mended_is_not_run_again() {
    let mut town = Town::new();
    let hsk = town.clan("Headshot Killers", "ann", "ben");
    town.connect();
    town.come(&hsk.room);
    let said = town.say(&hsk.room, &hsk.owner, "gmbot subscribe 4");
    town.answer(&said);
    let edit = town.send(
        &hsk.room,
        &hsk.owner,
        json!({
            "msgtype": "m.text", "body": "* gmbot subscribe 5",
            "m.new_content": { "msgtype": "m.text", "body": "gmbot subscribe 5" },
            "m.relates_to": { "rel_type": "m.replace", "event_id": said },
        }),
    );
    town.ask(&hsk.room, &hsk.owner, "gmbot games");
    assert_eq!((town.answers(&said), town.answers(&edit)), (1, 0));
}

#[test]
fn an_answer_stands_in_the_thread_of_the_question() {
    let mut town = Town::new();
    let hsk = town.clan("Headshot Killers", "ann", "ben");
    town.connect();
    town.come(&hsk.room);
    let root = town.say(&hsk.room, &hsk.owner, "who plays tonight?");
    for line in ["gmbot games", "gmbot subscribe 4"] {
        let said = town.send(
            &hsk.room,
            &hsk.owner,
            json!({
                "msgtype": "m.text", "body": line,
                "m.relates_to": {
                    "rel_type": "m.thread", "event_id": root, "is_falling_back": true,
                    "m.in_reply_to": { "event_id": root },
                },
            }),
        );
        let answer = town.answer(&said);
        assert_eq!(answer.content["m.relates_to"]["event_id"], json!(root), "{line}");
        assert_eq!(answer.content["m.relates_to"]["rel_type"], "m.thread", "{line}");
        assert_eq!(answer.content["msgtype"], "m.notice");
        assert_eq!(answer.content["m.mentions"], json!({}));
    }
}

#[test]
fn a_room_with_one_human_is_a_talk_and_no_clan() {
    let mut town = Town::new();
    let ann = user("ann");
    let room = town.server.room("Ann and the bot", &ann, "11");
    town.server.be(&room, &ann, "@gmbot:town.example", "invite");
    town.connect();
    town.come(&room);
    // It needs no `gmbot` there, and there is no clan to subscribe for.
    let refused = town.ask(&room, &ann, "subscribe 4");
    assert!(refused.says("clan"), "{}", refused.text());
    // As soon as somebody else is there it is one.
    let ben = user("ben");
    town.server.be(&room, &ben, &ben, "join");
    let subscribed = town.ask(&room, &ann, "gmbot subscribe 4");
    assert!(subscribed.says("hears of challenges"), "{}", subscribed.text());
}

#[test]
fn who_moderates_a_room_helps_to_lead_its_clan() {
    let mut town = Town::new();
    let hsk = town.clan("Headshot Killers", "ann", "ben");
    let content = json!({ "users": { &hsk.owner: 100, &hsk.other: 50 } });
    town.server.set(&hsk.room, &hsk.owner, "m.room.power_levels", "", content);
    town.connect();
    town.come(&hsk.room);
    town.ask(&hsk.room, &hsk.other, "gmbot subscribe 4");
    let roles = town.ask(&hsk.room, &hsk.owner, "gmbot roles");
    let line = |who: &str| {
        let lines = roles.text().lines();
        lines.filter(|line| line.contains(who)).map(str::to_owned).collect::<String>()
    };
    assert!(
        line("@ann").contains("leader") && line("@ben").contains("co-leader"),
        "{}",
        roles.text()
    );
}
