//! A backend that stops at one step, so that a connector can be killed there.

use std::sync::mpsc::Receiver;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use gmbot_backend::{Backend, BackendError, Delivery, Fate, Local};
use gmbot_engine::Reply;
use gmbot_engine::model::{Platform, WarId};
use gmbot_engine::request::{Input, Onlooker, Request, SpaceRef};
use gmbot_engine::view::{Query, View};

/// How long a test waits for something at most.
const PATIENCE: Duration = Duration::from_mins(1);

/// Where a connector can be killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It has heard something, and the backend has not.
    BeforeSubmit,
    /// The backend has carried it out.
    AfterSubmit,
    /// A notice was handed out.
    AfterClaim,
    /// A notice was delivered, and nobody knows it.
    BeforeAcknowledge,
}

/// A backend that stops for good at one step, until it is told to go on.
pub struct Stumbling {
    /// The database.
    pub local: Local,
    at: Mutex<(Option<Step>, bool)>,
    /// How many facts have come.
    facts: Mutex<usize>,
    changed: Condvar,
    changed_facts: Condvar,
}

impl Stumbling {
    /// A database behind a connector.
    pub fn over(local: Local) -> Self {
        Self {
            local,
            at: Mutex::default(),
            facts: Mutex::default(),
            changed: Condvar::new(),
            changed_facts: Condvar::new(),
        }
    }

    /// Stops at a step of whatever somebody says.
    pub fn stumble(&self, step: Step) {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner) = (Some(step), false);
    }

    /// Waits until it has stopped.
    ///
    /// # Panics
    /// When the step is not reached in time.
    pub fn wait_until_stopped(&self) {
        let at = self.at.lock().unwrap_or_else(PoisonError::into_inner);
        let (_at, waited) = self
            .changed
            .wait_timeout_while(at, PATIENCE, |(_, stopped)| !*stopped)
            .unwrap_or_else(PoisonError::into_inner);
        assert!(!waited.timed_out(), "the step was not reached");
    }

    /// Waits until so many facts have come.
    pub fn wait_for_facts(&self, number: usize) {
        let facts = self.facts.lock().unwrap_or_else(PoisonError::into_inner);
        let few = |facts: &mut usize| *facts < number;
        drop(self.changed_facts.wait_timeout_while(facts, PATIENCE, few));
    }

    /// Lets whoever stopped go on, and stops nobody any more.
    pub fn go_on(&self) {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner) = (None, false);
        self.changed.notify_all();
    }

    /// Stops here, if this is the step.
    fn pass(&self, step: Step) -> Result<(), BackendError> {
        let mut at = self.at.lock().unwrap_or_else(PoisonError::into_inner);
        if at.0 != Some(step) {
            return Ok(());
        }
        while at.0.is_some() {
            at.1 = true;
            self.changed.notify_all();
            at = self.changed.wait(at).unwrap_or_else(PoisonError::into_inner);
        }
        // Nobody is there any more to whom it could matter.
        Err(BackendError::Stopped)
    }
}

impl Backend for Stumbling {
    fn submit(&self, request: Request) -> Result<Option<Reply>, BackendError> {
        let said = !matches!(request.input, Input::Fact(_) | Input::Command(_));
        if said {
            self.pass(Step::BeforeSubmit)?;
        }
        let reply = self.local.submit(request)?;
        if said {
            self.pass(Step::AfterSubmit)?;
        } else {
            *self.facts.lock().unwrap_or_else(PoisonError::into_inner) += 1;
            self.changed_facts.notify_all();
        }
        Ok(reply)
    }

    fn view(&self, query: &Query, onlooker: &Onlooker) -> Result<View, BackendError> {
        self.local.view(query, onlooker)
    }

    fn image(
        &self,
        war: WarId,
        hash: &str,
        onlooker: &Onlooker,
    ) -> Result<Option<Vec<u8>>, BackendError> {
        self.local.image(war, hash, onlooker)
    }

    fn watch(&self) -> Receiver<()> {
        self.local.watch()
    }

    fn claim(
        &self,
        platform: &Platform,
        space: Option<&SpaceRef>,
        limit: usize,
    ) -> Result<Vec<Delivery>, BackendError> {
        let stops = self.at.lock().unwrap_or_else(PoisonError::into_inner).0;
        if stops == Some(Step::AfterSubmit) {
            // Nobody claims what the killed one did not.
            return Ok(Vec::new());
        }
        let page = self.local.claim(platform, space, limit)?;
        if !page.is_empty() {
            self.pass(Step::AfterClaim)?;
        }
        Ok(page)
    }

    fn acknowledge(&self, token: &str, fate: Fate) -> Result<(), BackendError> {
        self.pass(Step::BeforeAcknowledge)?;
        self.local.acknowledge(token, fate)
    }
}
