//! A small world for the suites: ids by name, and the events of a war.

use gmbot_engine::event::{Event, Recorded};
use gmbot_engine::model::war::Evidence;
use gmbot_engine::model::{
    AccountKey, AtMs, Ballot, Cause, ClanId, DurationMs, Format, GameId, Outcome, PersonId,
    Platform, Profile, Reminder, Role, Settlement, Side, Sides, SpaceKey, Stakes, TextId, WarId,
};

/// Mini Militia.
pub(crate) const GAME: GameId = GameId(4);

/// The end of an id: `a` for 0, and so on without look-alikes, in order.
fn letter(n: u8) -> char {
    "abcdefghjk".chars().nth(n.into()).unwrap()
}

pub(crate) fn clan(n: u8) -> ClanId {
    format!("c22222{}", letter(n)).parse().unwrap()
}

pub(crate) fn person(n: u8) -> PersonId {
    format!("p2222222{}", letter(n)).parse().unwrap()
}

pub(crate) fn war(n: u8) -> WarId {
    format!("w222{}", letter(n)).parse().unwrap()
}

pub(crate) fn text(n: u8) -> TextId {
    format!("t22222222{}", letter(n)).parse().unwrap()
}

pub(crate) fn space(n: u8) -> SpaceKey {
    SpaceKey { platform: Platform::terminal(), id: format!("s{n}") }
}

pub(crate) fn account(n: u8) -> AccountKey {
    AccountKey::new(&Platform::terminal(), &format!("a{n}"))
}

/// An event at a moment, of nobody's.
pub(crate) fn at(at: i64, event: Event) -> Recorded {
    Recorded { at: AtMs(at), by: None, clan: None, event }
}

/// Two events of one moment.
pub(crate) fn pair(moment: i64) -> [Recorded; 2] {
    let seen = |n| Event::PersonSeen { person: person(n), account: account(n) };
    [1, 2].map(|n| at(moment, seen(n)))
}

/// Clan `n` with its space, and person `n` as its leader, subscribed to the game.
pub(crate) fn founding(moment: i64, n: u8) -> Vec<Recorded> {
    let (clan, person) = (clan(n), person(n));
    let (name, name_key) = (format!("Clan {n}"), format!("clan {n}"));
    [
        Event::PersonSeen { person, account: account(n) },
        Event::ClanFounded { clan, name, name_key },
        Event::SpaceJoined { clan, space: space(n) },
        Event::MemberJoined { clan, person },
        Event::RoleChanged { clan, person, role: Role::Leader },
        Event::Subscribed { clan, games: vec![GAME] },
    ]
    .map(|event| at(moment, event))
    .into()
}

pub(crate) fn created(moment: i64, n: u8, host: u8, players: &[u8]) -> Recorded {
    let event = Event::WarCreated {
        war: war(n),
        host: clan(host),
        named: None,
        private: false,
        game: GAME,
        format: Format::FirstTo(3),
        duration: DurationMs::hours(1),
        start_at: None,
        lapses_at: AtMs(moment) + DurationMs::days(1),
        line_up: players.iter().map(|n| person(*n)).collect(),
    };
    at(moment, event)
}

pub(crate) fn accepted(moment: i64, n: u8, guest: u8, players: &[u8]) -> Recorded {
    let event = Event::WarAccepted {
        war: war(n),
        guest: clan(guest),
        line_up: players.iter().map(|n| person(*n)).collect(),
        begins_at: AtMs(moment),
        ends_at: AtMs(moment) + DurationMs::hours(1),
    };
    at(moment, event)
}

pub(crate) fn settlement(moment: i64, outcome: Outcome, given: Sides<i64>) -> Settlement {
    Settlement { outcome, score: None, cause: Cause::Verdicts, at: AtMs(moment), given }
}

pub(crate) fn settled(
    moment: i64,
    n: u8,
    sides: (u8, u8),
    outcome: Outcome,
    given: (i64, i64),
) -> Recorded {
    let event = Event::WarSettled {
        war: war(n),
        host: clan(sides.0),
        guest: clan(sides.1),
        settlement: settlement(moment, outcome, Sides { host: given.0, guest: given.1 }),
        stakes: Stakes {
            recent: 0,
            glory: Sides::default(),
            shared: false,
            capped: Sides::default(),
        },
    };
    at(moment, event)
}

/// A war from its beginning to its settlement.
pub(crate) fn fought(
    moment: i64,
    n: u8,
    sides: (u8, u8),
    outcome: Outcome,
    given: (i64, i64),
) -> Vec<Recorded> {
    vec![
        created(moment, n, sides.0, &[sides.0]),
        accepted(moment + 1, n, sides.1, &[sides.1]),
        settled(moment + 2, n, sides, outcome, given),
    ]
}

