//! How somebody at a shell types a line that was meant for a chat.

/// The words of a line for the bot, without `gmbot`; none if nobody would run `gmbot` for it.
pub(crate) fn words(line: &str) -> Option<Vec<String>> {
    let (name, rest) = line.trim().split_once(char::is_whitespace).unwrap_or((line.trim(), ""));
    let name = name.trim_end_matches([':', ',']);
    name.eq_ignore_ascii_case("gmbot")
        .then(|| if is_message(rest) { parts(rest) } else { split(rest) })
}

/// Whether the line's rest is a message, which one would quote for the shell as a whole.
fn is_message(rest: &str) -> bool {
    let command = rest.split_whitespace().next().unwrap_or_default();
    ["say", "communicate"].iter().any(|name| name.eq_ignore_ascii_case(command))
}

/// The words before a message, and the message as it stands.
fn parts(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = line.trim();
    loop {
        let (word, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        words.push(word.to_owned());
        rest = after.trim_start();
        // What follows the command, and a flag with its value, may be another flag.
        let is_value = words.last().is_some_and(|word| word.starts_with('-') && word != "--");
        if rest.is_empty() {
            return words;
        }
        if !is_value && (!rest.starts_with('-') || word == "--") {
            words.push(rest.to_owned());
            return words;
        }
    }
}

/// Words at white space; a quoted one loses its quotes to the shell. Quotes elsewhere are letters
/// of the language, which one would have to escape for the shell.
fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let quoted = Some(first).filter(|c| matches!(c, '"' | '\'')).and_then(|quote| {
            let inside = rest.get(1..)?;
            let end = inside.find(quote)?;
            let after = inside.get(end + 1..)?;
            let closes = after.chars().next().is_none_or(char::is_whitespace);
            closes.then_some((inside.get(..end)?, after))
        });
        let (word, after) = quoted
            .unwrap_or_else(|| rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len())));
        words.push(word.to_owned());
        rest = after.trim_start();
    }
    words
}
