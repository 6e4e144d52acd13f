//! The screen on a real terminal: it is shown, follows the terminal's size, and however it ends, the
//! terminal is as it was.

#[cfg(unix)]
mod emulator;
#[cfg(unix)]
mod ending;
#[cfg(unix)]
mod program;

use std::process::ExitCode;

use libtest_mimic::Arguments;

fn main() -> ExitCode {
    #[cfg(unix)]
    if let Some(how) = std::env::var_os(program::HOW) {
        return program::run(&how);
    }
    #[cfg(unix)]
    let trials = ending::trials();
    #[cfg(not(unix))]
    let trials = Vec::new();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
