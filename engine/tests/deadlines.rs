//! What a war comes to by itself, checked on the pure model: no store, no clock.

use gmbot_engine::event::Event;
use gmbot_engine::model::war::Evidence;
use gmbot_engine::model::{
    AtMs, Ballot, Cause, ClanId, Due, DurationMs, Format, GameId, Outcome, PersonId, Phase, Score,
    Side, TextId, War, WarId,
};

const HOUR: i64 = 3_600_000;
const HOST: Outcome = Outcome::Won(Side::Host);
const GUEST: Outcome = Outcome::Won(Side::Guest);

/// A war of two against two that is accepted at hour 0 and lasts 24 hours.
struct Rehearsal(War);

fn person(number: usize) -> PersonId {
    ["aaaaaaaa2", "bbbbbbbb2", "cccccccc2", "dddddddd2", "eeeeeeee2"][number].parse().unwrap()
}

impl Rehearsal {
    fn open() -> Self {
        let war: WarId = "k3xp2".parse().unwrap();
        let host: ClanId = "hhhhhh2".parse().unwrap();
        let created = Event::WarCreated {
            war,
            host,
            named: None,
            private: false,
            game: GameId(4),
            format: Format::FirstTo(3),
            duration: DurationMs::hours(24),
            start_at: None,
            lapses_at: AtMs(24 * HOUR),
            line_up: vec![person(0), person(1)],
        };
        Self(War::created(AtMs(0), &created).unwrap())
    }

    fn ongoing() -> Self {
        let mut this = Self::open();
        let accepted = Event::WarAccepted {
            war: this.0.id,
            guest: "gggggg2".parse().unwrap(),
            line_up: vec![person(2), person(3)],
            begins_at: AtMs(0),
            ends_at: AtMs(24 * HOUR),
        };
        this.add(0, accepted);
        this
    }

    fn voting() -> Self {
        let mut this = Self::ongoing();
        this.add(24, Event::TimeRanOut { war: this.0.id });
        this
    }

    fn disputed() -> Self {
        let mut this = Self::voting();
        this.votes(0, HOST, None).votes(1, HOST, None);
        this.votes(2, GUEST, None).votes(3, GUEST, None);
        let (war, host, guest) = (this.0.id, this.0.host, this.0.guest.unwrap());
        this.add(25, Event::WarDisputed { war, host, guest });
        this
    }

    fn add(&mut self, hour: i64, event: Event) -> &mut Self {
        self.0.apply(AtMs(hour * HOUR), &event);
        self
    }

    fn reached(&mut self, side: Side, hour: i64) -> &mut Self {
        self.add(hour, Event::QuestionDelivered { war: self.0.id, side })
    }

    /// Persons 0 and 1 play for the host, 2 and 3 for the guest; 4 is the guest's officer.
    fn votes(&mut self, number: usize, outcome: Outcome, score: Option<(u8, u8)>) -> &mut Self {
        let side = if number < 2 { Side::Host } else { Side::Guest };
        let score = score.map(|(host, guest)| Score { host, guest });
        let ballot = Ballot { outcome, score };
        let (war, by) = (self.0.id, person(number));
        self.add(1, Event::BallotCast { war, side, by, ballot, officer: number == 4 })
    }

    fn files(&mut self, side: Side) -> &mut Self {
        let evidence = Evidence::Link("tttttttt22".parse::<TextId>().unwrap());
        let (war, by) = (self.0.id, person(0));
        self.add(25, Event::ProofFiled { war, side, by, evidence, note: None })
    }

    /// The deadline that is due at an hour; reminders do not count.
    fn due(&self, hour: i64) -> Option<Due> {
        self.0.due(AtMs(hour * HOUR)).filter(|due| !matches!(due, Due::Remind(_)))
    }
}

fn settle(outcome: Outcome, cause: Cause) -> Option<Due> {
    Some(Due::Settle(outcome, None, cause))
}

#[test]
fn a_challenge_lapses_after_a_day() {
    assert_eq!(Rehearsal::open().due(23), None);
    assert_eq!(Rehearsal::open().due(24), Some(Due::Lapse));
}

#[test]
fn equal_majorities_settle_at_once_and_unequal_ones_wait_for_the_end() {
    let mut war = Rehearsal::ongoing();
    war.votes(0, HOST, Some((3, 1))).votes(1, HOST, Some((3, 1))).votes(2, HOST, None);
    assert_eq!(war.due(2), None, "half a line-up is no majority");
    war.votes(3, HOST, None);
    let score = Some(Score { host: 3, guest: 1 });
    assert_eq!(war.due(2), Some(Due::Settle(HOST, score, Cause::Verdicts)));
    war.votes(2, GUEST, None).votes(3, GUEST, None);
    assert_eq!(war.due(23), None);
    assert_eq!(war.due(24), Some(Due::TimeUp));
}

