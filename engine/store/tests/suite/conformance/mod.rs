//! What every store must answer, whatever database is below: each test gets its store from `make`.

mod clans;
mod log;
mod outbox;
mod people;
mod wars;

use gmbot_engine::event::Recorded;
use gmbot_engine::model::{Outcome, Side};
use gmbot_engine::store::Store as _;
use gmbot_store::Connection;

use crate::place::make;
use crate::world;

const HOST_WON: Outcome = Outcome::Won(Side::Host);
const DAY: i64 = 86_400_000;

/// A store in which this happened.
fn after(log: impl IntoIterator<Item = Recorded>) -> Connection {
    let mut store = make();
    apply(&mut store, log);
    store
}

fn apply(store: &mut Connection, log: impl IntoIterator<Item = Recorded>) {
    store.begin().unwrap();
    log.into_iter().for_each(|recorded| store.apply(&recorded).unwrap());
    store.commit().unwrap();
}

fn clans(n: u8) -> Vec<Recorded> {
    (1..=n).flat_map(|n| world::founding(i64::from(n), n)).collect()
}
