//! What the parts found out: a line a fact, printed at the end.

use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

/// Facts of all parts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Report(Arc<Mutex<Vec<Fact>>>);

/// Something that a part counted, measured or saw.
#[derive(Debug)]
struct Fact {
    part: &'static str,
    what: String,
    value: String,
}

impl Report {
    /// Adds a fact.
    pub(crate) fn add(&self, part: &'static str, what: &str, value: impl ToString) {
        let fact = Fact { part, what: what.to_owned(), value: value.to_string() };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(fact);
    }

    /// Prints a table of all facts; nothing where there are none.
    pub(crate) fn print(&self) {
        let facts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let width = facts.iter().map(|fact| fact.what.chars().count()).max().unwrap_or(0);
        // The test harness of these files is its own: nobody else prints what they found.
        let mut to = anstream::stdout().lock();
        for Fact { part, what, value } in &*facts {
            writeln!(to, "{part:14} {what:width$}  {value}").ok();
        }
    }
}
