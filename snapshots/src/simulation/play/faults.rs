//! What goes wrong, or at least happens by itself: repeated requests, the clock, platforms' news,
//! outages, restarts.

use gmbot_backend::Backend as _;
use gmbot_engine::Reply;
use gmbot_engine::model::DurationMs;
use gmbot_engine::reply::{Code, Legend};
use gmbot_engine::request::{Fact, Input};

use super::Play;
use crate::simulation::Trouble;
use crate::simulation::cast::PLATFORMS;

impl Play {
    /// A platform sends something again, as it does when it heard no answer; or, by mistake, another
    /// thing under the same key.
    pub(super) fn say_again(&mut self) -> Result<(), Trouble> {
        let place = self.dice.below(self.answered.len());
        let Some((mut request, before)) = self.answered.get(place).cloned() else { return Ok(()) };
        self.deed = format!("again: {request:?}");
        self.tally.repeats += 1;
        let events = self.tally.events;
        let other = self.dice.chance(20);
        if other {
            request.authority.founder = !request.authority.founder;
        }
        let reply = self.local()?.submit(request)?;
        self.listen()?;
        let same = match (&reply, &before) {
            (Some(reply), _) if other => reply.code == Code::KeyReused,
            (Some(reply), Some(before)) => bare(reply) == bare(before),
            (reply, before) => reply.is_none() && before.is_none(),
        };
        if !same || self.tally.events != events {
            let what = format!("the same key got {reply:?} and not {before:?}");
            return Err(Trouble::Broken(what));
        }
        Ok(())
    }

    /// The clock goes on: mostly a little, sometimes by days; now and then it is set back.
    pub(super) fn wait(&mut self) -> Result<(), Trouble> {
        let ms = match self.dice.below(100) {
            0..66 => self.dice.between(1, 600_000),
            66..93 => self.dice.between(1, 14) * 3_600_000,
            93..97 => self.dice.between(1, 4) * 86_400_000,
            97 => self.dice.between(5, 40) * 86_400_000,
            _ => -self.dice.between(1, 300_000),
        };
        self.deed = format!("the clock goes on by {ms} ms");
        self.now = self.now + DurationMs(ms);
        self.set_clocks()?;
        self.local()?.run_due()?;
        self.listen()?;
        let sweeps = self.dice.chance(2);
        if sweeps {
            self.local()?.sweep()?;
            // Answers are kept for 30 days: after that the same key is a new request.
            self.answered.clear();
        }
        let all = self.book.live.iter();
        self.book.nothing_is_overdue(all, self.now).map_err(Trouble::Broken)
    }

    /// A platform tells what happened in a space.
    pub(super) fn platform_tells(&mut self) -> Result<(), Trouble> {
        let house = self.dice.below(self.cast.houses.len());
        let request = match self.dice.below(4) {
            0 => self.cast.request(house, None, Input::Fact(Fact::SpaceGone)),
            1 => {
                let here = &self.cast.houses[house];
                let owner = here.people.first().map(|name| here.account(name));
                let Some(name) = self.dice.pick(&here.people) else { return Ok(()) };
                let fact = Fact::MemberLeft { account: here.account(name), owner };
                self.cast.request(house, None, Input::Fact(fact))
            }
            _ => self.cast.seen(house),
        };
        self.deed = format!("{request:?}");
        self.submit(request).map(|_| ())
    }

    /// A platform is down for hours, or for longer than a side is waited for.
    pub(super) fn outage(&mut self) {
        let hours = if self.dice.chance(20) { 200 } else { self.dice.between(1, 30) };
        let until = self.now + DurationMs::hours(hours);
        let platform = PLATFORMS[self.dice.below(PLATFORMS.len())];
        self.deed = format!("{platform} is down for {hours} hours");
        self.courier.outage(platform, until);
    }

    /// The backends end, and others go on with their file.
    pub(super) fn restart(&mut self) -> Result<(), Trouble> {
        if self.folder.is_none() {
            return Ok(());
        }
        self.deed = "a restart".to_owned();
        self.tally.restarts += 1;
        self.open()
    }
}

/// A reply without the names and texts that are filled in anew each time.
fn bare(reply: &Reply) -> Reply {
    Reply { legend: Legend::default(), ..reply.clone() }
}
