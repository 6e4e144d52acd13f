//! What falls due by itself.

use std::time::Duration;

use gmbot_backend::{Backend, BackendError, Clock, Fate, Options};
use gmbot_engine::grammar::Command;
use gmbot_engine::model::{AtMs, DurationMs};
use gmbot_engine::reply::Code;

use crate::people::{Clan, START, at_start, done, platform, rehearsal, subscribe, war_in};

const HOST: Clan = Clan("host");
const GUEST: Clan = Clan("guest");

/// The codes of all notices for a clan, which are delivered thereby.
fn inbox(local: &impl Backend, clan: Clan) -> Vec<Code> {
    let mut codes = Vec::new();
    loop {
        let deliveries = local.claim(&platform(), Some(&clan.space()), 10).unwrap();
        if deliveries.is_empty() {
            return codes;
        }
        for delivery in deliveries {
            codes.push(delivery.post.reply.code);
            local.acknowledge(&delivery.token, Fate::Delivered).unwrap();
        }
    }
}

#[test]
fn a_challenge_lapses_when_its_time_has_come_and_not_before() {
    let local = rehearsal();
    done(&local, HOST.challenges("a"));
    let lapses_at = START + DurationMs::hours(24);
    assert_eq!(local.next_due(), Ok(Some(lapses_at)));
    local.set_now(lapses_at - DurationMs(1)).unwrap();
    local.run_due().unwrap();
    assert_eq!(inbox(&local, HOST), []);
    local.set_now(lapses_at).unwrap();
    local.run_due().unwrap();
    assert_eq!(inbox(&local, HOST), [Code::ChallengeLapsed]);
    assert_eq!(local.next_due(), Ok(None));
}

#[test]
fn a_broadcast_reaches_every_page_of_clans() {
    let local = rehearsal();
    let names: Vec<&'static str> =
        (0..230).map(|n| &*Box::leak(format!("c{n}").into_boxed_str())).collect();
    let clans: Vec<Clan> = names.into_iter().map(Clan).collect();
    subscribe(&local, &clans);
    done(&local, HOST.challenges("a"));
    local.run_due().unwrap();
    let heard = local.claim(&platform(), None, 1000).unwrap();
    assert_eq!(heard.len(), clans.len());
    assert!(heard.iter().all(|delivery| delivery.post.reply.code == Code::Challenge));
}

#[test]
fn the_voting_time_begins_when_the_question_is_delivered() {
    let local = rehearsal();
    subscribe(&local, &[GUEST]);
    let war = war_in(&done(&local, HOST.challenges("a")));
    done(&local, GUEST.accepts("b", war));
    let ended = START + DurationMs::hours(1);
    local.set_now(ended).unwrap();
    local.run_due().unwrap();
    // Asked but not reached: the war is given up after 7 days.
    let unreached = ended + DurationMs::days(7);
    assert!(local.next_due().unwrap() <= Some(unreached));
    let delivered = ended + DurationMs::minutes(30);
    local.set_now(delivered).unwrap();
    assert!(inbox(&local, HOST).contains(&Code::WhoWon));
    assert!(inbox(&local, GUEST).contains(&Code::WhoWon));
    // Reminders come first, and then the end: nobody has voted.
    local.set_now(delivered + DurationMs::hours(24)).unwrap();
    local.run_due().unwrap();
    assert!(inbox(&local, GUEST).contains(&Code::WarSettled));
    assert_eq!(local.next_due(), Ok(None));
}

#[test]
fn the_scheduler_runs_what_is_due_without_being_asked() {
    let local = at_start(Options::memory().with_scheduler());
    done(&local, HOST.challenges("a"));
    let changes = local.watch();
    local.set_now(START + DurationMs::hours(24)).unwrap();
    while inbox(&local, HOST) != [Code::ChallengeLapsed] {
        changes.recv_timeout(Duration::from_secs(30)).unwrap();
    }
    assert_eq!(local.trouble(), None);
}

#[test]
fn the_scheduler_notices_what_another_process_wrote() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gmbot.db");
    let watching = at_start(Options::file(&file).with_scheduler());
    let other = at_start(Options::file(&file));
    let changes = watching.watch();
    // Nothing that the watching one would go on with, and so tell of itself.
    done(&other, HOST.says("a", Command::Unavailable));
    changes.recv_timeout(Duration::from_secs(30)).unwrap();
}

#[test]
fn a_manual_clock_goes_on_where_it_stood() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gmbot.db");
    done(&at_start(Options::file(&file)), HOST.challenges("a"));
    let reopened = Options::file(&file).open().unwrap();
    assert_eq!((reopened.clock(), reopened.now()), (Clock::Manual, START));
}

#[test]
fn the_computers_clock_and_its_chance_can_not_be_set() {
    let local = Options::memory().open().unwrap();
    assert_eq!(local.clock(), Clock::System);
    assert_eq!(local.set_now(AtMs(0)), Err(BackendError::SystemClock));
    assert_eq!(local.set_seed([0; 32]), Err(BackendError::SystemClock));
}
