//! Persons: their names, memberships and words, joining and forgetting them.

use gmbot_engine::event::Event;
use gmbot_engine::model::{AccountKey, AtMs, Platform, Role, Side, names};
use gmbot_engine::store::{LinkCode, Read as _, SideText, Store as _, WarFilter};
use gmbot_store::{Connection, Processed};

use super::{DAY, HOST_WON, after, apply, clans, make};
use crate::world::{self, account, at, clan, fought, person, text, war};

#[test]
fn members_are_kept_in_the_order_they_came() {
    let mut store = after(clans(1));
    let join = |moment, n| at(moment, Event::MemberJoined { clan: clan(1), person: person(n) });
    apply(&mut store, [join(9, 5), join(8, 4), join(20, 5)]);
    let members = |store: &Connection, limit| -> Vec<_> {
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
fn the_newest_name_is_the_persons() {
    let mut store = after(clans(1));
    apply(&mut store, [at(2, Event::AccountJoined { person: person(1), account: account(7) })]);
    let (here, there) = (Platform::terminal(), Platform("discord".into()));
    let named =
        |store: &Connection, name: &str| store.members_named(clan(1), &names::key(name)).unwrap();
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
    assert_eq!(store.messages(war(1), 1).unwrap(), [message(2, 2)], "the newest");
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
fn an_account_is_known_by_its_key_alone() {
    let store = after(clans(1));
    let key = AccountKey::new(&Platform::terminal(), "a1");
    assert_eq!(store.person_of_account(&key).unwrap(), Some(person(1)));
    assert!(store.person(person(1)).unwrap().unwrap().available);
}
