//! Wars: which are listed, what is counted, who has how much glory.

use gmbot_engine::event::Event;
use gmbot_engine::model::{AtMs, GameId, Outcome, Profile, Role, Side, Sides, WarId};
use gmbot_engine::store::{Ranked, Read as _, Record, WarFilter};
use gmbot_store::Connection;

use super::{DAY, HOST_WON, after, apply, clans};
use crate::world::{self, GAME, at, clan, fought, person, war};

#[test]
fn wars_are_listed_newest_first_and_narrowed() {
    let mut log = clans(3);
    log.extend(fought(10, 1, (1, 2), HOST_WON, (20, 0)));
    log.extend([world::created(20, 2, 1, &[1]), world::created(21, 3, 3, &[3])]);
    log.push(world::accepted(22, 3, 2, &[2]));
    let mut private = world::created(21, 4, 2, &[2]);
    if let Event::WarCreated { private, named, game, .. } = &mut private.event {
        (*private, *named, *game) = (true, Some(clan(1)), GameId(5));
    }
    log.push(private);
    let store = after(log);
    let check = |filter: WarFilter, expect: &[u8]| {
        let limit = if filter.limit == 0 { 10 } else { filter.limit };
        let found = store.wars(&WarFilter { limit, ..filter.clone() }).unwrap();
        let found: Vec<WarId> = found.into_iter().map(|war| war.id).collect();
        assert_eq!(found, expect.iter().map(|n| war(*n)).collect::<Vec<_>>(), "{filter:?}");
    };
    let any = WarFilter::default;
    let (one, two) = (Some(clan(1)), Some(clan(2)));
    check(any(), &[4, 3, 2, 1]);
    check(WarFilter { limit: 2, ..any() }, &[4, 3]);
    check(WarFilter { before: Some((AtMs(21), war(4))), ..any() }, &[3, 2, 1]);
    check(WarFilter { open: true, ..any() }, &[2]);
    check(WarFilter { running: true, ..any() }, &[3]);
    check(WarFilter { ended: true, ..any() }, &[1]);
    check(WarFilter { ended: true, open: true, ..any() }, &[]);
    check(WarFilter { game: Some(GameId(5)), ..any() }, &[4]);
    check(WarFilter { of: one, ..any() }, &[4, 2, 1]);
    check(WarFilter { of: one, ended: true, ..any() }, &[1]);
    check(WarFilter { of: one, open: true, ..any() }, &[4, 2]);
    check(WarFilter { of: two, open: true, player: Some(person(2)), ..any() }, &[4]);
    check(WarFilter { of: two, running: true, game: Some(GAME), ..any() }, &[3]);
    check(WarFilter { player: Some(person(2)), ..any() }, &[4, 3, 1]);
    check(WarFilter { player: Some(person(2)), running: true, ..any() }, &[3]);
    check(WarFilter { player: Some(person(2)), of: one, ..any() }, &[4, 1]);
    check(WarFilter { player: Some(person(2)), open: true, ..any() }, &[]);
}

#[test]
fn challenges_are_counted() {
    let mut log = clans(1);
    log.extend([world::created(10, 1, 1, &[1]), world::created(20, 2, 1, &[1])]);
    log.push(at(21, Event::WarWithdrawn { war: war(1) }));
    let store = after(log);
    assert_eq!(store.open_count(clan(1)).unwrap(), 1);
    assert_eq!(store.created_since(clan(1), AtMs(10)).unwrap(), 2);
    assert_eq!(store.created_since(clan(1), AtMs(11)).unwrap(), 1);
}

#[test]
fn deadlines_come_the_most_urgent_first() {
    let mut log = clans(1);
    log.extend([world::created(10, 1, 1, &[1]), world::created(5, 2, 1, &[1])]);
    let mut store = after(log);
    assert_eq!(store.next_due().unwrap(), Some(AtMs(5 + DAY)));
    assert_eq!(store.due(AtMs(4 + DAY), 9).unwrap(), []);
    assert_eq!(store.due(AtMs(10 + DAY), 9).unwrap(), [war(2), war(1)]);
    let ends = [1, 2].map(|n| at(20, Event::WarWithdrawn { war: war(n) }));
    apply(&mut store, ends);
    assert_eq!(store.next_due().unwrap(), None);
}

