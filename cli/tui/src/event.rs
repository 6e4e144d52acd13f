//! What happens to the screen, and what it wants done.

use crossterm::event::{KeyEvent, MouseEvent};
use gmbot_engine::Reply;
use gmbot_engine::model::{AtMs, WarId};

use crate::world::{Sight, World};

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Event {
    /// The time it is now; comes before each of the others.
    Clock(AtMs),
    /// A key was pressed.
    Key(KeyEvent),
    /// The mouse was moved, pressed or turned.
    Mouse(MouseEvent),
    /// Text was pasted.
    Paste(String),
    /// The screen has another size: columns and rows.
    Resized(u16, u16),
    /// What can be seen now.
    Seen(Box<World>),
    /// The backend can't be reached, and why; it is tried again.
    Lost(String),
    /// One war in full, for its page.
    War(WarId, Box<Sight>),
    /// A line was carried out.
    Answered {
        /// The line.
        line: String,
        /// The answer; none: the line was not for the bot. Or why the backend failed.
        answer: Result<Option<Box<Reply>>, String>,
    },
    /// The lines of earlier runs, the oldest first.
    Remembered(Vec<String>),
}

/// Something to be done outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Send a line.
    Submit(String),
    /// Look at a war in full.
    Look(WarId),
    /// Keep a line for later runs.
    Remember(String),
    /// Draw everything anew.
    Redraw,
    /// End.
    Quit,
}
