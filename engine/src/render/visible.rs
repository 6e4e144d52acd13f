//! What people typed, made harmless for a screen.

/// The text with every character that a screen would obey or hide written out, as `\u{1b}`: control
/// characters, line ends, marks that change the direction of text, and what has no width. All on
/// one line, so that nobody can write a line that looks like gmbot's own.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut before = None;
    let mut rest = text.chars();
    while let Some(letter) = rest.next() {
        if is_joiner(letter) && joins(before, rest.clone().next()) {
            shown.push(letter);
        } else {
            show(letter, &mut shown);
        }
        before = Some(letter);
    }
    shown
}

/// Writes one character, or its escape.
pub(super) fn show(letter: char, shown: &mut String) {
    match letter {
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        '\t' => shown.push_str("\\t"),
        _ if letter.is_control() || is_hidden(letter) || is_joiner(letter) => {
            shown.extend(letter.escape_unicode());
        }
        _ => shown.push(letter),
    }
}

/// Characters that turn text around, break lines, or are not seen at all.
fn is_hidden(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// The two invisible characters that scripts and emoji need between their letters.
fn is_joiner(letter: char) -> bool {
    matches!(letter, '\u{200c}' | '\u{200d}')
}

/// Whether a joiner does its work between these: a family of emoji, a Persian plural. Between
/// ASCII letters or at an edge it only hides.
fn joins(before: Option<char>, after: Option<char>) -> bool {
    let needs = |letter: Option<char>| letter.is_some_and(|l| !l.is_ascii() && !is_joiner(l));
    needs(before) && needs(after)
}
