//! What the rules say about how a war ends, and how it may end anew.

use gmbot_engine::model::{AtMs, Ballot, Cause, Outcome, PersonId, Settlement, Sides};

use super::bout::{Bout, Due, Ending, Stage};
use super::{Checked, Rulebook, ought};

impl Rulebook {
    /// Whether a war may end like this, now.
    pub(super) fn may_end(
        &self,
        bout: &Bout,
        at: AtMs,
        by: Option<PersonId>,
        how: &Settlement,
    ) -> Checked {
        let accepted = bout.is_live() && bout.stage != Stage::Open;
        ought(accepted, || format!("it was settled while {:?}", bout.stage))?;
        ought(how.at == at, || "it was settled at another time".to_owned())?;
        let due = bout.due(at);
        match &how.cause {
            Cause::Operator { .. } => ought(due.is_none(), || format!("{due:?} was due before")),
            Cause::Conceded { side } => {
                ought(due.is_none(), || format!("{due:?} was due before"))?;
                let clan = bout.clan(*side).ok_or("there is no such side")?;
                self.by_officer(clan, by, "conceded")?;
                let other = Outcome::Won(side.other());
                ought(how.outcome == other, || "whoever concedes can't win".to_owned())
            }
            Cause::Verdicts
            | Cause::Unanswered { .. }
            | Cause::Silence
            | Cause::Undeliverable { .. }
            | Cause::Proof { .. }
            | Cause::Unproven => match due {
                Some(Due::End(outcome, reason))
                    if outcome == how.outcome && reason.is(&how.cause) =>
                {
                    score_is_somebodys(bout, how)
                }
                _ => Err(format!("it ended as {:?} by {:?}, not {due:?}", how.outcome, how.cause)),
            },
        }
    }
}

/// Whether a war may be overturned like this, now; the new ballots are then the deciding ones.
pub(super) fn may_overturn(bout: &mut Bout, at: AtMs, how: &Settlement) -> Checked {
    ought(bout.stage == Stage::Settled, || "it was overturned before it was settled".to_owned())?;
    let before = bout.ending.as_ref().map(|ending| ending.outcome);
    ought(before != Some(how.outcome), || "it was overturned with the same outcome".to_owned())?;
    match &how.cause {
        Cause::Operator { .. } => bout.first = bout.first.map(|(at, _)| (at, false)),
        Cause::Verdicts => {
            let open = bout.appeals_until().is_some_and(|until| at < until);
            let agreed = bout.agreed(&bout.appeals);
            ought(open && agreed == Some(how.outcome), || {
                format!(
                    "it was overturned to {:?}, and the new verdicts are {agreed:?}",
                    how.outcome
                )
            })?;
            bout.urns = std::mem::take(&mut bout.appeals);
        }
        Cause::Unanswered { .. }
        | Cause::Silence
        | Cause::Undeliverable { .. }
        | Cause::Proof { .. }
        | Cause::Unproven
        | Cause::Conceded { .. } => {
            return Err(format!("it was overturned by {:?}", how.cause));
        }
    }
    bout.appeals = Sides::default();
    Ok(())
}

/// A score that counts was given by somebody, for the outcome that counts.
fn score_is_somebodys(bout: &Bout, how: &Settlement) -> Checked {
    let Some(score) = how.score else { return Ok(()) };
    let all = [&bout.urns.host, &bout.urns.guest];
    let mut ballots =
        all.into_iter().flat_map(|urn| urn.players.values().chain(urn.officers.values()));
    let given =
        ballots.any(|ballot| *ballot == Ballot { outcome: how.outcome, score: Some(score) });
    ought(given, || format!("nobody gave the score {score}"))
}

/// What a war came to.
pub(super) fn ending(how: &Settlement) -> Ending {
    Ending { outcome: how.outcome, given: how.given }
}
