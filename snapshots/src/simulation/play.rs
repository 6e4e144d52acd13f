//! The course of a simulation: one thing after another, and what has to hold after each.

use std::collections::{BTreeSet, VecDeque};

use gmbot_backend::{Address, Backend as _};
use gmbot_engine::Reply;
use gmbot_engine::event::Event;
use gmbot_engine::grammar::{Kind, kind_of};
use gmbot_engine::model::{AtMs, ClanId, DurationMs, PersonId, WarId};
use gmbot_engine::request::Request;
use gmbot_engine::view::{Query, View, Viewer};

use super::act::Step;
use super::backends::{Backends, Tried};
use super::cast::Cast;
use super::courier::Courier;
use super::dice::Dice;
use super::rulebook::Rulebook;
use super::tally::Tally;
use super::{Failure, Plan, Trouble, broken};

mod choice;
mod steps;

/// When it begins: 2026-01-05 18:00 UTC.
pub(super) const BEGIN: AtMs = AtMs(1_767_636_000_000);
/// After how many steps everything is checked, not just what was touched.
const CHECK_ALL: u64 = 1000;
/// How many requests can be sent again.
const REMEMBERED: usize = 40;
/// How many events are read at a time.
const PAGE: usize = 500;

/// A simulation while it runs.
pub(super) struct Play {
    plan: Plan,
    backends: Backends,
    dice: Dice,
    cast: Cast,
    book: Rulebook,
    courier: Courier,
    tally: Tally,
    /// How much of the log was read.
    read: i64,
    /// Requests that were answered.
    answered: VecDeque<Answered>,
    /// Requests that were sent and have not arrived yet, and when they were.
    delayed: Vec<(Request, AtMs)>,
    /// The codes for `link` that people were told, the newest last.
    codes: VecDeque<String>,
    code_is_new: bool,
    now: AtMs,
    /// The wars that this step touched.
    touched: BTreeSet<WarId>,
    /// The wars that this step made.
    created: Vec<WarId>,
    /// Whose names and texts were erased in this step.
    forgotten: Vec<PersonId>,
    deed: String,
}

/// A request that was carried out, and how it was answered.
struct Answered {
    request: Request,
    reply: Option<Reply>,
    by: Option<PersonId>,
    /// Whether whoever asked was forgotten since.
    erased: bool,
}

impl Play {
    /// Opens an empty database.
    ///
    /// # Errors
    /// When that fails.
    pub(super) fn new(plan: Plan) -> Result<Self, Box<Failure>> {
        Self::at(plan, None)
    }

    /// The same with the database at an address, where the plan wants one.
    pub(super) fn at(plan: Plan, address: Option<Address>) -> Result<Self, Box<Failure>> {
        let failed = |trouble| Failure::new(plan, 0, "the beginning", trouble);
        let mut play = Self {
            plan,
            backends: Backends::open(plan.keep, address, BEGIN).map_err(failed)?,
            dice: Dice::new(plan.seed),
            cast: Cast::new(),
            book: Rulebook::new(plan.rules),
            courier: Courier::default(),
            tally: Tally::default(),
            read: 0,
            answered: VecDeque::new(),
            delayed: Vec::new(),
            codes: VecDeque::new(),
            code_is_new: false,
            now: BEGIN,
            touched: BTreeSet::new(),
            created: Vec::new(),
            forgotten: Vec::new(),
            deed: "the beginning".to_owned(),
        };
        play.gather().map_err(failed)?;
        Ok(play)
    }

    /// Every platform lists its spaces and who is in them.
    fn gather(&mut self) -> Result<(), Trouble> {
        for house in 0..self.cast.houses.len() {
            let request = self.cast.seen(house);
            self.submit(request)?;
        }
        Ok(())
    }

