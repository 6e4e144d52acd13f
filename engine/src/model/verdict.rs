//! What a side says, made of what its people say.

use std::collections::BTreeMap;

use super::format::Score;
use super::sides::Side;
use super::war::{Ballot, Ballots, Outcome, War};

/// What a side says when it has had its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It said this, with the score that most of those ballots give.
    For(Outcome, Option<Score>),
    /// Its ballots tie.
    Tied,
    /// Nobody voted.
    Silent,
}

impl War {
    /// What more than half of a side's line-up says; this stands before the voting time is over.
    pub fn majority(&self, side: Side) -> Option<(Outcome, Option<Score>)> {
        majority(self.ballots.of(side), self.line_ups.of(side).len())
    }

    /// The same for the ballots cast after the war was settled.
    pub fn appeal_majority(&self, side: Side) -> Option<(Outcome, Option<Score>)> {
        majority(self.appeals.of(side), self.line_ups.of(side).len())
    }

    /// What a side says when its voting time is over: the plurality of its players' ballots, or, if
    /// no player voted, of its leader's and co-leaders'.
    pub fn verdict(&self, side: Side) -> Verdict {
        let ballots = self.ballots.of(side);
        let counted = if ballots.players.is_empty() { &ballots.officers } else { &ballots.players };
        let ranked = rank(counted.values().map(|ballot| ballot.outcome));
        match ranked.as_slice() {
            [] => Verdict::Silent,
            [(_, first), (_, second), ..] if first == second => Verdict::Tied,
            [(outcome, _), ..] => Verdict::For(*outcome, score_for(counted.values(), *outcome)),
        }
    }
}

/// The score on which two sides that agree on the winner agree: the same one, or the only one.
pub fn agreed_score(host: Option<Score>, guest: Option<Score>) -> Option<Score> {
    match (host, guest) {
        (Some(host), Some(guest)) => (host == guest).then_some(host),
        (one, other) => one.or(other),
    }
}

fn majority(ballots: &Ballots, line_up: usize) -> Option<(Outcome, Option<Score>)> {
    let ranked = rank(ballots.players.values().map(|ballot| ballot.outcome));
    let (outcome, count) = *ranked.first()?;
    (count * 2 > line_up).then(|| (outcome, score_for(ballots.players.values(), outcome)))
}

/// The score that most ballots for `outcome` give; none where two are given equally often.
fn score_for<'a>(ballots: impl Iterator<Item = &'a Ballot>, outcome: Outcome) -> Option<Score> {
    let given = ballots.filter(|ballot| ballot.outcome == outcome).filter_map(|b| b.score);
    match rank(given).as_slice() {
        [(_, first), (_, second), ..] if first == second => None,
        [(score, _), ..] => Some(*score),
        [] => None,
    }
}

/// Values with how often they occur, the most frequent first.
fn rank<T: Ord + Copy>(values: impl Iterator<Item = T>) -> Vec<(T, usize)> {
    let mut counts = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_insert(0) += 1;
    }
    let mut ranked: Vec<_> = counts.into_iter().collect();
    ranked.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    ranked
}
