//! Where the words come from: a line that may be for the bot, or a terminal's words. Both end as
//! one line to show, and tokens with their places in it.

use std::borrow::Cow;

use super::lexer::{Lexed, Token, TokenKind, bracket_mention, is_mention, lex_line, lex_word};
use super::parser::Vocabulary;
use super::problem::{Problem, Span};
use super::table;
use crate::reply::Code;

/// The name that starts a line for the bot everywhere.
pub(super) const NAME: &str = "gmbot";
/// The longest line, in characters.
const LONGEST_LINE: usize = 4_000;

/// A line that is for the bot, and what it consists of.
#[derive(Debug)]
pub(super) struct Source<'t> {
    /// The line, as it is shown beside its mistakes.
    pub(super) line: Cow<'t, str>,
    /// Its tokens from the command on.
    pub(super) tokens: Vec<Token<'t>>,
    /// What is wrong with its letters.
    pub(super) problems: Vec<Problem>,
    /// Whether it is for the bot whatever it says; otherwise it may be talk about the bot.
    pub(super) certain: bool,
    /// Places of which everything is said already.
    pub(super) settled: Vec<Span>,
}

impl<'t> Source<'t> {
    /// The source of a line; nothing if it is not for the bot.
    pub(super) fn of_line(line: &'t str, vocabulary: &dyn Vocabulary) -> Option<Self> {
        let called = call(line, vocabulary);
        let from = called.or_else(|| vocabulary.is_direct().then_some(0))?;
        let certain = vocabulary.is_direct();
        if let Err(problem) = acceptable(line) {
            return Some(Self::refused(line, problem));
        }
        let Lexed { tokens, problems } = lex_line(line, from);
        Some(Self { line: Cow::Borrowed(line), tokens, problems, certain, settled: Vec::new() })
    }

    /// The source of a terminal's words. They are joined to be shown, not to be read; only what
    /// `say` says is the rest of the line as it stands.
    pub(super) fn of_words(words: &'t [String]) -> Self {
        let (mut line, tokens) = match words.split_first() {
            Some((first, rest)) if table::find(first).is_some_and(table::takes_rest) => {
                // A word with spaces was quoted in the shell: it is text, even behind a dash.
                let text = rest.first().is_some_and(|word| word.contains(char::is_whitespace));
                let guard = if text { "-- " } else { "" };
                let line = format!("{NAME} {first} {guard}{}", rest.join(" "));
                let tokens = lex_line(&line, NAME.len()).tokens;
                let tokens = tokens.into_iter().map(Token::into_owned).collect();
                (line, tokens)
            }
            _ => join(words),
        };
        match acceptable(&line) {
            Ok(()) => {
                let (problems, settled) = (Vec::new(), Vec::new());
                Self { line: Cow::Owned(line), tokens, problems, certain: true, settled }
            }
            Err(problem) => {
                line.shrink_to_fit();
                Self::refused(line, problem)
            }
        }
    }

    /// A line that is for the bot, and can't be looked into.
    pub(super) fn refused(line: impl Into<Cow<'t, str>>, problem: Problem) -> Self {
        let (tokens, problems) = (Vec::new(), vec![problem]);
        Self { line: line.into(), tokens, problems, certain: true, settled: Vec::new() }
    }
}

/// A terminal's words as one line that reads the same in chat, and their tokens.
pub(super) fn join(words: &[String]) -> (String, Vec<Token<'_>>) {
    let mut line = NAME.to_owned();
    let mut tokens = Vec::new();
    for word in words {
        line.push(' ');
        let start = line.len();
        let shown = quote_word(word);
        line.push_str(&shown);
        let end = line.len();
        let bare = shown == *word;
        tokens.extend(lex_word(word).into_iter().map(|token| {
            let Span { start: from, end: to } = token.span;
            let exact = Span { start: start + from, end: start + to };
            Token { span: if bare { exact } else { Span { start, end } }, ..token }
        }));
    }
    (line, tokens)
}

/// A word as it would be quoted in a line, if it needs quotes.
fn quote_word(word: &str) -> String {
    let quoted = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\');
    if word.is_empty() || word.contains(quoted) { quote(word) } else { word.to_owned() }
}

