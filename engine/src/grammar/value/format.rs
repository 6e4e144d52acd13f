//! Match formats by number, code and name.

use super::Fault;
use crate::grammar::suggest::nearest;
use crate::model::Format;
use crate::reply::Code;

/// The most wins of a first-to format.
const MOST_WINS: u8 = 25;
/// The most matches of a best-of format.
const MOST_MATCHES: u8 = 49;

/// Reads a format; with a remark where a bare number may have been meant otherwise.
pub(in crate::grammar) fn format(text: &str) -> Result<(Format, Option<String>), Fault> {
    let letters = text.chars().filter(|c| !matches!(c, '-' | '_' | ' '));
    let squeezed: String = letters.flat_map(char::to_lowercase).collect();
    if !squeezed.is_empty() && squeezed.bytes().all(|b| b.is_ascii_digit()) {
        return preset(&squeezed);
    }
    if matches!(squeezed.as_str(), "single" | "knockout" | "oneknockoutmatch") {
        return Ok((Format::Single, None));
    }
    let number = |prefixes: &[&str]| {
        prefixes.iter().find_map(|prefix| {
            let rest = squeezed.strip_prefix(prefix)?;
            let wins = rest.strip_suffix("wins").or_else(|| rest.strip_suffix("win"));
            let digits = wins.unwrap_or(rest);
            (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
        })
    };
    if let Some(wins) = number(&["firstto", "ft"]) {
        return first_to(text, wins).map(|format| (format, None));
    }
    if let Some(matches) = number(&["bestof", "bo"]) {
        return best_of(text, matches).map(|format| (format, None));
    }
    let close = nearest(&squeezed, ["ft3", "ft5", "bo3", "bo5", "single"]);
    Err(unknown(format!("`{text}` is no match format; `gmbot formats` lists them")).suggest(close))
}

/// Whether a word is the code of a format, as people type it among other words.
pub(in crate::grammar) fn is_code(word: &str) -> bool {
    word.parse::<u64>().is_err() && format(word).is_ok()
}

fn unknown(message: String) -> Fault {
    Fault::new(Code::UnknownFormat, message)
}

fn preset(number: &str) -> Result<(Format, Option<String>), Fault> {
    let wins: Option<u8> = number.parse().ok().filter(|wins| (1..=MOST_WINS).contains(wins));
    let known = Format::PRESETS.iter().find(|(preset, _)| wins == Some(*preset));
    let Some((preset, format)) = known else {
        return Err(unknown(format!("no match format has the number `{number}`"))
            .suggest(wins.map(|wins| format!("ft{wins}"))));
    };
    let (code, words) = (format.code(), format.words());
    let other = Format::FirstTo(*preset);
    let note = format!("format {number} is {code}, {words}");
    let note = if *format == other {
        note
    } else {
        format!("{note}; for first to {preset} write {}", other.code())
    };
    Ok((*format, Some(note)))
}

fn first_to(text: &str, wins: &str) -> Result<Format, Fault> {
    let wins = wins.parse().ok().filter(|wins| (1..=MOST_WINS).contains(wins));
    wins.map(Format::FirstTo)
        .ok_or_else(|| unknown(format!("`{text}` is out of range: first to 1 to {MOST_WINS} wins")))
}

fn best_of(text: &str, matches: &str) -> Result<Format, Fault> {
    let count = matches.parse::<u8>().ok().filter(|count| (1..=MOST_MATCHES).contains(count));
    match count {
        Some(count) if count % 2 == 1 => Ok(Format::BestOf(count)),
        Some(count) => {
            let odd = format!("bo{}", count + 1);
            Err(unknown(format!("`{text}` can end without a winner: the number must be odd"))
                .suggest(Some(odd)))
        }
        None => Err(unknown(format!("`{text}` is out of range: best of 1 to {MOST_MATCHES}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats() {
        let check = |text: &str, expect: Format| {
            assert_eq!(format(text).map(|(format, _)| format), Ok(expect), "{text}");
        };
        check("ft3", Format::FirstTo(3));
        check("FT25", Format::FirstTo(25));
        check("first-to-3-wins", Format::FirstTo(3));
        check("First to 1 win", Format::FirstTo(1));
        check("bo49", Format::BestOf(49));
        check("best of 5", Format::BestOf(5));
        check("single", Format::Single);
        check("one knockout match", Format::Single);
        for (number, expect) in Format::PRESETS {
            check(&number.to_string(), expect);
            check(&expect.words(), expect);
        }
    }

    #[test]
    fn what_is_no_format() {
        let check = |text: &str, suggestion: Option<&str>| {
            let fault = format(text).map_err(|fault| (fault.code, fault.suggestion));
            assert_eq!(fault, Err((Code::UnknownFormat, suggestion.map(str::to_owned))), "{text}");
        };
        check("ft0", None);
        check("ft26", None);
        check("bo4", Some("bo5"));
        check("bo0", None);
        check("bo51", None);
        check("6", Some("ft6"));
        check("0", None);
        check("999999999999", None);
        check("singel", Some("single"));
        check("", None);
        check("tf3", Some("ft3"));
    }

    #[test]
    fn a_bare_number_is_explained() {
        let note = format("3").map(|(_, note)| note);
        let words = "format 3 is ft5, first to 5 wins; for first to 3 write ft3";
        assert_eq!(note, Ok(Some(words.to_owned())));
        assert_eq!(format("ft5").map(|(_, note)| note), Ok(None));
    }
}
