//! A war as it stands: who against whom, its line-ups, ballots and proof, and how it ended.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::format::{Format, Score};
use super::ids::{ClanId, GameId, PersonId, TextId, WarId};
use super::sides::{Side, Sides};
use super::time::{AtMs, DurationMs};
use crate::event::Event;

/// Who won, apart from why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// One side won.
    Won(Side),
    /// Nobody won.
    Drawn,
    /// Called off, or without any result.
    Void,
}

/// Where a war stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// A challenge that nobody has accepted yet.
    Open,
    /// Accepted; it starts later.
    Scheduled,
    /// Being played.
    Ongoing,
    /// Time is up and the sides are asked who won.
    Voting,
    /// The sides say different things.
    Disputed,
    /// It has an outcome; see [`War::settlement`].
    Settled,
    /// The host took the challenge back.
    Withdrawn,
    /// Nobody accepted in time.
    Lapsed,
    /// The challenged clan said no.
    Declined,
}

impl Phase {
    /// The phase as people read it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Scheduled => "scheduled",
            Self::Ongoing => "ongoing",
            Self::Voting => "voting",
            Self::Disputed => "disputed",
            Self::Settled => "settled",
            Self::Withdrawn => "withdrawn",
            Self::Lapsed => "lapsed",
            Self::Declined => "declined",
        }
    }

    /// Whether nothing is left to happen but an overturn.
    pub fn is_ended(self) -> bool {
        matches!(self, Self::Settled | Self::Withdrawn | Self::Lapsed | Self::Declined)
    }

    /// Whether ballots and proof are taken.
    pub fn is_played(self) -> bool {
        matches!(self, Self::Ongoing | Self::Voting | Self::Disputed)
    }

    /// Whether both sides are known and the war is not over.
    pub fn is_running(self) -> bool {
        matches!(self, Self::Scheduled | Self::Ongoing | Self::Voting | Self::Disputed)
    }
}

/// One person's word on who won.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Ballot {
    /// Who won, they say.
    pub outcome: Outcome,
    /// The score, if they gave one.
    pub score: Option<Score>,
}

/// The ballots of one side.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Ballots {
    /// Of players of the line-up.
    pub players: BTreeMap<PersonId, Ballot>,
    /// Of the leader and co-leaders outside the line-up; they count when no player voted.
    pub officers: BTreeMap<PersonId, Ballot>,
}

impl Ballots {
    /// Whether nobody voted.
    pub fn is_empty(&self) -> bool {
        self.players.is_empty() && self.officers.is_empty()
    }
}

/// Why a war has the outcome that it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Both sides said the same.
    Verdicts,
    /// One side said nothing for 24 hours after it was asked.
    Unanswered {
        /// The side that was silent.
        silent: Side,
    },
    /// Neither side said anything.
    Silence,
    /// The question could not be delivered to a silent side for 7 days.
    Undeliverable {
        /// The side that could not be reached.
        side: Side,
    },
    /// Only one side filed proof in a dispute.
    Proof {
        /// The side that did.
        side: Side,
    },
    /// A dispute closed without proof of one side alone.
    Unproven,
    /// One side gave up.
    Conceded {
        /// The side that did.
        side: Side,
    },
    /// The operator decided.
    Operator {
        /// Why, in the operator's words.
        reason: String,
    },
}

/// An outcome with what it gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Settlement {
    /// Who won.
    pub outcome: Outcome,
    /// The score on which the sides agree.
    pub score: Option<Score>,
    /// Why.
    pub cause: Cause,
    /// When it was recorded.
    pub at: AtMs,
    /// The glory that each side got.
    pub given: Sides<i64>,
}

/// The inputs of the glory formula, recorded when a war is first settled and used again whenever
/// it is overturned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Stakes {
    /// Wars between the two clans that ended won or drawn in the 7 days before, at most 9.
    pub recent: u32,
    /// The clans' glory just before.
    pub glory: Sides<i64>,
    /// Whether the clans shared a leader, co-leader or line-up player in the 7 days before.
    pub shared: bool,
    /// Whether a win of this side would be beyond its 5 a week over clans that have never won.
    pub capped: Sides<bool>,
}

/// An image or a link that a side filed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Proof {
    /// Whose.
    pub side: Side,
    /// Who filed it.
    pub by: PersonId,
    /// When.
    pub at: AtMs,
    /// What: the SHA-256 of an image that was copied, as hexadecimal digits, or a bare link.
    pub evidence: Evidence,
    /// A note that came with it.
    pub note: Option<TextId>,
}