/// A life of three clans in which every kind of event occurs.
pub(crate) fn everything() -> Vec<Recorded> {
    let mut log: Vec<Recorded> = (1..=3).flat_map(|n| founding(i64::from(n), n)).collect();
    let ballot = Ballot { outcome: Outcome::Won(Side::Host), score: None };
    let profile = Profile { languages: vec!["Català".to_owned()], ..Profile::default() };
    let hidden = Profile { public: false, ..profile.clone() };
    let (side, by) = (Side::Host, person(1));
    log.extend(
        [
            Event::PersonSeen { person: person(4), account: account(4) },
            Event::PersonSeen { person: person(5), account: account(5) },
            Event::AccountJoined { person: person(4), account: account(6) },
            Event::AvailabilityChanged { person: person(4), available: false },
            Event::MemberJoined { clan: clan(1), person: person(4) },
            Event::MemberJoined { clan: clan(1), person: person(5) },
            Event::RoleChanged { clan: clan(1), person: person(4), role: Role::CoLeader },
            Event::GameAdded { game: GameId(9), name: "Go".into(), min_players: 1, max_players: 1 },
            Event::ClanRenamed { clan: clan(3), name: "Três".into(), name_key: "três".into() },
            Event::ProfileChanged { clan: clan(2), profile },
            Event::SpaceSetUp {
                clan: clan(2),
                space: space(2),
                channel: Some("wars".into()),
                prefix: None,
            },
            Event::SpaceOwned { clan: clan(2), space: space(2), owner: person(4) },
            Event::SpaceMoved { clan: clan(2), space: space(2), to: space(7) },
            Event::SpaceSlept { clan: clan(3), space: space(3) },
            Event::SpaceWoke { clan: clan(3), space: space(3) },
            Event::Unsubscribed { clan: clan(3), games: vec![GAME] },
            Event::ClanBlocked { clan: clan(3), other: clan(2) },
            Event::ClanUnblocked { clan: clan(3), other: clan(2) },
            Event::ClanSuspended { clan: clan(3), reason: "spam".into() },
        ]
        .map(|event| at(10, event)),
    );
    log.push(created(11, 1, 1, &[1, 5]));
    log.push(accepted(12, 1, 2, &[2, 3]));
    log.extend(
        [
            Event::WarStarted { war: war(1) },
            Event::PlayerSubstituted { war: war(1), side, out: person(5), r#in: person(4) },
            Event::MessageSent { war: war(1), side, text: text(1) },
            Event::BallotCast { war: war(1), side, by, ballot, officer: false },
            Event::BallotWithdrawn { war: war(1), side, by },
            Event::TimeRanOut { war: war(1) },
            Event::QuestionDelivered { war: war(1), side },
            Event::ReminderSent { war: war(1), reminder: Reminder::VoteSoon(side) },
            Event::WarDisputed { war: war(1), host: clan(1), guest: clan(2) },
            Event::ProofFiled {
                war: war(1),
                side,
                by,
                evidence: Evidence::Link(text(2)),
                note: None,
            },
        ]
        .map(|event| at(13, event)),
    );
    let outcome = Outcome::Won(Side::Host);
    log.push(settled(14, 1, (1, 2), outcome, (20, 0)));
    log.push(at(
        15,
        Event::WarOverturned {
            war: war(1),
            host: clan(1),
            guest: clan(2),
            before: settlement(14, outcome, Sides { host: 20, guest: 0 }),
            settlement: settlement(15, Outcome::Drawn, Sides { host: 5, guest: 5 }),
        },
    ));
    let ends = [
        Event::WarWithdrawn { war: war(2) },
        Event::WarLapsed { war: war(3) },
        Event::WarDeclined { war: war(4), by_clan: clan(2) },
    ];
    for (n, end) in (2..).zip(ends) {
        log.extend([created(16, n, 1, &[1]), at(17, end)]);
    }
    log.extend(fought(18, 5, (2, 3), Outcome::Won(Side::Guest), (0, 25)));
    log.extend(
        [
            Event::PersonsJoined { kept: person(2), merged: person(4), clans: vec![clan(1)] },
            Event::ClanRestored { clan: clan(3) },
            Event::SpaceLinked { clan: clan(1), space: space(3), from: clan(3) },
            Event::ProfileChanged { clan: clan(1), profile: hidden },
            Event::MemberLeft { clan: clan(1), person: person(1) },
            Event::PersonForgotten { person: person(1) },
        ]
        .map(|event| at(30, event)),
    );
    log
}
