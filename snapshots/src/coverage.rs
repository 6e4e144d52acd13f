//! What transcripts reach: reply codes, and the arrows along which a war goes.
//!
//! A war's way is read from what people are told of it, so that it is counted alike on every face.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use gmbot_engine::model::{Phase, WarId};
use gmbot_engine::reply::Code;

use crate::face::Answer;

/// Where a war is, as far as the drawing of its life tells places apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In a phase that is no settlement.
    In(Phase),
    /// Won by verdicts, proof, silence or the operator.
    Won,
    /// Drawn.
    Drawn,
    /// Void.
    Void,
    /// Won since the other side gave up.
    Conceded,
    /// Settled anew.
    Overturned,
}

/// One step in the life of a war.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrow {
    /// Where it was.
    pub from: Place,
    /// Where it is then.
    pub to: Place,
}

const fn arrow(from: Phase, to: Place) -> Arrow {
    Arrow { from: Place::In(from), to }
}

/// All arrows of the drawing.
pub const ARROWS: &[Arrow] = &[
    arrow(Phase::Open, Place::In(Phase::Scheduled)),
    arrow(Phase::Open, Place::In(Phase::Ongoing)),
    arrow(Phase::Open, Place::In(Phase::Withdrawn)),
    arrow(Phase::Open, Place::In(Phase::Lapsed)),
    arrow(Phase::Open, Place::In(Phase::Declined)),
    arrow(Phase::Scheduled, Place::In(Phase::Ongoing)),
    arrow(Phase::Scheduled, Place::Conceded),
    arrow(Phase::Ongoing, Place::In(Phase::Voting)),
    arrow(Phase::Ongoing, Place::Won),
    arrow(Phase::Ongoing, Place::Drawn),
    arrow(Phase::Ongoing, Place::Void),
    arrow(Phase::Ongoing, Place::Conceded),
    arrow(Phase::Voting, Place::Won),
    arrow(Phase::Voting, Place::Drawn),
    arrow(Phase::Voting, Place::Void),
    arrow(Phase::Voting, Place::Conceded),
    arrow(Phase::Voting, Place::In(Phase::Disputed)),
    arrow(Phase::Disputed, Place::Won),
    arrow(Phase::Disputed, Place::Drawn),
    arrow(Phase::Disputed, Place::Void),
    arrow(Phase::Disputed, Place::Conceded),
    Arrow { from: Place::Won, to: Place::Overturned },
];

/// What was reached so far.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    codes: BTreeSet<Code>,
    arrows: BTreeSet<Arrow>,
}

impl Coverage {
    /// Adds what other transcripts reached.
    pub fn merge(&mut self, other: &Self) {
        self.codes.extend(&other.codes);
        self.arrows.extend(&other.arrows);
    }

    /// The codes that nothing reached.
    pub fn missing_codes(&self) -> Vec<Code> {
        Code::ALL.iter().copied().filter(|code| !self.codes.contains(code)).collect()
    }

    /// The arrows that nothing reached.
    pub fn missing_arrows(&self) -> Vec<Arrow> {
        ARROWS.iter().copied().filter(|arrow| !self.arrows.contains(arrow)).collect()
    }
}

/// Follows the wars of one transcript.
#[derive(Debug, Default)]
pub(crate) struct Follower {
    wars: BTreeMap<WarId, Place>,
    pub(crate) coverage: Coverage,
}

impl Follower {
    /// Takes note of a reply or a notice.
    pub(crate) fn see(&mut self, answer: &Answer) {
        self.coverage.codes.insert(answer.code);
        let Some(to) = place_told(answer) else { return };
        let new = to == Place::In(Phase::Open);
        let Some(war) = ids(&answer.text).find(|id| new || self.wars.contains_key(id)) else {
            return;
        };
        match self.wars.get_mut(&war) {
            // Both sides are told, one after the other, and only the first time is a step.
            Some(from) if is_later(*from, to) => {
                self.coverage.arrows.insert(Arrow { from: *from, to });
                *from = to;
            }
            Some(_) => {}
            None => {
                self.wars.insert(war, to);
            }
        }
    }
}

/// Where a reply or a notice says that a war is now.
fn place_told(answer: &Answer) -> Option<Place> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others tell of no step of a war")]
    match answer.code {
        Code::WarCreated => Some(Place::In(Phase::Open)),
        Code::WarScheduled => Some(Place::In(Phase::Scheduled)),
        Code::WarAccepted | Code::WarStarted => Some(Place::In(Phase::Ongoing)),
        Code::WarWithdrawn => Some(Place::In(Phase::Withdrawn)),
        Code::ChallengeLapsed => Some(Place::In(Phase::Lapsed)),
        Code::WarDeclined => Some(Place::In(Phase::Declined)),
        Code::WhoWon => Some(Place::In(Phase::Voting)),
        Code::WarDisputed => Some(Place::In(Phase::Disputed)),
        Code::WarSettled => Some(settled(&answer.text)),
        Code::WarOverturned => Some(Place::Overturned),
        _ => None,
    }
}

fn settled(text: &str) -> Place {
    let title = text.lines().next().unwrap_or("");
    if text.contains(" gave up") {
        Place::Conceded
    } else if title.contains(": void") {
        Place::Void
    } else if title.contains(" drew") {
        Place::Drawn
    } else {
        Place::Won
    }
}

/// Whether `to` can come after `from`: what arrives late tells of no step back.
fn is_later(from: Place, to: Place) -> bool {
    let rank = |place| match place {
        Place::In(Phase::Open) => 0,
        Place::In(Phase::Scheduled) => 1,
        Place::In(Phase::Ongoing) => 2,
        Place::In(Phase::Voting) => 3,
        Place::In(Phase::Disputed) => 4,
        Place::In(Phase::Withdrawn | Phase::Lapsed | Phase::Declined | Phase::Settled)
        | Place::Won
        | Place::Drawn
        | Place::Void
        | Place::Conceded => 5,
        Place::Overturned => 6,
    };
    rank(to) > rank(from)
}

/// The words of a text that have the shape of a war's id.
fn ids(text: &str) -> impl Iterator<Item = WarId> + '_ {
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter_map(|word| word.parse().ok())
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::In(phase) => phase.word(),
            Self::Won => "won",
            Self::Drawn => "drawn",
            Self::Void => "void",
            Self::Conceded => "conceded",
            Self::Overturned => "overturned",
        })
    }
}

impl fmt::Display for Arrow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} → {}", self.from, self.to)
    }
}
