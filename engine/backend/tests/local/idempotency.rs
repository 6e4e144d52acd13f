//! One key, one answer, done once.

use std::time::Duration;

use gmbot_backend::{Backend, Options};
use gmbot_engine::grammar::{Command, WarRef};
use gmbot_engine::reply::Code;
use gmbot_engine::request::Onlooker;
use gmbot_engine::view::{Query, View, Viewer};

use crate::people::{Clan, at_start, done, rehearsal, subscribe, war_in};

const HOST: Clan = Clan("host");

#[test]
fn the_same_request_gets_the_same_answer_and_is_done_once() {
    let local = rehearsal();
    let first = done(&local, HOST.challenges("a"));
    assert_eq!(first.code, Code::WarCreated);
    let mut late = HOST.challenges("a");
    late.age_ms = 5_000;
    assert_eq!(done(&local, late), first);
    assert_ne!(war_in(&done(&local, HOST.challenges("b"))), war_in(&first));
}

#[test]
fn the_answer_survives_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gmbot.db");
    let first = done(&at_start(Options::file(&file)), HOST.challenges("a"));
    assert_eq!(done(&at_start(Options::file(&file)), HOST.challenges("a")), first);
}

#[test]
fn a_key_of_another_request_is_refused_but_clients_have_keys_of_their_own() {
    let local = rehearsal();
    done(&local, HOST.challenges("a"));
    let other = HOST.says("a", Command::Unavailable);
    assert_eq!(done(&local, other.clone()).code, Code::KeyReused);
    let elsewhere = gmbot_engine::Request { client: "other".to_owned(), ..other };
    assert_eq!(done(&local, elsewhere).code, Code::Unavailable);
}

#[test]
fn a_forgotten_answer_is_not_given_and_nothing_is_done_again() {
    let local = rehearsal();
    let before = done(&local, HOST.says("a", Command::Unavailable));
    assert_eq!(before.code, Code::Unavailable);
    assert_eq!(done(&local, HOST.says("b", Command::Forget { yes: true })).code, Code::Forgotten);
    assert_eq!(done(&local, HOST.says("a", Command::Unavailable)).code, Code::ReplyForgotten);
}

#[test]
fn refusals_are_remembered_like_anything_else() {
    let local = rehearsal();
    subscribe(&local, &[HOST]);
    let missing = || HOST.says("a", Command::RemoveWar { war: WarRef("zzzz2".to_owned()) });
    let refused = done(&local, missing());
    assert_eq!(refused.code, Code::UnknownWar);
    assert_eq!(done(&local, missing()), refused);
}

#[test]
fn the_same_keys_draw_the_same_ids_and_a_seed_draws_others() {
    let (one, again, other) = (rehearsal(), rehearsal(), rehearsal());
    other.set_seed([9; 32]).unwrap();
    let id = |local| war_in(&done(local, HOST.challenges("a")));
    assert_eq!(id(&one), id(&again));
    assert_ne!(id(&one), id(&other));
}

#[test]
fn a_query_leaves_no_trace() {
    let local = rehearsal();
    subscribe(&local, &[HOST]);
    let changes = local.watch();
    assert_eq!(done(&local, HOST.says("q", Command::Games)).code, Code::Games);
    assert!(changes.try_recv().is_err());
    // Its key is still free.
    assert_eq!(done(&local, HOST.challenges("q")).code, Code::WarCreated);
    assert!(changes.recv_timeout(Duration::from_secs(30)).is_ok());
}

#[test]
fn what_a_change_did_is_seen_by_the_next_look() {
    let local = rehearsal();
    let war = war_in(&done(&local, HOST.challenges("a")));
    let viewer = local.viewer(&HOST.leaders_eyes()).unwrap();
    let clan = viewer.clan.unwrap();
    let View::Status(status) = local.look(&Query::Status(clan), &viewer).unwrap() else {
        panic!("a clan sees itself");
    };
    assert_eq!(status.open.iter().map(|line| line.id).collect::<Vec<_>>(), [war]);
    let stranger =
        local.viewer(&Onlooker { space: None, ..Clan("nobody").leaders_eyes() }).unwrap();
    assert_eq!(stranger, Viewer::default());
}
