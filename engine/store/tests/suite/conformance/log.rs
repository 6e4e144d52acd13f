//! The log, transactions, and what a database says of itself.

use gmbot_engine::model::Sides;
use gmbot_engine::store::{Read as _, Store as _};
use gmbot_store::{Clock, Connection};

use super::{HOST_WON, after, apply, clans, make};
use crate::world::{self, account, clan, fought, person, space, war};

#[test]
fn a_new_store_knows_the_first_games_and_nobody() {
    let store = make();
    let names: Vec<_> = store.games().unwrap().into_iter().map(|game| game.name).collect();
    assert_eq!(names, ["Mini Militia", "Fortnite", "CS:GO", "Rainbow Six Siege"]);
    assert_eq!(store.leaders(None, None, 10).unwrap(), Some(Vec::new()));
    assert_eq!(store.person_of_account(&account(1)).unwrap(), None);
    assert_eq!(store.log(0, 100).unwrap().len(), 4);
}

#[test]
fn the_log_gives_back_what_was_put_in() {
    let log = world::everything();
    let store = after(log.clone());
    let kept: Vec<_> = store.log(4, 1000).unwrap().into_iter().map(|(_, entry)| entry).collect();
    assert_eq!(kept, log);
    let page = store.log(6, 3).unwrap();
    assert_eq!(page.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [7, 8, 9]);
    assert_eq!(store.last_at().unwrap(), log.last().map(|entry| entry.at));
}

#[test]
fn aggregates_come_back_whole() {
    let store = after(clans(2).into_iter().chain(fought(10, 1, (1, 2), HOST_WON, (20, 0))));
    let host = store.clan(clan(1)).unwrap().unwrap();
    assert_eq!((host.leader, host.glory, host.tally.won), (Some(person(1)), 20, 1));
    assert_eq!(store.clan_named(&host.name_key).unwrap(), Some(clan(1)));
    assert_eq!(store.clan_of_space(&space(1)).unwrap(), Some(clan(1)));
    let fought = store.war(war(1)).unwrap().unwrap();
    assert_eq!(fought.line_ups, Sides { host: vec![person(1)], guest: vec![person(2)] });
    assert_eq!(fought.settlement().unwrap().outcome, HOST_WON);
}

#[test]
fn what_is_rolled_back_never_was() {
    let mut store = make();
    store.begin().unwrap();
    clans(1).iter().for_each(|entry| store.apply(entry).unwrap());
    assert!(store.clan(clan(1)).unwrap().is_some());
    store.rollback().unwrap();
    assert_eq!(store.clan(clan(1)).unwrap(), None);
    assert_eq!(store.log(4, 1).unwrap(), []);
}

#[test]
fn readers_see_what_was_committed() {
    let mut store = make();
    let reader = store.reader().unwrap();
    let version = reader.data_version().unwrap();
    apply(&mut store, clans(1));
    assert!(reader.clan(clan(1)).unwrap().is_some());
    assert_ne!(reader.data_version().unwrap(), version);
    reader.begin_read().unwrap();
    assert_eq!(reader.members(clan(1), 9).unwrap().len(), 1);
    reader.end_read().unwrap();
}

#[test]
fn only_a_manual_clock_has_a_seed_that_can_be_set() {
    let mut manual = make();
    assert_eq!(manual.seed().unwrap(), make().seed().unwrap(), "new ones rehearse the same");
    manual.set_seed([7; 32]).unwrap();
    assert_eq!(manual.seed().unwrap(), [7; 32]);
    let mut system = Connection::in_memory(Clock::System).unwrap();
    assert_eq!(system.clock().unwrap(), Clock::System);
    assert!(system.set_seed([7; 32]).is_err());
    assert_ne!(
        system.seed().unwrap(),
        Connection::in_memory(Clock::System).unwrap().seed().unwrap()
    );
}

#[test]
fn readers_beside_a_writer_see_whole_transactions() {
    let mut store = make();
    let reader = store.reader().unwrap();
    let write = move || {
        for moment in 1..=200 {
            apply(&mut store, world::pair(moment));
        }
    };
    std::thread::scope(|scope| {
        let writer = scope.spawn(write);
        while !writer.is_finished() {
            reader.begin_read().unwrap();
            let seen = reader.log(4, 1000).unwrap().len();
            assert_eq!(seen % 2, 0, "half a transaction shows");
            assert_eq!(reader.log(4, 1000).unwrap().len(), seen, "one state an answer");
            reader.end_read().unwrap();
        }
    });
}
