//! How somebody at a shell types a line that was meant for a chat.

/// The words of a line for the bot, without `gmbot`; none if nobody would run `gmbot` for it.
pub(crate) fn words(line: &str) -> Option<Vec<String>> {
    let (name, rest) = line.trim().split_once(char::is_whitespace).unwrap_or((line.trim(), ""));
    let name = name.trim_end_matches([':', ',']);
    let is_name = name.eq_ignore_ascii_case("gmbot");
    is_name.then(|| message(rest).unwrap_or_else(|| split(rest)))
}

/// The words of a line that ends in a message which one would quote as a whole: there are quotes in
/// it, or white space that a shell takes out.
fn message(line: &str) -> Option<Vec<String>> {
    let (command, mut text) = line.trim().split_once(' ')?;
    let is_message = ["say", "communicate"].iter().any(|name| name.eq_ignore_ascii_case(command));
    let needs_quotes = text.contains(['"', '\'', '\n']) || text.contains("  ");
    if !is_message || !needs_quotes {
        return None;
    }
    let mut words = vec![command.to_owned()];
    // Flags with their values come first, and are no part of the message.
    while text.starts_with('-') {
        let (flag, after) = text.split_once(' ')?;
        words.push(flag.to_owned());
        text = after;
        if flag == "--" {
            break;
        }
        let (value, after) = text.split_once(' ')?;
        words.push(value.to_owned());
        text = after;
    }
    words.push(text.to_owned());
    Some(words)
}

/// Words at white space; a quoted one loses its quotes to the shell. Quotes elsewhere are letters
/// of the language, which one would have to escape for the shell.
fn split(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let quoted = quoted(rest);
        let bare = || rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len()));
        let (word, after) = quoted.unwrap_or_else(bare);
        // Without its quotes a value that begins with a dash would be a flag.
        match words.last_mut() {
            Some(flag) if quoted.is_some() && flag.starts_with('-') && word.starts_with('-') => {
                flag.push('=');
                flag.push_str(word);
            }
            Some(_) | None => words.push(word.to_owned()),
        }
        rest = after.trim_start();
    }
    words
}

/// What stands in the quotes that a text begins with, and what comes after them.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let (inside, after) = text.get(1..)?.split_once(quote)?;
    let closes = after.chars().next().is_none_or(char::is_whitespace);
    closes.then_some((inside, after))
}
