//! The loop: hears what happens, updates the state, does what that asks for, draws.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use crate::event::{Effect, Event};
use crate::memory::Memory;
use crate::screen::Screen;
use crate::seat::Seat;
#[cfg(unix)]
use crate::signals;
use crate::state::State;
use crate::update::update;
use crate::view;
use crate::worker::{self, Heard, Speaker, Task};

/// How much is taken in before it is drawn, so that a flood does not keep the screen still.
const MOST_AT_ONCE: usize = 256;

/// Shows the screen until somebody leaves it.
///
/// # Errors
/// When there is no terminal, the system gives no threads, or gmbot itself is broken. The terminal
/// has been given back by then.
pub fn run(seat: Seat) -> io::Result<()> {
    let (tell, heard) = channel();
    let Seat { backend, onlooker, request, now, place, memory, colors } = seat;
    let (tasks, to_do) = channel();
    let (screen, _taken) = Screen::take()?;
    let screen = Arc::new(screen);
    #[cfg(unix)]
    signals::watch(&screen, &tell)?;
    {
        let (backend, onlooker) = (Arc::clone(&backend), onlooker.clone());
        worker::start("looks", &tell, move |tell| {
            worker::looks(backend.as_ref(), &onlooker, tell);
        })?;
    }
    let memory = memory.map(Memory::new);
    // Read at once, so that the first key can bring them back.
    let lines = memory.as_ref().map(Memory::lines).unwrap_or_default();
    let speaker = Speaker { backend, onlooker, request, memory };
    worker::start("speaks", &tell, move |tell| speaker.run(&to_do, tell))?;
    worker::start("keys", &tell, worker::keys)?;
    let mut state = State::new(screen.size()?, place, colors);
    update(&mut state, Event::Remembered(lines));
    Loop { state, screen: &screen, now: now.as_ref(), tasks }.go(&heard)
}

/// Whether it goes on.
#[derive(Debug, PartialEq, Eq)]
enum Flow {
    On,
    End,
}

struct Loop<'a> {
    state: State,
    screen: &'a Screen,
    now: &'a dyn Fn() -> gmbot_engine::model::AtMs,
    tasks: Sender<Task>,
}

impl Loop<'_> {
    fn go(mut self, heard: &Receiver<Heard>) -> io::Result<()> {
        loop {
            self.take(Event::Clock((self.now)()))?;
            let size = self.screen.size()?;
            if size != self.state.size {
                self.take(Event::Resized(size.0, size.1))?;
            }
            self.screen.draw(|frame| view::draw(&self.state, frame))?;
            let Some(first) = self.wait(heard)? else { continue };
            self.take(Event::Clock((self.now)()))?;
            let rest = heard.try_iter().take(MOST_AT_ONCE);
            for next in std::iter::once(first).chain(rest) {
                if self.hear(next)? == Flow::End {
                    return Ok(());
                }
            }
        }
    }

    /// Waits until something happens, or what is shown changes by itself.
    fn wait(&self, heard: &Receiver<Heard>) -> io::Result<Option<Heard>> {
        let ended = || io::Error::other("all threads of the screen have ended");
        let Some(changes_in) = self.state.changes_in() else {
            return heard.recv().map(Some).map_err(|_ended| ended());
        };
        let length = u64::try_from(changes_in.0).unwrap_or(0).max(1);
        match heard.recv_timeout(Duration::from_millis(length)) {
            Ok(heard) => Ok(Some(heard)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(ended()),
        }
    }

    fn hear(&mut self, heard: Heard) -> io::Result<Flow> {
        use crossterm::event::Event as Said;
        match heard {
            Heard::Event(event) => self.take(event),
            Heard::Terminal(Said::Key(key)) => self.take(Event::Key(key)),
            Heard::Terminal(Said::Mouse(mouse)) => self.take(Event::Mouse(mouse)),
            Heard::Terminal(Said::Paste(text)) => self.take(Event::Paste(text)),
            Heard::Terminal(Said::Resize(..) | Said::FocusGained | Said::FocusLost) => Ok(Flow::On),
            Heard::Redraw => self.screen.forget().map(|()| Flow::On),
            Heard::NoTerminal(error) => Err(error),
            Heard::Panicked(what) => Err(io::Error::other(format!(
                "gmbot failed inside: {what}; nothing was changed, please report it"
            ))),
        }
    }

    fn take(&mut self, event: Event) -> io::Result<Flow> {
        for effect in update(&mut self.state, event) {
            let task = match effect {
                Effect::Quit => return Ok(Flow::End),
                Effect::Redraw => {
                    self.screen.forget()?;
                    continue;
                }
                Effect::Submit(line) => Task::Submit(line),
                Effect::Look(war) => Task::Look(war),
                Effect::Remember(line) => Task::Remember(line),
            };
            // If the thread is gone, it panicked, and that is heard next.
            self.tasks.send(task).ok();
        }
        Ok(Flow::On)
    }
}
