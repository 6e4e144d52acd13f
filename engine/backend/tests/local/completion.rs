//! What may come next, with what the database knows.

use gmbot_backend::Local;
use gmbot_engine::grammar::{ClanRef, Command};
use gmbot_engine::request::{Input, Onlooker};

use crate::people::{Clan, done, rehearsal, subscribe, war_in};

const HOST: Clan = Clan("host");
const GUEST: Clan = Clan("guest");

/// What a clan's leader is offered at the end of a line: what is written, and what it means.
fn offered(local: &Local, clan: Clan, line: &str) -> Vec<(String, String)> {
    let viewer = local.viewer(&clan.leaders_eyes()).unwrap();
    let completion = local.complete(line, line.len(), &viewer).unwrap();
    assert_eq!(completion.live, None);
    completion.options.into_iter().map(|option| (option.text, option.help)).collect()
}

fn texts(local: &Local, clan: Clan, line: &str) -> Vec<String> {
    offered(local, clan, line).into_iter().map(|(text, _)| text).collect()
}

#[test]
fn games_are_offered_by_number_and_by_name() {
    let local = rehearsal();
    subscribe(&local, &[HOST]);
    let all = offered(&local, HOST, "gmbot createwar -game ");
    assert_eq!(all[0], ("4".to_owned(), "Mini Militia".to_owned()));
    assert_eq!(texts(&local, HOST, "gmbot createwar -game mini"), ["\"Mini Militia\""]);
}

#[test]
fn wars_are_offered_to_those_who_may_see_them() {
    let local = rehearsal();
    subscribe(&local, &[HOST, GUEST]);
    let open = war_in(&done(&local, HOST.challenges("a")));
    let mut private = HOST.challenges("b");
    if let Input::Command(Command::CreateWar(war)) = &mut private.input {
        war.private = true;
        war.clan = Some(ClanRef("Clan guest".to_owned()));
    }
    let private = war_in(&done(&local, private));
    let third = Clan("third");
    subscribe(&local, &[third]);
    let accept = |clan| texts(&local, clan, "gmbot accept ");
    assert!(accept(GUEST).contains(&open.to_string()));
    assert!(accept(GUEST).contains(&private.to_string()));
    assert!(accept(third).contains(&open.to_string()));
    assert!(!accept(third).contains(&private.to_string()));
    assert!(!accept(HOST).contains(&open.to_string()));
    let show = texts(&local, HOST, &format!("gmbot show {}", &private.to_string()[..2]));
    assert_eq!(show, [private.to_string()]);
}

#[test]
fn players_and_clans_are_offered_by_name_and_quoted_where_needed() {
    let local = rehearsal();
    subscribe(&local, &[HOST, GUEST]);
    assert_eq!(texts(&local, HOST, "gmbot promote lea"), ["\"leader host\""]);
    assert_eq!(texts(&local, HOST, "gmbot block -clan cl"), ["\"Clan guest\"", "\"Clan host\""]);
    let words = ["block", "-clan", "clan g"].map(str::to_owned);
    let viewer = local.viewer(&Onlooker { actor: None, ..HOST.leaders_eyes() }).unwrap();
    let completion = local.complete_words(&words, &viewer).unwrap();
    let texts = completion.options.into_iter().map(|option| option.text);
    assert_eq!(texts.collect::<Vec<_>>(), ["Clan guest"]);
}

#[test]
fn a_stranger_is_offered_nothing_of_a_clan() {
    let local = rehearsal();
    let stranger = local.viewer(&Onlooker::default()).unwrap();
    let line = "gmbot promote ";
    let completion = local.complete(line, line.len(), &stranger).unwrap();
    assert!(completion.options.iter().all(|option| option.text.starts_with('-')));
}
