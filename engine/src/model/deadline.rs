//! What falls due in a war, and when: deadlines hold without anyone typing.

use super::format::Score;
use super::sides::{Side, Sides};
use super::time::{AtMs, DurationMs};
use super::verdict::{Verdict, agreed_score};
use super::war::{Cause, Outcome, Phase, Reminder, War};

/// How long an open challenge waits for somebody to accept.
pub const OPEN_FOR: DurationMs = DurationMs::hours(24);
/// How long a side may vote after the question was delivered to it.
pub const VOTE_FOR: DurationMs = DurationMs::hours(24);
/// How long delivery of the question is tried before the war is void.
pub const REACH_FOR: DurationMs = DurationMs::days(7);
/// How long a dispute lasts.
pub const DISPUTE_FOR: DurationMs = DurationMs::hours(24);
/// How long after a settlement by verdicts new verdicts overturn it.
pub const APPEAL_FOR: DurationMs = DurationMs::hours(24);
/// Longer than any war takes from its challenge to its first settlement: 14 days to its start, 30 of
/// play, 7 in which a side can't be asked, a vote and a dispute.
pub const LONGEST_WAR: DurationMs = DurationMs::days(60);

/// Something that is to happen by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Due {
    /// The challenge lapses.
    Lapse,
    /// The war starts.
    Start,
    /// The playing time is over.
    TimeUp,
    /// The sides disagree.
    Dispute,
    /// The war has an outcome.
    Settle(Outcome, Option<Score>, Cause),
    /// People are to be reminded.
    Remind(Reminder),
}

impl War {
    /// The first thing that is due at `now`, if any. Deadlines come before reminders, so that nobody
    /// is reminded of what is past.
    pub fn due(&self, now: AtMs) -> Option<Due> {
        self.deadline_due(now).or_else(|| self.reminder_due(now).map(Due::Remind))
    }

    /// When something will be due next, if nobody does anything before.
    pub fn next_at(&self) -> Option<AtMs> {
        let reminders = self.reminders().map(|(at, _)| at);
        reminders.chain(self.deadline_at()).min()
    }

    fn deadline_due(&self, now: AtMs) -> Option<Due> {
        match self.phase {
            Phase::Open => (now >= self.lapses_at).then_some(Due::Lapse),
            Phase::Scheduled => (now >= self.begins_at?).then_some(Due::Start),
            Phase::Ongoing => {
                self.agreement().or_else(|| (now >= self.ends_at?).then_some(Due::TimeUp))
            }
            Phase::Voting => self.vote_due(now),
            Phase::Disputed => self.reconciliation().or_else(|| self.dispute_due(now)),
            Phase::Settled | Phase::Withdrawn | Phase::Lapsed | Phase::Declined => None,
        }
    }

    fn deadline_at(&self) -> Option<AtMs> {
        match self.phase {
            Phase::Open => Some(self.lapses_at),
            Phase::Scheduled => self.begins_at,
            Phase::Ongoing => self.ends_at,
            Phase::Voting => {
                Side::BOTH.into_iter().filter_map(|side| self.vote_closes_at(side)).max()
            }
            Phase::Disputed => self.dispute_closes_at(),
            Phase::Settled | Phase::Withdrawn | Phase::Lapsed | Phase::Declined => None,
        }
    }

    /// When the vote of a side that has no majority yet closes: 24 hours after the question reached
    /// it, or 7 days after it was asked if it never did. `None` outside of voting, and for a side
    /// that has spoken.
    pub fn vote_closes_at(&self, side: Side) -> Option<AtMs> {
        if self.phase != Phase::Voting || self.majority(side).is_some() {
            return None;
        }
        match self.reached_at.of(side) {
            Some(reached) => Some(*reached + VOTE_FOR),
            None => self.asked_at.map(|asked| asked + REACH_FOR),
        }
    }

    /// When the dispute closes, while there is one.
    pub fn dispute_closes_at(&self) -> Option<AtMs> {
        self.disputed_at.filter(|_| self.phase == Phase::Disputed).map(|at| at + DISPUTE_FOR)
    }

    /// Until when new verdicts overturn it: 24 hours after it was first settled, if that was by
    /// verdicts, and unless the operator has decided since.
    pub fn appeals_until(&self) -> Option<AtMs> {
        let (first, last) = (self.settlements.first()?, self.settlements.last()?);
        let by_verdicts = matches!(first.cause, Cause::Verdicts | Cause::Unanswered { .. });
        let decided = matches!(last.cause, Cause::Operator { .. });
        (by_verdicts && !decided).then(|| first.at + APPEAL_FOR)
    }

    /// Equal majorities of both sides settle at once.
    fn agreement(&self) -> Option<Due> {
        let (host, host_score) = self.majority(Side::Host)?;
        let (guest, guest_score) = self.majority(Side::Guest)?;
        (host == guest)
            .then(|| Due::Settle(host, agreed_score(host_score, guest_score), Cause::Verdicts))
    }

