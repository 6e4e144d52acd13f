//! Tests of the binary from outside: a process per command, on a database of its own.

use program::{Ended, Program};

mod bytes;
mod completion;
mod configuration;
mod exit;
#[cfg(all(unix, feature = "http"))]
mod observing;
mod processes;
#[path = "../support/program.rs"]
mod program;
#[cfg(all(unix, feature = "http"))]
mod running;
#[cfg(all(unix, feature = "http"))]
#[path = "../support/serving.rs"]
mod serving;

impl Program {
    /// Runs the binary with the words of a line; no word has a space in it.
    fn line(&self, line: &str) -> Ended {
        self.run(line.split(' '))
    }

    /// Runs a line that has to succeed, and returns what it wrote to standard output.
    #[track_caller]
    fn done(&self, line: &str) -> String {
        let ended = self.line(line);
        assert_eq!(ended.status, Some(0), "{line}: {ended:?}");
        ended.out
    }
}

/// The first war that a text names: `war k3xp2 …`.
fn war_in(text: &str) -> String {
    let after = text.split("war ").nth(1).unwrap_or_else(|| panic!("no war in `{text}`"));
    after.chars().take_while(char::is_ascii_alphanumeric).collect()
}
