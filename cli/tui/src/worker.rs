//! The threads that wait: for keys, for the backend, for changes, for signals. Each tells the loop
//! what happened, and none of them draws.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use gmbot_backend::{Backend, BackendError};
use gmbot_engine::model::WarId;
use gmbot_engine::request::Onlooker;

use crate::event::Event;
use crate::memory::Memory;
use crate::seat::MakeRequest;
use crate::world::{Sight, World};

/// How long one rests between two looks, however much happens.
const REST: Duration = Duration::from_millis(100);
/// How long one waits until a backend that can't be reached is tried again.
const RETRY: Duration = Duration::from_secs(2);

/// What the loop hears.
pub(crate) enum Heard {
    /// Something happened.
    Event(Event),
    /// The terminal says something.
    Terminal(crossterm::event::Event),
    /// Everything has to be drawn anew.
    Redraw,
    /// There are no more keys: the terminal is gone.
    NoTerminal(std::io::Error),
    /// A thread panicked, and what it said.
    Panicked(String),
}

/// What the thread that speaks to the backend does.
pub(crate) enum Task {
    /// Sends a line.
    Submit(String),
    /// Looks at a war in full.
    Look(WarId),
    /// Keeps a line for later runs.
    Remember(String),
}

/// Starts a thread; if it panics, the loop hears of it.
///
/// # Errors
/// When the system gives no thread.
pub(crate) fn start(
    name: &str,
    tell: &Sender<Heard>,
    work: impl FnOnce(&Sender<Heard>) + Send + 'static,
) -> std::io::Result<()> {
    let tell = tell.clone();
    let guarded = move || {
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| work(&tell))) {
            tell.send(Heard::Panicked(words_of(payload.as_ref()))).ok();
        }
    };
    thread::Builder::new().name(format!("gmbot-tui-{name}")).spawn(guarded).map(drop)
}

/// What a panic said.
fn words_of(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no reason was given").to_owned()
}

/// Reads what the terminal says, until it is gone.
pub(crate) fn keys(tell: &Sender<Heard>) {
    loop {
        let heard = match crossterm::event::read() {
            Ok(event) => Heard::Terminal(event),
            Err(error) => {
                tell.send(Heard::NoTerminal(error)).ok();
                return;
            }
        };
        if tell.send(heard).is_err() {
            return;
        }
    }
}

/// Looks at the backend, and again whenever something may have changed.
pub(crate) fn looks(backend: &dyn Backend, onlooker: &Onlooker, tell: &Sender<Heard>) {
    let changes = backend.watch();
    let mut seen: Option<World> = None;
    loop {
        let event = match World::look(backend, onlooker) {
            Ok(world) if seen.as_ref() == Some(&world) => None,
            Ok(world) => {
                seen = Some(world.clone());
                Some(Event::Seen(Box::new(world)))
            }
            Err(error) => {
                seen = None;
                Some(Event::Lost(error.to_string()))
            }
        };
        if event.is_some_and(|event| tell.send(Heard::Event(event)).is_err()) {
            return;
        }
        thread::sleep(REST);
        wait(&changes, seen.is_none());
    }
}

/// Waits for a change, or until it is time to try again.
fn wait(changes: &Receiver<()>, lost: bool) {
    let over = if lost {
        changes.recv_timeout(RETRY)
    } else {
        changes.recv().map_err(|_ended| RecvTimeoutError::Disconnected)
    };
    if over == Err(RecvTimeoutError::Disconnected) {
        // Nobody tells of changes: look now and then.
        thread::sleep(RETRY);
    }
}

/// Speaks to the backend, one task after the other.
pub(crate) struct Speaker {
    pub(crate) backend: Arc<dyn Backend>,
    pub(crate) onlooker: Onlooker,
    pub(crate) request: MakeRequest,
    pub(crate) memory: Option<Memory>,
}

impl Speaker {
    /// Does what it is told until nobody tells it any more.
    pub(crate) fn run(self, tasks: &Receiver<Task>, tell: &Sender<Heard>) {
        for task in tasks {
            let event = match task {
                Task::Submit(line) => Some(self.submit(line)),
                Task::Look(war) => self.look(war),
                Task::Remember(line) => {
                    // A line that can't be kept was run all the same.
                    self.memory.as_ref().map(|memory| memory.keep(&line).ok());
                    None
                }
            };
            if event.is_some_and(|event| tell.send(Heard::Event(event)).is_err()) {
                return;
            }
        }
    }

    fn submit(&self, line: String) -> Event {
        let answer = self.ask(&line).map(|reply| reply.map(Box::new));
        Event::Answered { line, answer: answer.map_err(|error| error.to_string()) }
    }

    fn ask(&self, line: &str) -> Result<Option<gmbot_engine::Reply>, BackendError> {
        self.backend.submit((self.request)(line.to_owned())?)
    }

    /// A war, and what `explain` says of it.
    fn look(&self, war: WarId) -> Option<Event> {
        let seen = Sight::look(war, self.backend.as_ref(), &self.onlooker).ok()?;
        let explained = self.ask(&format!("gmbot explain {war}")).ok()?;
        Some(Event::War(war, Box::new(Sight { explained, ..seen })))
    }
}
