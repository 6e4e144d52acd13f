//! Where answers and notices go: to everybody, to one person, to another place than usual.

use std::time::Duration;

use gmbot_discord_fake::Fault;
use serde_json::json;
use serenity::all::{GatewayIntents, Permissions};

use crate::town::{Step, Town, slash};

#[test]
fn a_refusal_after_a_public_deferral_comes_in_private() {
    let mut town = Town::new();
    let hsk = town.server("Headshot Killers", "ann");
    let ben = town.fake.user("ben");
    town.fake.join(hsk.guild, ben);
    town.connect();
    town.ask(hsk, hsk.owner, "gmbot games");
    // It takes longer than Discord waits; then a mistake in the line is seen.
    town.backend.stumble(Step::BeforeSubmit);
    let options = [
        ("players", json!(format!("<@{ben}>"))),
        ("game", json!("4")),
        ("duration", json!("never")),
    ];
    let used = town.slash(hsk, ben, "war", "createwar", &options);
    town.backend.wait_until_stopped();
    town.fake
        .wait_for(|state| state.responses(used).first().filter(|one| one.thinking).map(|_| ()));
    assert_eq!(town.fake.responses(used)[0].only_for, None, "everybody saw that it takes time");
    town.backend.go_on();
    let answer = town.fake.wait_for(|state| {
        let left = state.responses(used).into_iter().find(|one| one.only_for == Some(ben));
        left.cloned()
    });
    assert!(!answer.text().is_empty());
    assert_eq!(town.fake.responses(used).len(), 1, "what everybody saw is gone");
}

#[test]
fn a_greeting_says_what_it_does_not_read() {
    for (granted, says_so) in
        [(GatewayIntents::MESSAGE_CONTENT, false), (GatewayIntents::empty(), true)]
    {
        let mut town = Town::new();
        town.fake.grant(granted);
        town.connect();
        let hsk = town.server("Headshot Killers", "ann");
        let channel = town.fake.wait_for(|state| {
            state.channel_named(hsk.guild, "war-requests").map(|channel| channel.id)
        });
        let greeting = town.message(channel, "gmbot subscribe").text();
        assert_eq!(greeting.contains("Message Content Intent"), says_so, "{greeting}");
    }
}

#[test]
fn without_embeds_it_is_text() {
    let mut town = Town::new();
    let hsk = town.server("Headshot Killers", "ann");
    town.fake.deny(hsk.channel, Permissions::EMBED_LINKS);
    town.connect();
    let answer = town.ask(hsk, hsk.owner, "gmbot games");
    assert!(answer.embeds.is_empty());
    assert!(answer.content.contains("Mini Militia"), "{}", answer.content);
}

#[test]
fn where_it_may_not_read_back_an_answer_stands_by_itself() {
    let mut town = Town::new();
    let hsk = town.server("Headshot Killers", "ann");
    town.fake.deny(hsk.channel, Permissions::READ_MESSAGE_HISTORY);
    town.connect();
    town.fake.say(hsk.channel, hsk.owner, "gmbot games");
    let answer = town.message(hsk.channel, "Mini Militia");
    assert_eq!(answer.answers, None);
}

#[test]
fn a_closed_channel_is_passed_by_and_its_owner_is_told_once() {
    let mut town = Town::new();
    let (hsk, f) = (town.server("Headshot Killers", "ann"), town.server("Clan F", "mia"));
    let other = town.fake.channel(f.guild, "other");
    town.connect();
    town.ask(f, f.owner, "gmbot subscribe 4");
    town.fake.deny(f.channel, Permissions::SEND_MESSAGES);
    let line = format!("gmbot createwar <@{}> -game 4", hsk.owner);
    for _ in 0..2 {
        town.ask(hsk, hsk.owner, &line);
        town.run_due();
    }
    town.fake.wait_for(|state| (state.messages(other).len() == 2).then_some(()));
    let direct = town.fake.direct(f.owner);
    let told = town.message(direct, "can't write");
    assert!(told.text().contains(&format!("<#{other}>")), "{}", told.text());
    let told = town.fake.messages(direct);
    assert_eq!(told.len(), 1, "once");
}

