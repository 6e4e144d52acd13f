//! Many at once: threads of one backend, and two backends on one file.

use std::collections::BTreeSet;
use std::thread;

use gmbot_backend::{Backend, Local, Options};
use gmbot_engine::reply::Code;
use gmbot_engine::request::{Fact, Input, Request};

use crate::people::{Clan, at_start, done, platform, rehearsal, subscribe, war_in};

const HOST: Clan = Clan("host");

const RIVALS: [Clan; 8] = [
    Clan("r0"),
    Clan("r1"),
    Clan("r2"),
    Clan("r3"),
    Clan("r4"),
    Clan("r5"),
    Clan("r6"),
    Clan("r7"),
];

/// All rivals accept a war at once, dealt over the backends; how they were answered.
fn race(backends: &[&Local]) -> Vec<Code> {
    subscribe(backends[0], &RIVALS);
    let war = war_in(&done(backends[0], HOST.challenges("a")));
    thread::scope(|scope| {
        let dealt = RIVALS.iter().zip(backends.iter().cycle());
        let racing: Vec<_> = dealt
            .map(|(rival, local)| {
                scope.spawn(move || done(local, rival.accepts(rival.0, war)).code)
            })
            .collect();
        racing.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn assert_one_winner(mut codes: Vec<Code>) {
    codes.sort_unstable();
    let mut expected = vec![Code::AlreadyAccepted; RIVALS.len() - 1];
    expected.push(Code::WarAccepted);
    expected.sort_unstable();
    assert_eq!(codes, expected);
}

#[test]
fn of_many_threads_one_accepts() {
    let local = rehearsal();
    assert_one_winner(race(&[&local]));
}

#[test]
fn of_two_backends_on_one_file_one_accepts() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gmbot.db");
    let (one, other) = (at_start(Options::file(&file)), at_start(Options::file(&file)));
    assert_one_winner(race(&[&one, &other]));
}

#[test]
fn of_two_backends_that_expand_a_broadcast_one_does() {
    let local = rehearsal();
    subscribe(&local, &RIVALS);
    let war = war_in(&done(&local, HOST.challenges("a")));
    // Each has looked up what waits before the other has come to its end.
    for key in ["one", "other"] {
        let expands = Request::new("clock", key, Input::Fact(Fact::Broadcast { war }));
        local.submit(expands).unwrap();
    }
    let told = local.claim(&platform(), None, 100).unwrap();
    assert_eq!(told.len(), RIVALS.len(), "{told:?}");
}

#[test]
fn one_key_from_many_threads_is_done_once() {
    let local = rehearsal();
    let wars: BTreeSet<_> = thread::scope(|scope| {
        let threads: Vec<_> =
            (0..8).map(|_| scope.spawn(|| war_in(&done(&local, HOST.challenges("a"))))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(wars.len(), 1);
}

#[test]
fn what_was_answered_before_the_end_is_there_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gmbot.db");
    let answered: Vec<_> = {
        let local = at_start(Options::file(&file).with_scheduler());
        (0..5).map(|n| done(&local, HOST.challenges(&n.to_string()))).collect()
    };
    let local = at_start(Options::file(&file));
    for (n, reply) in answered.into_iter().enumerate() {
        assert_eq!(done(&local, HOST.challenges(&n.to_string())), reply);
    }
    assert!(local.submit(HOST.appears("z")).unwrap().is_some());
}
