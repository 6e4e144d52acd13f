//! What somebody may have meant by a word that is not known.

/// The most edits between a word of `length` characters and what may have been meant.
fn most_edits(length: usize) -> usize {
    match length {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    }
}

/// The shortest name that is taken for a slip of another, in characters.
const SHORTEST: usize = 6;
/// The most edits between a name and a slip of it.
const MOST_EDITS: usize = 2;

/// Whether a name of six characters and more is another with a slip or two, both in the same case.
/// That their digits are the same, too, is for whoever has them as they were written to find out.
pub fn is_slip(written: &str, known: &str) -> bool {
    written.chars().count() >= SHORTEST && edits(written, known, MOST_EDITS).is_some()
}

/// Whether two names have the same digits: a number in a name may be all that tells two of them apart.
pub fn same_digits(one: &str, other: &str) -> bool {
    let digits = |name: &str| name.chars().filter(char::is_ascii_digit).collect::<String>();
    digits(one) == digits(other)
}

/// The edits between two words, if there are at most `most`; words that differ more in length
/// alone are not compared, which keeps this linear in a long word.
fn edits(one: &str, other: &str, most: usize) -> Option<usize> {
    if one.chars().count().abs_diff(other.chars().count()) > most {
        return None;
    }
    Some(strsim::osa_distance(one, other)).filter(|edits| *edits <= most)
}

/// The candidate that is closest to a word, in any case: within one edit for 3 to 5 characters and
/// two for more, or else the only one that begins with it (4 characters and more).
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let word = word.to_lowercase();
    let most = most_edits(word.chars().count());
    let mut best: Option<(usize, &str)> = None;
    let mut beginning = Vec::new();
    for candidate in candidates {
        let known = candidate.to_lowercase();
        if let Some(edits) = edits(&word, &known, most)
            && best.is_none_or(|(fewest, _)| edits < fewest)
        {
            best = Some((edits, candidate));
        }
        if word.len() >= 4 && known.starts_with(&word) {
            beginning.push(candidate);
        }
    }
    match (best, beginning.as_slice()) {
        (Some((_, close)), _) => Some(close).filter(|_| most > 0),
        (None, [only]) => Some(only),
        (None, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_close_to_few_others() {
        let known = ["createwar", "accept", "help", "war", "history"];
        let check = |word: &str, expect: Option<&str>| {
            assert_eq!(nearest(word, known), expect, "{word}");
        };
        check("createwra", Some("createwar"));
        check("CREATE", Some("createwar"));
        check("hlep", Some("help"));
        check("is", None);
        check("great", None);
        check("hist", Some("history"));
        check(&"x".repeat(4_000), None);
    }
}
