//! The real binary on a terminal.

use std::ffi::OsStr;

use pty_process::blocking::Command;

use crate::emulator::Emulator;
use crate::program::Program;

/// The binary for a terminal; nothing of the caller's surroundings shows.
pub(crate) fn command(
    program: &Program,
    words: impl IntoIterator<Item = impl AsRef<OsStr>>,
) -> Command {
    Command::new(env!("CARGO_BIN_EXE_gmbot"))
        .env_clear()
        .env("TERM", "xterm-256color")
        .env("USER", "nikhil")
        .env("HOME", program.path(""))
        .current_dir(program.path(""))
        .args(words)
}

/// Ends the screen by its key, and looks what it left.
#[track_caller]
pub(crate) fn leave(mut terminal: Emulator) {
    terminal.send(b"\x11");
    let (status, left) = (terminal.ended(), terminal.left_behind());
    assert!(status.success() && left.is_empty(), "{status}, leaving {left:?}");
}
