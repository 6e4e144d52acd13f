//! Whom `@name` means at a terminal: the account of that name, whether or not anybody has it yet.

use std::collections::BTreeSet;

use gmbot_engine::request::{Mention, MentionTarget, Presence};

use crate::person;

/// The words that mean everybody.
const EVERYBODY: [&str; 3] = ["@everyone", "@here", "@room"];

/// The mentions in some words, each once, in alphabetical order.
pub(crate) fn find<'a>(words: impl IntoIterator<Item = &'a str>) -> Vec<Mention> {
    let parts = words.into_iter().flat_map(|word| word.split(is_border));
    let mentions: BTreeSet<&str> =
        parts.filter(|part| part.len() > 1 && part.starts_with('@')).collect();
    mentions.into_iter().map(mention).collect()
}

/// What stands between two mentions in a list, or between a flag and its value.
fn is_border(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, ',' | '=' | '"' | '\'')
}

fn mention(written: &str) -> Mention {
    let everybody = EVERYBODY.iter().any(|word| word.eq_ignore_ascii_case(written));
    let target = match written.strip_prefix('@') {
        Some(name) if !everybody => MentionTarget::Account {
            account: person::named(name),
            presence: Presence::Unknown,
            bot: false,
            stated_role: None,
        },
        Some(_) | None => MentionTarget::Everyone,
    };
    Mention { written: written.to_owned(), target }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_once_wherever_it_stands() {
        let words = ["-players=@zucc,@ann", "@zucc", "me@example.org", "@", "@ben @cleo"];
        let written = find(words).into_iter().map(|mention| mention.written);
        assert_eq!(written.collect::<Vec<_>>(), ["@ann", "@ben", "@cleo", "@zucc"]);
    }

    #[test]
    fn everybody_is_nobody_in_particular() {
        for word in ["@everyone", "@Here", "@room"] {
            assert_eq!(find([word])[0].target, MentionTarget::Everyone);
        }
    }
}
