//! The course of a simulation: one thing after another, and what has to hold after each.

use std::collections::{BTreeSet, VecDeque};

use gmbot_backend::{Backend as _, BackendError, Clock, Local, Options};
use gmbot_engine::Reply;
use gmbot_engine::grammar::{Kind, kind_of};
use gmbot_engine::model::{AtMs, DurationMs, WarId};
use gmbot_engine::request::{Input, Request};
use gmbot_engine::view::{Query, View, Viewer};
use tempfile::TempDir;

use super::cast::Cast;
use super::courier::Courier;
use super::deeds::Chooser;
use super::dice::Dice;
use super::look::look;
use super::rulebook::Rulebook;
use super::tally::Tally;
use super::{Failure, Keep, Plan, Trouble};

mod faults;

/// When it begins: 2026-01-05 18:00 UTC.
const BEGIN: AtMs = AtMs(1_767_636_000_000);
/// After how many steps everything is checked, not just what was touched.
const CHECK_ALL: u64 = 1000;
/// How many requests can be sent again.
const REMEMBERED: usize = 40;
/// What all ids are drawn from.
const SEED: [u8; 32] = [7; 32];
/// How many events are read at a time.
const PAGE: usize = 500;

/// A simulation while it runs.
pub(super) struct Play {
    plan: Plan,
    folder: Option<TempDir>,
    /// The backends on the one database: two on a file, of which either takes a step.
    locals: Vec<Local>,
    turn: usize,
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
    /// The wars that this step touched.
    touched: BTreeSet<WarId>,
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
            locals: Vec::new(),
            turn: 0,
            dice: Dice::new(plan.seed),
            cast: Cast::new(),
            book: Rulebook::default(),
            courier: Courier::default(),
            tally: Tally::default(),
            read: 0,
            answered: VecDeque::new(),
            now: BEGIN,
            touched: BTreeSet::new(),
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
        self.listen()
    }

    /// Opens the database, as after a restart.
    fn open(&mut self) -> Result<(), Trouble> {
        // The old ones have to let go of the file first.
        self.locals.clear();
        for _ in 0..if self.folder.is_some() { 2 } else { 1 } {
            let options = match &self.folder {
                Some(folder) => Options::file(folder.path().join("gmbot.db")),
                None => Options::memory(),
            };
            let local = options.with_new_clock(Clock::Manual).with_readers(1).open()?;
            local.set_seed(SEED)?;
            local.set_now(self.now)?;
            self.locals.push(local);
        }
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
            let outcome = self.step().and_then(|()| self.check(step));
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
        self.locals.get(self.turn).ok_or(Trouble::Backend(BackendError::Stopped))
    }

    /// One thing happens.
    fn step(&mut self) -> Result<(), Trouble> {
        self.touched.clear();
        self.turn = self.dice.below(self.locals.len());
        match self.dice.below(100) {
            0..68 => self.say()?,
            68..73 => self.say_again()?,
            73..85 => self.wait()?,
            85..92 => self.deliver()?,
            92..96 => {
                self.deed = "a look".to_owned();
                self.tally.looks += 1;
                let Self { locals, turn, book, cast, dice, .. } = self;
                let Some(local) = locals.get(*turn) else { return Ok(()) };
                look(local, book, cast, dice)?;
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

    fn deliver(&mut self) -> Result<(), Trouble> {
        self.deed = "notices are delivered".to_owned();
        self.local()?.run_due()?;
        // What the courier has to bring must be known first.
        self.listen()?;
        let Self { locals, turn, courier, book, dice, .. } = self;
        let Some(local) = locals.get(*turn) else { return Ok(()) };
        courier.round(local, book, Some(dice))
    }

    /// Time passes, and whatever is due is delivered without faults.
    fn bring(&mut self, after: DurationMs) -> Result<(), Trouble> {
        self.now = self.now + after;
        self.set_clocks()?;
        self.local()?.run_due()?;
        self.listen()?;
        let Self { locals, turn, courier, book, .. } = self;
        let Some(local) = locals.get(*turn) else { return Ok(()) };
        courier.round(local, book, None)?;
        self.listen()
    }

    fn set_clocks(&self) -> Result<(), Trouble> {
        self.locals.iter().try_for_each(|local| Ok(local.set_now(self.now)?))
    }

    /// Reads what the log has new, and holds it to the rules.
    fn listen(&mut self) -> Result<(), Trouble> {
        loop {
            let page = self.local()?.log(self.read, PAGE)?;
            for (number, recorded) in &page {
                self.read = *number;
                self.tally.count_event(&recorded.event);
                self.book.hear(recorded).map_err(Trouble::Broken)?;
                self.courier.expect(recorded, &self.book);
                self.touched.extend(recorded.event.war());
            }
            if page.len() < PAGE {
                return Ok(());
            }
        }
    }

    /// What has to hold after a step.
    fn check(&self, step: u64) -> Result<(), Trouble> {
        let all = step.is_multiple_of(CHECK_ALL);
        let wars = if all { &self.book.live } else { &self.touched };
        self.book.nothing_is_overdue(wars, self.now).map_err(Trouble::Broken)?;
        let fought = self.touched.iter().filter_map(|war| self.book.wars.get(war));
        let clans: BTreeSet<_> = if all {
            self.book.clans.keys().copied().collect()
        } else {
            fought.flat_map(|bout| [Some(bout.host), bout.guest]).flatten().collect()
        };
        for clan in clans {
            let ours = self.book.clans.get(&clan).map_or(0, |club| club.glory);
            let query = Query::ClanStats { clan, game: None };
            let View::Stats(stats) = self.local()?.look(&query, &Viewer::default())? else {
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
        for _ in 0..30 {
            self.bring(DurationMs::hours(1))?;
        }
        // All leases and rests are over: what is due now is also delivered now.
        for _ in 0..3 {
            self.bring(DurationMs(0))?;
        }
        self.courier.is_done(self.local()?)?;
        self.check(CHECK_ALL)?;
        let found = self.local()?.verify(|_, _| {})?;
        if found.is_sound() {
            return Ok(());
        }
        let first = found.differences.first().map(ToString::to_string).unwrap_or_default();
        Err(Trouble::Broken(format!("replaying the log gives another state: {first}")))
    }
}
