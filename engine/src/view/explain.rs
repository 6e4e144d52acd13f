//! How a war's result and its glory came about, term by term.

use serde::{Deserialize, Serialize};

use super::Viewer;
use super::line::WarLine;
use super::lookup::{ClanName, Lookup};
use super::secrecy::Insight;
use crate::model::glory::NOVICE_WINS_A_WEEK;
use crate::model::war::Ballots;
use crate::model::{AtMs, Outcome, Phase, Settlement, Side, Sides, Stakes, War};
use crate::reply::{Block, Code, Reply, Text};
use crate::rules;
use crate::store::{Read, Stored};

/// How a war came to what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ExplanationView {
    /// The war.
    pub war: WarLine,
    /// The inputs of the glory formula, once settled.
    pub stakes: Option<Stakes>,
    /// Its settlements: the first, then each overturn.
    pub settlements: Vec<Settlement>,
    /// The ballots that decided it, or would have, where they may be seen.
    pub ballots: Sides<Option<Ballots>>,
    /// Until when new verdicts overturn it.
    pub appeals_until: Option<AtMs>,
}

impl ExplanationView {
    pub(super) fn see(read: &dyn Read, war: &War, viewer: &Viewer) -> Stored<Self> {
        Ok(Self {
            war: WarLine::of(&mut Lookup::new(read)?, war)?,
            stakes: war.stakes,
            settlements: war.settlements.clone(),
            ballots: Insight::of(read, war, viewer)?.ballots(war),
            appeals_until: war.appeals_until(),
        })
    }

    pub(super) fn phrase(&self) -> Reply {
        let title = Text::from("how the war ").and(self.war.id).and(" came about");
        let mut reply = Reply::new(Code::Explanation).title(title);
        let (Some(stakes), Some(guest)) = (&self.stakes, &self.war.guest) else {
            return reply.say(self.no_outcome());
        };
        let story = Story { stakes, clans: Sides { host: &self.war.host, guest } };
        let mut before: Option<&Settlement> = None;
        for settlement in &self.settlements {
            let what = if before.is_none() { "settled at " } else { "overturned at " };
            reply = reply
                .title(Text::from(what).and(settlement.at))
                .block(Block::List(story.lines(settlement, before)));
            before = Some(settlement);
        }
        let counts = Side::BOTH.into_iter().filter_map(|side| self.counts(side));
        reply = counts.fold(reply, Reply::say);
        match self.appeals_until {
            Some(until) => reply
                .hint(Text::from("equal new verdicts of both sides overturn it until ").and(until)),
            None => reply,
        }
    }

    /// What is missing for an outcome.
    fn no_outcome(&self) -> Text {
        let until = |words: &str, at: Option<AtMs>| match at {
            Some(at) => Text::from(words).and(" until ").and(at),
            None => Text::from(words),
        };
        let text = Text::from("it has no outcome: ");
        text.join(match self.war.phase {
            Phase::Open => until("it waits for somebody to accept it", Some(self.war.lapses_at)),
            Phase::Scheduled => match self.war.begins_at {
                Some(at) => Text::from("it starts at ").and(at),
                None => Text::from("it has not started"),
            },
            Phase::Ongoing => until("it is played", self.war.ends_at).and(
                "; as soon as more than half of each line-up says the same, that is the result",
            ),
            Phase::Voting => Text::from(
                "its time is up, and the sides are asked who won; equal verdicts settle it, and if \
                 one side says nothing for 24 hours the other's verdict stands",
            ),
            Phase::Disputed => until("the sides disagree; it is disputed", self.war.closes_at)
                .and("; then the verdict of the only side with proof stands, or else it is void"),
            Phase::Settled => Text::from("its clans are not known any more"),
            Phase::Withdrawn => Text::from("its host took it back"),
            Phase::Lapsed => Text::from("nobody accepted it in time"),
            Phase::Declined => Text::from("the challenged clan declined"),
        })
    }

    /// How a side's players voted: `Clan F: 2 say won by Clan F, 1 says drawn`.
    fn counts(&self, side: Side) -> Option<Text> {
        let ballots = self.ballots.of(side).as_ref()?;
        let cast = if ballots.players.is_empty() { &ballots.officers } else { &ballots.players };
        let said =
            [Outcome::Won(Side::Host), Outcome::Won(Side::Guest), Outcome::Drawn, Outcome::Void];
        let mut text = Text::from("ballots of ").and(self.war.clan(side)?).and(": ");
        let mut first = true;
        for outcome in said {
            let count = cast.values().filter(|ballot| ballot.outcome == outcome).count();
            if count > 0 {
                let comma = if first { "" } else { ", " };
                text = text.and(format!("{comma}{count} × ")).join(self.war.outcome(outcome));
                first = false;
            }
        }
        (!first).then_some(text)
    }
}

/// The parts of an explanation that stay the same through all settlements.
struct Story<'a> {
    stakes: &'a Stakes,
    clans: Sides<&'a ClanName>,
}

