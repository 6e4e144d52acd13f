//! What only the backend knows as choices: how each is written, and which begin with what was typed.

use super::complete::{Candidate, Completion};
use super::source::quote;
use crate::model::{Game, Role, names};

impl Completion {
    /// Puts what begins with `typed` before the other choices, quoted where a line needs it.
    pub fn offer(&mut self, typed: &str, options: Vec<Candidate>) {
        self.put_first(typed, options, written);
    }

    /// As [`Completion::offer`], for a shell, which does its own quoting or none at all.
    pub fn offer_bare(&mut self, typed: &str, options: Vec<Candidate>) {
        self.put_first(typed, options, str::to_owned);
    }

    fn put_first(&mut self, typed: &str, mut options: Vec<Candidate>, written: fn(&str) -> String) {
        let typed = names::key(bare(typed));
        options.retain(|option| names::key(&option.text).starts_with(&typed));
        for option in &mut options {
            option.text = written(&option.text);
        }
        options.append(&mut self.options);
        self.options = options;
    }
}

impl Candidate {
    /// Something to choose, and what it means.
    pub fn new(text: impl Into<String>, help: impl Into<String>) -> Self {
        Self { text: text.into(), help: help.into() }
    }

    /// Games by number, which is short and never changes, or by name once a letter was typed.
    pub fn games(games: &[Game], typed: &str) -> Vec<Self> {
        let by_name = bare(typed).starts_with(|first: char| !first.is_ascii_digit());
        let candidate = |game: &Game| {
            let (id, name) = (game.id.to_string(), game.name.clone());
            if by_name { Self::new(name, id) } else { Self::new(id, name) }
        };
        games.iter().map(candidate).collect()
    }

    /// A member of the clan by name, as a mention if one was begun.
    pub fn player(name: &str, role: Role, typed: &str) -> Self {
        let mark = if bare(typed).starts_with('@') { "@" } else { "" };
        Self::new(format!("{mark}{name}"), role.word())
    }
}

/// What was typed without the mark that a name or an id may begin with.
pub fn bare(typed: &str) -> &str {
    typed.trim_start_matches(['"', '#'])
}

/// A value as it stands in a line: in quotes if it is several words.
fn written(text: &str) -> String {
    let needs_quotes = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\' | ',');
    if text.contains(needs_quotes) { quote(text) } else { text.to_owned() }
}
