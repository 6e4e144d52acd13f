//! Odd characters in transcripts: `\u{0}` is NUL, and whatever can't be seen is written like that.

/// Replaces each `\u{…}` by its character. Whatever does not look like that stays as it is.
pub(crate) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("\\u{") {
        let (before, escape) = rest.split_at(start);
        plain.push_str(before);
        rest = match read(escape) {
            Some((character, after)) => {
                plain.push(character);
                after
            }
            None => {
                plain.push_str("\\u{");
                &escape[3..]
            }
        };
    }
    plain.push_str(rest);
    plain
}

/// The character of the escape that a text begins with, and what follows it.
fn read(escape: &str) -> Option<(char, &str)> {
    let (digits, after) = escape.strip_prefix("\\u{")?.split_once('}')?;
    let character = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
    Some((character, after))
}

/// Writes what can't be seen, or moves what can, as `\u{…}`.
pub(crate) fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut shown, character| {
        if is_odd(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
        shown
    })
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
    }
}
