//! Who may see what of a war: the one place where that is decided for every face.

use super::Viewer;
use crate::model::war::Ballots;
use crate::model::{AtMs, Phase, Sides, War};
use crate::rules;
use crate::store::{Read, Stored};

/// Whether a viewer may know of a war at all.
pub(super) fn may_see(war: &War, viewer: &Viewer) -> bool {
    rules::may_see(war, &viewer.who())
}

/// What a viewer may see of a war besides its public face.
pub(super) struct Insight {
    /// Whether the viewer belongs to a side; never to both.
    side: Sides<bool>,
    operator: bool,
    settled: bool,
}

impl Insight {
    pub(super) fn of(read: &dyn Read, war: &War, viewer: &Viewer) -> Stored<Self> {
        let is_member = match (viewer.clan, viewer.person) {
            (Some(clan), Some(person)) => read.member(clan, person)?.is_some(),
            // Whoever is not known, and a client that names nobody, sees what a stranger sees.
            (Some(_), None) | (None, _) => false,
        };
        Ok(Self::new(war, viewer, is_member))
    }

    /// `is_member`: whether the viewer belongs to the clan that they look from.
    fn new(war: &War, viewer: &Viewer, is_member: bool) -> Self {
        // Whoever plays is of the side they play for, wherever they look from.
        let plays_for = viewer.person.and_then(|person| war.player_side(person));
        let looks_from = viewer.clan.filter(|_| is_member).and_then(|clan| war.side_of(clan));
        let own = plays_for.or(looks_from);
        Self {
            side: Sides::each(|side| own == Some(side)),
            operator: viewer.operator,
            settled: war.phase == Phase::Settled,
        }
    }

    /// The deciding ballots: sealed until the war is settled, but for one's own side.
    pub(super) fn ballots(&self, war: &War) -> Sides<Option<Ballots>> {
        Sides::each(|side| {
            let open = self.settled || *self.side.of(side);
            open.then(|| war.ballots.of(side).clone())
        })
    }

    /// The ballots cast after the settlement: sealed, but for one's own side.
    pub(super) fn appeals(&self, war: &War) -> Sides<Option<Ballots>> {
        Sides::each(|side| self.side.of(side).then(|| war.appeals.of(side).clone()))
    }

    /// When a side's vote closes: for itself alone, since it says whether the side has spoken.
    pub(super) fn vote_closes_at(&self, war: &War) -> Sides<Option<AtMs>> {
        Sides::each(|side| war.vote_closes_at(side).filter(|_| *self.side.of(side)))
    }

