//! What a war gives, reckoned once more from the written formula.

use gmbot_engine::model::{
    AtMs, Cause, ClanId, DurationMs, Outcome, PersonId, Settlement, Side, Sides, Stakes,
};

use super::bout::Bout;
use super::endings::ending;
use super::{Checked, Club, Rulebook, ought};

const WEEK: DurationMs = DurationMs::days(7);

impl Rulebook {
    /// The first outcome of a war: its stakes are what the week before says, and so is its glory.
    pub(super) fn first_settled(
        &mut self,
        bout: &mut Bout,
        at: AtMs,
        how: &Settlement,
        stakes: &Stakes,
    ) -> Checked {
        let guest = bout.guest.ok_or("it was settled without a guest")?;
        let clans = Sides { host: bout.host, guest };
        let since = AtMs(at.0 - WEEK.0);
        let ours = Stakes {
            recent: self.recent(clans, since),
            glory: Sides::each(|side| self.asked(*clans.of(side), |club| club.glory)),
            shared: self.shared(clans, since),
            capped: Sides::each(|side| self.capped(clans, side, since)),
        };
        ought(ours == *stakes, || format!("the stakes are {stakes:?}, not {ours:?}"))?;
        let first = matches!(how.cause, Cause::Verdicts | Cause::Unanswered { .. });
        bout.first = Some((at, first));
        bout.novices = Sides::each(|side| self.asked(*clans.of(side), |club| club.won) == 0);
        bout.stage = super::Stage::Settled;
        for side in Side::BOTH {
            let club = self.club(*clans.of(side));
            club.fought.retain(|(fought_at, _)| fought_at.0 + 2 * WEEK.0 >= at.0);
            club.fought.push((at, bout.id));
        }
        self.stakes.insert(bout.id, ours);
        self.settled_anew(bout, how)
    }

    /// Takes back what a war gave, if it gave anything, and gives anew.
    pub(super) fn settled_anew(&mut self, bout: &mut Bout, how: &Settlement) -> Checked {
        let stakes = self.stakes.get(&bout.id).ok_or("it was overturned before it was settled")?;
        let given = reckon(stakes, how.outcome, self.rules.drawn_glory);
        ought(given == how.given, || format!("it gave {:?}, not {given:?}", how.given))?;
        let before = bout.ending.replace(ending(how));
        for side in Side::BOTH {
            let Some(clan) = bout.clan(side) else { continue };
            let club = self.club(clan);
            if let Some(before) = &before {
                club.glory -= before.given.of(side);
                club.won -= i64::from(before.outcome == Outcome::Won(side));
            }
            club.glory += given.of(side);
            club.won += i64::from(how.outcome == Outcome::Won(side));
        }
        Ok(())
    }

    /// Notes who plays for a clan, and until when.
    pub(super) fn plays(&mut self, clan: ClanId, people: &[PersonId], until: AtMs) {
        for person in people {
            let served = self.club(clan).served.entry(*person).or_default();
            served.play = served.play.max(Some(until));
        }
    }

    /// Wars between the two that ended won or drawn, at most 9.
    fn recent(&self, clans: Sides<ClanId>, since: AtMs) -> u32 {
        let fought = self.clans.get(&clans.host).map(|club| club.fought.as_slice());
        let between = fought.unwrap_or_default().iter().filter(|(at, war)| {
            let bout = self.wars.get(war);
            *at >= since
                && bout.is_some_and(|bout| {
                    bout.concerns(clans.guest)
                        && bout.ending.as_ref().is_some_and(|how| how.outcome != Outcome::Void)
                        && (bout.host == clans.guest || bout.guest == Some(clans.guest))
                })
        });
        u32::try_from(between.count()).unwrap_or(u32::MAX).min(9)
    }

    fn shared(&self, clans: Sides<ClanId>, since: AtMs) -> bool {
        let (Some(host), Some(guest)) = (self.clans.get(&clans.host), self.clans.get(&clans.guest))
        else {
            return false;
        };
        host.served.keys().any(|person| host.stood(*person, since) && guest.stood(*person, since))
    }

    /// Whether a win of this side would be beyond its five a week over clans that never won.
    fn capped(&self, clans: Sides<ClanId>, side: Side, since: AtMs) -> bool {
        let winner = *clans.of(side);
        let loser_has_won = self.asked(*clans.of(side.other()), |club| club.won) != 0;
        let fought = self.clans.get(&winner).map(|club| club.fought.as_slice()).unwrap_or_default();
        let easy = fought.iter().filter(|(at, war)| {
            let Some(bout) = self.wars.get(war) else { return false };
            let won = if bout.host == winner { Side::Host } else { Side::Guest };
            *at >= since
                && *bout.novices.of(won.other())
                && bout
                    .ending
                    .as_ref()
                    .is_some_and(|how| how.outcome == Outcome::Won(won) && *how.given.of(won) > 0)
        });
        !loser_has_won && easy.count() >= 5
    }

    fn asked(&self, clan: ClanId, what: impl Fn(&Club) -> i64) -> i64 {
        self.clans.get(&clan).map_or(0, what)
    }
}

impl Club {
    /// Whether somebody held an office or played here since then.
    fn stood(&self, person: PersonId, since: AtMs) -> bool {
        self.served.get(&person).is_some_and(|served| {
            [served.office, served.play].into_iter().flatten().any(|until| until >= since)
        })
    }
}

/// `(400 + Δ + 10·2ⁿ) div (20·2ⁿ)` to the winner, `5 div 2ⁿ` to each in a draw.
fn reckon(stakes: &Stakes, outcome: Outcome, drawn: i64) -> Sides<i64> {
    let power = 2_i64.pow(stakes.recent);
    let nothing = Sides::default();
    match outcome {
        _ if stakes.shared => nothing,
        Outcome::Void => nothing,
        Outcome::Drawn => Sides { host: drawn / power, guest: drawn / power },
        Outcome::Won(side) if *stakes.capped.of(side) => nothing,
        Outcome::Won(side) => {
            let ahead = stakes.glory.of(side.other()) - stakes.glory.of(side);
            let points = (400 + ahead.clamp(-200, 400) + 10 * power) / (20 * power);
            let mut given = nothing;
            *given.of_mut(side) = points;
            given
        }
    }
}
