//! What waits: notices, broadcasts, and requests that were carried out.

use gmbot_engine::event::Event;
use gmbot_engine::model::{AtMs, Platform, SpaceKey};
use gmbot_engine::reply::{Address, Code, Post, Reply};
use gmbot_engine::store::{Pending, Store as _};
use gmbot_store::{Claimed, Connection, Processed};

use super::{DAY, apply, clans, make};
use crate::world::{at, clan, space, war};

#[test]
fn requests_are_remembered_once_and_for_thirty_days() {
    let mut store = make();
    let processed = Processed { body_hash: "h".into(), reply: "null".into() };
    store.remember("c", "k", AtMs(5), None, &processed).unwrap();
    assert!(store.remember("c", "k", AtMs(6), None, &processed).is_err());
    assert_eq!(store.processed("c", "k").unwrap(), Some(processed));
    assert_eq!(store.processed("d", "k").unwrap(), None);
    store.sweep(AtMs(5 + 30 * DAY)).unwrap();
    assert!(store.processed("c", "k").unwrap().is_some());
    store.sweep(AtMs(6 + 30 * DAY)).unwrap();
    assert_eq!(store.processed("c", "k").unwrap(), None);
}

#[test]
fn broadcasts_go_on_where_they_stopped() {
    let mut store = make();
    [2, 1].iter().for_each(|n| store.broadcast(war(*n)).unwrap());
    assert_eq!(store.broadcasts(9).unwrap(), [war(2), war(1)]);
    assert_eq!(store.pending_broadcast(war(2)).unwrap(), Some(Pending { after: None }));
    store.advance_broadcast(war(2), Some(clan(3))).unwrap();
    assert_eq!(store.pending_broadcast(war(2)).unwrap(), Some(Pending { after: Some(clan(3)) }));
    store.advance_broadcast(war(2), None).unwrap();
    assert_eq!(store.pending_broadcast(war(2)).unwrap(), None);
    assert_eq!(store.broadcasts(9).unwrap(), [war(1)]);
}

/// A store whose outbox holds notices to clans, in this order; each says its number.
fn with_notices(to: &[u8]) -> Connection {
    let mut store = make();
    for (number, n) in (1..).zip(to) {
        let to = Address::Clan { clan: clan(*n), space: space(*n) };
        post(&mut store, number, to);
    }
    store
}

fn post(store: &mut Connection, number: i64, to: Address) {
    let reply = Reply::new(Code::WarCreated);
    store.post(&Post { to, war: None, at: AtMs(number), reply, receipt: None }).unwrap();
}

/// Claims as `token` at a moment, for 100 ms, and tells the numbers of what was handed out.
fn claim(store: &mut Connection, token: &str, now: i64, limit: usize) -> Vec<i64> {
    let terminal = Platform::terminal();
    let until = AtMs(now + 100);
    let claimed = store.claim(&terminal, None, token, AtMs(now), until, limit).unwrap();
    claimed.into_iter().map(|claimed| claimed.post.at.0).collect()
}

#[test]
fn a_claimed_queue_is_nobody_elses_until_all_is_settled() {
    let mut store = with_notices(&[1, 2, 1, 1]);
    assert_eq!(claim(&mut store, "a", 0, 3), [1, 2, 3]);
    assert_eq!(claim(&mut store, "b", 1, 9), [0; 0], "the fourth is of a queue that is taken");
    assert_eq!(claim(&mut store, "a", 1, 9), [0; 0]);
    assert_eq!(store.claimed(1, "a").unwrap().unwrap().post.at, AtMs(1));
    assert_eq!(store.claimed(1, "b").unwrap(), None);
    store.delivered(1).unwrap();
    assert_eq!(claim(&mut store, "b", 2, 9), [0; 0]);
    store.delivered(3).unwrap();
    assert_eq!(claim(&mut store, "b", 2, 9), [4], "the last one frees the queue");
    assert_eq!(store.claimed(2, "a").unwrap().unwrap().tries, 0);
}

