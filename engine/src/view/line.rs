//! A war as a line of a list, and the words for where it stands.

use serde::{Deserialize, Serialize};

use super::lookup::{ClanName, Lookup};
use crate::grammar::complete::Candidate;
use crate::model::{
    AtMs, Ballot, DurationMs, Format, Game, Outcome, Phase, Settlement, Side, War, WarId,
};
use crate::reply::Text;
use crate::rules;
use crate::store::Stored;

/// A war as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WarLine {
    /// Its id.
    pub id: WarId,
    /// The clan that challenged.
    pub host: ClanName,
    /// The clan that accepted.
    pub guest: Option<ClanName>,
    /// The one clan that was challenged, unless everybody was.
    pub named: Option<ClanName>,
    /// Whether only the two clans see it.
    pub private: bool,
    /// The game.
    pub game: Game,
    /// The match format.
    pub format: Format,
    /// How long it is played, in milliseconds.
    pub duration: DurationMs,
    /// How many players a side fields.
    pub players: usize,
    /// Where it stands.
    pub phase: Phase,
    /// When it was asked for.
    pub created_at: AtMs,
    /// When it lapses unless somebody accepts.
    pub lapses_at: AtMs,
    /// When it shall start, if not on acceptance.
    pub start_at: Option<AtMs>,
    /// When it starts or started.
    pub begins_at: Option<AtMs>,
    /// When its time is up.
    pub ends_at: Option<AtMs>,
    /// When the vote or the dispute closes, while there is one.
    pub closes_at: Option<AtMs>,
    /// How it ended, if it has an outcome.
    pub settlement: Option<Settlement>,
}

impl WarLine {
    pub(super) fn of(lookup: &mut Lookup<'_>, war: &War) -> Stored<Self> {
        let mut name = |clan: Option<_>| clan.map(|clan| lookup.name(clan)).transpose();
        let (guest, named) = (name(war.guest)?, name(war.named)?);
        Ok(Self {
            id: war.id,
            host: lookup.name(war.host)?,
            guest,
            named,
            private: war.private,
            game: lookup.game(war.game),
            format: war.format,
            duration: war.duration,
            players: war.line_ups.host.len(),
            phase: war.phase,
            created_at: war.created_at,
            lapses_at: war.lapses_at,
            start_at: war.start_at,
            begins_at: war.begins_at,
            ends_at: war.ends_at,
            closes_at: closes_at(war),
            settlement: war.settlement().cloned(),
        })
    }

    /// The clan of a side, once known.
    pub fn clan(&self, side: Side) -> Option<&ClanName> {
        match side {
            Side::Host => Some(&self.host),
            Side::Guest => self.guest.as_ref(),
        }
    }

    /// The war as something to choose in a line.
    pub fn candidate(&self) -> Candidate {
        let rival = self.guest.as_ref().map(|guest| format!(" – {}", guest.name));
        let (game, host, phase) = (&self.game.name, &self.host.name, self.phase.word());
        let rival = rival.unwrap_or_default();
        Candidate::new(self.id.to_string(), format!("{game}, {host}{rival}, {phase}"))
    }

    /// The other clan than this one, or what there is instead.
    pub(super) fn against(&self, clan: &ClanName) -> Text {
        let side = if self.host.id == clan.id { Side::Guest } else { Side::Host };
        match (self.clan(side), &self.named) {
            (Some(other), _) => Text::from(other),
            (None, Some(named)) => Text::from(named),
            (None, None) => Text::from("everybody"),
        }
    }

    /// Where it stands and until when, in words.
    pub fn state(&self) -> Text {
        let until = |word: &str, at: Option<AtMs>| match at {
            Some(at) => Text::from(word).and(" ").and(at),
            None => Text::from(word),
        };
        match self.phase {
            Phase::Open => until("open until", Some(self.lapses_at)),
            Phase::Scheduled => until("starts at", self.begins_at),
            Phase::Ongoing => until("ongoing until", self.ends_at),
            Phase::Settled => match self.settlement.as_ref().map(|settled| settled.outcome) {
                Some(outcome) => self.outcome(outcome),
                None => Text::from("settled"),
            },
            Phase::Voting => until("voting until", self.closes_at),
            Phase::Disputed => until("disputed until", self.closes_at),
            Phase::Withdrawn | Phase::Lapsed | Phase::Declined => Text::from(self.phase.word()),
        }
    }

    /// How it ended, why, and what that gave, each in a sentence; nothing while it has no outcome.
    pub fn story(&self) -> Vec<Text> {
        let (Some(settlement), Some(guest)) = (&self.settlement, &self.guest) else {
            return Vec::new();
        };
        vec![
            rules::outcome_words(&self.host, guest, settlement),
            rules::cause_words(&settlement.cause, &self.host, guest),
            rules::glory_words(&self.host, guest, settlement),
        ]
    }

    /// An outcome in a word and a clan's name.
    pub(super) fn outcome(&self, outcome: Outcome) -> Text {
        match outcome {
            Outcome::Won(side) => match self.clan(side) {
                Some(clan) => Text::from("won by ").and(clan),
                None => Text::from("won by the ").and(side.word()),
            },
            Outcome::Drawn => Text::from("drawn"),
            Outcome::Void => Text::from("void"),
        }
    }

    /// What a ballot says: the clan that won, with the score if there is one.
    pub fn ballot(&self, ballot: &Ballot) -> Text {
        let text = self.outcome(ballot.outcome);
        match ballot.score {
            Some(score) => text.and(format!(" {score}")),
            None => text,
        }
    }
}

/// When the last side's vote closes, or the dispute.
fn closes_at(war: &War) -> Option<AtMs> {
    let vote = Side::BOTH.into_iter().filter_map(|side| war.vote_closes_at(side)).max();
    vote.or_else(|| war.dispute_closes_at())
}
