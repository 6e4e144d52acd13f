//! The interactions that wait for their answer, and what Discord was told of each so far.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serenity::all::InteractionId;

/// For how long Discord lets an interaction be answered.
const ANSWERABLE: Duration = Duration::from_mins(15);

/// What Discord was told of an interaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// Nothing, as far as this process knows.
    Nothing,
    /// That the answer takes longer.
    Deferred {
        /// Whether the asking person alone sees that.
        private: bool,
    },
    /// The answer.
    Answer,
}

/// What is told of one interaction; whoever holds it is the only one to tell anything.
pub(crate) type Telling = Arc<tokio::sync::Mutex<Told>>;

/// The interactions that wait.
#[derive(Debug, Default)]
pub(crate) struct Pending(Mutex<BTreeMap<InteractionId, (Instant, Telling)>>);

impl Pending {
    /// What was told of an interaction; a new one is added.
    pub(crate) fn telling(&self, id: InteractionId) -> Telling {
        let mut pending = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pending.retain(|_, (since, _)| since.elapsed() < ANSWERABLE);
        let new = || (Instant::now(), Arc::new(tokio::sync::Mutex::new(Told::Nothing)));
        let (_, telling) = pending.entry(id).or_insert_with(new);
        Arc::clone(telling)
    }
}