#[test]
fn a_lease_that_is_over_is_taken_over() {
    let mut store = with_notices(&[1, 1]);
    assert_eq!(claim(&mut store, "a", 0, 9), [1, 2]);
    assert_eq!(claim(&mut store, "b", 99, 9), [0; 0]);
    assert_eq!(claim(&mut store, "b", 100, 1), [1]);
    assert_eq!(store.claimed(1, "a").unwrap(), None);
    assert_eq!(store.claimed(2, "a").unwrap(), None, "its queue is another's");
    store.delivered(1).unwrap();
    assert_eq!(claim(&mut store, "c", 101, 9), [2]);
}

#[test]
fn a_postponed_notice_holds_its_queue_and_a_parked_one_does_not() {
    let mut store = with_notices(&[1, 1, 2]);
    assert_eq!(claim(&mut store, "a", 0, 1), [1]);
    store.postpone(1, Some(AtMs(50))).unwrap();
    assert_eq!(claim(&mut store, "b", 1, 9), [3]);
    assert_eq!(claim(&mut store, "c", 50, 9), [1, 2]);
    assert_eq!(store.claimed(1, "c").unwrap().unwrap().tries, 1);
    store.postpone(1, None).unwrap();
    store.postpone(2, Some(AtMs(60))).unwrap();
    assert_eq!(claim(&mut store, "d", 60, 9), [2]);
    let parked = store.parked(9).unwrap();
    assert_eq!(parked.iter().map(|one| (one.id, one.tries)).collect::<Vec<_>>(), [(1, 2)]);
}

#[test]
fn claims_are_for_one_platform_or_one_space_of_it() {
    let mut store = with_notices(&[1, 2]);
    post(&mut store, 3, Address::Answer { space: space(2), key: "k".into() });
    let mut claim = |platform: &str, space: Option<SpaceKey>| -> Vec<i64> {
        let platform = Platform(platform.into());
        let token = format!("{platform}{space:?}");
        let claimed = store.claim(&platform, space.as_ref(), &token, AtMs(0), AtMs(9), 9).unwrap();
        claimed.into_iter().map(|claimed| claimed.post.at.0).collect()
    };
    assert_eq!(claim("discord", None), [0; 0]);
    assert_eq!(claim("terminal", Some(space(2))), [2, 3], "an answer is a queue of its own");
    assert_eq!(claim("terminal", None), [1]);
}

#[test]
fn notices_that_wait_go_elsewhere_with_their_clan() {
    let mut store = with_notices(&[1, 2, 1]);
    post(&mut store, 4, Address::Answer { space: space(1), key: "k".into() });
    assert_eq!(claim(&mut store, "a", 0, 1), [1]);
    store.postpone(1, Some(AtMs(50))).unwrap();
    let room = SpaceKey { platform: Platform("matrix".into()), id: "r".into() };
    store.move_notices(clan(1), &space(1), &room).unwrap();
    assert_eq!(claim(&mut store, "b", 1, 9), [2, 4], "answers stay where they were asked for");
    let moved = store.claim(&room.platform, Some(&room), "c", AtMs(1), AtMs(9), 9).unwrap();
    let to = Address::Clan { clan: clan(1), space: room };
    let told = |claimed: &Claimed| (claimed.post.at.0, claimed.tries, claimed.post.to.clone());
    assert_eq!(moved.iter().map(told).collect::<Vec<_>>(), [(1, 0, to.clone()), (3, 0, to)]);
}

#[test]
fn notices_for_a_space_without_the_bot_wait_until_it_is_back() {
    let mut store = with_notices(&[1, 2]);
    apply(&mut store, clans(2));
    apply(&mut store, [at(5, Event::SpaceSlept { clan: clan(1), space: space(1) })]);
    assert_eq!(claim(&mut store, "a", 6, 9), [2]);
    apply(&mut store, [at(7, Event::SpaceWoke { clan: clan(1), space: space(1) })]);
    assert_eq!(claim(&mut store, "b", 8, 9), [1]);
}
