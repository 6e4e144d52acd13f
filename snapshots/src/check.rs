//! Whether a text is what was expected, and how it differs.

use similar::TextDiff;

use crate::format::{TextLine, escape};

/// A text's lines as a transcript shows them.
pub(crate) fn shown(text: &str) -> Vec<String> {
    text.lines().map(escape::escape).collect()
}

/// Whether lines are what is expected; [`TextLine::Any`] stands for any number of them.
pub(crate) fn fits(expected: &[TextLine], actual: &[String]) -> bool {
    // For each number of actual lines, whether that many fit what was looked at so far.
    let mut fit = vec![false; actual.len()];
    fit.insert(0, true);
    for line in expected {
        match line {
            TextLine::Any => {
                let first = fit.iter().position(|fit| *fit).unwrap_or(fit.len());
                fit[first..].fill(true);
            }
            TextLine::Exactly(line) => {
                for (place, actual) in actual.iter().enumerate().rev() {
                    fit[place + 1] = fit[place] && actual == line;
                }
                fit[0] = false;
            }
        }
    }
    fit[actual.len()]
}

/// The lines as a transcript writes them.
pub(crate) fn written(lines: &[String]) -> Vec<String> {
    let line = |line: &String| if line.is_empty() { "|".to_owned() } else { format!("| {line}") };
    lines.iter().map(line).collect()
}

/// Expected lines as the transcript wrote them.
pub(crate) fn as_written(expected: &[TextLine]) -> Vec<String> {
    let lines: Vec<String> = expected
        .iter()
        .map(|line| match line {
            TextLine::Exactly(line) => line.clone(),
            TextLine::Any => "…".to_owned(),
        })
        .collect();
    written(&lines)
}

/// What has to change for the expected lines to become the actual ones.
pub(crate) fn difference(expected: &[String], actual: &[String]) -> String {
    let text = |lines: &[String]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let (expected, actual) = (text(expected), text(actual));
    let diff = TextDiff::from_lines(&expected, &actual);
    diff.unified_diff().context_radius(3).header("expected", "got").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exactly(line: &str) -> TextLine {
        TextLine::Exactly(line.to_owned())
    }

    #[test]
    fn any_lines_stand_for_none_or_many() {
        let actual = shown("a\nb\nc");
        let cases = [
            (vec![TextLine::Any], true),
            (vec![exactly("a"), TextLine::Any], true),
            (vec![TextLine::Any, exactly("c"), TextLine::Any], true),
            (vec![exactly("a"), exactly("b"), exactly("c")], true),
            (vec![exactly("a"), TextLine::Any, exactly("b")], false),
            (vec![exactly("a"), exactly("b")], false),
            ([vec![TextLine::Any; 30], vec![exactly("d")]].concat(), false),
            (vec![], false),
        ];
        for (expected, fit) in cases {
            assert_eq!(fits(&expected, &actual), fit, "{expected:?}");
        }
    }

    #[test]
    fn a_difference_names_both_sides() {
        let diff = difference(&["| a".to_owned()], &["| b".to_owned()]);
        assert!(diff.contains("-| a\n+| b\n"), "{diff}");
    }
}
