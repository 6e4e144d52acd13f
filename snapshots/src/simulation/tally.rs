//! What a simulation came to, in numbers.

use std::collections::BTreeMap;
use std::fmt;

use gmbot_engine::event::Event;
use gmbot_engine::model::{Cause, Outcome, Side};
use gmbot_engine::reply::Code;

/// What happened in a simulation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Things that happened.
    pub steps: u64,
    /// Events in the log.
    pub events: u64,
    /// How wars ended, by outcome and cause.
    pub endings: BTreeMap<&'static str, u64>,
    /// How often what was said was refused, by code.
    pub refusals: BTreeMap<Code, u64>,
    /// How often what was said was done or answered, by code.
    pub answers: BTreeMap<Code, u64>,
    /// Requests that were sent again with the same key.
    pub repeats: u64,
    /// Restarts of the backend.
    pub restarts: u64,
    /// Backends that crashed inside a transaction, or around it.
    pub crashes: u64,
    /// Transactions that failed otherwise.
    pub failures: u64,
    /// Notices that arrived.
    pub delivered: u64,
    /// Notices that arrived again, since nobody acknowledged them.
    pub redelivered: u64,
    /// Notices that were parked.
    pub parked: u64,
    /// Looks at wars by people who may not see all of them.
    pub looks: u64,
}

impl Tally {
    pub(super) fn count_event(&mut self, event: &Event) {
        self.events += 1;
        #[expect(clippy::wildcard_enum_match_arm, reason = "the others end no war")]
        let ending = match event {
            Event::WarWithdrawn { .. } => "withdrawn",
            Event::WarLapsed { .. } => "lapsed",
            Event::WarDeclined { .. } => "declined",
            Event::WarOverturned { .. } => "overturned",
            Event::WarSettled { settlement, .. } => match (settlement.outcome, &settlement.cause) {
                (Outcome::Void, Cause::Verdicts) => "void, as both said",
                (Outcome::Void, Cause::Silence) => "void, both silent",
                (Outcome::Void, Cause::Undeliverable { .. }) => "void, a side not reached",
                (Outcome::Void, Cause::Unproven) => "void, a dispute unproven",
                (Outcome::Void, _) => "void, otherwise",
                (Outcome::Drawn, _) => "drawn",
                (Outcome::Won(_), Cause::Conceded { .. }) => "won, conceded",
                (Outcome::Won(_), Cause::Operator { .. }) => "won, by the operator",
                (Outcome::Won(_), Cause::Unanswered { .. }) => "won, one side silent",
                (Outcome::Won(_), Cause::Proof { .. }) => "won, by proof",
                (Outcome::Won(Side::Host), _) => "won by the host",
                (Outcome::Won(Side::Guest), _) => "won by the guest",
            },
            _ => return,
        };
        *self.endings.entry(ending).or_default() += 1;
    }

    pub(super) fn count_reply(&mut self, code: Code) {
        let counts = if code.is_refusal() { &mut self.refusals } else { &mut self.answers };
        *counts.entry(code).or_default() += 1;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            steps,
            events,
            repeats,
            restarts,
            crashes,
            failures,
            delivered,
            redelivered,
            parked,
            looks,
            ..
        } = self;
        writeln!(f, "{steps} steps, {events} events, replayed and equal")?;
        writeln!(
            f,
            "{repeats} requests sent again, {restarts} restarts, {looks} looks of strangers"
        )?;
        writeln!(f, "{crashes} crashes inside a commit, {failures} that failed otherwise")?;
        writeln!(f, "{delivered} notices arrived, {redelivered} again, {parked} parked")?;
        writeln!(f, "wars:")?;
        for (ending, count) in &self.endings {
            writeln!(f, "  {count:>8}  {ending}")?;
        }
        for (title, counts) in [("answers", &self.answers), ("refusals", &self.refusals)] {
            writeln!(f, "{title}:")?;
            for (code, count) in counts {
                writeln!(f, "  {count:>8}  {code}")?;
            }
        }
        Ok(())
    }
}
