//! What happens next, chosen by dice alone and by what the log told.

use gmbot_backend::{Fault, Point};
use gmbot_engine::request::{Fact, Input, Request};

use super::Play;
use crate::simulation::act::{Act, Step};
use crate::simulation::cast::PLATFORMS;
use crate::simulation::deeds::Chooser;
use crate::simulation::dice::Dice;

/// How often something is tried of which there may be nothing to do.
const TRIES: usize = 20;
/// How many requests are on their way at most.
const ON_THEIR_WAY: usize = 4;

impl Play {
    /// The next step. Where there is nothing to do of a kind, another kind is tried.
    pub(super) fn choose(&mut self) -> Step {
        let act = (0..TRIES).find_map(|_| self.try_to_choose());
        let act = act.unwrap_or_else(|| self.passing());
        let turn = self.dice.below(self.backends.count());
        let fault = self.dice.chance(2).then(|| fault(&mut self.dice));
        Step { turn, fault, act }
    }

    fn try_to_choose(&mut self) -> Option<Act> {
        Some(match self.dice.below(1000) {
            0..680 => Act::Say(Box::new(self.request()?)),
            680..730 => Act::Again { chance: self.dice.seed() },
            730..850 => self.passing(),
            850..920 => Act::Deliver { chance: self.dice.seed() },
            920..950 => Act::Look { chance: self.dice.seed() },
            950..980 => Act::Say(Box::new(self.news()?)),
            980..998 => self.outage(),
            _ => Act::Restart,
        })
    }

    /// What somebody says; some of it is overtaken by what is said later.
    fn request(&mut self) -> Option<Request> {
        if self.delayed.len() >= ON_THEIR_WAY || !self.delayed.is_empty() && self.dice.chance(20) {
            let place = self.dice.below(self.delayed.len());
            let (mut request, said_at) = self.delayed.swap_remove(place);
            // A clock that was set back makes nothing younger than new.
            request.age_ms += (self.now - said_at).0.max(0);
            return Some(request);
        }
        let request = self.said()?;
        if !self.dice.chance(8) {
            return Some(request);
        }
        self.delayed.push((request, self.now));
        self.said()
    }

    fn said(&mut self) -> Option<Request> {
        let Self { dice, cast, book, codes, .. } = self;
        (Chooser { dice, cast, book, codes }).next()
    }

    /// The clock goes on: mostly a little, sometimes by days; now and then it is set back.
    fn passing(&mut self) -> Act {
        let ms = match self.dice.below(100) {
            0..66 => self.dice.between(1, 600_000),
            66..93 => self.dice.between(1, 14) * 3_600_000,
            93..97 => self.dice.between(1, 4) * 86_400_000,
            97 => self.dice.between(5, 40) * 86_400_000,
            _ => -self.dice.between(1, 300_000),
        };
        Act::Wait { ms, sweep: self.dice.chance(2) }
    }

    /// A platform tells what happened in a space.
    fn news(&mut self) -> Option<Request> {
        let house = self.dice.below(self.cast.houses.len());
        Some(match self.dice.below(4) {
            0 => self.cast.request(house, None, Input::Fact(Fact::SpaceGone)),
            1 => {
                let here = self.cast.houses.get(house)?;
                let owner = here.people.first().map(|name| here.account(name));
                let account = here.account(self.dice.pick(&here.people)?);
                let fact = Fact::MemberLeft { account, owner };
                self.cast.request(house, None, Input::Fact(fact))
            }
            _ => self.cast.seen(house),
        })
    }

    /// A platform is down for hours, or for longer than a side is waited for.
    fn outage(&mut self) -> Act {
        let hours = if self.dice.chance(20) { 200 } else { self.dice.between(1, 30) };
        Act::Outage { platform: PLATFORMS[self.dice.below(PLATFORMS.len())], hours }
    }
}

/// A fault at any point of a transaction.
fn fault(dice: &mut Dice) -> Fault {
    let point = match dice.below(6) {
        0 => Point::Begin,
        1 => Point::Commit,
        2 => Point::Answer,
        _ => Point::Statement(dice.between(0, 60).cast_unsigned()),
    };
    match dice.below(6) {
        0..3 => Fault::Crash(point),
        3..5 => Fault::Failure(point),
        // One more than the writer tries.
        _ => Fault::Busy(1 + u32::from(dice.chance(50)) * 2),
    }
}