#[test]
fn recent_wars_count_by_what_they_came_to() {
    let mut log = clans(3);
    log.extend(fought(10, 1, (1, 2), HOST_WON, (20, 0)));
    log.extend(fought(20, 2, (2, 1), Outcome::Drawn, (5, 5)));
    log.extend(fought(30, 3, (2, 1), Outcome::Void, (0, 0)));
    log.extend(fought(40, 4, (1, 3), HOST_WON, (20, 0)));
    let mut store = after(log);
    let recent = |store: &Connection, since| store.recent_between(clan(2), clan(1), since).unwrap();
    assert_eq!(recent(&store, AtMs(12)), 2);
    assert_eq!(recent(&store, AtMs(13)), 1);
    let before = world::settlement(12, HOST_WON, Sides { host: 20, guest: 0 });
    let settlement = world::settlement(90, Outcome::Void, Sides::default());
    let (host, guest) = (clan(1), clan(2));
    let undone = Event::WarOverturned { war: war(1), host, guest, before, settlement };
    apply(&mut store, [at(90, undone)]);
    assert_eq!(recent(&store, AtMs(12)), 1);
}

#[test]
fn wins_over_clans_that_had_never_won_are_counted() {
    let mut log = clans(3);
    log.extend(fought(10, 1, (1, 2), HOST_WON, (20, 0)));
    log.extend(fought(20, 2, (2, 3), HOST_WON, (20, 0)));
    log.extend(fought(30, 3, (1, 2), HOST_WON, (20, 0)));
    log.extend(fought(40, 4, (3, 1), Outcome::Won(Side::Guest), (0, 9)));
    log.extend(fought(50, 5, (1, 3), HOST_WON, (0, 0)));
    let store = after(log);
    // War 3 was over a clan that had won before; war 5 gave nothing.
    assert_eq!(store.novice_wins(clan(1), AtMs(0)).unwrap(), 2);
    assert_eq!(store.novice_wins(clan(1), AtMs(13)).unwrap(), 1);
    assert_eq!(store.novice_wins(clan(3), AtMs(0)).unwrap(), 0);
}

#[test]
fn people_who_stood_for_both_clans_are_shared_for_a_while() {
    let hour = 3_600_000;
    let mut log = clans(3);
    log.extend([1, 2].map(|n| at(5, Event::MemberJoined { clan: clan(n), person: person(9) })));
    let mut store = after(log);
    let shared = |store: &Connection, since| store.shares_person(clan(1), clan(2), since).unwrap();
    assert!(!shared(&store, AtMs(0)), "members are no matter");
    let role =
        |moment, n, role| at(moment, Event::RoleChanged { clan: clan(n), person: person(9), role });
    apply(&mut store, [role(10, 1, Role::CoLeader), role(10, 2, Role::CoLeader)]);
    assert!(shared(&store, AtMs(i64::MAX)), "an office lasts until it is left");
    apply(&mut store, [role(50, 1, Role::Member)]);
    assert!(shared(&store, AtMs(50)));
    assert!(!shared(&store, AtMs(51)));
    apply(&mut store, [world::created(60, 1, 1, &[9]), world::accepted(70, 1, 3, &[3])]);
    assert!(shared(&store, AtMs(70 + hour)), "players stand for it until their war's end");
    assert!(!shared(&store, AtMs(71 + hour)));
}

#[test]
fn ranks_are_shared_and_count_whom_leaderboards_show() {
    let mut log = clans(4);
    log.extend(fought(10, 1, (1, 2), HOST_WON, (20, 0)));
    log.extend(fought(20, 2, (3, 2), HOST_WON, (20, 0)));
    let mut store = after(log);
    let places = |store: &Connection, game| -> Vec<_> {
        let leaders: Vec<Ranked> = store.leaders(game, None, 9).unwrap().unwrap();
        leaders.into_iter().map(|one| (one.rank, one.clan, one.glory, one.won)).collect()
    };
    let rank = |store: &Connection, n| store.rank(clan(n), None).unwrap().unwrap().rank;
    let all = [(1, clan(1), 20, 1), (1, clan(3), 20, 1), (3, clan(2), 0, 0), (3, clan(4), 0, 0)];
    assert_eq!(places(&store, None), all);
    assert_eq!([1, 2, 3, 4].map(|n| rank(&store, n)), [1, 3, 1, 3]);
    assert_eq!(places(&store, Some(GAME)), all[..3]);
    assert_eq!(store.rank(clan(4), Some(GAME)).unwrap(), None, "it never fought there");
    let hidden = Profile { public: false, ..Profile::default() };
    apply(&mut store, [at(30, Event::ProfileChanged { clan: clan(1), profile: hidden })]);
    assert_eq!(places(&store, None)[0], (1, clan(3), 20, 1));
    assert_eq!([1, 2, 3, 4].map(|n| rank(&store, n)), [1, 2, 1, 2]);
    assert_eq!(
        store.leaders(None, Some(clan(1)), 9).unwrap(),
        None,
        "nobody learns where it stands"
    );
}

