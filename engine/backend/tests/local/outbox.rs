//! Notices under leases: in order, to one claimer at a time, until they are settled.

use gmbot_backend::{Backend, BackendError, Delivery, Fate, Local};
use gmbot_engine::grammar::{Command, WarRef};
use gmbot_engine::model::{DurationMs, WarId};
use gmbot_engine::reply::{Address, Code};

use crate::people::{Clan, START, done, platform, rehearsal, subscribe, war_in};

const HOST: Clan = Clan("host");
const GUEST: Clan = Clan("guest");
const THIRD: Clan = Clan("third");

fn claim(local: &Local, limit: usize) -> Vec<Delivery> {
    local.claim(&platform(), None, limit).unwrap()
}

fn challenge(local: &Local, key: &str) -> WarId {
    let war = war_in(&done(local, HOST.challenges(key)));
    local.run_due().unwrap();
    war
}

/// For whom a notice is and what it is about.
fn about(delivery: &Delivery) -> (String, WarId) {
    let Address::Clan { space, .. } = &delivery.post.to else { panic!("{delivery:?}") };
    (space.id.clone(), delivery.post.war.unwrap())
}

#[test]
fn each_clans_notices_come_in_order_and_one_clan_to_one_claimer() {
    let local = rehearsal();
    subscribe(&local, &[GUEST, THIRD]);
    let wars = ["a", "b", "c"].map(|key| challenge(&local, key));
    let first = claim(&local, 1);
    let (taken, war) = about(&first[0]);
    assert_eq!(war, wars[0]);
    let rest = claim(&local, 10);
    let other = rest.iter().map(about).collect::<Vec<_>>();
    assert!(other.iter().all(|(space, _)| *space != taken), "{other:?}");
    assert_eq!(other.iter().map(|(_, war)| *war).collect::<Vec<_>>(), wars);
    assert!(claim(&local, 10).is_empty());
    local.acknowledge(&first[0].token, Fate::Delivered).unwrap();
    let left = claim(&local, 10).iter().map(about).collect::<Vec<_>>();
    assert_eq!(left, [(taken.clone(), wars[1]), (taken, wars[2])]);
}

#[test]
fn a_lease_is_taken_over_when_it_is_over_and_its_token_is_worth_nothing_then() {
    let local = rehearsal();
    subscribe(&local, &[GUEST]);
    challenge(&local, "a");
    let crashed = claim(&local, 10);
    local.set_now(START + DurationMs::minutes(1) - DurationMs(1)).unwrap();
    assert!(claim(&local, 10).is_empty());
    local.set_now(START + DurationMs::minutes(1)).unwrap();
    let taken_over = claim(&local, 10);
    assert_eq!(taken_over[0].post, crashed[0].post);
    let late = local.acknowledge(&crashed[0].token, Fate::Delivered);
    assert_eq!(late, Err(BackendError::UnknownToken));
    local.acknowledge(&taken_over[0].token, Fate::Delivered).unwrap();
    let twice = local.acknowledge(&taken_over[0].token, Fate::Delivered);
    assert_eq!(twice, Err(BackendError::UnknownToken));
    assert_eq!(local.acknowledge("nonsense", Fate::Delivered), Err(BackendError::UnknownToken));
}

#[test]
fn a_failing_notice_is_tried_six_times_and_parked() {
    let local = rehearsal();
    subscribe(&local, &[GUEST]);
    challenge(&local, "a");
    let mut now = START;
    for rest_s in [10, 20, 40, 80, 160, 0] {
        let tried = claim(&local, 10);
        assert_eq!(tried.len(), 1, "before a rest of {rest_s} s");
        local.acknowledge(&tried[0].token, Fate::Failed).unwrap();
        assert!(claim(&local, 10).is_empty());
        now = now + DurationMs(rest_s * 1000);
        local.set_now(now).unwrap();
    }
    local.set_now(now + DurationMs::hours(1)).unwrap();
    assert!(claim(&local, 10).is_empty());
    let parked = local.parked(10).unwrap();
    assert_eq!(parked.iter().map(|notice| notice.tries).collect::<Vec<_>>(), [6]);
}

#[test]
fn what_is_undeliverable_is_parked_at_once_and_lets_the_next_pass() {
    let local = rehearsal();
    subscribe(&local, &[GUEST]);
    let wars = ["a", "b"].map(|key| challenge(&local, key));
    let first = claim(&local, 1);
    local.acknowledge(&first[0].token, Fate::Undeliverable).unwrap();
    assert_eq!(local.parked(10).unwrap().len(), 1);
    let next = claim(&local, 10);
    assert_eq!(next.iter().map(|delivery| about(delivery).1).collect::<Vec<_>>(), [wars[1]]);
}

#[test]
fn a_channel_is_closed_from_the_first_notice_that_went_elsewhere_to_the_next_that_did_not() {
    let local = rehearsal();
    subscribe(&local, &[GUEST]);
    for key in ["a", "b", "c"] {
        challenge(&local, key);
    }
    let closed = || {
        let closed = local.closed_channels(10).unwrap();
        closed.into_iter().map(|closed| (closed.channel, closed.since)).collect::<Vec<_>>()
    };
    let settle = |fate| {
        let next = claim(&local, 1);
        local.acknowledge(&next[0].token, fate).unwrap();
    };
    let elsewhere = || Fate::Elsewhere { closed: "7".to_owned() };
    settle(elsewhere());
    local.set_now(START + DurationMs::hours(1)).unwrap();
    settle(elsewhere());
    assert_eq!(closed(), [("7".to_owned(), START)]);
    settle(Fate::Delivered);
    assert_eq!(closed(), []);
    assert!(local.parked(10).unwrap().is_empty(), "all of them arrived");
}

#[test]
fn an_answer_goes_by_the_outbox_too_where_it_is_wanted_there() {
    let local = rehearsal();
    let mut request = HOST.says("message-1", Command::Unavailable);
    request.answer_to = Some(HOST.space().key);
    let reply = done(&local, request.clone());
    done(&local, request);
    let answers = claim(&local, 10);
    assert_eq!(answers.len(), 1, "a duplicate is not answered twice there");
    let to = Address::Answer { space: HOST.space().key, key: "message-1".to_owned() };
    assert_eq!((&answers[0].post.to, &answers[0].post.reply), (&to, &reply));
}

#[test]
fn texts_are_filled_in_when_a_notice_leaves() {
    let local = rehearsal();
    subscribe(&local, &[GUEST]);
    let war = challenge(&local, "a");
    done(&local, GUEST.accepts("b", war));
    let say =
        |text: &str| Command::Say { war: Some(WarRef(war.to_string())), text: text.to_owned() };
    assert_eq!(done(&local, GUEST.says("c", say("good luck"))).code, Code::MessageSent);
    let for_host = local.claim(&platform(), Some(&HOST.space()), 10).unwrap();
    let message = for_host.iter().find(|it| it.post.reply.code == Code::Message).unwrap();
    let texts = message.post.reply.legend.texts.values();
    assert_eq!(texts.collect::<Vec<_>>(), ["good luck"]);
}
