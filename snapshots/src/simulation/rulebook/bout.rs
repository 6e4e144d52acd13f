//! One war by the rules as they are written down: what its people say decides, and when.
//!
//! Nothing here asks the engine: this is a second reading of the same rules, to compare with.

use std::collections::{BTreeMap, BTreeSet};

use gmbot_engine::model::{
    AtMs, Ballot, Cause, ClanId, DurationMs, Format, Outcome, PersonId, Reminder, Score, Side,
    Sides, WarId,
};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Where a war stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulation) enum Stage {
    Open,
    Scheduled,
    Ongoing,
    Voting,
    Disputed,
    Settled,
    /// Withdrawn, lapsed or declined.
    Closed,
}

/// What has to happen by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    Lapse,
    Start,
    TimeUp,
    Dispute,
    End(Outcome, Reason),
}

/// Why a war ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    Agreed,
    /// One side was silent.
    Silent(Side),
    BothSilent,
    Unreached,
    ProofOf(Side),
    Unproven,
}

impl Reason {
    /// Whether the engine means the same.
    pub(super) fn is(self, cause: &Cause) -> bool {
        match (self, cause) {
            (Self::Silent(side), Cause::Unanswered { silent }) => side == *silent,
            (Self::ProofOf(side), Cause::Proof { side: of }) => side == *of,
            (Self::Agreed, Cause::Verdicts)
            | (Self::BothSilent, Cause::Silence)
            | (Self::Unreached, Cause::Undeliverable { .. })
            | (Self::Unproven, Cause::Unproven) => true,
            _ => false,
        }
    }
}

/// The ballots of one side.
#[derive(Debug, Clone, Default)]
pub(in crate::simulation) struct Urn {
    pub(in crate::simulation) players: BTreeMap<PersonId, Ballot>,
    pub(in crate::simulation) officers: BTreeMap<PersonId, Ballot>,
}

/// What a side says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Voice {
    Says(Outcome),
    Tie,
    Nothing,
}

/// A settlement: when, what, and what it gave.
#[derive(Debug, Clone)]
pub(super) struct Ending {
    pub(super) outcome: Outcome,
    pub(super) given: Sides<i64>,
}

/// One war.
#[derive(Debug, Clone)]
pub(in crate::simulation) struct Bout {
    pub(in crate::simulation) id: WarId,
    pub(in crate::simulation) host: ClanId,
    pub(in crate::simulation) guest: Option<ClanId>,
    pub(in crate::simulation) named: Option<ClanId>,
    pub(in crate::simulation) private: bool,
    pub(in crate::simulation) stage: Stage,
    pub(in crate::simulation) line_ups: Sides<Vec<PersonId>>,
    pub(in crate::simulation) format: Format,
    pub(super) duration: DurationMs,
    pub(super) start_at: Option<AtMs>,
    pub(super) lapses_at: AtMs,
    pub(super) begins_at: AtMs,
    pub(super) ends_at: AtMs,
    pub(super) urns: Sides<Urn>,
    pub(super) appeals: Sides<Urn>,
    pub(super) asked_at: AtMs,
    pub(super) reached_at: Sides<Option<AtMs>>,
    pub(super) disputed_at: AtMs,
    pub(super) proof: Sides<bool>,
    pub(super) reminded: BTreeSet<Reminder>,
    /// When it was first settled, and whether verdicts did that.
    pub(super) first: Option<(AtMs, bool)>,
    pub(super) ending: Option<Ending>,
    /// Sides that had never won when it was first settled.
    pub(super) novices: Sides<bool>,
    pub(super) last_at: AtMs,
}

impl Bout {
    pub(super) fn clan(&self, side: Side) -> Option<ClanId> {
        match side {
            Side::Host => Some(self.host),
            Side::Guest => self.guest,
        }
    }

    /// Whether a clan takes part, or is asked to.
    pub(in crate::simulation) fn concerns(&self, clan: ClanId) -> bool {
        self.host == clan || self.guest == Some(clan) || self.named == Some(clan)
    }

    pub(in crate::simulation) fn is_live(&self) -> bool {
        !matches!(self.stage, Stage::Settled | Stage::Closed)
    }

    /// The side a person plays for.
    pub(in crate::simulation) fn plays_for(&self, person: PersonId) -> Option<Side> {
        Side::BOTH.into_iter().find(|side| self.line_ups.of(*side).contains(&person))
    }

    /// Until when equal new verdicts overturn it.
    pub(super) fn appeals_until(&self) -> Option<AtMs> {
        let (at, by_verdicts) = self.first?;
        by_verdicts.then_some(AtMs(at.0 + DAY_MS))
    }

