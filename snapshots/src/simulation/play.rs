//! The course of a simulation: one thing after another, and what has to hold after each.

use std::collections::{BTreeSet, VecDeque};

use gmbot_backend::{Backend as _, Clock, Local, Options};
use gmbot_engine::Reply;
use gmbot_engine::grammar::{Kind, kind_of};
use gmbot_engine::model::{AtMs, DurationMs, WarId};
use gmbot_engine::reply::{Code, Legend};
use gmbot_engine::request::{Fact, Input, Request};
use gmbot_engine::view::{Query, View, Viewer};
use tempfile::TempDir;

use super::cast::{Cast, PLATFORMS};
use super::courier::Courier;
use super::deeds::Chooser;
use super::dice::Dice;
use super::look::look;
use super::rulebook::Rulebook;
use super::tally::Tally;
use super::{Failure, Keep, Plan, Trouble};

/// When it begins: 2026-01-05 18:00 UTC.
const BEGIN: AtMs = AtMs(1_767_636_000_000);
/// After how many steps everything is checked, not just what was touched.
const CHECK_ALL: u64 = 1000;
/// How many requests can be sent again.
const REMEMBERED: usize = 40;
/// How many events are read at a time.
const PAGE: usize = 500;

/// A simulation while it runs.
pub(super) struct Play {
    plan: Plan,
    folder: Option<TempDir>,
    local: Option<Local>,
    dice: Dice,
    cast: Cast,
    book: Rulebook,
    courier: Courier,
    tally: Tally,
    /// How much of the log was read.
    read: i64,
    /// Requests that were answered, and how.
    answered: VecDeque<(Request, Option<Reply>)>,
    now: AtMs,
    deed: String,
}

impl Play {
    /// Opens an empty database.
    ///
    /// # Errors
    /// When that fails.
    pub(super) fn new(plan: Plan) -> Result<Self, Box<Failure>> {
        let mut play = Self {
            plan,
            folder: None,
            local: None,
            dice: Dice::new(plan.seed),
            cast: Cast::new(),
            book: Rulebook::default(),
            courier: Courier::default(),
            tally: Tally::default(),
            read: 0,
            answered: VecDeque::new(),
            now: BEGIN,
            deed: "the beginning".to_owned(),
        };
        play.begin().map_err(|trouble| play.failed(0, trouble))?;
        Ok(play)
    }

    fn begin(&mut self) -> Result<(), Trouble> {
        if self.plan.keep == Keep::File {
            let folder = TempDir::new().map_err(|error| Trouble::NoFile(error.to_string()))?;
            self.folder = Some(folder);
        }
        self.open()?;
        for house in 0..self.cast.houses.len() {
            let request = self.cast.seen(house);
            self.submit(request)?;
        }
        self.listen().map(|_| ())
    }

    /// Opens the database, as after a restart.
    fn open(&mut self) -> Result<(), Trouble> {
        // The old backend has to let go of the file first.
        self.local = None;
        let options = match &self.folder {
            Some(folder) => Options::file(folder.path().join("gmbot.db")),
            None => Options::memory(),
        };
        let local = options.with_new_clock(Clock::Manual).with_readers(1).open()?;
        local.set_seed([7; 32])?;
        local.set_now(self.now)?;
        self.local = Some(local);
        Ok(())
    }

    fn failed(&self, step: u64, trouble: Trouble) -> Box<Failure> {
        Box::new(Failure { plan: self.plan, step, deed: self.deed.clone(), trouble })
    }

    /// Runs all steps, and checks everything at the end.
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub(super) fn run(mut self) -> Result<Tally, Box<Failure>> {
        for step in 1..=self.plan.steps {
            let outcome = self.step().and_then(|touched| self.check(step, &touched));
            outcome.map_err(|trouble| self.failed(step, trouble))?;
            self.tally.steps += 1;
        }
        self.deed = "the end".to_owned();
        self.end().map_err(|trouble| self.failed(self.plan.steps + 1, trouble))?;
        self.tally.delivered = self.courier.delivered;
        self.tally.redelivered = self.courier.repeated;
        self.tally.parked = self.courier.parked;
        Ok(self.tally)
    }

    fn local(&self) -> Result<&Local, Trouble> {
        self.local.as_ref().ok_or(Trouble::Backend(gmbot_backend::BackendError::Stopped))
    }

    /// One thing happens; what wars it touched.
    fn step(&mut self) -> Result<BTreeSet<WarId>, Trouble> {
        match self.dice.below(100) {
            0..68 => self.say()?,
            68..73 => self.say_again()?,
            73..85 => self.wait()?,
            85..92 => self.deliver()?,
            92..96 => {
                self.deed = "a look".to_owned();
                self.tally.looks += 1;
                let local = self.local.as_ref();
                let Some(local) = local else { return Ok(BTreeSet::new()) };
                look(local, &self.book, &mut self.dice)?;
            }
            96..98 => self.platform_tells()?,
            98 => self.outage(),
            _ => self.restart()?,
        }
        self.listen()
    }

    fn say(&mut self) -> Result<(), Trouble> {
        let Self { dice, cast, book, .. } = self;
        let Some(request) = (Chooser { dice, cast, book }).next() else { return Ok(()) };
        self.deed = format!("{request:?}");
        let late = request.age_ms > DurationMs::minutes(10).0;
        let code = self.submit(request)?.map(|reply| reply.code);
        if late && code.is_some_and(|code| !code.is_refusal()) {
            return Err(Trouble::Broken("a command was carried out that came too late".to_owned()));
        }
        Ok(())
    }

