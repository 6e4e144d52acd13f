//! Whole wars: between two servers, and between a server and a clan at a terminal.

use gmbot_backend::Backend as _;
use gmbot_engine::model::{Platform, SpaceKey};
use gmbot_engine::request::{AccountRef, Authority, Input, Request, SpaceRef};
use serde_json::json;

use crate::town::{Server, Town, limited};

/// The war's id in a text: what follows `war ` or `challenge `.
pub(crate) fn war_in(text: &str, before: &str) -> String {
    let rest = text.split(before).nth(1).expect("a war");
    rest.chars().take_while(char::is_ascii_alphanumeric).collect()
}

fn two_servers(town: &mut Town) -> [Server; 2] {
    let servers = [town.server("Headshot Killers", "ann"), town.server("Clan F", "mia")];
    town.connect();
    servers
}

#[test]
fn a_war_between_two_servers_ends_in_glory() {
    let mut town = Town::new();
    let [hsk, f] = two_servers(&mut town);
    let (ben, noa) = (town.fake.user("ben"), town.fake.user("noa"));
    town.fake.join(hsk.guild, ben);
    town.fake.join(f.guild, noa);
    town.fake.inject(limited());

    let subscribed = town.slash(f, f.owner, "clan", "subscribe", &[("games", json!("4"))]);
    assert!(town.response(subscribed).text().contains("hears of challenges at Mini Militia"));
    let created = town.slash(
        hsk,
        hsk.owner,
        "war",
        "createwar",
        &[("players", json!(format!("<@{}> <@{ben}>", hsk.owner))), ("game", json!("4"))],
    );
    let created = town.response(created);
    let war = war_in(&created.text(), "war ");
    assert_eq!(created.custom_ids(), [format!("gmbot removewar {war}")]);

    town.run_due();
    // The challenge lets two be chosen, since two play.
    let challenge = town.message(f.channel, "challenge ");
    let accept = format!("gmbot accept {war}");
    assert_eq!(challenge.part(&accept).expect("a select")["min_values"], 2);
    let chosen = [f.owner.to_string(), noa.to_string()];
    let accepted = town.fake.choose(challenge.id, f.owner, &accept, &chosen);
    assert!(town.response(accepted).text().contains("begins"));
    town.message(hsk.channel, "Clan F accepted");

    // Who won is said by a line, and by an application command.
    let line = format!("gmbot vote {war} -winner us -score 3-1");
    for voter in [hsk.owner, ben] {
        town.fake.say(hsk.channel, voter, &line);
        town.message(town.fake.direct(voter), "3-1");
    }
    for voter in [f.owner, noa] {
        let vote = [("winner", json!("them")), ("war", json!(war)), ("score", json!("3-1"))];
        let voted = town.slash(f, voter, "war", "vote", &vote);
        let answer = town.response(voted);
        assert_eq!(answer.only_for, Some(voter), "a ballot is nobody else's matter");
    }
    for server in [hsk, f] {
        let settled = town.message(server.channel, "beat");
        assert!(settled.text().contains("+20"), "{}", settled.text());
    }
    town.fake.heal();
}

#[test]
fn a_war_between_a_server_and_a_terminal_ends_in_glory() {
    let mut town = Town::new();
    let hsk = town.server("Headshot Killers", "ann");
    town.connect();
    let mut said = 0;
    let backend = town.backend.clone();
    let mut at_terminal = |line: &str| {
        said += 1;
        let platform = Platform::terminal();
        let key = SpaceKey { platform: platform.clone(), id: "sofa".to_owned() };
        let mia = AccountRef { platform, id: "mia".to_owned(), name: "mia".to_owned() };
        let request = Request {
            authority: Authority { founder: true, ..Authority::default() },
            space: Some(SpaceRef { key, name: "Sofa Gang".to_owned(), direct: false }),
            actor: Some(mia),
            ..Request::new("terminal", said.to_string(), Input::Line(line.to_owned()))
        };
        backend.local.submit(request).expect("a backend").expect("an answer")
    };
    at_terminal("gmbot subscribe 4");
    let created = town.ask(hsk, hsk.owner, &format!("gmbot createwar <@{}> -game 4", hsk.owner));
    let war = war_in(&created.text(), "war ");
    at_terminal(&format!("gmbot accept {war} mia"));
    town.message(hsk.channel, "Sofa Gang accepted");
    town.fake.say(hsk.channel, hsk.owner, &format!("gmbot concede {war}"));
    // What can't be undone asks by a button, and asks nobody else.
    let conceded = town.message(town.fake.direct(hsk.owner), "this gives the war");
    let confirm = format!("gmbot concede {war} -yes");
    let done = town.fake.press(conceded.id, hsk.owner, &confirm);
    assert!(town.response(done).text().contains("Sofa Gang** +20"));
    // A button of a war that has moved on says what happened.
    let again = town.fake.press(conceded.id, hsk.owner, &confirm);
    let refused = town.response(again);
    assert!(refused.text().contains("is over"), "{}", refused.text());
}
