//! What clans may be called, and how names are compared.

use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;
use unicode_width::UnicodeWidthStr;

use super::ids::ShortId;

/// The longest name of a clan, in characters.
pub const LONGEST_NAME: usize = 64;

/// Words that mean something where a clan's name can stand.
const KEYWORDS: &[&str] =
    &["host", "guest", "draw", "void", "none", "us", "them", "yes", "no", "everyone", "here"];

/// What is wrong with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    /// Nothing in it can be seen.
    #[error("it has no visible character")]
    Empty,
    /// It has more than 64 characters.
    #[error("it is longer than 64 characters")]
    TooLong,
    /// It holds a control, bidi or zero-width character.
    #[error("it holds an invisible or control character")]
    Invisible,
    /// It is a number.
    #[error("it is a number")]
    Numeric,
    /// It looks like an id.
    #[error("it looks like an id")]
    LikeAnId,
    /// It is a word of the command language.
    #[error("it is a word of the command language")]
    Keyword,
    /// It begins like a flag, an id or a mention.
    #[error("it begins with `-`, `#` or `@`")]
    Start,
}

/// A name as it is kept: NFKC, without white space at its ends.
pub fn normal(name: &str) -> String {
    name.nfkc().collect::<String>().trim().to_owned()
}

/// What two names share that people take for the same: NFKC, case folded, look-alikes made one.
pub fn key(name: &str) -> String {
    let folded = caseless::default_case_fold_str(&normal(name));
    caseless::default_case_fold_str(&skeleton(&folded).collect::<String>())
}

/// Whether a clan may be called so; `name` is [`normal`].
///
/// # Errors
/// The first thing that is wrong with it.
pub fn check(name: &str) -> Result<(), BadName> {
    if name.is_empty() || name.width() == 0 {
        return Err(BadName::Empty);
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(BadName::TooLong);
    }
    if name.chars().any(is_invisible) {
        return Err(BadName::Invisible);
    }
    if name.starts_with(['-', '–', '—', '#', '@']) {
        return Err(BadName::Start);
    }
    if name.chars().all(|c| c.is_numeric() || c == '.' || c == ',') {
        return Err(BadName::Numeric);
    }
    if ShortId::is_shape(name) {
        return Err(BadName::LikeAnId);
    }
    if KEYWORDS.contains(&name.to_lowercase().as_str()) {
        return Err(BadName::Keyword);
    }
    Ok(())
}

/// A name that a clan may have, made of one that a platform gave: what can't be in it is left out,
/// and ` clan` is added where the rest still may not stand alone.
pub fn mend(name: &str) -> String {
    let visible = name.nfkc().filter(|c| !is_invisible(*c)).collect::<String>();
    let trimmed = visible.trim().trim_start_matches(['-', '–', '—', '#', '@']).trim_start();
    let short: String = trimmed.chars().take(LONGEST_NAME - 8).collect();
    let short = short.trim_end();
    if short.is_empty() || short.width() == 0 {
        return "Nameless clan".to_owned();
    }
    if check(short).is_ok() { short.to_owned() } else { format!("{short} clan") }
}

/// Control, format (bidi, zero-width) and other characters that nobody sees.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_have_one_key() {
        for (one, other) in
            [("Clan F", "clan f"), ("ＣＬＡＮ", "clan"), ("Сlan", "Clan"), ("Straße", "STRASSE")]
        {
            assert_eq!(key(one), key(other), "{one} {other}");
        }
        assert_ne!(key("Clan F"), key("Clan G"));
    }

    #[test]
    fn names_that_would_be_misread_are_refused() {
        let check = |name: &str, expect| assert_eq!(check(&normal(name)), expect, "{name:?}");
        check("Headshot Killers", Ok(()));
        check("'; DROP TABLE clans; --", Ok(()));
        check("", Err(BadName::Empty));
        check("us", Err(BadName::Keyword));
        check("DRAW", Err(BadName::Keyword));
        check("1234", Err(BadName::Numeric));
        check("k3xp2", Err(BadName::LikeAnId));
        check("-x", Err(BadName::Start));
        check("a\u{202e}b", Err(BadName::Invisible));
        check("a\u{1b}[31mb", Err(BadName::Invisible));
        check(&"x".repeat(65), Err(BadName::TooLong));
    }

    #[test]
    fn a_mended_name_may_always_be_used() {
        let long = "x".repeat(99);
        for name in ["us", "42", "k3xp2", "-@#x", "\u{200b}", "", "\u{1b}[31m", "Fine", &long] {
            assert_eq!(check(&mend(name)), Ok(()), "{name:?} became {:?}", mend(name));
        }
    }
}
