//! The table: how a row looks, and its place in the page.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::Failure;

const END: &str = "<!-- end of the table -->\n";

/// A row: something measured, what it is held against, and the goal.
#[derive(Debug, Clone)]
pub struct Line {
    /// What was done.
    pub work: String,
    /// What that took.
    pub took: String,
    /// What it is held against, and what that took.
    pub yardstick: String,
    /// The one by the other.
    pub ratio: f64,
    /// How the ratio ought to be.
    pub goal: Goal,
}

/// What a ratio ought to be.
#[derive(Debug, Clone, Copy)]
pub enum Goal {
    /// So much or less.
    AtMost(f64),
    /// So much or more.
    AtLeast(f64),
    /// Nothing was promised.
    None,
}

impl Goal {
    fn words(self, ratio: f64) -> (String, &'static str) {
        let said = |met| if met { "yes" } else { "**no**" };
        match self {
            Self::AtMost(most) => (format!("≤ {}", figure(most)), said(ratio <= most)),
            Self::AtLeast(least) => (format!("≥ {}", figure(least)), said(ratio >= least)),
            Self::None => ("–".to_owned(), "–"),
        }
    }
}

/// The table as Markdown, under the machine that it is of.
pub fn table(machine: &str, lines: &[Line]) -> String {
    let mut text = format!("{machine}.\n\n");
    text.push_str("| work | took | yardstick | ratio | goal | met |\n");
    text.push_str("| --- | --- | --- | --- | --- | --- |\n");
    for Line { work, took, yardstick, ratio, goal } in lines {
        let (wanted, met) = goal.words(*ratio);
        let ratio = figure(*ratio);
        // Writing to a string can't fail.
        writeln!(text, "| {work} | {took} | {yardstick} | {ratio} | {wanted} | {met} |").ok();
    }
    text
}

/// Puts a table into the place in a page that is for what this command writes.
///
/// # Errors
/// When the page has no such place, or can't be read or written.
pub fn write(page: &Path, command: &str, table: &str) -> Result<(), Failure> {
    let text = fs::read_to_string(page)?;
    let begin = format!("<!-- table by `{command}` -->\n");
    let without = |what: &str| format!("`{}` has no line `{}`", page.display(), what.trim_end());
    let (before, rest) = text.split_once(&begin).ok_or_else(|| without(&begin))?;
    let (_, after) = rest.split_once(END).ok_or_else(|| without(END))?;
    Ok(fs::write(page, format!("{before}{begin}{table}{END}{after}"))?)
}

/// Seconds, in the unit that suits them.
pub fn time(seconds: f64) -> String {
    let (scaled, unit) = match seconds {
        s if s < 1e-6 => (s * 1e9, "ns"),
        s if s < 1e-3 => (s * 1e6, "µs"),
        s if s < 1.0 => (s * 1e3, "ms"),
        s => (s, "s"),
    };
    format!("{} {unit}", figure(scaled))
}

/// A figure with three digits that count, and thousands apart.
pub fn figure(value: f64) -> String {
    let places = match value.abs() {
        v if v >= 100.0 || v == 0.0 => 0,
        v if v >= 10.0 => 1,
        _ => 2,
    };
    let text = format!("{value:.places$}");
    let text = if places > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    let (whole, part) = text.split_once('.').map_or((text, None), |(w, p)| (w, Some(p)));
    let digits = whole.as_bytes().rchunks(3).rev();
    let groups: Vec<_> = digits.map(String::from_utf8_lossy).collect();
    let whole = groups.join(" ");
    part.map_or(whole.clone(), |part| format!("{whole}.{part}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_three_digits_and_times_a_unit() {
        for (value, text) in [(0.0, "0"), (1.5, "1.5"), (12.34, "12.3"), (1_234_567.8, "1 234 568")]
        {
            assert_eq!(figure(value), text);
        }
        for (seconds, text) in
            [(25e-9, "25 ns"), (0.000_25, "250 µs"), (0.0125, "12.5 ms"), (3.0, "3 s")]
        {
            assert_eq!(time(seconds), text);
        }
    }

    #[test]
    fn a_goal_is_met_or_missed() {
        assert_eq!(Goal::AtMost(2.0).words(2.0).1, "yes");
        assert_eq!(Goal::AtMost(2.0).words(2.1).1, "**no**");
        assert_eq!(Goal::AtLeast(2.0).words(1.9).1, "**no**");
        assert_eq!(Goal::None.words(1.9).1, "–");
    }

    #[test]
    fn a_table_takes_the_place_of_the_last_one_and_leaves_others_alone() {
        let page = tempfile::NamedTempFile::new().unwrap();
        let place = |command, table| format!("<!-- table by `{command}` -->\n{table}{END}");
        let both = |one, other| format!("{}between\n{}after\n", place("a", one), place("b", other));
        fs::write(page.path(), both("1\n", "2\n")).unwrap();
        write(page.path(), "b", "new\n").unwrap();
        assert_eq!(fs::read_to_string(page.path()).unwrap(), both("1\n", "new\n"));
        assert!(write(page.path(), "c", "new\n").is_err());
    }
}