#[test]
fn scores_that_differ_are_left_blank() {
    let mut war = Rehearsal::ongoing();
    for (number, score) in [(0, (3, 1)), (1, (3, 1)), (2, (3, 2)), (3, (3, 2))] {
        war.votes(number, HOST, Some(score));
    }
    assert_eq!(war.due(2), settle(HOST, Cause::Verdicts));
}

#[test]
fn unequal_verdicts_are_disputed_when_time_is_up() {
    let mut war = Rehearsal::voting();
    for (number, outcome) in [(0, HOST), (1, HOST), (2, GUEST), (3, GUEST)] {
        war.votes(number, outcome, None);
    }
    assert_eq!(war.due(24), Some(Due::Dispute));
}

#[test]
fn a_silent_side_has_a_day_from_the_delivery_of_the_question() {
    let mut war = Rehearsal::voting();
    war.votes(0, HOST, None).votes(1, HOST, None).reached(Side::Guest, 30);
    assert_eq!(war.due(53), None);
    assert_eq!(war.due(54), settle(HOST, Cause::Unanswered { silent: Side::Guest }));
}

#[test]
fn a_side_that_could_not_be_asked_for_a_week_makes_the_war_void() {
    let mut war = Rehearsal::voting();
    war.votes(0, HOST, None).votes(1, HOST, None).reached(Side::Host, 24);
    assert_eq!(war.due(24 + 167), None);
    assert_eq!(
        war.due(24 + 168),
        settle(Outcome::Void, Cause::Undeliverable { side: Side::Guest })
    );
}

#[test]
fn two_silent_sides_make_the_war_void() {
    let mut war = Rehearsal::voting();
    war.reached(Side::Host, 24).reached(Side::Guest, 26);
    assert_eq!(war.due(49), None, "the guest still has time");
    assert_eq!(war.due(50), settle(Outcome::Void, Cause::Silence));
}

#[test]
fn when_the_time_is_over_the_plurality_counts_and_a_tie_is_a_dispute() {
    let mut war = Rehearsal::voting();
    war.reached(Side::Host, 24).reached(Side::Guest, 24);
    war.votes(0, HOST, None).votes(2, HOST, None);
    assert_eq!(war.due(47), None, "one of two is no majority");
    assert_eq!(war.due(48), settle(HOST, Cause::Verdicts));
    war.votes(3, GUEST, None);
    assert_eq!(war.due(48), Some(Due::Dispute));
}

#[test]
fn an_officer_counts_only_where_no_player_voted() {
    let mut war = Rehearsal::voting();
    war.reached(Side::Host, 24).reached(Side::Guest, 24).votes(0, HOST, None).votes(4, HOST, None);
    assert_eq!(war.due(47), None);
    assert_eq!(war.due(48), settle(HOST, Cause::Verdicts));
    war.votes(2, GUEST, None);
    assert_eq!(war.due(48), Some(Due::Dispute), "a player's ballot outweighs the officer's");
}

#[test]
fn a_dispute_ends_for_the_only_side_with_proof() {
    let mut war = Rehearsal::disputed();
    assert_eq!(war.due(48), None);
    assert_eq!(war.due(49), settle(Outcome::Void, Cause::Unproven));
    war.files(Side::Guest);
    assert_eq!(war.due(49), settle(GUEST, Cause::Proof { side: Side::Guest }));
    war.files(Side::Host);
    assert_eq!(war.due(49), settle(Outcome::Void, Cause::Unproven));
}

#[test]
fn changed_ballots_end_a_dispute_at_once() {
    let mut war = Rehearsal::disputed();
    war.votes(2, HOST, None).votes(3, HOST, None);
    assert_eq!(war.due(26), settle(HOST, Cause::Verdicts));
}

#[test]
fn the_next_moment_is_never_later_than_what_falls_due() {
    let mut war = Rehearsal::voting();
    war.reached(Side::Host, 24).reached(Side::Guest, 26);
    assert_eq!(war.0.phase, Phase::Voting);
    let next = war.0.next_at().unwrap();
    assert_eq!(next, AtMs(36 * HOUR), "the host's first reminder");
    assert!(war.0.due(AtMs(next.0 - 1)).is_none());
    assert!(war.0.due(next).is_some());
}
