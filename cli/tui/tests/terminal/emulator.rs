//! A terminal in this process, and a program on it: what the program writes is read as a terminal
//! reads it, and what is typed reaches it as a terminal sends it.

use std::io::{Read as _, Write as _};
use std::num::NonZeroU16;
use std::os::fd::{AsFd as _, OwnedFd};
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use pty_process::blocking::{Command, Pty, open};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{Termios, tcgetattr};
use vt100::{MouseProtocolMode, Parser, Screen};

/// How long something may take that is waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long one looks for more bytes before looking at the program.
const GLANCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };

/// A terminal with a program on it. Dropping it ends the program.
pub(crate) struct Emulator {
    pub(crate) pty: Pty,
    /// The program's end, kept open so that its modes can be read when the program is gone.
    pub(crate) line: OwnedFd,
    before: Termios,
    pub(crate) parser: Parser,
    pub(crate) program: Child,
}

impl Emulator {
    /// Starts a program on a terminal of so many columns and rows.
    pub(crate) fn start(command: Command, columns: u16, rows: u16) -> Self {
        let (pty, pts) = open().expect("a pseudo-terminal");
        pty.resize(pty_process::Size::new(rows, columns)).expect("a size");
        let line = pts.as_fd().try_clone_to_owned().expect("another handle");
        let before = tcgetattr(&line).expect("the terminal's modes");
        let program = command.spawn(pts).expect("the program starts");
        let parser = Parser::new(size(rows), size(columns), 0);
        Self { pty, line, before, parser, program }
    }

    /// What is on the screen.
    pub(crate) fn screen(&self) -> &Screen {
        self.parser.screen()
    }

    /// The screen's rows as text.
    pub(crate) fn rows(&self) -> Vec<String> {
        let (_, columns) = self.screen().size();
        let rows = self.screen().rows(0, columns.get());
        rows.map(|row| row.trim_end().to_owned()).collect()
    }

    /// Sends bytes as if they were typed; takes in what is written meanwhile, so that neither side
    /// waits for the other.
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(512) {
            self.pty.write_all(part).expect("the terminal takes keys");
            self.take_in();
        }
    }

    /// Pastes a text, as terminals do that are asked to say so.
    pub(crate) fn paste(&mut self, text: &str) {
        self.send(format!("\x1b[200~{text}\x1b[201~").as_bytes());
    }

    /// Waits until something is on the screen.
    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, mut is_there: impl FnMut(&[String]) -> bool) {
        let started = Instant::now();
        loop {
            let rows = self.rows();
            if is_there(&rows) {
                return;
            }
            let ended = self.program.try_wait().expect("the program can be asked");
            let late = started.elapsed() > PATIENCE;
            if (late || ended.is_some()) && !self.take_in() {
                panic!("no {what} on\n{}\n({ended:?})", rows.join("\n"));
            }
            self.take_in();
        }
    }

    /// Waits until a text is on the screen.
    #[track_caller]
    pub(crate) fn until_shown(&mut self, text: &str) {
        self.until(&format!("`{text}`"), |rows| rows.iter().any(|row| row.contains(text)));
    }

    /// Waits until the program has ended, and takes in what it wrote.
    #[track_caller]
    pub(crate) fn ended(&mut self) -> ExitStatus {
        let started = Instant::now();
        loop {
            let more = self.take_in();
            if let Some(status) = self.program.try_wait().expect("the program can be asked")
                && !more
            {
                return status;
            }
            assert!(started.elapsed() < PATIENCE, "it goes on:\n{}", self.rows().join("\n"));
        }
    }

    /// What of the terminal is not as it was before the program; nothing if all is well.
    pub(crate) fn left_behind(&self) -> Vec<&'static str> {
        let after = tcgetattr(&self.line).expect("the terminal's modes");
        let screen = self.screen();
        let kept = [
            ("the other screen", screen.alternate_screen()),
            ("a hidden cursor", screen.hide_cursor()),
            ("the mouse", screen.mouse_protocol_mode() != MouseProtocolMode::None),
            ("marks around what is pasted", screen.bracketed_paste()),
            ("local modes", after.local_modes != self.before.local_modes),
            ("input modes", after.input_modes != self.before.input_modes),
            ("output modes", after.output_modes != self.before.output_modes),
        ];
        kept.into_iter().filter(|(_, is_left)| *is_left).map(|(what, _)| what).collect()
    }

    /// Takes in what the program has written; `false`: nothing, for a while.
    fn take_in(&mut self) -> bool {
        let mut any = false;
        loop {
            let mut fds = [PollFd::new(&self.pty, PollFlags::IN)];
            let glance = if any { Timespec { tv_sec: 0, tv_nsec: 0 } } else { GLANCE };
            let ready = poll(&mut fds, Some(&glance)).is_ok_and(|count| count > 0);
            let mut bytes = [0; 16 * 1024];
            let count = if ready { self.pty.read(&mut bytes).unwrap_or(0) } else { 0 };
            if count == 0 {
                return any;
            }
            any = true;
            self.parser.process(&bytes[..count]);
        }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // It may have ended already.
        self.program.kill().ok();
        self.program.wait().ok();
    }
}

/// A count of columns or rows.
pub(crate) fn size(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("a size")
}