impl Story<'_> {
    fn lines(&self, settlement: &Settlement, before: Option<&Settlement>) -> Vec<Text> {
        let Sides { host, guest } = self.clans;
        let mut lines = Vec::new();
        if let Some(before) = before {
            lines.push(Text::from("taken back: ").join(rules::glory_words(host, guest, before)));
            lines.push(Text::from("given anew, with n and Δ as they were at the first settlement"));
        }
        lines.push(rules::outcome_words(host, guest, settlement));
        lines.push(rules::cause_words(&settlement.cause, host, guest));
        lines.extend(self.terms(settlement.outcome));
        lines.push(rules::glory_words(host, guest, settlement));
        lines
    }

    /// The terms of the formula with their numbers, or the brake that made them moot.
    fn terms(&self, outcome: Outcome) -> Vec<Text> {
        let n = self.stakes.recent;
        let halving = 1_i64 << n.min(crate::model::glory::MOST_RECENT);
        let recent = Text::from(format!(
            "n = {n}: wars between the two that ended won or drawn in the 7 days before, at most 9"
        ));
        match outcome {
            Outcome::Void => vec![Text::from("a void war gives nothing")],
            Outcome::Won(_) | Outcome::Drawn if self.stakes.shared => vec![Text::from(
                "it gives nothing: in the 7 days before, one person led, co-led or played for both \
                 clans",
            )],
            Outcome::Won(winner) if *self.stakes.capped.of(winner) => {
                vec![Text::from("it gives nothing: ").and(*self.clans.of(winner)).and(format!(
                    " had {NOVICE_WINS_A_WEEK} wins that counted over clans without any win in \
                     the 7 days before, and this is one more"
                ))]
            }
            Outcome::Won(winner) => vec![recent, self.delta(winner), self.formula(winner, halving)],
            Outcome::Drawn => vec![
                recent,
                Text::from(format!("5 div 2ⁿ = 5 div {halving} = {} for each", 5 / halving)),
            ],
        }
    }

    fn delta(&self, winner: Side) -> Text {
        let (mine, theirs) = (self.stakes.glory.of(winner), self.stakes.glory.of(winner.other()));
        Text::from(format!("Δ = {}: ", self.stakes.delta(winner)))
            .and(*self.clans.of(winner.other()))
            .and(format!(" had {theirs} glory and "))
            .and(*self.clans.of(winner))
            .and(format!(" {mine}; the difference, kept within −200 and 400"))
    }

    fn formula(&self, winner: Side, halving: i64) -> Text {
        let delta = self.stakes.delta(winner);
        let (above, below) = (400 + delta + 10 * halving, 20 * halving);
        let points = self.stakes.glory_of(Outcome::Won(winner));
        Text::from(format!(
            "(400 + Δ + 10·2ⁿ) div (20·2ⁿ) = {above} div {below} = {}",
            points.of(winner)
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::Inline;

    fn clan(id: &str, name: &str) -> ClanName {
        ClanName { id: id.parse().expect("an id"), name: name.to_owned(), public: true }
    }

    fn story(stakes: &Stakes, outcome: Outcome) -> Vec<String> {
        let (host, guest) = (clan("aaaaaa2", "Host"), clan("bbbbbb3", "Guest"));
        let terms = Story { stakes, clans: Sides { host: &host, guest: &guest } }.terms(outcome);
        let word = |piece: Inline| {
            if let Inline::Clan { name, .. } = piece {
                return name;
            }
            let Inline::Words(words) = piece else { panic!("{piece:?}") };
            words
        };
        terms.into_iter().map(|text| text.0.into_iter().map(word).collect()).collect()
    }

    const STAKES: Stakes = Stakes {
        recent: 1,
        glory: Sides { host: 20, guest: 32 },
        shared: false,
        capped: Sides { host: false, guest: true },
    };

    #[test]
    fn a_win_is_explained_with_the_numbers_of_its_formula() {
        let terms = story(&STAKES, Outcome::Won(Side::Host));
        assert_eq!(
            terms.get(1..),
            Some(
                [
                    "Δ = 12: Guest had 32 glory and Host 20; the difference, kept within −200 and \
                     400"
                    .to_owned(),
                    "(400 + Δ + 10·2ⁿ) div (20·2ⁿ) = 432 div 40 = 10".to_owned(),
                ]
                .as_slice()
            )
        );
    }

    #[test]
    fn the_formula_that_is_shown_gives_what_was_given() {
        for recent in 0..=12 {
            for guest in [-50, 0, 7, 399, 1_000] {
                let stakes = Stakes { recent, glory: Sides { host: 0, guest }, ..STAKES };
                let outcome = Outcome::Won(Side::Host);
                let last = story(&stakes, outcome).pop().expect("a formula");
                let ends = format!("= {}", stakes.glory_of(outcome).host);
                assert!(last.ends_with(&ends), "{last} {ends}");
                let last = story(&stakes, Outcome::Drawn).pop().expect("a formula");
                let ends = format!("= {} for each", stakes.glory_of(Outcome::Drawn).host);
                assert!(last.ends_with(&ends), "{last} {ends}");
            }
        }
    }

    #[test]
    fn a_brake_is_named_instead() {
        let capped = story(&STAKES, Outcome::Won(Side::Guest));
        assert!(capped.concat().starts_with("it gives nothing: Guest had 5 wins"), "{capped:?}");
        let shared = story(&Stakes { shared: true, ..STAKES }, Outcome::Drawn);
        assert!(shared.concat().contains("one person led"), "{shared:?}");
        assert_eq!(story(&STAKES, Outcome::Void), ["a void war gives nothing"]);
    }
}