#[test]
fn a_message_form_and_proposals_while_typing() {
    let mut town = Town::new();
    let (hsk, f) = (town.server("Headshot Killers", "ann"), town.server("Clan F", "mia"));
    town.connect();
    let line = format!("gmbot createwar <@{}> -game 4 -clan \"Clan F\"", hsk.owner);
    let created = town.ask(hsk, hsk.owner, &line);
    let challenge = town.message(f.channel, "challenge ");
    let accept =
        challenge.custom_ids().into_iter().find(|id| id.contains("accept")).map(str::to_owned);
    let accept =
        accept.unwrap_or_else(|| panic!("{:?} of {}", challenge.custom_ids(), created.text()));
    town.response(town.fake.press(challenge.id, f.owner, &accept));

    let asked = town.slash(f, f.owner, "war", "say", &[]);
    town.fake.wait_for(|state| state.interaction(asked).and_then(|one| one.modal.clone()));
    let written = town.fake.submit_modal(asked, &[("text", "no snipers, *please*")]);
    assert_eq!(town.response(written).only_for, Some(f.owner));
    town.message(hsk.channel, "no snipers, \\*please\\*");

    let typing = json!({ "name": "war", "value": "", "focused": true });
    let mut command = slash("war", "show", &[]);
    command["options"][0]["options"][0]["options"] = json!([typing]);
    let typed = town.fake.autocomplete(f.channel, f.owner, &command);
    let war = accept.trim_start_matches("gmbot accept ").to_owned();
    let offered = town.fake.wait_for(|state| {
        let choices = state.interaction(typed)?.choices.clone();
        (!choices.is_empty()).then_some(choices)
    });
    assert_eq!(offered[0]["value"], war);
}

#[test]
fn a_new_server_gets_a_channel_and_a_greeting_and_commands_are_registered_once() {
    let mut town = Town::new();
    town.connect();
    let hsk = town.server("Headshot Killers", "ann");
    let made = town
        .fake
        .wait_for(|state| state.channel_named(hsk.guild, "war-requests").map(|channel| channel.id));
    town.message(made, "gmbot createwar");
    town.kill();
    town.connect();
    town.ask(hsk, hsk.owner, "gmbot games");
    let registered = town.fake.requests();
    let puts = registered.iter().filter(|one| one.route.starts_with("PUT /applications")).count();
    assert_eq!(puts, 1);
}

#[test]
fn reactions_are_ballots() {
    let mut town = Town::new();
    let (hsk, f) = (town.server("Headshot Killers", "ann"), town.server("Clan F", "mia"));
    town.connect();
    let line = format!("gmbot createwar <@{}> -game 4 -duration 1m -clan \"Clan F\"", hsk.owner);
    town.ask(hsk, hsk.owner, &line);
    let challenge = town.message(f.channel, "challenge ");
    let accept =
        challenge.custom_ids().into_iter().find(|id| id.contains("accept")).expect("a button");
    town.response(town.fake.press(challenge.id, f.owner, accept));
    town.pass_lease();
    town.run_due();
    for (server, sign) in [(hsk, "1️⃣"), (f, "2️⃣")] {
        let question = town.message(server.channel, "who won?");
        town.fake.react(question.id, server.owner, sign);
    }
    town.message(hsk.channel, "Headshot Killers** +20");
}

#[test]
fn a_lost_answer_is_not_given_twice() {
    let mut town = Town::new();
    let hsk = town.server("Headshot Killers", "ann");
    town.connect();
    town.fake.inject(Fault::lost().on("POST /channels/{channel_id}/messages").times(1));
    let said = town.fake.say(hsk.channel, hsk.owner, "gmbot subscribe 4");
    let answer = town.answer(said, hsk.channel);
    // It was tried again, and Discord knew it by its nonce.
    let tries = || {
        let all = town.fake.requests();
        all.iter().filter(|one| one.route == "POST /channels/{channel_id}/messages").count()
    };
    while tries() < 2 {
        town.fake.wait_at_most(Duration::from_millis(5), |_| None::<()>);
    }
    town.ask(hsk, hsk.owner, "gmbot games");
    let all = town.fake.messages(hsk.channel);
    assert_eq!(all.iter().filter(|one| one.answers == answer.answers).count(), 1);
}

#[test]
fn an_invalid_session_and_a_failing_discord_lose_nothing() {
    let mut town = Town::new();
    let hsk = town.server("Headshot Killers", "ann");
    town.connect();
    town.ask(hsk, hsk.owner, "gmbot subscribe 4");
    town.fake.invalidate(false);
    // No session hears this: it is read back by the next one.
    town.ask(hsk, hsk.owner, &format!("gmbot createwar <@{}> -game 4", hsk.owner));
    town.fake.inject(Fault::status(503).on("POST /channels/{channel_id}/messages").times(2));
    let status = town.ask(hsk, hsk.owner, "gmbot status");
    assert_eq!(status.text().matches("everybody").count(), 1, "{}", status.text());
    let answers = town.fake.messages(hsk.channel).into_iter().filter(|one| one.answers.is_some());
    assert_eq!(answers.count(), 3, "each is answered once");
}
