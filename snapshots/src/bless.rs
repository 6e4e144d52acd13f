//! Writing what the engine says into a transcript.

use std::ops::Range;

/// Lines of a file that are to be replaced; an empty range is a place for new ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) lines: Range<usize>,
    pub(crate) new: Vec<String>,
}

/// The text of a file after all edits; they are in order and don't overlap.
pub(crate) fn rewrite(lines: &[String], edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    // What is added where something else is replaced comes before it.
    edits.sort_by_key(|edit| (edit.lines.start, edit.lines.end));
    let mut text = String::new();
    let mut next = 0;
    let mut copy = |lines: &[String]| {
        for line in lines {
            text.push_str(line);
            text.push('\n');
        }
    };
    for edit in edits {
        copy(&lines[next..edit.lines.start]);
        copy(&edit.new);
        next = edit.lines.end;
    }
    copy(&lines[next..]);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_replace_insert_and_delete() {
        let lines: Vec<String> = ["a", "b", "c"].map(str::to_owned).into();
        let edit = |lines, new: &[&str]| Edit {
            lines,
            new: new.iter().map(|s| (*s).to_owned()).collect(),
        };
        let edits =
            [edit(1..2, &["B", "b"]), edit(3..3, &["d"]), edit(0..1, &[]), edit(1..1, &["x"])];
        assert_eq!(rewrite(&lines, &edits), "x\nB\nb\nc\nd\n");
    }
}