    /// Takes all steps of the plan, and checks everything at the end; `hear` gets each step before it
    /// is taken.
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub(super) fn run(mut self, mut hear: impl FnMut(&Step)) -> Result<Tally, Box<Failure>> {
        for _ in 0..self.plan.steps {
            let step = self.choose();
            hear(&step);
            self.take(step)?;
            self.tally.steps += 1;
        }
        self.finish()
    }

    /// Takes these steps instead of those of the plan; `told` gets each, and the wars that it made.
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub(super) fn replay(
        mut self,
        steps: &[Step],
        mut told: impl FnMut(&Step, &Self),
    ) -> Result<Tally, Box<Failure>> {
        self.cast.pass_over_keys();
        for step in steps {
            let outcome = self.take(step.clone());
            told(step, &self);
            outcome?;
            self.tally.steps += 1;
        }
        self.finish()
    }

    /// The wars that the last step made.
    pub(super) fn created(&self) -> &[WarId] {
        &self.created
    }

    /// The code for `link` that somebody was told in the last step.
    pub(super) fn new_code(&self) -> Option<&String> {
        self.codes.back().filter(|_| self.code_is_new)
    }

    /// The clans, and the numbers of the spaces that act as them.
    pub(super) fn clans(&self) -> impl Iterator<Item = (ClanId, usize)> {
        let spaces = self.cast.houses.iter().enumerate();
        spaces.filter_map(|(house, here)| Some((*self.book.spaces.get(&here.key())?, house)))
    }

    /// Who takes part.
    pub(super) fn cast(&self) -> &Cast {
        &self.cast
    }

    fn finish(mut self) -> Result<Tally, Box<Failure>> {
        self.deed = "the end".to_owned();
        self.end().map_err(|trouble| self.failed(trouble))?;
        self.tally.delivered = self.courier.delivered;
        self.tally.redelivered = self.courier.repeated;
        self.tally.parked = self.courier.parked;
        self.tally.crashes = self.backends.crashes;
        self.tally.failures = self.backends.failures;
        Ok(self.tally)
    }

    fn failed(&self, trouble: Trouble) -> Box<Failure> {
        Failure::new(self.plan, self.tally.steps + 1, &self.deed, trouble)
    }

    /// Takes one step, and checks what has to hold after it.
    fn take(&mut self, step: Step) -> Result<(), Box<Failure>> {
        self.deed = step.to_string();
        self.touched.clear();
        self.created.clear();
        self.code_is_new = false;
        self.forgotten.clear();
        self.backends.begin_step(step.turn, step.fault);
        let outcome = self.act(step.act).and_then(|()| self.check());
        self.backends.begin_step(step.turn, None);
        outcome.map_err(|trouble| self.failed(trouble))
    }

    /// Sends a request, again under the same key where a fault cut it off, as a platform does. What it
    /// does must be there once.
    fn submit(&mut self, request: Request) -> Result<Option<Reply>, Trouble> {
        let mut done = false;
        let reply = loop {
            let asked = request.clone();
            let before = self.tally.events;
            match self.backends.attempt(|local| local.submit(asked))? {
                Tried::Done(reply) => {
                    self.listen()?;
                    if done && self.tally.events != before {
                        return broken("a request was carried out twice".to_owned());
                    }
                    break reply;
                }
                Tried::Cut { durable } => {
                    self.listen()?;
                    if !durable && self.tally.events != before {
                        return broken("a request left something though it failed".to_owned());
                    }
                    done |= durable;
                }
            }
        };
        self.note(request, reply.as_ref());
        Ok(reply)
    }

    /// Notes how a request was answered.
    fn note(&mut self, request: Request, reply: Option<&Reply>) {
        if let Some(reply) = reply {
            self.tally.count_reply(reply.code);
        }
        if kind_of(&request.input) == Kind::Query {
            return;
        }
        if let (Some(space), Some(reply)) = (&request.answer_to, reply) {
            self.courier.expect_answer(space, &request.key, reply.code);
        }
        let by = request.actor.as_ref().and_then(|actor| self.book.person(actor));
        let reply = reply.cloned();
        self.answered.push_back(Answered { request, reply, by, erased: false });
        if self.answered.len() > REMEMBERED {
            self.answered.pop_front();
        }
    }

