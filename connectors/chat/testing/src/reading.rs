//! Whether people can read what a reply says.

use gmbot_engine::{Reply, render};

/// How wide the line with its mistakes is shown.
const LINE_COLUMNS: usize = 100;

/// A reply's words in the order in which a platform shows them, its tables so many columns wide.
pub fn expected(reply: &Reply, columns: usize) -> String {
    let mut line = Reply::new(reply.code);
    line.diagnostics.clone_from(&reply.diagnostics);
    let rest = Reply { diagnostics: None, ..reply.clone() };
    format!("{}\n{}", render::plain(&line, LINE_COLUMNS), render::plain(&rest, columns))
}

/// Whether all words of a plain text are read, in order; else the first that is not.
pub fn lacks(read: &str, plain: &str) -> Option<String> {
    let letters = |text: &str| -> String {
        text.chars().filter(|c| !c.is_whitespace() && *c != '`').collect()
    };
    let read = letters(read);
    let mut from = 0;
    for word in plain.split_whitespace() {
        let bare = letters(word);
        // A label's colon and the marks under a mistake are a matter of looks.
        let word = bare.strip_suffix(':').unwrap_or(&bare).trim_matches('^');
        match read.get(from..).and_then(|rest| rest.find(word)) {
            Some(place) => from += place + word.len(),
            None => return Some(word.to_owned()),
        }
    }
    None
}
