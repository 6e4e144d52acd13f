//! The file of `gmbot export`: a JSON value a line, and at the end a checksum of all lines before.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Write};
use std::path::{Path, PathBuf};

use gmbot_engine::event::Recorded;
use gmbot_engine::model::ids::hex;
use gmbot_engine::model::{AtMs, PersonId, TextId, WarId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::failure::Failure;

/// The format's version; it grows when older programs could not read a file rightly.
pub(crate) const VERSION: u32 = 1;

/// A line of the file, in this order.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Line {
    /// What the file is.
    Gmbot {
        version: u32,
        /// The schema that clans and wars show; another one may show the same events otherwise.
        schema: i32,
        clock: Clock,
        events: u64,
    },
    /// An event under its number in the log: everything follows from these.
    Event { number: i64, recorded: Box<Recorded> },
    /// How an account calls itself, the one that was seen last at the end.
    Name { platform: String, id: String, name: String },
    /// A message, a note or a link.
    Text { id: TextId, war: WarId, author: PersonId, at: AtMs, until: Option<AtMs>, text: String },
    /// An image that was filed as proof, as hexadecimal digits.
    Image { sha256: String, filers: Vec<PersonId>, bytes: String },
    /// A clan as its events left it, for readers; an import compares it.
    Clan(Value),
    /// A war as its events left it, without ballots that are still sealed; compared as well.
    War(Value),
    /// That nothing is missing: how many lines there were before, and their SHA-256.
    End { lines: u64, sha256: String },
}

/// Whose clock a database goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Clock {
    System,
    Manual,
}

impl From<gmbot_store::Clock> for Clock {
    fn from(clock: gmbot_store::Clock) -> Self {
        match clock {
            gmbot_store::Clock::System => Self::System,
            gmbot_store::Clock::Manual => Self::Manual,
        }
    }
}

impl From<Clock> for gmbot_store::Clock {
    fn from(clock: Clock) -> Self {
        match clock {
            Clock::System => Self::System,
            Clock::Manual => Self::Manual,
        }
    }
}

/// Writes lines, and in the end what they come to.
pub(crate) struct Writer<W> {
    to: W,
    sum: Sum,
}

/// What lines come to so far.
#[derive(Default)]
struct Sum {
    lines: u64,
    sha256: Sha256,
}

impl Sum {
    fn add(&mut self, line: &[u8]) {
        self.lines += 1;
        self.sha256.update(line);
    }

    fn end(self) -> Line {
        Line::End { lines: self.lines, sha256: hex(&self.sha256.finalize()) }
    }
}

impl<W: Write> Writer<W> {
    pub(crate) fn new(to: W) -> Self {
        Self { to, sum: Sum::default() }
    }

    /// Writes a line.
    pub(crate) fn put(&mut self, line: &Line) -> io::Result<()> {
        let text = written(line)?;
        self.sum.add(&text);
        self.to.write_all(&text)
    }

    /// Writes the last line.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.to.write_all(&written(&self.sum.end())?)?;
        self.to.flush()
    }
}

fn written(line: &Line) -> io::Result<Vec<u8>> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    Ok(text)
}

/// A file whose checksum was found right, to be read line by line.
pub(crate) struct Reader {
    file: PathBuf,
    lines: BufReader<File>,
    /// How many lines were read.
    at: u64,
}

impl Reader {
    /// Reads the whole file once, so that a damaged one is refused before anything is made of it.
    pub(crate) fn open(file: &Path) -> Result<Self, Failure> {
        let open = || File::open(file).map(BufReader::new);
        let unreadable = |cause| Failure::Unreadable { file: file.to_owned(), cause };
        let mut reader = Self { file: file.to_owned(), lines: open().map_err(unreadable)?, at: 0 };
        reader.check()?;
        Ok(Self { lines: open().map_err(unreadable)?, at: 0, ..reader })
    }

    fn check(&mut self) -> Result<(), Failure> {
        let mut sum = Sum::default();
        let mut line = self.bytes()?;
        loop {
            let next = self.bytes()?;
            if next.is_empty() {
                break;
            }
            sum.add(&line);
            line = next;
        }
        let is_end = written(&sum.end())? == line;
        if is_end { Ok(()) } else { Err(self.damaged("it does not end with its checksum")) }
    }

    /// The next line, until the one that ends the file.
    pub(crate) fn next(&mut self) -> Result<Option<Line>, Failure> {
        let bytes = self.bytes()?;
        match serde_json::from_slice(&bytes) {
            Ok(Line::End { .. }) => Ok(None),
            Ok(line) => Ok(Some(line)),
            Err(error) => Err(self.damaged(&format!("line {} can't be read ({error})", self.at))),
        }
    }

    /// How far it was read, in bytes, and how many there are.
    pub(crate) fn position(&self) -> (u64, u64) {
        use io::Seek as _;
        let all = self.lines.get_ref().metadata().map_or(0, |found| found.len());
        // The buffer's rest does not matter for a bar.
        (self.lines.get_ref().stream_position().unwrap_or(0), all)
    }

    /// That the file is not what it should be.
    pub(crate) fn damaged(&self, what: &str) -> Failure {
        Failure::Damaged { file: self.file.clone(), what: what.to_owned() }
    }

    fn bytes(&mut self) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        let read = self.lines.read_until(b'\n', &mut bytes);
        read.map_err(|cause| Failure::Unreadable { file: self.file.clone(), cause })?;
        self.at += 1;
        Ok(bytes)
    }
}
