//! Labelled words as HTML. Here, and nowhere else, what people typed is made harmless for it.

use gmbot_engine::render::Role;

/// A line of running text.
pub(super) fn line(line: &[(Role, String)]) -> String {
    line.iter().map(|(role, text)| words(*role, text)).collect()
}

fn words(role: Role, text: &str) -> String {
    match tag(role) {
        // What shows that words are code in plain text is not needed here.
        Some("code") => format!("<code>{}</code>", escaped(unquoted(text))),
        Some(tag) => format!("<{tag}>{}</{tag}>", escaped(text)),
        None => escaped(text),
    }
}

/// The words between the marks of code, where both are there.
fn unquoted(text: &str) -> &str {
    text.strip_prefix('`').and_then(|text| text.strip_suffix('`')).unwrap_or(text)
}

/// How words are marked that mean this.
fn tag(role: Role) -> Option<&'static str> {
    match role {
        Role::Title | Role::Label | Role::War | Role::Clan => Some("strong"),
        Role::Code => Some("code"),
        Role::Hint => Some("em"),
        Role::Plain
        | Role::Person
        | Role::Time
        | Role::User
        | Role::Error
        | Role::Caret
        | Role::Suggestion => None,
    }
}

/// A line that is shown letter for letter.
pub(super) fn aligned(line: &[(Role, String)]) -> String {
    line.iter().map(|(_, text)| escaped(text)).collect()
}

/// Letters in which HTML finds no markup.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            _ => safe.push(letter),
        }
    }
    safe
}
