//! The log alone makes every projection again.

use gmbot_engine::store::Store as _;

use crate::place::make;
use crate::world;

#[test]
fn every_kind_of_event_replays_to_the_same_rows() {
    let mut store = make();
    store.begin().unwrap();
    for recorded in world::everything() {
        store.apply(&recorded).unwrap();
    }
    store.commit().unwrap();
    let mut heard = Vec::new();
    let found = store.verify(|done, of| heard.push((done, of))).unwrap();
    assert_eq!(found.differences, []);
    assert!(found.is_sound(), "{found:?}");
    assert_eq!(heard.last(), Some(&(found.events, found.events)));
    assert!(found.rows > 60, "{}", found.rows);
}
