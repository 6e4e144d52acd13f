//! Each point of a transaction at which the database can fail or crash: what was answered is there,
//! what was not is there wholly or not at all, and the same key does it once.

use gmbot_backend::{Backend, BackendError, Fate, Fault, Faults, Options, Point};
use gmbot_engine::reply::Code;

use crate::people::{Clan, at_start, done, subscribe, war_in};

const HOST: Clan = Clan("host");
const RIVAL: Clan = Clan("rival");

/// Points at which nothing may be left, and the one at which everything must be.
const LOSING: [Point; 5] =
    [Point::Begin, Point::Statement(0), Point::Statement(9), Point::Statement(9999), Point::Commit];

#[test]
fn a_crash_before_the_commit_leaves_nothing_and_the_same_key_does_it_once() {
    for point in LOSING {
        let (folder, faults) = (tempfile::tempdir().unwrap(), Faults::default());
        let file = folder.path().join("gmbot.db");
        let local = at_start(Options::file(&file).with_faults(&faults));
        subscribe(&local, &[HOST]);
        let before = local.log(0, 1000).unwrap();
        faults.set(Some(Fault::Crash(point)));
        assert!(local.submit(HOST.challenges("a")).is_err(), "{point:?}");
        assert_eq!(faults.struck(), Some(Fault::Crash(point)));
        // Nothing works any more, until the database is opened again.
        assert!(local.submit(HOST.challenges("a")).is_err(), "{point:?}");
        drop(local);
        let local = at_start(Options::file(&file));
        assert_eq!(local.log(0, 1000).unwrap(), before, "{point:?}");
        assert_eq!(done(&local, HOST.challenges("a")).code, Code::WarCreated);
        assert!(local.verify(|_, _| {}).unwrap().is_sound());
    }
}

#[test]
fn a_crash_after_the_commit_loses_the_answer_alone() {
    let (folder, faults) = (tempfile::tempdir().unwrap(), Faults::default());
    let file = folder.path().join("gmbot.db");
    let local = at_start(Options::file(&file).with_faults(&faults));
    subscribe(&local, &[HOST]);
    faults.set(Some(Fault::Crash(Point::Answer)));
    assert!(local.submit(HOST.challenges("a")).is_err());
    drop(local);
    let local = at_start(Options::file(&file));
    let before = local.log(0, 1000).unwrap();
    let answered = done(&local, HOST.challenges("a"));
    assert_eq!(answered.code, Code::WarCreated);
    assert_eq!(local.log(0, 1000).unwrap(), before);
}

#[test]
fn a_failure_is_rolled_back_and_the_backend_goes_on() {
    for point in LOSING {
        let faults = Faults::default();
        let local = at_start(Options::memory().with_faults(&faults));
        subscribe(&local, &[HOST]);
        let before = local.log(0, 1000).unwrap();
        faults.set(Some(Fault::Failure(point)));
        assert!(local.submit(HOST.challenges("a")).is_err(), "{point:?}");
        assert_eq!(local.log(0, 1000).unwrap(), before, "{point:?}");
        assert_eq!(done(&local, HOST.challenges("a")).code, Code::WarCreated, "{point:?}");
    }
}

#[test]
fn a_database_that_is_busy_for_a_moment_is_waited_for() {
    let faults = Faults::default();
    let local = at_start(Options::memory().with_faults(&faults));
    faults.set(Some(Fault::Busy(2)));
    assert!(local.submit(HOST.appears("a")).is_ok());
    faults.set(Some(Fault::Busy(3)));
    assert!(matches!(local.submit(HOST.appears("b")), Err(BackendError::Store(_))));
    assert!(local.submit(HOST.appears("b")).is_ok());
}

#[test]
fn an_acknowledgement_that_is_lost_counts_once() {
    let faults = Faults::default();
    let local = at_start(Options::memory().with_faults(&faults));
    subscribe(&local, &[HOST, RIVAL]);
    let war = war_in(&done(&local, HOST.challenges("a")));
    done(&local, RIVAL.accepts("b", war));
    local.run_due().unwrap();
    let platform = HOST.space().key.platform;
    let waiting = |local: &gmbot_backend::Local| local.notices_for(&HOST.space().key).unwrap();
    let before = waiting(&local);
    faults.set(Some(Fault::Crash(Point::Commit)));
    assert!(local.claim(&platform, None, 20).is_err());

    let keeper = local;
    let local = Options::beside(&keeper).with_faults(&faults).open().unwrap();
    local.set_now(keeper.now()).unwrap();
    // Nobody holds the lease that was never committed.
    let page = local.claim(&platform, Some(&HOST.space()), 20).unwrap();
    let first = page.first().unwrap();
    faults.set(Some(Fault::Crash(Point::Answer)));
    assert!(local.acknowledge(&first.token, Fate::Delivered).is_err());

    let local = Options::beside(&keeper).open().unwrap();
    local.set_now(keeper.now()).unwrap();
    assert_eq!(waiting(&local), before - 1);
    let again = local.acknowledge(&first.token, Fate::Delivered);
    assert_eq!(again, Err(BackendError::UnknownToken));
}
