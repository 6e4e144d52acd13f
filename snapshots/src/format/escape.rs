//! Odd and long texts in transcripts: `\u{0}` is NUL, `\x{ha*50}` is `ha` fifty times, and whatever
//! can't be seen is written in the first way.

/// The most bytes that one repetition stands for: more than twice the longest line.
const LONGEST: usize = 10_000;

/// Replaces each `\u{…}` by its character and each `\x{…*N}` by what it repeats. Whatever does not
/// look like that stays as it is.
pub(crate) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('\\') {
        let (before, escape) = rest.split_at(start);
        plain.push_str(before);
        rest = match character(escape).or_else(|| repetition(escape)) {
            Some((meant, after)) => {
                plain.push_str(&meant);
                after
            }
            None => {
                plain.push('\\');
                &escape[1..]
            }
        };
    }
    plain.push_str(rest);
    plain
}

/// The character of the escape that a text begins with, and what follows it.
fn character(escape: &str) -> Option<(String, &str)> {
    let (digits, after) = escape.strip_prefix("\\u{")?.split_once('}')?;
    let character = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
    Some((character.to_string(), after))
}

/// The same for a repetition, of which nothing repeated is an escape itself.
fn repetition(escape: &str) -> Option<(String, &str)> {
    let (inside, after) = escape.strip_prefix("\\x{")?.split_once('}')?;
    let (text, times) = inside.rsplit_once('*')?;
    let times: usize = times.parse().ok()?;
    let fits = text.len().checked_mul(times).is_some_and(|length| length <= LONGEST);
    fits.then(|| (text.repeat(times), after))
}

/// Writes what can't be seen, or moves what can, as `\u{…}`; and the backslash of what would read
/// as such an escape, so that it can be told from one.
pub(crate) fn escape(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for (place, character) in text.char_indices() {
        let like_an_escape = text[place..].starts_with("\\u{");
        if is_odd(character) || like_an_escape {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Control characters, and those that only steer the direction, joining or breaking of others.
fn is_odd(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{a0}' | '\u{ad}' | '\u{61c}' | '\u{feff}')
        || ('\u{200b}'..='\u{200f}').contains(&character)
        || ('\u{2028}'..='\u{202f}').contains(&character)
        || ('\u{2060}'..='\u{206f}').contains(&character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_stand_for_their_characters() {
        let cases = [
            (r"a\u{0}b", "a\0b"),
            (r"\u{1b}[31m", "\u{1b}[31m"),
            (r"\u{1F600}", "😀"),
            (r"\u{zz} \u{110000} \u{", r"\u{zz} \u{110000} \u{"),
            (r"C:\users", r"C:\users"),
            (r"a \x{ha *3}!", "a ha ha ha !"),
            (r"\x{ha} \x{ha*x}", r"\x{ha} \x{ha*x}"),
        ];
        for (written, meant) in cases {
            assert_eq!(unescape(written), meant, "{written}");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_written_out_and_reads_back() {
        let text = "é 😀\u{200f}\0\u{1b}[0m";
        assert_eq!(escape(text), r"é 😀\u{200f}\u{0}\u{1b}[0m");
        assert_eq!(unescape(&escape(text)), text);
        assert_eq!(escape(r"\u{0} \n"), r"\u{5c}u{0} \n");
    }
}