    fn submit(&mut self, request: Request) -> Result<Option<Reply>, Trouble> {
        let reply = self.local()?.submit(request.clone())?;
        if let Some(reply) = &reply {
            self.tally.count_reply(reply.code);
        }
        let changes =
            matches!(request.input, Input::Fact(_)) || kind_of(&request.input) != Kind::Query;
        if changes {
            self.answered.push_back((request, reply.clone()));
            if self.answered.len() > REMEMBERED {
                self.answered.pop_front();
            }
        }
        Ok(reply)
    }

    /// A platform sends something again, as it does when it heard no answer; or, by mistake, another
    /// thing under the same key.
    fn say_again(&mut self) -> Result<(), Trouble> {
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
    fn wait(&mut self) -> Result<(), Trouble> {
        let ms = match self.dice.below(100) {
            0..50 => self.dice.between(1, 600_000),
            50..90 => self.dice.between(1, 20) * 3_600_000,
            90..96 => self.dice.between(1, 4) * 86_400_000,
            96..98 => self.dice.between(5, 40) * 86_400_000,
            _ => -self.dice.between(1, 300_000),
        };
        self.deed = format!("the clock goes on by {ms} ms");
        self.now = self.now + DurationMs(ms);
        let local = self.local()?;
        local.set_now(self.now)?;
        local.run_due()?;
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

    fn deliver(&mut self) -> Result<(), Trouble> {
        self.deed = "notices are delivered".to_owned();
        let Self { local, courier, book, dice, .. } = self;
        let Some(local) = local else { return Ok(()) };
        local.run_due()?;
        // What the courier has to bring must be known first.
        hear(local, &mut self.read, book, courier, &mut self.tally)?;
        courier.round(local, book, Some(dice))
    }

    /// A platform tells what happened in a space.
    fn platform_tells(&mut self) -> Result<(), Trouble> {
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

    fn outage(&mut self) {
        let hours = if self.dice.chance(20) { 200 } else { self.dice.between(1, 30) };
        let until = self.now + DurationMs::hours(hours);
        let platform = PLATFORMS[self.dice.below(PLATFORMS.len())];
        self.deed = format!("{platform} is down for {hours} hours");
        self.courier.outage(platform, until);
    }

    fn restart(&mut self) -> Result<(), Trouble> {
        if self.folder.is_none() {
            return Ok(());
        }
        self.deed = "a restart".to_owned();
        self.tally.restarts += 1;
        self.open()
    }

    /// Hears what the log has new; the wars that it is about.
    fn listen(&mut self) -> Result<BTreeSet<WarId>, Trouble> {
        let Self { local, read, book, courier, tally, .. } = self;
        let Some(local) = local else { return Ok(BTreeSet::new()) };
        hear(local, read, book, courier, tally)
    }

    /// What has to hold after a step.
    fn check(&mut self, step: u64, touched: &BTreeSet<WarId>) -> Result<(), Trouble> {
        self.book.nothing_is_overdue(touched, self.now).map_err(Trouble::Broken)?;
        let clans = touched.iter().filter_map(|war| self.book.wars.get(war));
        let clans: BTreeSet<_> = if step.is_multiple_of(CHECK_ALL) {
            self.book.clans.keys().copied().collect()
        } else {
            clans.flat_map(|bout| [Some(bout.host), bout.guest]).flatten().collect()
        };
        for clan in clans {
            let ours = self.book.clans.get(&clan).map_or(0, |club| club.glory);
            let query = Query::ClanStats { clan, game: None };
            let View::Stats(stats) = self.local()?.view(&query, &Viewer::default())? else {
                return Err(Trouble::Broken(format!("the clan {clan} has no record")));
            };
            if stats.glory != ours {
                let what = format!("{clan} has {} glory, its wars gave {ours}", stats.glory);
                return Err(Trouble::Broken(what));
            }
        }
        Ok(())
    }

    /// Everything is awake and delivered, nothing is due, and the log says the same again.
    fn end(&mut self) -> Result<(), Trouble> {
        for house in 0..self.cast.houses.len() {
            let request = self.cast.seen(house);
            self.submit(request)?;
        }
        self.listen()?;
        if let Some(local) = &self.local {
            for _ in 0..30 {
                self.courier.finish(local, &self.book)?;
                hear(local, &mut self.read, &mut self.book, &mut self.courier, &mut self.tally)?;
            }
            self.courier.is_done(local)?;
            self.now = local.now();
        }
        self.check(CHECK_ALL, &BTreeSet::new())?;
        let found = self.local()?.verify(|_, _| {})?;
        if found.is_sound() {
            return Ok(());
        }
        let first = found.differences.first().map(ToString::to_string).unwrap_or_default();
        Err(Trouble::Broken(format!("replaying the log gives another state: {first}")))
    }
}

/// Reads what the log has new, and holds it to the rules.
fn hear(
    local: &Local,
    read: &mut i64,
    book: &mut Rulebook,
    courier: &mut Courier,
    tally: &mut Tally,
) -> Result<BTreeSet<WarId>, Trouble> {
    let mut touched = BTreeSet::new();
    loop {
        let page = local.log(*read, PAGE)?;
        for (number, recorded) in &page {
            *read = *number;
            tally.count_event(&recorded.event);
            book.hear(recorded).map_err(Trouble::Broken)?;
            courier.expect(recorded, book);
            touched.extend(recorded.event.war());
        }
        if page.len() < PAGE {
            return Ok(touched);
        }
    }
}

/// A reply without the names and texts that are filled in anew each time.
fn bare(reply: &Reply) -> Reply {
    Reply { legend: Legend::default(), ..reply.clone() }
}