    /// Time passes, and whatever is due is delivered without faults.
    fn bring(&mut self, after: DurationMs) -> Result<(), Trouble> {
        self.now = self.now + after;
        self.backends.set_now(self.now)?;
        self.run_due()?;
        self.courier.round(&mut self.backends, &self.book, None)?;
        self.listen()
    }

    /// Has everything done that is due.
    fn run_due(&mut self) -> Result<(), Trouble> {
        self.backends.run_due()?;
        self.listen()?;
        self.courier.all_is_sent();
        Ok(())
    }

    /// Reads what the log has new, and holds it to the rules.
    fn listen(&mut self) -> Result<(), Trouble> {
        loop {
            let page = self.backends.local()?.log(self.read, PAGE)?;
            for (number, recorded) in &page {
                self.read = *number;
                self.tally.count_event(&recorded.event);
                if let Event::WarCreated { war, .. } = &recorded.event {
                    self.created.push(*war);
                }
                self.book.hear(recorded).map_err(Trouble::Broken)?;
                self.courier.expect(recorded, &self.book);
                self.touched.extend(recorded.event.war());
                if let Event::PersonForgotten { person } = &recorded.event {
                    self.forget(*person);
                }
            }
            if page.len() < PAGE {
                return Ok(());
            }
        }
    }

    /// Notes whose names and answers are erased.
    fn forget(&mut self, person: PersonId) {
        self.forgotten.push(person);
        let answered = self.answered.iter_mut();
        for theirs in answered.filter(|answered| answered.by == Some(person)) {
            theirs.erased = true;
        }
    }

    /// What has to hold after a step: for what it touched, and now and then for all.
    fn check(&self) -> Result<(), Trouble> {
        if (self.tally.steps + 1).is_multiple_of(CHECK_ALL) {
            return self.check_all();
        }
        self.book.nothing_is_overdue(&self.touched, self.now).map_err(Trouble::Broken)?;
        let fought = self.touched.iter().filter_map(|war| self.book.wars.get(war));
        let clans = fought.flat_map(|bout| [Some(bout.host), bout.guest]).flatten();
        self.glory_is_the_sum(clans.collect())
    }

    fn check_all(&self) -> Result<(), Trouble> {
        self.book.nothing_is_overdue(&self.book.live, self.now).map_err(Trouble::Broken)?;
        self.glory_is_the_sum(self.book.clans.keys().copied().collect())
    }

    /// The glory of these clans is what their wars gave.
    fn glory_is_the_sum(&self, clans: BTreeSet<ClanId>) -> Result<(), Trouble> {
        for clan in clans {
            let ours = self.book.clans.get(&clan).map_or(0, |club| club.glory);
            let query = Query::ClanStats { clan, game: None };
            let View::Stats(stats) = self.backends.local()?.look(&query, &Viewer::default())?
            else {
                return broken(format!("the clan {clan} has no record"));
            };
            if stats.glory != ours {
                return broken(format!("{clan} has {} glory, its wars gave {ours}", stats.glory));
            }
        }
        Ok(())
    }

    /// Everything is awake and delivered, nothing is due, and the log says the same again.
    fn end(&mut self) -> Result<(), Trouble> {
        self.gather()?;
        for _ in 0..30 {
            self.bring(DurationMs::hours(1))?;
        }
        // All leases and rests are over: what is due now is also delivered now.
        for _ in 0..3 {
            self.bring(DurationMs(0))?;
        }
        let local = self.backends.local()?;
        self.courier.is_done(local)?;
        self.check_all()?;
        let found = local.verify(|_, _| {})?;
        if found.is_sound() {
            return Ok(());
        }
        let first = found.differences.first().map(ToString::to_string).unwrap_or_default();
        broken(format!("replaying the log gives another state: {first}"))
    }
}
