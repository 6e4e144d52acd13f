//! A terminal in this process, with a program on it.

use std::io::{Read as _, Write as _};
use std::num::NonZeroU16;
use std::process::Child;
use std::time::{Duration, Instant};

use pty_process::blocking::{Command, Pty, open};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use vt100::Parser;

use gmbot_bench::Failure;

/// Its size.
const COLUMNS: NonZeroU16 = NonZeroU16::new(120).expect("a size");
const ROWS: NonZeroU16 = NonZeroU16::new(40).expect("a size");
/// How long something may take that is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// A terminal with a program on it. Dropping it ends the program.
pub(crate) struct Terminal {
    pty: Pty,
    parser: Parser,
    program: Child,
}

impl Terminal {
    /// Starts a program.
    pub(crate) fn start(command: Command) -> Result<Self, Failure> {
        let (pty, pts) = open()?;
        pty.resize(pty_process::Size::new(ROWS.get(), COLUMNS.get()))?;
        let program = command.spawn(pts)?;
        Ok(Self { pty, parser: Parser::new(ROWS, COLUMNS, 0), program })
    }

    /// The program.
    pub(crate) fn program(&self) -> &Child {
        &self.program
    }

    /// Sends bytes as if they were typed.
    pub(crate) fn press(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        Ok(self.pty.write_all(bytes)?)
    }

    /// Waits until a text is on the screen.
    pub(crate) fn until(&mut self, text: &str) -> Result<(), Failure> {
        let begun = Instant::now();
        while !self.shows(text) {
            if begun.elapsed() > PATIENCE {
                let screen = self.parser.screen().contents();
                return Err(format!("`{text}` does not show:\n{screen}").into());
            }
            self.take_in(PATIENCE)?;
        }
        Ok(())
    }

    fn shows(&self, text: &str) -> bool {
        self.parser.screen().rows(0, COLUMNS.get()).any(|row| row.contains(text))
    }

    /// Takes in whatever is written for so long.
    pub(crate) fn settle(&mut self, length: Duration) -> Result<(), Failure> {
        let until = Instant::now() + length;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            self.take_in(left)?;
        }
    }

    /// Takes in what is written next, if that is soon enough.
    fn take_in(&mut self, patience: Duration) -> Result<(), Failure> {
        let mut fds = [PollFd::new(&self.pty, PollFlags::IN)];
        if poll(&mut fds, Some(&Timespec::try_from(patience)?))? == 0 {
            return Ok(());
        }
        let mut bytes = [0; 64 * 1024];
        let count = self.pty.read(&mut bytes)?;
        self.parser.process(&bytes[..count]);
        Ok(())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It may have ended already.
        self.program.kill().ok();
        self.program.wait().ok();
    }
}
