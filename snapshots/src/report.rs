//! What came of running transcripts.

use std::fmt;

use gmbot_engine::reply::Code;

use crate::coverage::{ARROWS, Coverage};

/// What came of running transcripts on a face.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// How many transcripts ran.
    pub ran: usize,
    /// What did not go as written.
    pub failures: Vec<Failure>,
    /// What the face left out, and why.
    pub left_out: Vec<String>,
    /// The files that blessing rewrote.
    pub blessed: Vec<String>,
    /// What was reached.
    pub coverage: Coverage,
}

/// Something that did not go as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The file.
    pub path: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong, and what to do about it.
    pub message: String,
    /// How what was expected differs from what came.
    pub diff: Option<String>,
    /// The command that runs this one case again.
    pub again: String,
}

impl Report {
    /// Whether everything went as written.
    pub fn is_good(&self) -> bool {
        self.failures.is_empty()
    }

    /// Adds what came of other transcripts.
    pub fn merge(&mut self, other: Self) {
        self.ran += other.ran;
        self.failures.extend(other.failures);
        self.left_out.extend(other.left_out);
        self.blessed.extend(other.blessed);
        self.coverage.merge(&other.coverage);
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}:{}: {}", self.path, self.line, self.message)?;
        if let Some(diff) = &self.diff {
            for line in diff.lines() {
                writeln!(f, "    {line}")?;
            }
        }
        writeln!(f, "    run it again: {}", self.again)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for failure in &self.failures {
            writeln!(f, "{failure}")?;
        }
        for what in &self.left_out {
            writeln!(f, "left out: {what}")?;
        }
        for path in &self.blessed {
            writeln!(f, "rewrote {path}")?;
        }
        let arrows = ARROWS.len() - self.coverage.missing_arrows().len();
        let codes = Code::ALL.len() - self.coverage.missing_codes().len();
        writeln!(
            f,
            "{} transcripts, {} failures; {codes} of {} codes and {arrows} of {} arrows reached",
            self.ran,
            self.failures.len(),
            Code::ALL.len(),
            ARROWS.len(),
        )
    }
}
