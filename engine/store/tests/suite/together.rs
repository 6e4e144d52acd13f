//! Several programs at one PostgreSQL at the same moment. `just postgres` runs these; they need a
//! server.

use std::thread;
use std::time::Duration;

use gmbot_engine::model::{AtMs, Platform};
use gmbot_engine::reply::{self, Code, Post, Reply};
use gmbot_engine::store::{Read as _, Store as _, StoreErrorKind};
use gmbot_store::{Address, Clock, Connection, Processed};

use crate::place::server;
use crate::world;

fn connect(address: &Address) -> Connection {
    Connection::connect(address, Clock::Manual).unwrap()
}

/// Ten programs that start together on a database; what each finds there.
fn ten_start(address: &Address) -> Vec<u64> {
    thread::scope(|scope| {
        let all: Vec<_> =
            (0..10).map(|_| scope.spawn(|| connect(address).events().unwrap())).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

#[test]
#[ignore = "needs PostgreSQL: `just postgres`"]
fn ten_programs_make_one_database() {
    let address = server::fresh();
    assert_eq!(ten_start(&address), [4; 10], "the first games, once");
    let store = connect(&address);
    assert!(store.verify(|_, _| {}).unwrap().is_sound());
}

#[test]
#[ignore = "needs PostgreSQL: `just postgres`"]
fn ten_programs_bring_an_old_database_up_to_date_once() {
    let address = server::fresh();
    let mut store = connect(&address);
    store.begin().unwrap();
    world::everything().iter().for_each(|recorded| store.apply(recorded).unwrap());
    store.commit().unwrap();
    let events = store.events().unwrap();
    drop(store);
    // As the first schema was: without some tables, and with another projection.
    server::run(&address, "DROP TABLE api_keys, webhooks, webhook_messages, closed_channels");
    server::run(
        &address,
        "DELETE FROM standings; UPDATE meta SET value = '1' WHERE key = 'schema'",
    );
    assert_eq!(ten_start(&address), [events; 10]);
    let store = connect(&address);
    assert!(store.verify(|_, _| {}).unwrap().is_sound());
    assert!(store.keys().unwrap().is_empty() && store.webhooks().unwrap().is_empty());
}

#[test]
#[ignore = "needs PostgreSQL: `just postgres`"]
fn clans_that_have_nothing_to_do_with_each_other_never_wait() {
    let address = server::fresh();
    let (mut one, mut other) = (connect(&address), connect(&address));
    one.begin().unwrap();
    other.begin().unwrap();
    // Turn by turn: a row that both changed would have the second wait for ever.
    let turns = world::founding(1, 1).into_iter().zip(world::founding(2, 2));
    for (here, there) in turns {
        one.apply(&here).unwrap();
        other.apply(&there).unwrap();
    }
    other.commit().unwrap();
    one.commit().unwrap();
    assert!(one.verify(|_, _| {}).unwrap().is_sound());
}

#[test]
#[ignore = "needs PostgreSQL: `just postgres`"]
fn a_feed_waits_for_what_has_a_lower_number() {
    let address = server::fresh();
    let (mut slow, mut quick, reader) =
        (connect(&address), connect(&address), connect(&address).reader().unwrap());
    // Its place in the order of transactions is the earlier one, its number the higher one.
    quick.begin().unwrap();
    slow.begin().unwrap();
    slow.apply(&world::founding(1, 1)[0]).unwrap();
    quick.apply(&world::founding(2, 2)[0]).unwrap();
    quick.commit().unwrap();
    assert_eq!(reader.log(4, 10).unwrap().len(), 1, "it is there");
    assert_eq!(reader.feed(4, 10).unwrap(), [], "and yet who goes on from it would miss the other");
    slow.commit().unwrap();
    let numbers: Vec<_> = reader.feed(4, 10).unwrap().iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, [5, 6]);
}

#[test]
#[ignore = "needs PostgreSQL: `just postgres`"]
fn who_waits_hears_of_a_commit_at_once() {
    let address = server::fresh();
    let (listener, teller) = (connect(&address), connect(&address));
    assert!(listener.wait_for_others(Duration::ZERO).unwrap(), "nobody was heard before");
    let heard = thread::scope(|scope| {
        let waiting = scope.spawn(move || listener.wait_for_others(Duration::from_secs(50)));
        teller.tell_others().unwrap();
        waiting.join().unwrap()
    });
    assert!(heard.unwrap());
}

#[test]
#[ignore = "needs PostgreSQL: `just postgres`"]
fn of_two_that_read_what_the_other_writes_one_has_to_begin_again() {
    let address = server::fresh();
    let (mut one, mut other) = (connect(&address), connect(&address));
    world::founding(1, 1).iter().chain(&world::founding(2, 2)).for_each(|recorded| {
        one.begin().unwrap();
        one.apply(recorded).unwrap();
        one.commit().unwrap();
    });
    // Each looks whether the other's account has a name, and names its own because it has none.
    let name = |store: &mut Connection, mine: u8, others: u8| {
        assert_eq!(store.person_name(world::person(others)).unwrap(), None);
        let (id, platform) = (format!("a{mine}"), Platform::terminal());
        store.keep_account(&world::account(mine), &platform, &id, "Ann")
    };
    one.begin().unwrap();
    other.begin().unwrap();
    name(&mut one, 1, 2).unwrap();
    let told = name(&mut other, 2, 1);
    one.commit().unwrap();
    let told = told.and_then(|()| other.commit()).unwrap_err();
    assert_eq!(told.kind, StoreErrorKind::Busy, "{told:?}");
    other.rollback().unwrap();
    assert_eq!(other.person_name(world::person(2)).unwrap(), None);
}

#[test]
#[ignore = "needs PostgreSQL: `just postgres`"]
fn a_transaction_that_failed_is_not_committed() {
    let mut store = connect(&server::fresh());
    let answer = Processed { body_hash: "00".to_owned(), reply: "{}".to_owned() };
    store.begin().unwrap();
    store.apply(&world::founding(1, 1)[0]).unwrap();
    store.remember("c", "k", AtMs(1), None, &answer).unwrap();
    assert!(store.remember("c", "k", AtMs(1), None, &answer).is_err());
    assert!(store.commit().is_err(), "PostgreSQL itself would say that all is well");
    assert_eq!(store.events().unwrap(), 4);
}

#[test]
#[ignore = "needs PostgreSQL: `just postgres`"]
fn of_two_that_claim_at_once_one_gets_the_notice() {
    let address = server::fresh();
    let mut store = connect(&address);
    let to = reply::Address::Clan { clan: world::clan(1), space: world::space(1) };
    let reply = Reply::new(Code::Challenge);
    store.begin().unwrap();
    store.post(&Post { to, war: None, at: AtMs(1), reply, receipt: None }).unwrap();
    store.commit().unwrap();
    let claim = |token: &str| {
        let mut store = connect(&address);
        store.begin().unwrap();
        let (platform, until) = (Platform::terminal(), AtMs(60_000));
        let got = store.claim(&platform, None, token, AtMs(2), until, 10);
        // Both have looked before either says that it is done.
        (store, got)
    };
    let outcomes = thread::scope(|scope| {
        let both: Vec<_> = ["one", "other"]
            .map(|token| {
                scope.spawn(move || {
                    let (mut store, got) = claim(token);
                    got.and_then(|got| store.commit().map(|()| got.len()))
                })
            })
            .into_iter()
            .collect();
        both.into_iter().map(|one| one.join().unwrap()).collect::<Vec<_>>()
    });
    let got: usize = outcomes.iter().flatten().sum();
    assert_eq!(got, 1, "{outcomes:?}");
}

#[test]
#[ignore = "needs PostgreSQL: `just postgres`"]
fn a_connection_that_was_cut_is_made_anew() {
    let address = server::fresh_database();
    let mut store = connect(&address);
    server::cut(&address);
    let again = (0..3).find(|_| store.begin().is_ok());
    assert!(again.is_some(), "it begins, at the latest when it has noticed");
    store.apply(&world::founding(1, 1)[0]).unwrap();
    store.commit().unwrap();
    assert_eq!(store.events().unwrap(), 5);

    // Also for what needs no transaction, as the scheduler's look for others' commits.
    server::cut(&address);
    let again = (0..3).find(|_| store.data_version().is_ok());
    assert!(again.is_some(), "it looks, at the latest when it has noticed");
}

#[test]
#[ignore = "needs PostgreSQL: `just postgres`"]
fn numbers_go_on_behind_those_that_were_imported() {
    let mut store = connect(&server::fresh());
    store.begin().unwrap();
    store.begin_import().unwrap();
    for (number, recorded) in (1..).zip(world::founding(1, 1)) {
        store.import_event(number, &recorded).unwrap();
    }
    store.end_import().unwrap();
    store.commit().unwrap();
    let events = store.events().unwrap();
    store.begin().unwrap();
    store.apply(&world::founding(2, 2)[0]).unwrap();
    store.commit().unwrap();
    assert_eq!(store.events().unwrap(), events + 1);
}
