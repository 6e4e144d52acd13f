//! How far long work is, on standard error, if somebody is there to read it.

use std::io::{self, IsTerminal as _, Write as _};

/// How many columns the bar takes.
const BAR: u64 = 30;

/// A line that is drawn again and again, and gone when the work is done.
#[derive(Debug)]
pub(crate) struct Progress {
    what: &'static str,
    /// The last percentage that was drawn; none where nobody watches.
    shown: Option<u64>,
}

impl Progress {
    /// A line that says what is done.
    pub(crate) fn new(what: &'static str) -> Self {
        Self { what, shown: io::stderr().is_terminal().then_some(0) }
    }

    /// Tells that `done` steps of `all` are done.
    pub(crate) fn at(&mut self, done: u64, all: u64) {
        let percent = (done.saturating_mul(100)).checked_div(all).unwrap_or(100).min(100);
        if self.shown.is_none_or(|shown| shown == percent) {
            return;
        }
        self.shown = Some(percent);
        let full = percent * BAR / 100;
        let bar: String = (0..BAR).map(|column| if column < full { '#' } else { '.' }).collect();
        // Who can't be shown it misses nothing.
        write!(io::stderr(), "\r{} [{bar}] {percent:3} %", self.what).ok();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown.is_some_and(|shown| shown > 0) {
            write!(io::stderr(), "\r\x1b[2K").ok();
        }
    }
}
