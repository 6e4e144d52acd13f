//! A program of others that is spoken to a line at a time.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// How long it may take for a line.
const PATIENCE: Duration = Duration::from_secs(120);

/// A process that reads and writes lines; it is killed when this goes.
pub(crate) struct Script {
    child: Child,
    said: Receiver<String>,
}

impl Script {
    /// Starts a command.
    pub(crate) fn start(command: &mut Command) -> Self {
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = started.unwrap_or_else(|cause| panic!("{command:?} can't be run: {cause}"));
        let said = lines(child.stdout.take().expect("it is piped"));
        Self { child, said }
    }

    /// Gives it a line.
    pub(crate) fn types(&mut self, line: &str) {
        let input = self.child.stdin.as_mut().expect("it is piped");
        writeln!(input, "{line}").expect("it reads");
    }

    /// Its next line.
    #[track_caller]
    pub(crate) fn next(&self) -> String {
        self.said.recv_timeout(PATIENCE).expect("a line in time")
    }

    /// Reads on until it says something of this kind.
    #[track_caller]
    pub(crate) fn says(&self, words: &str) -> String {
        let next = || self.said.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no `{words}`"));
        std::iter::repeat_with(next).find(|line| line.contains(words)).expect("endless")
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// What a process says, line by line, so that it can be waited for.
fn lines(out: ChildStdout) -> Receiver<String> {
    let (sender, said) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            sender.send(line).ok();
        }
    });
    said
}
