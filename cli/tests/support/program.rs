//! The real binary on a database of its own, a process per command.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The binary, and a folder with a database.
pub(crate) struct Program {
    folder: TempDir,
    /// The address of a database elsewhere, instead of a file in the folder.
    pub(crate) database: Option<String>,
}

/// How a process ended, and what it wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ended {
    /// The exit status; none if it was killed.
    pub status: Option<i32>,
    /// What it wrote to standard output.
    pub out: String,
    /// What it wrote to standard error.
    pub err: String,
}

impl Program {
    /// A folder without a database.
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder can be made"),
            database: None,
        }
    }

    /// A place in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where the database is.
    pub(crate) fn db(&self) -> PathBuf {
        self.path("gmbot.db")
    }

    /// The binary with these words, on the database; nothing of the caller's surroundings shows.
    pub(crate) fn command(&self, words: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gmbot"));
        command
            .env_clear()
            .env("USER", "nikhil")
            .env("HOME", self.folder.path())
            .current_dir(self.folder.path())
            .args(words)
            .stdin(Stdio::null());
        match &self.database {
            Some(url) => command.env("GMBOT_DATABASE", url),
            None => command.env("GMBOT_DB", self.db()),
        };
        command
    }

    /// Runs the binary with these words.
    pub(crate) fn run(&self, words: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Ended {
        Ended::from(self.command(words).output().expect("the binary runs"))
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the binary writes UTF-8");
        Self { status: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}