    /// What the two clans show and tell each other, proof, notes and messages: for them and the operator.
    pub(super) fn exchanged(&self) -> bool {
        self.side.host || self.side.guest || self.operator
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Event;
    use crate::model::{
        Ballot, Cause, ClanId, DurationMs, Format, GameId, Outcome, PersonId, Settlement, Side,
        Stakes,
    };

    fn person(id: &str) -> PersonId {
        id.parse().expect("an id")
    }

    fn clan(id: &str) -> ClanId {
        id.parse().expect("an id")
    }

    const HOST: &str = "hhhhhh2";
    const GUEST: &str = "gggggg2";
    const OTHER: &str = "aaaaaa2";
    const HOST_PLAYER: &str = "hhhhhhhh2";
    const GUEST_PLAYER: &str = "gggggggg2";
    const NOBODY: &str = "aaaaaaaa2";

    /// A war on which both sides voted.
    fn war() -> War {
        let at = AtMs(0);
        let id = "war22".parse().expect("an id");
        let created = Event::WarCreated {
            war: id,
            host: clan(HOST),
            named: None,
            private: true,
            game: GameId(4),
            format: Format::FirstTo(3),
            duration: DurationMs::hours(24),
            start_at: None,
            lapses_at: at,
            line_up: vec![person(HOST_PLAYER)],
        };
        let mut war = War::created(at, &created).expect("a war");
        let guest = clan(GUEST);
        let line_up = vec![person(GUEST_PLAYER)];
        let ends_at = at + war.duration;
        war.apply(at, &Event::WarAccepted { war: id, guest, line_up, begins_at: at, ends_at });
        vote(&mut war, Side::Host, HOST_PLAYER);
        vote(&mut war, Side::Guest, GUEST_PLAYER);
        war
    }

    fn vote(war: &mut War, side: Side, by: &str) {
        let ballot = Ballot { outcome: Outcome::Drawn, score: None };
        let (war_id, by) = (war.id, person(by));
        war.apply(AtMs(0), &Event::BallotCast { war: war_id, side, by, ballot, officer: false });
    }

    fn settle(war: &mut War) {
        let settlement = Settlement {
            outcome: Outcome::Drawn,
            score: None,
            cause: Cause::Verdicts,
            at: AtMs(0),
            given: Sides::default(),
        };
        let stakes =
            Stakes { recent: 0, glory: Sides::default(), shared: false, capped: Sides::default() };
        let (host, guest) = (clan(HOST), clan(GUEST));
        war.apply(AtMs(0), &Event::WarSettled { war: war.id, host, guest, settlement, stakes });
    }

    fn viewer(person_id: Option<&str>, clan_id: Option<&str>) -> Viewer {
        Viewer { person: person_id.map(person), clan: clan_id.map(clan), operator: false }
    }

    /// Which sides' ballots, which appeals, and whether proof can be seen.
    fn seen(war: &War, viewer: &Viewer, is_member: bool) -> (Sides<bool>, Sides<bool>, bool) {
        let insight = Insight::new(war, viewer, is_member);
        let (ballots, appeals) = (insight.ballots(war), insight.appeals(war));
        (
            Sides::each(|side| ballots.of(side).is_some()),
            Sides::each(|side| appeals.of(side).is_some()),
            insight.exchanged(),
        )
    }

    const HOSTS: Sides<bool> = Sides { host: true, guest: false };
    const GUESTS: Sides<bool> = Sides { host: false, guest: true };
    const NONE: Sides<bool> = Sides { host: false, guest: false };
    const BOTH: Sides<bool> = Sides { host: true, guest: true };

    #[test]
    fn ballots_are_sealed_but_for_ones_own_side_until_the_war_is_settled() {
        let mut war = war();
        let cases = [
            ("a player", viewer(Some(HOST_PLAYER), Some(HOST)), true, HOSTS),
            ("a player in private", viewer(Some(GUEST_PLAYER), None), false, GUESTS),
            (
                "a player in the other clan's space",
                viewer(Some(HOST_PLAYER), Some(GUEST)),
                true,
                HOSTS,
            ),
            ("a member", viewer(Some(NOBODY), Some(GUEST)), true, GUESTS),
            ("a stranger in a clan's space", viewer(Some(NOBODY), Some(HOST)), false, NONE),
            ("a member of a third clan", viewer(Some(NOBODY), Some(OTHER)), true, NONE),
            ("an unknown account in a clan's space", viewer(None, Some(HOST)), false, NONE),
            ("nobody in particular", viewer(None, None), false, NONE),
            ("the operator", Viewer { operator: true, ..Viewer::default() }, false, NONE),
        ];
        for (who, viewer, is_member, side) in &cases {
            let (ballots, appeals, proof) = seen(&war, viewer, *is_member);
            assert_eq!((ballots, appeals), (*side, *side), "{who}");
            assert_eq!(proof, *side != NONE || viewer.operator, "{who}");
        }
        settle(&mut war);
        for (who, viewer, is_member, side) in &cases {
            let (ballots, appeals, _) = seen(&war, viewer, *is_member);
            assert_eq!((ballots, appeals), (BOTH, *side), "{who}, settled");
        }
    }

    #[test]
    fn a_private_war_is_seen_by_its_clans_players_and_the_operator_alone() {
        let war = war();
        let operator = Viewer { operator: true, ..Viewer::default() };
        let cases = [
            (viewer(Some(NOBODY), Some(HOST)), true),
            (viewer(Some(GUEST_PLAYER), None), true),
            (operator, true),
            (viewer(Some(NOBODY), Some(OTHER)), false),
            (viewer(None, None), false),
        ];
        for (viewer, expect) in cases {
            assert_eq!(may_see(&war, &viewer), expect, "{viewer:?}");
        }
    }
}