/// A text in quotes.
pub(super) fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Refuses what is too long, and control characters other than white space.
pub(super) fn acceptable(line: &str) -> Result<(), Problem> {
    // Most lines are short and plain: a look at their bytes says so.
    if line.len() <= LONGEST_LINE && line.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Ok(());
    }
    let problem = |code, start, end, message: String| {
        Err(Problem { code, span: Span { start, end }, message, suggestion: None })
    };
    if let Some((start, _)) = line.char_indices().nth(LONGEST_LINE) {
        let message = format!("a line must not be longer than {LONGEST_LINE} characters");
        return problem(Code::LineTooLong, start, line.len(), message);
    }
    let control = |c: &char| c.is_control() && !c.is_whitespace();
    if let Some((start, c)) = line.char_indices().find(|(_, c)| control(c)) {
        let message = format!("the control character U+{:04X} can't be in a line", u32::from(c));
        return problem(Code::BadCharacter, start, start + c.len_utf8(), message);
    }
    Ok(())
}

/// Where the command begins in a line that calls the bot: by its name, a mention, or the prefix of
/// the space.
fn call(line: &str, vocabulary: &dyn Vocabulary) -> Option<usize> {
    let text = line.trim_start();
    let start = line.len() - text.len();
    let prefixed = vocabulary.prefix().and_then(|prefix| after_prefix(text, prefix));
    let length = after_name(text).or_else(|| after_mention(text, vocabulary)).or(prefixed)?;
    Some(start + length)
}

/// `gmbot`, `gmbot:` or `gmbot,`, in any case; no longer word.
pub(super) fn after_name(text: &str) -> Option<usize> {
    let rest = text.get(NAME.len()..)?;
    let named = text.get(..NAME.len())?.eq_ignore_ascii_case(NAME);
    match rest.chars().next() {
        Some(':' | ',') if named => Some(NAME.len() + 1),
        next => (named && next.is_none_or(char::is_whitespace)).then_some(NAME.len()),
    }
}

/// The word that a text begins with, or the mention in angle brackets even if more is glued to it.
fn mention_at(text: &str) -> &str {
    bracket_mention(text).unwrap_or_else(|| {
        let end = text.find(|c: char| c.is_whitespace() || c == ',').unwrap_or(text.len());
        text.get(..end).unwrap_or("")
    })
}

fn after_mention(text: &str, vocabulary: &dyn Vocabulary) -> Option<usize> {
    let word = mention_at(text);
    let bare = word.strip_suffix(':').unwrap_or(word);
    let named =
        [word, bare].into_iter().find(|word| !word.is_empty() && vocabulary.is_bot(word))?;
    let rest = text.get(named.len()..)?;
    Some(named.len() + usize::from(rest.starts_with([':', ','])))
}

/// The prefix of a space: a word of its own, or, where it ends in a sign as `!` does, glued to the
/// command.
fn after_prefix(text: &str, prefix: &str) -> Option<usize> {
    let start = text.get(..prefix.len())?;
    let rest = text.get(prefix.len()..)?;
    let known = !prefix.is_empty() && start.to_lowercase() == prefix.to_lowercase();
    let glues = !prefix.ends_with(char::is_alphanumeric);
    match rest.chars().next() {
        Some(':' | ',') if known && !glues => Some(prefix.len() + 1),
        next => {
            let apart = glues || next.is_none_or(char::is_whitespace);
            (known && apart).then_some(prefix.len())
        }
    }
}

/// The words at the start of a line that may name its command, when nobody knows by what the bot
/// is called there: behind its name or a mention just one, otherwise all that stand near the start.
pub(super) fn first_words(line: &str) -> Vec<String> {
    let text = line.trim_start();
    let pieces = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect()
    };
    let behind = |length: usize| {
        let rest = text.get(length..).unwrap_or("").trim_start_matches([':', ',']);
        lex_line(rest, 0).tokens.into_iter().take(1).map(|token| token.text.into_owned())
    };
    if let Some(length) = after_name(text) {
        return behind(length).collect();
    }
    let mention = mention_at(text);
    if is_mention(mention) {
        // A prefix may look like a mention, with the command glued to it.
        return pieces(mention).into_iter().chain(behind(mention.len())).collect();
    }
    text.split_whitespace().take(2).flat_map(pieces).collect()
}

/// Whether a flag stands among tokens.
pub(super) fn has_flag(tokens: &[Token<'_>]) -> bool {
    tokens.iter().any(|token| token.kind == TokenKind::Flag)
}
