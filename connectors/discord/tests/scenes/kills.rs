//! The connector is killed at each step between hearing a command and answering it: after a restart
//! the war is there once, and so is the answer.

use serde_json::json;

use crate::town::{Step, Town};

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
