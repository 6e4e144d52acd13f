//! The connector is killed at each step between hearing a command and answering it: after a restart
//! the war is there once, and so is the answer. What it has shown and told before, it knows again.

use gmbot_backend::Local;
use serde_json::json;
use serenity::all::Permissions;

use crate::town::{Step, Town};
use crate::wars::war_in;

/// How many wars a server's status lists, by the answer that anybody gets.
fn wars(town: &Town, server: crate::town::Server) -> usize {
    let status = town.ask(server, server.owner, "gmbot status");
    status.text().matches("everybody").count()
}

#[test]
fn a_line_is_carried_out_and_answered_once() {
    for step in [Step::BeforeSubmit, Step::AfterSubmit, Step::AfterClaim, Step::BeforeAcknowledge] {
        let mut town = Town::new();
        let hsk = town.server("Headshot Killers", "ann");
        town.connect();
        town.ask(hsk, hsk.owner, "gmbot games");
        town.backend.stumble(step);
        let line = format!("gmbot createwar <@{}> -game 4", hsk.owner);
        let said = town.fake.say(hsk.channel, hsk.owner, &line);
        town.backend.wait_until_stopped();
        town.kill();
        town.backend.go_on();
        town.pass_lease();
        town.connect();
        let answer = town.answer(said, hsk.channel);
        assert!(answer.text().contains("is open"), "{step:?}: {}", answer.text());
        assert_eq!(wars(&town, hsk), 1, "{step:?}");
        let answers = town.fake.messages(hsk.channel);
        let answers = answers.iter().filter(|message| message.answers == Some(said)).count();
        assert_eq!(answers, 1, "{step:?}");
    }
}

#[test]
fn an_application_command_is_carried_out_and_answered_once() {
    for step in [Step::AfterSubmit, Step::AfterClaim, Step::BeforeAcknowledge] {
        let mut town = Town::new();
        let hsk = town.server("Headshot Killers", "ann");
        town.connect();
        town.ask(hsk, hsk.owner, "gmbot games");
        town.backend.stumble(step);
        let players = json!(format!("<@{}>", hsk.owner));
        let options = [("players", players), ("game", json!("4"))];
        let used = town.slash(hsk, hsk.owner, "war", "createwar", &options);
        town.backend.wait_until_stopped();
        town.kill();
        town.backend.go_on();
        town.pass_lease();
        town.connect();
        let answer = town.response(used);
        assert!(answer.text().contains("is open"), "{step:?}: {}", answer.text());
        assert_eq!(wars(&town, hsk), 1, "{step:?}");
        assert_eq!(town.fake.responses(used).len(), 1, "{step:?}");
    }
}

#[test]
fn a_war_keeps_its_card() {
    let mut town = Town::new();
    let [hsk, f] = [town.server("Headshot Killers", "ann"), town.server("Clan F", "mia")];
    town.connect();
    let created = town.ask(hsk, hsk.owner, &format!("gmbot createwar <@{}> -game 4", hsk.owner));
    town.kill();
    town.pass_lease();
    town.connect();
    let war = war_in(&created.text(), "war ");
    town.ask(f, f.owner, &format!("gmbot accept {war} <@{}>", f.owner));
    let accepted = town.message(hsk.channel, "Clan F accepted");
    let card = town.fake.wait_for(|state| {
        let mut seen = state.messages(hsk.channel).into_iter();
        seen.find(|message| message.id == created.id && message.edits > 0).cloned()
    });
    assert!(card.text().contains("Clan F"), "{}", card.text());
    assert_eq!(accepted.edits, 0);
}

#[test]
fn an_owner_is_told_once_that_a_channel_is_closed() {
    let mut town = Town::new();
    let [hsk, f] = [town.server("Headshot Killers", "ann"), town.server("Clan F", "mia")];
    town.connect();
    town.ask(f, f.owner, "gmbot subscribe 4");
    town.fake.deny(f.channel, Permissions::SEND_MESSAGES);
    let direct = town.fake.direct(f.owner);
    for challenge in 1..=2 {
        town.ask(hsk, hsk.owner, &format!("gmbot createwar <@{}> -game 4", hsk.owner));
        town.run_due();
        // The challenge comes to the owner, since no other channel is there.
        town.fake.wait_for(|state| {
            let seen = state.messages(direct).into_iter();
            let challenges = seen.filter(|message| message.text().contains("challenge ")).count();
            (challenges == challenge).then_some(())
        });
        town.message(direct, "I can't write in");
        town.kill();
        town.pass_lease();
        town.connect();
    }
    let told = town.fake.messages(direct);
    let told = told.iter().filter(|message| message.text().contains("I can't write in")).count();
    assert_eq!(told, 1);
}

#[test]
fn a_closed_channel_is_known_until_it_is_opened() {
    let mut town = Town::new();
    let [hsk, f] = [town.server("Headshot Killers", "ann"), town.server("Clan F", "mia")];
    town.connect();
    town.ask(f, f.owner, "gmbot subscribe 4");
    let closed = |local: &Local| {
        let closed = local.closed_channels(10).unwrap();
        closed.into_iter().map(|closed| (closed.clan, closed.channel)).collect::<Vec<_>>()
    };
    let elsewhere = town.fake.channel(f.guild, "elsewhere");
    town.fake.deny(f.channel, Permissions::SEND_MESSAGES);
    town.ask(hsk, hsk.owner, &format!("gmbot createwar <@{}> -game 4", hsk.owner));
    town.run_due();
    town.message(elsewhere, "challenge ");
    town.wait_until(|local| closed(local) == [("Clan F".to_owned(), f.channel.to_string())]);
    town.fake.allow(f.channel, Permissions::SEND_MESSAGES);
    town.ask(hsk, hsk.owner, &format!("gmbot createwar <@{}> -game 4", hsk.owner));
    town.run_due();
    town.message(f.channel, "challenge ");
    town.wait_until(|local| closed(local).is_empty());
}

#[test]
fn a_deleted_war_channel_is_told_once_and_known() {
    let mut town = Town::new();
    let [hsk, f] = [town.server("Headshot Killers", "ann"), town.server("Clan F", "mia")];
    let war_channel = town.fake.channel(f.guild, "war-requests");
    town.connect();
    town.ask(f, f.owner, "gmbot subscribe 4");
    town.fake.delete_channel(war_channel);
    for challenge in 1..=2 {
        town.ask(hsk, hsk.owner, &format!("gmbot createwar <@{}> -game 4", hsk.owner));
        town.run_due();
        town.fake.wait_for(|state| {
            let seen = state.messages(f.channel).into_iter();
            let challenges = seen.filter(|message| message.text().contains("challenge ")).count();
            (challenges == challenge).then_some(())
        });
    }
    let closed = |local: &Local| local.closed_channels(10).unwrap().pop().map(|one| one.channel);
    town.wait_until(|local| closed(local) == Some(war_channel.to_string()));
    let direct = town.fake.direct(f.owner);
    town.message(direct, "I can't write in");
    assert_eq!(town.fake.messages(direct).len(), 1);
}
