//! What every store must answer, whatever database is below: each test gets its store from `make`.

use gmbot_engine::event::{Event, Recorded};
use gmbot_engine::model::{
    AccountKey, AtMs, GameId, Outcome, Platform, Profile, Role, Side, Sides, SpaceKey, WarId, names,
};
use gmbot_engine::reply::{Address, Code, Post, Reply};
use gmbot_engine::store::{
    ClanFilter, LinkCode, Ranked, Read as _, Record, SideText, Store as _, WarFilter,
};
use gmbot_store::{Clock, Processed, Sqlite};

use crate::world::{self, GAME, account, at, clan, fought, person, space, text, war};

const HOST_WON: Outcome = Outcome::Won(Side::Host);
const DAY: i64 = 86_400_000;

fn make() -> Sqlite {
    Sqlite::in_memory(Clock::Manual).unwrap()
}

/// A store in which this happened.
fn after(log: impl IntoIterator<Item = Recorded>) -> Sqlite {
    let mut store = make();
    apply(&mut store, log);
    store
}

fn apply(store: &mut Sqlite, log: impl IntoIterator<Item = Recorded>) {
    store.begin().unwrap();
    log.into_iter().for_each(|recorded| store.apply(&recorded).unwrap());
    store.commit().unwrap();
}

fn clans(n: u8) -> Vec<Recorded> {
    (1..=n).flat_map(|n| world::founding(i64::from(n), n)).collect()
}

