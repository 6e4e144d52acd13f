//! The table in `docs/reliability.md`: each bug, and what noticed it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::hunt::{Noticed, Seen};
use crate::mutant::Mutant;
use crate::trouble::Trouble;

/// The page with the table.
const PAGE: &str = "docs/reliability.md";
/// What stands before the rows.
const BEGIN: &str = "| planted bug | what goes wrong | transcripts | simulation | tests below |\n| --- | --- | --- | --- | --- |\n";
/// What stands after them.
const END: &str = "\n<!-- end of the planted bugs -->";
/// A cell without anything to tell.
const NOTHING: &str = "–";
/// How many transcripts or tests are named; the others are counted.
const NAMED: usize = 2;

/// What is known of a bug.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    breaks: String,
    transcripts: String,
    simulation: String,
    below: String,
}

impl Row {
    /// What was found out about a bug.
    pub(crate) fn new(breaks: &str, noticed: &Noticed) -> Self {
        let Noticed { transcripts, simulation, below } = noticed;
        let at = |Seen { seed, step }| format!("seed {seed}, step {step}");
        Self {
            breaks: breaks.to_owned(),
            transcripts: listed(transcripts),
            simulation: simulation.map_or_else(|| NOTHING.to_owned(), at),
            below: listed(below),
        }
    }

    /// Whether anything noticed the bug.
    pub(crate) fn is_noticed(&self) -> bool {
        [&self.transcripts, &self.simulation, &self.below].into_iter().any(|cell| cell != NOTHING)
    }

    /// The row as it stands in the table.
    pub(crate) fn line(&self, name: &str) -> String {
        let Self { breaks, transcripts, simulation, below } = self;
        format!("| `{name}` | {breaks} | {transcripts} | {simulation} | {below} |")
    }

    fn parse(line: &str) -> Option<(String, Self)> {
        let cells: Vec<_> = line.trim_matches('|').split('|').map(|cell| cell.trim()).collect();
        let [name, breaks, transcripts, simulation, below] =
            <[&str; 5]>::try_from(cells).ok()?.map(str::to_owned);
        let name = name.trim_matches('`').to_owned();
        Some((name, Self { breaks, transcripts, simulation, below }))
    }
}

fn listed(transcripts: &[String]) -> String {
    let named = transcripts.iter().take(NAMED).map(|name| format!("`{name}`"));
    let more = transcripts.len().saturating_sub(NAMED);
    let counted = (more > 0).then(|| format!("{more} more"));
    let cells: Vec<_> = named.chain(counted).collect();
    if cells.is_empty() { NOTHING.to_owned() } else { cells.join(", ") }
}

/// The rows, by the names of the bugs.
#[derive(Debug)]
pub(crate) struct Table(BTreeMap<String, Row>);

impl Table {
    /// Reads the table from its page.
    ///
    /// # Errors
    /// When the page can't be read or has no table.
    pub(crate) fn read(project: &Path) -> Result<Self, Trouble> {
        let text = page(project)?;
        let (_before, rows, _after) = parts(&text)?;
        Ok(Self(rows.lines().filter_map(Row::parse).collect()))
    }

    /// Writes the table into its page.
    ///
    /// # Errors
    /// When the page can't be written.
    pub(crate) fn write(&self, project: &Path) -> Result<(), Trouble> {
        let text = page(project)?;
        let (before, _rows, after) = parts(&text)?;
        let rows: String = self.0.iter().map(|(name, row)| row.line(name) + "\n").collect();
        let path = project.join(PAGE);
        fs::write(&path, format!("{before}{BEGIN}{rows}{END}{after}")).map_err(Trouble::with(&path))
    }

    /// Drops the rows of patches that are gone.
    pub(crate) fn keep(&mut self, all: &[Mutant]) {
        self.0.retain(|name, _| all.iter().any(|mutant| mutant.name == *name));
    }

    pub(crate) fn row(&self, name: &str) -> Option<&Row> {
        self.0.get(name)
    }

    pub(crate) fn put(&mut self, name: &str, row: Row) {
        self.0.insert(name.to_owned(), row);
    }
}

fn page(project: &Path) -> Result<String, Trouble> {
    let path = project.join(PAGE);
    fs::read_to_string(&path).map_err(Trouble::with(&path))
}

/// What stands before the table, its rows, and what stands after it.
fn parts(text: &str) -> Result<(&str, &str, &str), Trouble> {
    let missing = || Trouble::NoTable(BEGIN, END);
    let (before, rest) = text.split_once(BEGIN).ok_or_else(missing)?;
    let (rows, after) = rest.split_once(END).ok_or_else(missing)?;
    Ok((before, rows, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_tells_of_every_patch_and_each_was_noticed() {
        let table = Table::read(crate::project()).unwrap_or_else(|trouble| panic!("{trouble}"));
        let all = Mutant::all(crate::project()).unwrap_or_else(|trouble| panic!("{trouble}"));
        let told: Vec<_> = table.0.iter().map(|(name, row)| (name, &row.breaks)).collect();
        let patches: Vec<_> = all.iter().map(|mutant| (&mutant.name, &mutant.breaks)).collect();
        assert_eq!(told, patches, "`just mutants --write` writes the table");
        for (name, row) in &table.0 {
            assert!(row.is_noticed(), "nothing notices `{name}`");
        }
    }

    #[test]
    fn a_row_reads_back() {
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let seen = Some(Seen { seed: 1, step: 41 });
        let check = |noticed: Noticed, expect: &str| {
            let row = Row::new("It is.", &noticed);
            assert_eq!(row.line("twice"), expect);
            assert_eq!(row.is_noticed(), !expect.ends_with("| – | – | – |"));
            assert_eq!(Row::parse(expect), Some(("twice".to_owned(), row)));
        };
        let transcripts = names(&["accept", "birth", "block", "late"]);
        check(
            Noticed { transcripts, simulation: seen, below: Vec::new() },
            "| `twice` | It is. | `accept`, `birth`, 2 more | seed 1, step 41 | – |",
        );
        check(
            Noticed { below: names(&["a::b"]), ..Noticed::default() },
            "| `twice` | It is. | – | – | `a::b` |",
        );
        check(Noticed::default(), "| `twice` | It is. | – | – | – |");
    }
}