/// What a proof consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// An image in the store, by the hexadecimal SHA-256 of its bytes.
    Image(String),
    /// A link whose text lies in the side table; it may expire.
    Link(TextId),
}

/// What people are reminded of, once each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reminder {
    /// An hour before the start.
    Start,
    /// An hour before the end.
    End,
    /// 12 hours before a side's vote closes.
    VoteSoon(Side),
    /// An hour before a side's vote closes.
    VoteLast(Side),
    /// 6 hours before a dispute closes.
    Dispute,
}

/// A war, with everything a rule may ask of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct War {
    /// Its id, as people type it.
    pub id: WarId,
    /// The clan that challenged.
    pub host: ClanId,
    /// The clan that accepted.
    pub guest: Option<ClanId>,
    /// The one clan that was challenged, unless everybody was.
    pub named: Option<ClanId>,
    /// Whether only the two clans see it.
    pub private: bool,
    /// The game.
    pub game: GameId,
    /// The match format.
    pub format: Format,
    /// How long it is played.
    pub duration: DurationMs,
    /// When it shall start, if not on acceptance.
    pub start_at: Option<AtMs>,
    /// When it was asked for.
    pub created_at: AtMs,
    /// When it lapses unless somebody accepts.
    pub lapses_at: AtMs,
    /// Who plays. The guest's is empty until somebody accepts.
    pub line_ups: Sides<Vec<PersonId>>,
    /// Where it stands.
    pub phase: Phase,
    /// When it was accepted.
    pub accepted_at: Option<AtMs>,
    /// When it starts or started; none until accepted.
    pub begins_at: Option<AtMs>,
    /// When its time is up; none until accepted.
    pub ends_at: Option<AtMs>,
    /// The ballots that decide it.
    pub ballots: Sides<Ballots>,
    /// Ballots cast after it was settled by verdicts; equal verdicts of both sides overturn it.
    pub appeals: Sides<Ballots>,
    /// When time was noted to be up, and the sides asked.
    pub asked_at: Option<AtMs>,
    /// When the question was delivered to each side.
    pub reached_at: Sides<Option<AtMs>>,
    /// When it became disputed.
    pub disputed_at: Option<AtMs>,
    /// What was filed, the oldest first.
    pub proofs: Vec<Proof>,
    /// What people were reminded of.
    pub reminded: BTreeSet<Reminder>,
    /// The inputs of the glory formula, once settled.
    pub stakes: Option<Stakes>,
    /// Its settlements: the first, then each overturn.
    pub settlements: Vec<Settlement>,
    /// When anything last happened to it; no later event is recorded before this.
    pub last_at: AtMs,
}

impl War {
    /// The clan of a side, once known.
    pub fn clan(&self, side: Side) -> Option<ClanId> {
        match side {
            Side::Host => Some(self.host),
            Side::Guest => self.guest,
        }
    }

    /// The side that a clan is on.
    pub fn side_of(&self, clan: ClanId) -> Option<Side> {
        Side::BOTH.into_iter().find(|side| self.clan(*side) == Some(clan))
    }

    /// The side whose line-up a person is in.
    pub fn player_side(&self, person: PersonId) -> Option<Side> {
        Side::BOTH.into_iter().find(|side| self.line_ups.of(*side).contains(&person))
    }

    /// How it ended, if it has an outcome.
    pub fn settlement(&self) -> Option<&Settlement> {
        self.settlements.last()
    }

    /// Whether anybody cast a ballot yet.
    pub fn has_ballots(&self) -> bool {
        !(self.ballots.host.is_empty() && self.ballots.guest.is_empty())
    }

    /// Whether a clan has filed proof.
    pub fn has_proof(&self, side: Side) -> bool {
        self.proofs.iter().any(|proof| proof.side == side)
    }

