//! Completion at any place of any line: what is replaced stands at the cursor, what is offered begins
//! with what was typed, and a choice can be taken.

use gmbot_engine::grammar::complete::{Completion, complete, complete_words};
use gmbot_engine::grammar::read;
use gmbot_engine::request::Input;

use crate::place::Place;

/// How many choices of a place are taken.
const TAKEN: usize = 4;

/// Completes the bytes behind the first two, which say where the cursor is.
///
/// # Panics
/// When a promise is broken.
pub fn run(data: &[u8]) {
    let Some((place, line)) = data.split_first_chunk::<2>() else { return };
    let line = String::from_utf8_lossy(line);
    let cursor = usize::from(u16::from_le_bytes(*place)) % (line.len() + 2);
    let head = line.get(..line.floor_char_boundary(cursor)).unwrap_or(&line);

    let found = complete(&line, cursor);
    checked(&found, head);
    for option in found.options.iter().take(TAKEN) {
        let before = head.get(..found.replace.start).expect("checked before");
        taken(&format!("{before}{}", option.text), &option.text);
    }

    let words: Vec<String> = head.split(' ').map(str::to_owned).collect();
    checked(&complete_words(&words), words.last().map_or("", String::as_str));
}

/// What is replaced is the end of what was typed, and what is offered begins with it.
fn checked(found: &Completion, head: &str) {
    assert_eq!(found.replace.end, head.len(), "what is replaced ends at the cursor of {head:?}");
    let typed = head.get(found.replace.start..).expect("what is replaced stands in the line");
    for option in &found.options {
        let (text, typed) = (bare(&option.text), bare(typed));
        assert!(text.starts_with(&typed), "{option:?} does not begin with {typed:?} in {head:?}");
    }
}

/// A word in small letters; dashes are as good as one another.
fn bare(word: &str) -> String {
    word.trim_start_matches(['-', '–', '—']).to_lowercase()
}

/// A choice of one word that was taken is still a choice, and the line can be read.
fn taken(line: &str, choice: &str) {
    let found = complete(line, line.len());
    checked(&found, line);
    let still = found.options.iter().any(|option| option.text == choice);
    assert!(
        still || choice.contains(' '),
        "{choice:?} was taken and is not offered any more in {line:?}"
    );
    drop(read(&Input::Line(line.to_owned()), &Place::room()));
}
