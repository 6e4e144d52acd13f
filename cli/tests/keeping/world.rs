//! A folder with a database in it, and the program that works there.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

/// When everything happens, on databases with a clock of their own.
const AT: &str = "2026-01-05T19:00:00Z";

/// What the program said, and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) exit: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            exit: output.status.code().expect("it ends by itself"),
            out: String::from_utf8(output.stdout).expect("text"),
            err: String::from_utf8(output.stderr).expect("text"),
        }
    }
}

/// A folder of its own.
pub(crate) struct World(tempfile::TempDir);

impl World {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// A folder with a database `war.db` in which a war between two clans was settled.
    pub(crate) fn with_war() -> Self {
        let world = Self::new();
        let told = world.chat("ann", "red", "createwar -players @ann -game 4 -type ft3");
        let war = told.split(' ').nth(1).expect("its id").to_owned();
        world.chat("zoe", "blue", &format!("accept {war}"));
        world.chat("zoe", "blue", &format!("vote {war} -winner them -score 3-1"));
        world.chat("ann", "red", &format!("vote {war} -winner us -score 3-1"));
        world
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The program with these words, not started yet.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gmbot"));
        command.current_dir(self.0.path()).args(words).stdin(Stdio::null());
        command.env_clear().env("HOME", self.0.path());
        command
    }

    /// Runs the program with these words, which are parted by spaces.
    pub(crate) fn run(&self, words: &str) -> Said {
        let words: Vec<_> = words.split(' ').collect();
        self.command(&words).output().expect("it starts").into()
    }

    /// Runs it, and expects that it does what it should.
    pub(crate) fn done(&self, words: &str) -> String {
        let said = self.run(words);
        assert_eq!(said.exit, 0, "{words}: {said:?}");
        said.out
    }

    /// Starts it in the background.
    pub(crate) fn start(&self, words: &str) -> Child {
        let words: Vec<_> = words.split(' ').collect();
        let mut command = self.command(&words);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().expect("it starts")
    }

    /// Says something in `war.db`.
    pub(crate) fn chat(&self, user: &str, clan: &str, line: &str) -> String {
        self.done(&format!("--db war.db --at {AT} --as {user} --in {clan} {line}"))
    }

    /// The files in the folder, in alphabetical order.
    pub(crate) fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).expect("a folder");
        let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name();
        let mut names: Vec<_> =
            entries.map(|entry| name(entry).into_string().expect("text")).collect();
        names.sort();
        names
    }

    /// Copies a file with a change to its bytes.
    pub(crate) fn spoil(&self, from: &str, to: &str, change: impl FnOnce(&mut Vec<u8>)) {
        let mut bytes = fs::read(self.path(from)).expect("a file");
        change(&mut bytes);
        fs::write(self.path(to), bytes).expect("a file");
    }
}
