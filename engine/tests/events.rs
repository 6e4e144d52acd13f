//! The log's format: each kind of event as it is written. A log lives longer than any release, so a
//! difference here means that old logs may not be read any more.

use gmbot_engine::event::{Event, Recorded};
use gmbot_engine::model::format::Score;
use gmbot_engine::model::war::Evidence;
use gmbot_engine::model::{
    AccountKey, AtMs, Ballot, Cause, DurationMs, Format, GameId, Outcome, Platform, Profile,
    Reminder, Role, Settlement, Side, Sides, SpaceKey, Stakes,
};

fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

fn space(id: &str) -> SpaceKey {
    SpaceKey { platform: Platform::terminal(), id: id.into() }
}

fn account() -> AccountKey {
    AccountKey::new(&Platform::terminal(), "ann")
}

fn persons() -> Vec<Event> {
    let person = id("p2222222a");
    vec![
        Event::PersonSeen { person, account: account() },
        Event::PersonsJoined { kept: person, merged: id("p2222222b"), clans: vec![id("c22222a")] },
        Event::AccountJoined { person, account: account() },
        Event::AvailabilityChanged { person, available: false },
        Event::PersonForgotten { person },
    ]
}

fn clans() -> Vec<Event> {
    let (clan, other, person) = (id("c22222a"), id("c22222b"), id("p2222222a"));
    let (name, name_key) = ("Red Pandas".to_owned(), "red pandas".to_owned());
    let contact = Some("https://pandas.example/".to_owned());
    vec![
        Event::ClanFounded { clan, name: name.clone(), name_key: name_key.clone() },
        Event::ClanRenamed { clan, name, name_key },
        Event::SpaceJoined { clan, space: space("den") },
        Event::SpaceLinked { clan, space: space("den"), from: other },
        Event::SpaceMoved { clan, space: space("den"), to: space("lair") },
        Event::SpaceSlept { clan, space: space("den") },
        Event::SpaceWoke { clan, space: space("den") },
        Event::SpaceOwned { clan, space: space("den"), owner: person },
        Event::SpaceSetUp { clan, space: space("den"), channel: Some("wars".into()), prefix: None },
        Event::ProfileChanged { clan, profile: Profile { contact, ..Profile::default() } },
        Event::MemberJoined { clan, person },
        Event::MemberLeft { clan, person },
        Event::RoleChanged { clan, person, role: Role::CoLeader },
        Event::Subscribed { clan, games: vec![GameId(4), GameId(5)] },
        Event::Unsubscribed { clan, games: vec![GameId(5)] },
        Event::ClanBlocked { clan, other },
        Event::ClanUnblocked { clan, other },
        Event::ClanSuspended { clan, reason: "spam".into() },
        Event::ClanRestored { clan },
        Event::GameAdded { game: GameId(9), name: "Go".into(), min_players: 1, max_players: 1 },
    ]
}

fn courses() -> Vec<Event> {
    let (war, host, guest) = (id("w222a"), id("c22222a"), id("c22222b"));
    vec![
        Event::WarCreated {
            war,
            host,
            named: Some(guest),
            private: true,
            game: GameId(4),
            format: Format::FirstTo(3),
            duration: DurationMs::hours(24),
            start_at: Some(AtMs(5000)),
            lapses_at: AtMs(4000),
            line_up: vec![id("p2222222a"), id("p2222222b")],
        },
        Event::WarWithdrawn { war },
        Event::WarLapsed { war },
        Event::WarDeclined { war, by_clan: guest },
        Event::WarAccepted {
            war,
            guest,
            line_up: vec![id("p2222222c"), id("p2222222d")],
            begins_at: AtMs(5000),
            ends_at: AtMs(9000),
        },
        Event::WarStarted { war },
        Event::TimeRanOut { war },
        Event::QuestionDelivered { war, side: Side::Guest },
        Event::WarDisputed { war, host, guest },
        Event::ReminderSent { war, reminder: Reminder::VoteLast(Side::Host) },
        Event::WarSettled { war, host, guest, settlement: won(), stakes: stakes() },
        Event::WarOverturned { war, host, guest, before: won(), settlement: resolved() },
    ]
}

fn won() -> Settlement {
    Settlement {
        outcome: Outcome::Won(Side::Host),
        score: Some(Score { host: 3, guest: 1 }),
        cause: Cause::Unanswered { silent: Side::Guest },
        at: AtMs(9500),
        given: Sides { host: 20, guest: 0 },
    }
}

fn resolved() -> Settlement {
    Settlement {
        outcome: Outcome::Drawn,
        score: None,
        cause: Cause::Operator { reason: "both showed the same proof".into() },
        at: AtMs(9900),
        given: Sides { host: 5, guest: 5 },
    }
}

fn stakes() -> Stakes {
    Stakes {
        recent: 2,
        glory: Sides { host: 40, guest: 125 },
        shared: false,
        capped: Sides { host: false, guest: true },
    }
}

fn evidence() -> Vec<Event> {
    let (war, side, by) = (id("w222a"), Side::Host, id("p2222222a"));
    let score = Some(Score { host: 3, guest: 0 });
    let ballot = Ballot { outcome: Outcome::Won(Side::Host), score };
    let proof = |evidence, note| Event::ProofFiled { war, side, by, evidence, note };
    vec![
        Event::PlayerSubstituted { war, side, out: by, r#in: id("p2222222b") },
        Event::MessageSent { war, side, text: id("t22222222a") },
        Event::BallotCast { war, side, by, ballot, officer: false },
        Event::BallotWithdrawn { war, side, by },
        proof(Evidence::Image("00ff".into()), Some(id("t22222222b"))),
        proof(Evidence::Link(id("t22222222c")), None),
    ]
}

/// One event of each kind.
fn every_kind() -> Vec<Event> {
    [persons(), clans(), courses(), evidence()].concat()
}

#[test]
fn each_kind_of_event_is_written_as_ever() {
    insta::assert_json_snapshot!(every_kind());
}

#[test]
fn an_entry_says_when_by_whom_and_for_which_clan() {
    let event = Event::WarStarted { war: id("w222a") };
    let (by, clan) = (Some(id("p2222222a")), Some(id("c22222a")));
    insta::assert_json_snapshot!(Recorded { at: AtMs(5000), by, clan, event });
}

#[test]
fn what_is_written_reads_back() {
    for event in every_kind() {
        let written = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&written).unwrap(), event, "{written}");
    }
}

#[test]
fn no_kind_is_left_out() {
    let written = |event: &Event| serde_json::to_value(event).unwrap()["type"].to_string();
    let mut kinds: Vec<String> = every_kind().iter().map(written).collect();
    kinds.dedup();
    // The kinds as the enum declares them: each at the start of a line, with its fields.
    let source = include_str!("../src/event.rs");
    let declared = source.split_once("pub enum Event {").unwrap().1.split_once("\n}").unwrap().0;
    let variant = |line: &&str| {
        line.starts_with("    ") && line.as_bytes().get(4).is_some_and(u8::is_ascii_uppercase)
    };
    assert_eq!(kinds.len(), declared.lines().filter(variant).count(), "{kinds:?}");
}
