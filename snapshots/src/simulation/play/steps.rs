//! What becomes of each kind of step.

use gmbot_backend::Backend as _;
use gmbot_engine::Reply;
use gmbot_engine::grammar::Command;
use gmbot_engine::model::{DurationMs, PersonId};
use gmbot_engine::reply::{Block, Code, Legend};
use gmbot_engine::request::{Input, Request};

use super::{Answered, Play};
use crate::simulation::act::Act;
use crate::simulation::backends::Tried;
use crate::simulation::dice::Dice;
use crate::simulation::look::look;
use crate::simulation::{Trouble, broken};

/// How many codes for `link` are known at a time.
const CODES: usize = 4;

impl Play {
    pub(super) fn act(&mut self, act: Act) -> Result<(), Trouble> {
        match act {
            Act::Say(request) => self.say(*request),
            Act::Again { chance } => self.say_again(&mut Dice::new(chance)),
            Act::Wait { ms, sweep } => self.wait(DurationMs(ms), sweep),
            Act::Deliver { chance } => self.deliver(&mut Dice::new(chance)),
            Act::Look { chance } => {
                self.tally.looks += 1;
                look(self.backends.local()?, &self.book, &mut self.cast, &mut Dice::new(chance))
            }
            Act::Outage { platform, hours } => {
                self.courier.outage(platform, self.now + DurationMs::hours(hours));
                Ok(())
            }
            Act::Restart => {
                self.tally.restarts += 1;
                self.backends.restart()
            }
        }
    }

    fn say(&mut self, request: Request) -> Result<(), Trouble> {
        let late = request.age_ms > DurationMs::minutes(10).0;
        let fact = matches!(request.input, Input::Fact(_));
        let Some(reply) = self.submit(request)? else { return Ok(()) };
        if late && !fact && !reply.code.is_refusal() {
            return broken("a command was carried out that came too late".to_owned());
        }
        if let Some(code) = reply.blocks.iter().find_map(link_code) {
            self.code_is_new = true;
            self.codes.push_back(code);
            if self.codes.len() > CODES {
                self.codes.pop_front();
            }
        }
        for person in std::mem::take(&mut self.forgotten) {
            self.is_forgotten(person)?;
        }
        Ok(())
    }

    /// A platform sends something again. The same gets the same answer, another thing under its key is
    /// refused, and nothing is done.
    fn say_again(&mut self, dice: &mut Dice) -> Result<(), Trouble> {
        let place = dice.below(self.answered.len());
        let Some(Answered { request, reply: before, erased, .. }) = self.answered.get(place) else {
            return Ok(());
        };
        let (mut request, before, erased) = (request.clone(), before.clone(), *erased);
        self.tally.repeats += 1;
        let events = self.tally.events;
        let other = dice.chance(20);
        if other {
            request.authority.founder = !request.authority.founder;
        }
        let reply = loop {
            let asked = request.clone();
            let tried = self.backends.attempt(|local| local.submit(asked))?;
            if let Tried::Done(reply) = tried {
                break reply;
            }
        };
        self.listen()?;
        let same = match (&reply, &before) {
            (Some(reply), _) if other => reply.code == Code::KeyReused,
            (Some(reply), _) if erased => reply.code == Code::ReplyForgotten,
            (Some(reply), Some(before)) => bare(reply) == bare(before),
            (reply, before) => reply.is_none() && before.is_none(),
        };
        if !same || self.tally.events != events {
            return broken(format!("the same key got {reply:?} and not {before:?}"));
        }
        Ok(())
    }

    /// The clock goes on, or back, and what is due is done.
    fn wait(&mut self, length: DurationMs, sweep: bool) -> Result<(), Trouble> {
        self.now = self.now + length;
        self.backends.set_now(self.now)?;
        self.run_due()?;
        if sweep {
            while let Tried::Cut { .. } = self.backends.attempt(|local| local.sweep())? {}
            // Answers are kept for 30 days: after that the same key is a new request.
            self.answered.clear();
        }
        self.book.nothing_is_overdue(&self.book.live, self.now).map_err(Trouble::Broken)
    }

    fn deliver(&mut self, dice: &mut Dice) -> Result<(), Trouble> {
        self.run_due()?;
        self.courier.round(&mut self.backends, &self.book, Some(dice))?;
        self.listen()
    }

    /// Nobody is told the name of somebody who asked to be forgotten.
    fn is_forgotten(&mut self, person: PersonId) -> Result<(), Trouble> {
        let accounts = self.book.accounts.get(&person).cloned().unwrap_or_default();
        let names: Vec<String> = self.cast.names(&accounts).cloned().collect();
        for house in 0..self.cast.houses.len() {
            let request = self.cast.saying(house, None, Command::Roles, false);
            let Some(reply) = self.backends.local()?.submit(request)? else { continue };
            let told = reply.legend.people.get(&person);
            if told.is_some_and(|told| names.contains(told)) {
                return broken(format!("{told:?} was forgotten and is named"));
            }
        }
        Ok(())
    }
}

/// The code in an answer to `link`.
fn link_code(block: &Block) -> Option<String> {
    match block {
        Block::Code(line) => line.strip_prefix("gmbot link ").map(str::to_owned),
        Block::Title(_)
        | Block::Paragraph(_)
        | Block::Fields(_)
        | Block::Table { .. }
        | Block::List(_)
        | Block::Hint(_) => None,
    }
}

/// A reply without the names and texts that are filled in anew each time.
fn bare(reply: &Reply) -> Reply {
    Reply { legend: Legend::default(), ..reply.clone() }
}
