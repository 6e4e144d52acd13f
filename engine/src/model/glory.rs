//! The glory formula: whole numbers, all inputs recorded, so that every point can be explained.

use super::sides::{Side, Sides};
use super::war::{Outcome, Stakes};

/// The most recent wars between two clans that still lower what the next one gives.
pub const MOST_RECENT: u32 = 9;

/// How many wins a week over clans that have never won count.
pub const NOVICE_WINS_A_WEEK: u32 = 5;

impl Stakes {
    /// What an outcome gives each side: for a win `(400 + Δ + 10·2ⁿ) div (20·2ⁿ)` to the winner,
    /// where `n` is [`Stakes::recent`] and `Δ` is [`Stakes::delta`]; for a draw `5 div 2ⁿ` to each;
    /// nothing where the clans shared a person, or to a winner that is capped.
    pub fn glory_of(&self, outcome: Outcome) -> Sides<i64> {
        let halving = 1_i64 << self.recent.min(MOST_RECENT);
        match outcome {
            _ if self.shared => Sides::default(),
            Outcome::Won(winner) if *self.capped.of(winner) => Sides::default(),
            Outcome::Won(winner) => {
                let points = (400 + self.delta(winner) + 10 * halving).div_euclid(20 * halving);
                Sides::each(|side| if side == winner { points } else { 0 })
            }
            Outcome::Drawn => Sides { host: 5 / halving, guest: 5 / halving },
            Outcome::Void => Sides::default(),
        }
    }

    /// The loser's glory minus the winner's, kept within −200 and 400.
    pub fn delta(&self, winner: Side) -> i64 {
        (self.glory.of(winner.other()) - self.glory.of(winner)).clamp(-200, 400)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stakes(recent: u32, host: i64, guest: i64) -> Stakes {
        Stakes {
            recent,
            glory: Sides { host, guest },
            shared: false,
            capped: Sides { host: false, guest: false },
        }
    }

    #[test]
    fn a_win_gives_more_over_the_strong_and_less_each_time() {
        let check = |recent, host, guest, expect| {
            let given = stakes(recent, host, guest).glory_of(Outcome::Won(Side::Host));
            assert_eq!(given, Sides { host: expect, guest: 0 }, "{recent} {host} {guest}");
        };
        check(0, 0, 0, 20);
        check(0, 0, 1000, 40);
        check(0, 1000, 0, 10);
        check(1, 0, 0, 10);
        check(2, 0, 0, 5);
        check(5, 0, 0, 1);
        check(9, 0, 400, 0);
    }

    #[test]
    fn a_draw_gives_both_a_little_and_void_nothing() {
        assert_eq!(stakes(0, 0, 9).glory_of(Outcome::Drawn), Sides { host: 5, guest: 5 });
        assert_eq!(stakes(1, 0, 9).glory_of(Outcome::Drawn), Sides { host: 2, guest: 2 });
        assert_eq!(stakes(0, 0, 0).glory_of(Outcome::Void), Sides::default());
    }

    #[test]
    fn brakes_give_nothing() {
        let shared = Stakes { shared: true, ..stakes(0, 0, 0) };
        assert_eq!(shared.glory_of(Outcome::Drawn), Sides::default());
        let capped = Stakes { capped: Sides { host: true, guest: false }, ..stakes(0, 0, 0) };
        assert_eq!(capped.glory_of(Outcome::Won(Side::Host)), Sides::default());
        assert_eq!(capped.glory_of(Outcome::Won(Side::Guest)), Sides { host: 0, guest: 20 });
    }
}