#[test]
fn a_leaderboard_in_pages_is_the_same_as_in_one() {
    let amounts = [50, 20, 20, 20, 20, 7, 0, 0, 0];
    let mut log = clans(9);
    for (n, amount) in (1..).zip(amounts) {
        let other = if n == 9 { 1 } else { 9 };
        log.extend(fought(10 * i64::from(n), n, (n, other), HOST_WON, (amount, 0)));
    }
    let store = after(log);
    let whole: Vec<Ranked> = store.leaders(None, None, 99).unwrap().unwrap();
    assert_eq!(whole.iter().map(|one| one.rank).collect::<Vec<_>>(), [1, 2, 2, 2, 2, 6, 7, 7, 7]);
    for size in 1..=9 {
        let (mut pages, mut after) = (Vec::new(), None);
        loop {
            let page: Vec<Ranked> = store.leaders(None, after, size).unwrap().unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.clan);
            pages.extend(page);
        }
        assert_eq!(pages, whole, "in pages of {size}");
    }
}

#[test]
fn ranks_are_right_beside_the_edges_of_the_blocks_that_amounts_are_counted_in() {
    let amounts = [0, 0, 1, 2, 255, 256, 256, 511, 512];
    let mut log = clans(9);
    for (n, amount) in (1..).zip(amounts) {
        let other = if n == 9 { 1 } else { 9 };
        log.extend(fought(10 * i64::from(n), n, (n, other), HOST_WON, (amount, 0)));
    }
    let store = after(log);
    for (n, amount) in (1..).zip(amounts) {
        let ahead = amounts.iter().filter(|other| **other > amount).count();
        let rank = store.rank(clan(n), None).unwrap().unwrap().rank;
        assert_eq!(rank, ahead as u64 + 1, "{amount}");
        assert_eq!(store.rank(clan(n), Some(GAME)).unwrap().unwrap().rank, rank);
    }
}

#[test]
fn records_add_up_and_follow_an_overturn() {
    let mut log = clans(2);
    log.extend(fought(10, 1, (1, 2), HOST_WON, (20, 0)));
    log.extend([world::created(20, 2, 1, &[1]), world::accepted(21, 2, 2, &[2])]);
    log.push(at(22, Event::WarDisputed { war: war(2), host: clan(1), guest: clan(2) }));
    log.push(world::settled(23, 2, (1, 2), Outcome::Won(Side::Guest), (0, 15)));
    let mut store = after(log);
    let won = Record { won: 1, lost: 1, disputed: 1, glory: 20, ..Record::default() };
    for game in [None, Some(GAME)] {
        assert_eq!(store.clan_record(clan(1), game).unwrap(), won);
        assert_eq!(store.person_record(person(1), game).unwrap(), won);
    }
    assert_eq!(store.clan_record(clan(1), Some(GameId(5))).unwrap(), Record::default());
    let before = world::settlement(12, HOST_WON, Sides { host: 20, guest: 0 });
    let settlement = world::settlement(90, Outcome::Drawn, Sides { host: 5, guest: 5 });
    let (host, guest) = (clan(1), clan(2));
    let redrawn = Event::WarOverturned { war: war(1), host, guest, before, settlement };
    apply(&mut store, [at(90, redrawn)]);
    let drawn = Record { lost: 1, drawn: 1, disputed: 1, glory: 5, ..Record::default() };
    assert_eq!(store.clan_record(clan(1), Some(GAME)).unwrap(), drawn);
    assert_eq!(store.person_record(person(1), None).unwrap(), drawn);
}
