//! Small things that lines of a transcript are made of.

use gmbot_engine::model::DurationMs;

/// Cuts a remark off: ` #` outside of quotes, followed by a space or the end.
pub(super) fn without_remark(line: &str) -> &str {
    let mut quoted = false;
    let mut before = ' ';
    for (place, character) in line.char_indices() {
        if character == '"' {
            quoted = !quoted;
        }
        let after = line[place + character.len_utf8()..].chars().next();
        if character == '#' && !quoted && before == ' ' && matches!(after, None | Some(' ')) {
            return line[..place].trim_end();
        }
        before = character;
    }
    line.trim_end()
}

/// `25h`, `1d12h`, `90m`, `30s`.
pub(super) fn length_of(text: &str) -> Result<DurationMs, String> {
    let unreadable = || format!("can't read the length of time `{text}`; write it like `1d12h`");
    let mut total_ms = 0_i64;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(unreadable)?;
        let (number, unit) = rest.split_at(digits);
        let number: i64 = number.parse().map_err(|_not_a_number| unreadable())?;
        let unit_ms = match unit.chars().next() {
            Some('d') => 86_400_000,
            Some('h') => 3_600_000,
            Some('m') => 60_000,
            Some('s') => 1_000,
            Some(_) | None => return Err(unreadable()),
        };
        let more_ms = number.checked_mul(unit_ms).ok_or_else(unreadable)?;
        total_ms = total_ms.checked_add(more_ms).ok_or_else(unreadable)?;
        rest = &unit[1..];
    }
    if total_ms == 0 { Err(unreadable()) } else { Ok(DurationMs(total_ms)) }
}

/// Whether a text can be a clan's short name.
pub(super) fn is_short_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_stands_outside_of_quotes() {
        assert_eq!(without_remark("clan f \"a # b\"  # c"), "clan f \"a # b\"");
        assert_eq!(without_remark("clan f \"x\" leader=@a#1"), "clan f \"x\" leader=@a#1");
    }

    #[test]
    fn lengths_of_time_add_up() {
        assert_eq!(length_of("1d2h3m4s"), Ok(DurationMs(93_784_000)));
        for wrong in
            ["", "5", "h", "5w", "-5h", "0s", "1.5h", "99999999999999999d", "106751991167d1d"]
        {
            assert!(length_of(wrong).is_err(), "{wrong}");
        }
    }
}