    /// In a dispute, when the voting time is over, equal pluralities settle at once.
    fn reconciliation(&self) -> Option<Due> {
        match (self.verdict(Side::Host), self.verdict(Side::Guest)) {
            (Verdict::For(host, host_score), Verdict::For(guest, guest_score)) if host == guest => {
                Some(Due::Settle(host, agreed_score(host_score, guest_score), Cause::Verdicts))
            }
            _ => None,
        }
    }

    /// What the vote comes to, once each side has spoken or had its time.
    fn vote_due(&self, now: AtMs) -> Option<Due> {
        let waiting = |side| self.vote_closes_at(side).is_some_and(|closes| now < closes);
        if Side::BOTH.into_iter().any(waiting) {
            return None;
        }
        let said = Sides::each(|side| match self.majority(side) {
            Some((outcome, score)) => Verdict::For(outcome, score),
            None => self.verdict(side),
        });
        let unreached =
            |side: &Side| *said.of(*side) == Verdict::Silent && self.reached_at.of(*side).is_none();
        if let Some(side) = Side::BOTH.into_iter().find(unreached) {
            return Some(Due::Settle(Outcome::Void, None, Cause::Undeliverable { side }));
        }
        Some(match (said.host, said.guest) {
            (Verdict::For(host, host_score), Verdict::For(guest, guest_score)) if host == guest => {
                Due::Settle(host, agreed_score(host_score, guest_score), Cause::Verdicts)
            }
            (Verdict::For(outcome, score), Verdict::Silent) => {
                Due::Settle(outcome, score, Cause::Unanswered { silent: Side::Guest })
            }
            (Verdict::Silent, Verdict::For(outcome, score)) => {
                Due::Settle(outcome, score, Cause::Unanswered { silent: Side::Host })
            }
            (Verdict::Silent, Verdict::Silent) => Due::Settle(Outcome::Void, None, Cause::Silence),
            (Verdict::Tied, _) | (_, Verdict::Tied) | (Verdict::For(..), Verdict::For(..)) => {
                Due::Dispute
            }
        })
    }

    /// How a dispute ends when its time is over: for the only side that filed proof, if it has a
    /// verdict, else void.
    fn dispute_due(&self, now: AtMs) -> Option<Due> {
        if now < self.dispute_closes_at()? {
            return None;
        }
        let proven = match (self.has_proof(Side::Host), self.has_proof(Side::Guest)) {
            (true, false) => Some(Side::Host),
            (false, true) => Some(Side::Guest),
            (true, true) | (false, false) => None,
        };
        let unproven = Due::Settle(Outcome::Void, None, Cause::Unproven);
        let Some(side) = proven else { return Some(unproven) };
        Some(match self.verdict(side) {
            Verdict::For(outcome, score) => Due::Settle(outcome, score, Cause::Proof { side }),
            Verdict::Tied | Verdict::Silent => unproven,
        })
    }

    /// Whether a reminder was sent, or is passed over since a later one of its kind was.
    fn is_reminded(&self, reminder: Reminder) -> bool {
        let passed_over = match reminder {
            Reminder::VoteSoon(side) => self.reminded.contains(&Reminder::VoteLast(side)),
            Reminder::Start | Reminder::End | Reminder::VoteLast(_) | Reminder::Dispute => false,
        };
        passed_over || self.reminded.contains(&reminder)
    }

    /// The most pressing reminder that is due.
    fn reminder_due(&self, now: AtMs) -> Option<Reminder> {
        self.reminders().filter(|(at, _)| *at <= now).max().map(|(_, reminder)| reminder)
    }

    /// The reminders that are still to come in this phase, in no particular order. One whose time
    /// was before the phase began is left out: it would come too late to be one.
    fn reminders(&self) -> impl Iterator<Item = (AtMs, Reminder)> + '_ {
        let hour = DurationMs::hours(1);
        let vote = |side, before, reminder: fn(Side) -> Reminder| {
            let closes = self.vote_closes_at(side)?;
            let reached = (*self.reached_at.of(side))?;
            Some((closes - before, reached, reminder(side)))
        };
        let half_day = DurationMs::hours(12);
        let accepted = self.accepted_at;
        let all = [
            self.begins_at
                .filter(|_| self.phase == Phase::Scheduled)
                .zip(accepted)
                .map(|(at, from)| (at - hour, from, Reminder::Start)),
            self.ends_at
                .filter(|_| self.phase == Phase::Ongoing)
                .zip(self.begins_at)
                .map(|(at, from)| (at - hour, from, Reminder::End)),
            vote(Side::Host, half_day, Reminder::VoteSoon),
            vote(Side::Guest, half_day, Reminder::VoteSoon),
            vote(Side::Host, hour, Reminder::VoteLast),
            vote(Side::Guest, hour, Reminder::VoteLast),
            self.dispute_closes_at()
                .zip(self.disputed_at)
                .map(|(at, from)| (at - DurationMs::hours(6), from, Reminder::Dispute)),
        ];
        let open = all.into_iter().flatten().filter(|(at, from, _)| at > from);
        open.map(|(at, _, reminder)| (at, reminder))
            .filter(|(_, reminder)| !self.is_reminded(*reminder))
    }
}
