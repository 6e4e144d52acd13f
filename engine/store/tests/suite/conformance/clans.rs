//! Clans: their spaces, what they hear, how they are found.

use gmbot_engine::event::Event;
use gmbot_engine::model::{GameId, Profile};
use gmbot_engine::store::{ClanFilter, Read as _};
use gmbot_store::Connection;

use super::{after, apply, clans};
use crate::world::{GAME, at, clan, space};

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
fn clans_are_found_by_what_they_tell_of_themselves() {
    let mut log = clans(3);
    let profile = Profile {
        location: "Lisboa".into(),
        languages: vec!["Português".into(), "English".into()],
        ..Profile::default()
    };
    log.push(at(10, Event::ProfileChanged { clan: clan(2), profile }));
    let mut store = after(log);
    let find = |store: &Connection, filter: ClanFilter| -> Vec<_> {
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