    /// The war that a `WarCreated` tells of; `None` for any other event.
    pub fn created(at: AtMs, event: &Event) -> Option<Self> {
        let Event::WarCreated {
            war,
            host,
            named,
            private,
            game,
            format,
            duration,
            start_at,
            lapses_at,
            line_up,
        } = event
        else {
            return None;
        };
        Some(Self {
            id: *war,
            host: *host,
            guest: None,
            named: *named,
            private: *private,
            game: *game,
            format: *format,
            duration: *duration,
            start_at: *start_at,
            created_at: at,
            lapses_at: *lapses_at,
            line_ups: Sides { host: line_up.clone(), guest: Vec::new() },
            phase: Phase::Open,
            accepted_at: None,
            begins_at: None,
            ends_at: None,
            ballots: Sides::default(),
            appeals: Sides::default(),
            asked_at: None,
            reached_at: Sides::default(),
            disputed_at: None,
            proofs: Vec::new(),
            reminded: BTreeSet::new(),
            stakes: None,
            settlements: Vec::new(),
            last_at: at,
        })
    }

    /// Changes the war as an event says. Events of other wars, clans and persons change nothing.
    pub fn apply(&mut self, at: AtMs, event: &Event) {
        self.last_at = self.last_at.max(at);
        self.apply_course(at, event);
        self.apply_evidence(at, event);
    }

    /// The events that move it along its phases.
    fn apply_course(&mut self, at: AtMs, event: &Event) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "phases change by these events alone")]
        match event {
            Event::WarWithdrawn { .. } => self.phase = Phase::Withdrawn,
            Event::WarLapsed { .. } => self.phase = Phase::Lapsed,
            Event::WarDeclined { .. } => self.phase = Phase::Declined,
            Event::WarAccepted { guest, line_up, begins_at, ends_at, .. } => {
                self.guest = Some(*guest);
                self.line_ups.guest.clone_from(line_up);
                self.accepted_at = Some(at);
                self.begins_at = Some(*begins_at);
                self.ends_at = Some(*ends_at);
                self.phase = if *begins_at > at { Phase::Scheduled } else { Phase::Ongoing };
            }
            Event::WarStarted { .. } => self.phase = Phase::Ongoing,
            Event::TimeRanOut { .. } => {
                self.phase = Phase::Voting;
                self.asked_at = Some(at);
            }
            Event::QuestionDelivered { side, .. } => {
                self.reached_at.of_mut(*side).get_or_insert(at);
            }
            Event::WarDisputed { .. } => {
                self.phase = Phase::Disputed;
                self.disputed_at = Some(at);
            }
            Event::WarSettled { settlement, stakes, .. } => {
                self.phase = Phase::Settled;
                self.stakes = Some(*stakes);
                self.settlements.push(settlement.clone());
            }
            Event::WarOverturned { settlement, .. } => {
                // It is settled already, unless a log says that it was accepted once more since.
                self.phase = Phase::Settled;
                if settlement.cause == Cause::Verdicts {
                    self.ballots = std::mem::take(&mut self.appeals);
                }
                self.appeals = Sides::default();
                self.settlements.push(settlement.clone());
            }
            _ => {}
        }
    }

    /// The events that add what people say and show.
    fn apply_evidence(&mut self, at: AtMs, event: &Event) {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "evidence changes by these events alone"
        )]
        match event {
            Event::PlayerSubstituted { side, out, r#in, .. } => {
                for player in self.line_ups.of_mut(*side).iter_mut().filter(|p| *p == out) {
                    *player = *r#in;
                }
            }
            Event::BallotCast { side, by, ballot, officer, .. } => {
                let ballots = self.current_ballots_mut(*side);
                let cast = if *officer { &mut ballots.officers } else { &mut ballots.players };
                cast.insert(*by, *ballot);
            }
            Event::BallotWithdrawn { side, by, .. } => {
                let ballots = self.current_ballots_mut(*side);
                ballots.players.remove(by);
                ballots.officers.remove(by);
            }
            Event::ProofFiled { side, by, evidence, note, .. } => self.proofs.push(Proof {
                side: *side,
                by: *by,
                at,
                evidence: evidence.clone(),
                note: *note,
            }),
            Event::ReminderSent { reminder, .. } => {
                self.reminded.insert(*reminder);
            }
            _ => {}
        }
    }

    /// The ballots that a new one joins: the deciding ones, or after the settlement the appeals.
    pub fn current_ballots(&self, side: Side) -> &Ballots {
        if self.phase == Phase::Settled { self.appeals.of(side) } else { self.ballots.of(side) }
    }

    fn current_ballots_mut(&mut self, side: Side) -> &mut Ballots {
        if self.phase == Phase::Settled {
            self.appeals.of_mut(side)
        } else {
            self.ballots.of_mut(side)
        }
    }
}