    /// What has to happen now, if anything.
    pub(super) fn due(&self, now: AtMs) -> Option<Due> {
        match self.stage {
            Stage::Open => (now >= self.lapses_at).then_some(Due::Lapse),
            Stage::Scheduled => (now >= self.begins_at).then_some(Due::Start),
            Stage::Ongoing => self
                .agreed(&self.urns)
                .map(|outcome| Due::End(outcome, Reason::Agreed))
                .or((now >= self.ends_at).then_some(Due::TimeUp)),
            Stage::Voting => self.vote(now),
            Stage::Disputed => self.dispute(now),
            Stage::Settled | Stage::Closed => None,
        }
    }

    /// What both line-ups say by more than half each, if that is the same.
    pub(super) fn agreed(&self, urns: &Sides<Urn>) -> Option<Outcome> {
        let says = |side| most_of(urns.of(side), self.line_ups.of(side).len());
        let host = says(Side::Host)?;
        (says(Side::Guest) == Some(host)).then_some(host)
    }

    /// A side's verdict: its majority at any time, else what its ballots come to once its time is
    /// over; none while it still has time.
    fn voice(&self, side: Side, now: AtMs) -> Option<Voice> {
        let urn = self.urns.of(side);
        if let Some(outcome) = most_of(urn, self.line_ups.of(side).len()) {
            return Some(Voice::Says(outcome));
        }
        let closes = match self.reached_at.of(side) {
            Some(reached) => reached.0 + DAY_MS,
            None => self.asked_at.0 + 7 * DAY_MS,
        };
        (now.0 >= closes).then(|| plurality(urn))
    }

    fn vote(&self, now: AtMs) -> Option<Due> {
        let (host, guest) = (self.voice(Side::Host, now)?, self.voice(Side::Guest, now)?);
        let lost = |side, voice| voice == Voice::Nothing && self.reached_at.of(side).is_none();
        if lost(Side::Host, host) || lost(Side::Guest, guest) {
            return Some(Due::End(Outcome::Void, Reason::Unreached));
        }
        Some(match (host, guest) {
            (Voice::Nothing, Voice::Nothing) => Due::End(Outcome::Void, Reason::BothSilent),
            (Voice::Says(outcome), Voice::Nothing) => {
                Due::End(outcome, Reason::Silent(Side::Guest))
            }
            (Voice::Nothing, Voice::Says(outcome)) => Due::End(outcome, Reason::Silent(Side::Host)),
            (Voice::Says(host), Voice::Says(guest)) if host == guest => {
                Due::End(host, Reason::Agreed)
            }
            _ => Due::Dispute,
        })
    }

    fn dispute(&self, now: AtMs) -> Option<Due> {
        let voices = Sides::each(|side| plurality(self.urns.of(side)));
        if let Voice::Says(outcome) = voices.host
            && voices.guest == voices.host
        {
            return Some(Due::End(outcome, Reason::Agreed));
        }
        if now.0 < self.disputed_at.0 + DAY_MS {
            return None;
        }
        let proven = match (self.proof.host, self.proof.guest) {
            (true, false) => Some(Side::Host),
            (false, true) => Some(Side::Guest),
            _ => None,
        };
        Some(match proven.map(|side| (side, *voices.of(side))) {
            Some((side, Voice::Says(outcome))) => Due::End(outcome, Reason::ProofOf(side)),
            _ => Due::End(Outcome::Void, Reason::Unproven),
        })
    }
}

/// What more than half of a line-up says.
fn most_of(urn: &Urn, line_up: usize) -> Option<Outcome> {
    let said = |outcome| urn.players.values().filter(|ballot| ballot.outcome == outcome).count();
    OUTCOMES.into_iter().find(|outcome| said(*outcome) > line_up / 2)
}

/// What most ballots say: of players, or of officers where no player voted.
fn plurality(urn: &Urn) -> Voice {
    let counted = if urn.players.is_empty() { &urn.officers } else { &urn.players };
    let said = |outcome| counted.values().filter(|ballot| ballot.outcome == outcome).count();
    let most = OUTCOMES.into_iter().map(said).max().unwrap_or(0);
    let first: Vec<Outcome> =
        OUTCOMES.into_iter().filter(|outcome| said(*outcome) == most).collect();
    match first.as_slice() {
        _ if most == 0 => Voice::Nothing,
        [only] => Voice::Says(*only),
        _ => Voice::Tie,
    }
}

const OUTCOMES: [Outcome; 4] =
    [Outcome::Won(Side::Host), Outcome::Won(Side::Guest), Outcome::Drawn, Outcome::Void];

/// Whether a score can come about and fits the winner.
pub(super) fn possible(format: Format, score: Score, outcome: Outcome) -> bool {
    let wins = match format {
        Format::FirstTo(wins) => wins,
        Format::BestOf(matches) => matches.div_ceil(2),
        Format::Single => 1,
    };
    match outcome {
        Outcome::Won(Side::Host) => score.host == wins && score.guest < wins,
        Outcome::Won(Side::Guest) => score.guest == wins && score.host < wins,
        Outcome::Drawn => score.host == score.guest && score.host < wins,
        Outcome::Void => false,
    }
}