#[test]
fn a_new_store_knows_the_first_games_and_nobody() {
    let store = make();
    let names: Vec<_> = store.games().unwrap().into_iter().map(|game| game.name).collect();
    assert_eq!(names, ["Mini Militia", "Fortnite", "CS:GO", "Rainbow Six Siege"]);
    assert_eq!(store.leaders(None, 10).unwrap(), []);
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
fn spaces_move_between_clans() {
    let mut store = after(clans(2));
    let linked = Event::SpaceLinked { clan: clan(1), space: space(2), from: clan(2) };
    apply(&mut store, [at(9, linked)]);
    assert_eq!(store.clan_of_space(&space(2)).unwrap(), Some(clan(1)));
    assert!(!store.clan(clan(2)).unwrap().unwrap().awake());
    assert_eq!(store.subscribers(GAME, None, 9).unwrap(), [clan(1)], "a clan asleep hears nothing");
    let moved = Event::SpaceMoved { clan: clan(1), space: space(2), to: space(8) };
    apply(&mut store, [at(10, moved)]);
    assert_eq!(store.clan_of_space(&space(2)).unwrap(), None);
    assert_eq!(store.clan_of_space(&space(8)).unwrap(), Some(clan(1)));
}

#[test]
fn subscribers_come_in_pages_and_only_those_that_hear() {
    let mut store = after(clans(4));
    assert_eq!(store.subscribers(GAME, None, 2).unwrap(), [clan(1), clan(2)]);
    assert_eq!(store.subscribers(GAME, Some(clan(2)), 9).unwrap(), [clan(3), clan(4)]);
    apply(
        &mut store,
        [
            at(9, Event::ClanSuspended { clan: clan(1), reason: "x".into() }),
            at(9, Event::SpaceSlept { clan: clan(2), space: space(2) }),
            at(9, Event::Unsubscribed { clan: clan(3), games: vec![GAME] }),
        ],
    );
    assert_eq!(store.subscribers(GAME, None, 9).unwrap(), [clan(4)]);
    apply(&mut store, [at(10, Event::ClanRestored { clan: clan(1) })]);
    assert_eq!(store.subscribers(GAME, None, 9).unwrap(), [clan(1), clan(4)]);
    assert_eq!(store.subscribers(GameId(5), None, 9).unwrap(), []);
}

#[test]
fn members_are_kept_in_the_order_they_came() {
    let mut store = after(clans(1));
    let join = |moment, n| at(moment, Event::MemberJoined { clan: clan(1), person: person(n) });
    apply(&mut store, [join(9, 5), join(8, 4), join(20, 5)]);
    let members = |store: &Sqlite, limit| -> Vec<_> {
        let members = store.members(clan(1), limit).unwrap();
        members.into_iter().map(|member| (member.person, member.joined_at.0)).collect()
    };
    assert_eq!(members(&store, 9), [(person(1), 1), (person(4), 8), (person(5), 9)]);
    assert_eq!(members(&store, 2).len(), 2);
    apply(&mut store, [at(21, Event::MemberLeft { clan: clan(1), person: person(1) })]);
    assert_eq!(store.member(clan(1), person(1)).unwrap(), None);
    assert_eq!(store.clan(clan(1)).unwrap().unwrap().leader, None);
    assert_eq!(store.clans_of(person(4)).unwrap(), [clan(1)]);
}

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
    check(WarFilter { of: one, open: true, ..any() }, &[2]);
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
    let recent = |store: &Sqlite, since| store.recent_between(clan(2), clan(1), since).unwrap();
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
    let shared = |store: &Sqlite, since| store.shares_person(clan(1), clan(2), since).unwrap();
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
    let places = |store: &Sqlite, game| -> Vec<_> {
        let leaders: Vec<Ranked> = store.leaders(game, 9).unwrap();
        leaders.into_iter().map(|one| (one.rank, one.clan, one.glory, one.won)).collect()
    };
    let rank = |store: &Sqlite, n| store.rank(clan(n), None).unwrap().unwrap().rank;
    let all = [(1, clan(1), 20, 1), (1, clan(3), 20, 1), (3, clan(2), 0, 0), (3, clan(4), 0, 0)];
    assert_eq!(places(&store, None), all);
    assert_eq!([1, 2, 3, 4].map(|n| rank(&store, n)), [1, 3, 1, 3]);
    assert_eq!(places(&store, Some(GAME)), all[..3]);
    assert_eq!(store.rank(clan(4), Some(GAME)).unwrap(), None, "it never fought there");
    let hidden = Profile { public: false, ..Profile::default() };
    apply(&mut store, [at(30, Event::ProfileChanged { clan: clan(1), profile: hidden })]);
    assert_eq!(places(&store, None)[0], (1, clan(3), 20, 1));
    assert_eq!([1, 2, 3, 4].map(|n| rank(&store, n)), [1, 2, 1, 2]);
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

#[test]
fn clans_are_found_by_what_they_tell_of_themselves() {
    let mut log = clans(3);
    let profile = Profile {
        location: "Lisboa".into(),
        languages: vec!["Português".into(), "English".into()],
        ..Profile::default()
    };
    log.push(at(10, Event::ProfileChanged { clan: clan(2), profile }));
    let mut store = after(log);
    let find = |store: &Sqlite, filter: ClanFilter| -> Vec<_> {
        let found = store.find_clans(&ClanFilter { limit: 9, ..filter }).unwrap();
        found.into_iter().map(|clan| clan.id).collect()
    };
    let any = ClanFilter::default;
    let speaks = |language: &str| ClanFilter { language: Some(language.into()), ..any() };
    assert_eq!(find(&store, any()), [clan(2), clan(3), clan(1)], "the most recently active first");
    assert_eq!(find(&store, speaks("PORTUGUÊS")), [clan(2)]);
    assert_eq!(find(&store, speaks("english")).len(), 3);
    let lisbon = ClanFilter { location: Some("lisboa".into()), game: Some(GAME), ..any() };
    assert_eq!(find(&store, lisbon), [clan(2)]);
    assert_eq!(find(&store, ClanFilter { game: Some(GameId(5)), ..any() }), []);
    apply(&mut store, [at(11, Event::ClanSuspended { clan: clan(3), reason: "x".into() })]);
    assert_eq!(find(&store, any()), [clan(2), clan(1)]);
}

#[test]
fn names_of_clans_complete_by_their_beginning() {
    let store = after(clans(3));
    assert_eq!(store.clan_names("clan", 2).unwrap(), ["Clan 1", "Clan 2"]);
    assert_eq!(store.clan_names("clan 3", 9).unwrap(), ["Clan 3"]);
    assert_eq!(store.clan_names("klan", 9).unwrap(), [""; 0]);
}

#[test]
fn the_newest_name_is_the_persons() {
    let mut store = after(clans(1));
    apply(&mut store, [at(2, Event::AccountJoined { person: person(1), account: account(7) })]);
    let (here, there) = (Platform::terminal(), Platform("discord".into()));
    let named =
        |store: &Sqlite, name: &str| store.members_named(clan(1), &names::key(name)).unwrap();
    store.keep_account(&account(1), &here, "a1", "Ann").unwrap();
    assert_eq!(store.person_name(person(1)).unwrap().as_deref(), Some("Ann"));
    store.keep_account(&account(7), &there, "77", "Annie").unwrap();
    assert_eq!(named(&store, "annie"), [person(1)]);
    assert_eq!(named(&store, "ann"), [], "a name of before is nobody's");
    store.keep_account(&account(1), &here, "a1", "Ann").unwrap();
    assert_eq!(store.person_name(person(1)).unwrap().as_deref(), Some("Ann"));
    assert_eq!(store.accounts_on(person(1), &there).unwrap(), ["77"]);
    assert_eq!(store.person_name(person(2)).unwrap(), None);
}

#[test]
fn two_persons_become_one_with_all_that_both_had() {
    let mut log = clans(3);
    log.extend([1, 2].map(|n| at(5, Event::MemberJoined { clan: clan(n), person: person(9) })));
    log.push(at(5, Event::PersonSeen { person: person(9), account: account(9) }));
    log.push(at(6, Event::RoleChanged { clan: clan(2), person: person(9), role: Role::CoLeader }));
    log.extend([world::created(10, 1, 2, &[9]), world::accepted(11, 1, 3, &[3])]);
    log.push(world::settled(12, 1, (2, 3), HOST_WON, (20, 0)));
    let mut store = after(log);
    let (kept, merged) = (person(1), person(9));
    let joined = Event::PersonsJoined { kept, merged, clans: vec![clan(1), clan(2)] };
    apply(&mut store, [at(20, joined)]);
    assert_eq!(store.person_of_account(&account(9)).unwrap(), Some(kept));
    assert_eq!(store.person(merged).unwrap().unwrap().id, kept);
    assert_eq!(store.clans_of(kept).unwrap(), [clan(1), clan(2)]);
    assert_eq!(store.member(clan(1), kept).unwrap().unwrap().joined_at, AtMs(1));
    assert!(store.clan(clan(2)).unwrap().unwrap().co_leaders.contains(&kept));
    assert_eq!(store.person_record(kept, None).unwrap().won, 1);
    assert!(store.shares_person(clan(1), clan(2), AtMs(i64::MAX)).unwrap());
    let played = WarFilter { player: Some(merged), limit: 9, ..WarFilter::default() };
    assert_eq!(store.wars(&played).unwrap().len(), 1);
    assert!(store.verify(|_, _| {}).unwrap().is_sound());
}

fn message(n: u8, author: u8) -> SideText {
    let (id, war, author) = (text(n), war(1), person(author));
    let until = Some(AtMs(90 * DAY));
    SideText { id, war, author, at: AtMs(20), until, text: format!("words {n}") }
}

#[test]
fn messages_are_counted_and_kept_for_their_time() {
    let mut log = clans(2);
    log.extend(fought(10, 1, (1, 2), HOST_WON, (20, 0)));
    let said = |n: u8| {
        let event = Event::MessageSent { war: war(1), side: Side::Guest, text: text(n) };
        at(20 + i64::from(n), event)
    };
    log.extend([said(2), said(1)]);
    let mut store = after(log);
    [1, 2, 3].iter().for_each(|n| store.keep_text(&message(*n, 2)).unwrap());
    assert_eq!(store.messages_since(war(1), clan(2), AtMs(22)).unwrap(), 1);
    assert_eq!(store.messages_since(war(1), clan(1), AtMs(0)).unwrap(), 0);
    let kept = store.messages(war(1), 9).unwrap();
    assert_eq!(kept, [message(1, 2), message(2, 2)], "the third is a note, not a message");
    assert_eq!(store.text(text(3)).unwrap(), Some(message(3, 2)));
    store.sweep(AtMs(90 * DAY)).unwrap();
    assert_eq!(store.text(text(3)).unwrap(), None);
}

#[test]
fn forgetting_erases_what_is_a_persons_alone() {
    let mut store = after(clans(2));
    for n in [1, 2] {
        let (id, name) = (format!("a{n}"), format!("Name {n}"));
        store.keep_account(&account(n), &Platform::terminal(), &id, &name).unwrap();
        store.keep_text(&message(n, n)).unwrap();
        let processed = Processed { body_hash: "h".into(), reply: format!("reply {n}") };
        let key = format!("k{n}");
        store.remember("c", &key, AtMs(1), Some(person(n)), &processed).unwrap();
    }
    store.keep_image("own", person(1), b"mine").unwrap();
    store.keep_image("both", person(1), b"ours").unwrap();
    store.keep_image("both", person(2), b"ours").unwrap();
    store.forget(person(1)).unwrap();
    let reply = |key| store.processed("c", key).unwrap().unwrap().reply;
    assert_eq!(store.person_name(person(1)).unwrap(), None);
    assert_eq!(store.accounts_on(person(1), &Platform::terminal()).unwrap(), [""; 0]);
    assert_eq!(store.text(text(1)).unwrap(), None);
    assert_eq!((reply("k1"), reply("k2")), (String::new(), "reply 2".to_owned()));
    assert_eq!(store.image("own").unwrap(), None);
    assert_eq!(store.image("both").unwrap().as_deref(), Some(&b"ours"[..]));
    assert_eq!(store.person_name(person(2)).unwrap().as_deref(), Some("Name 2"));
    assert!(store.text(text(2)).unwrap().is_some());
    store.forget(person(2)).unwrap();
    assert_eq!(store.image("both").unwrap(), None, "its last filer is forgotten");
    assert_eq!(store.person_of_account(&account(1)).unwrap(), Some(person(1)));
}

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
fn codes_work_once_and_in_time() {
    let mut store = make();
    let code = |hash: &str| LinkCode {
        hash: hash.into(),
        person: person(1),
        clan: Some(clan(1)),
        until: AtMs(10),
    };
    store.keep_link_code(&code("a")).unwrap();
    store.keep_link_code(&code("b")).unwrap();
    assert_eq!(store.link_code("a", AtMs(9)).unwrap(), Some(code("a")));
    assert_eq!(store.link_code("a", AtMs(10)).unwrap(), None);
    store.spend_link_code("a").unwrap();
    assert_eq!(store.link_code("a", AtMs(9)).unwrap(), None);
    store.sweep(AtMs(10)).unwrap();
    assert_eq!(store.link_code("b", AtMs(9)).unwrap(), None);
}

#[test]
fn broadcasts_go_on_where_they_stopped() {
    let mut store = make();
    [2, 1].iter().for_each(|n| store.broadcast(war(*n)).unwrap());
    assert_eq!(store.broadcasts(9).unwrap(), [war(2), war(1)]);
    assert_eq!(store.broadcast_cursor(war(2)).unwrap(), None);
    store.advance_broadcast(war(2), Some(clan(3))).unwrap();
    assert_eq!(store.broadcast_cursor(war(2)).unwrap(), Some(clan(3)));
    store.advance_broadcast(war(2), None).unwrap();
    assert_eq!(store.broadcasts(9).unwrap(), [war(1)]);
}

/// A store whose outbox holds notices to clans, in this order; each says its number.
fn with_notices(to: &[u8]) -> Sqlite {
    let mut store = make();
    for (number, n) in (1..).zip(to) {
        let to = Address::Clan { clan: clan(*n), space: space(*n) };
        post(&mut store, number, to);
    }
    store
}

fn post(store: &mut Sqlite, number: i64, to: Address) {
    let reply = Reply::new(Code::WarCreated);
    store.post(&Post { to, war: None, at: AtMs(number), reply, receipt: None }).unwrap();
}

/// Claims as `token` at a moment, for 100 ms, and tells the numbers of what was handed out.
fn claim(store: &mut Sqlite, token: &str, now: i64, limit: usize) -> Vec<i64> {
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
fn notices_for_a_space_without_the_bot_wait_until_it_is_back() {
    let mut store = with_notices(&[1, 2]);
    apply(&mut store, clans(2));
    apply(&mut store, [at(5, Event::SpaceSlept { clan: clan(1), space: space(1) })]);
    assert_eq!(claim(&mut store, "a", 6, 9), [2]);
    apply(&mut store, [at(7, Event::SpaceWoke { clan: clan(1), space: space(1) })]);
    assert_eq!(claim(&mut store, "b", 8, 9), [1]);
}

#[test]
fn only_a_manual_clock_has_a_seed_that_can_be_set() {
    let mut manual = make();
    assert_eq!(manual.seed().unwrap(), make().seed().unwrap(), "new ones rehearse the same");
    manual.set_seed([7; 32]).unwrap();
    assert_eq!(manual.seed().unwrap(), [7; 32]);
    let mut system = Sqlite::in_memory(Clock::System).unwrap();
    assert_eq!(system.clock().unwrap(), Clock::System);
    assert!(system.set_seed([7; 32]).is_err());
    assert_ne!(system.seed().unwrap(), Sqlite::in_memory(Clock::System).unwrap().seed().unwrap());
}

#[test]
fn an_account_is_known_by_its_key_alone() {
    let store = after(clans(1));
    let key = AccountKey::new(&Platform::terminal(), "a1");
    assert_eq!(store.person_of_account(&key).unwrap(), Some(person(1)));
    assert!(store.person(person(1)).unwrap().unwrap().available);
}
