//! Words with their places: what is quoted, what is a flag, what mentions somebody.
//!
//! Nothing here knows a command. Every byte of a line that is not white space belongs to a token,
//! and the lexer looks at each a bounded number of times.

use std::borrow::Cow;

use super::problem::{Problem, Span};
use crate::reply::Code;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Letters between white space and commas.
    Word,
    /// What stood in quotes: never a flag, never a mention.
    Quoted,
    /// A mention: `<@123>`, `@ann`, `@ann:example.org`, a matrix.to link.
    Mention,
    /// A flag; the text is its name without dashes.
    Flag,
    /// A comma between values.
    Comma,
}

/// A word and its place. What it says is borrowed from the line, unless quotes hide something in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token<'t> {
    /// What it is.
    pub kind: TokenKind,
    /// What it says, without quotes and dashes.
    pub text: Cow<'t, str>,
    /// Where it stands.
    pub span: Span,
    /// Whether white space stands before it.
    pub spaced: bool,
}

impl Token<'_> {
    /// The same, with its text for itself.
    pub fn into_owned(self) -> Token<'static> {
        Token { text: Cow::Owned(self.text.into_owned()), ..self }
    }
}

/// What a line consists of, and which quotes in it are not closed.
#[derive(Debug, Default)]
pub struct Lexed<'t> {
    /// The tokens in order.
    pub tokens: Vec<Token<'t>>,
    /// Unclosed quotes; the quotation mark then counts as a letter.
    pub problems: Vec<Problem>,
}

/// About as many bytes as a token takes.
const TOKEN: usize = 6;

/// Splits what stands in `line` from byte `from` on.
pub fn lex_line(line: &str, from: usize) -> Lexed<'_> {
    let lexed = Lexed { tokens: Vec::with_capacity(line.len() / TOKEN), problems: Vec::new() };
    let mut lexer = Lexer { text: line, at: from, quotes: true, lexed, open: Vec::new() };
    lexer.run();
    lexer.lexed
}

/// The mentions in a line as they are written there, each once, in order: what a platform has to
/// explain. What stands in quotes mentions nobody.
pub fn mentions(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for token in lex_line(line, 0).tokens {
        let written = line.get(token.span.start..token.span.end).unwrap_or_default();
        if token.kind == TokenKind::Mention && !found.contains(&written) {
            found.push(written);
        }
    }
    found
}

/// Splits one word of a terminal's command line, where quotes are letters: the shell took the real
/// ones. What holds white space was quoted there. Spans are places in the word itself.
pub fn lex_word(word: &str) -> Vec<Token<'_>> {
    let mut lexer =
        Lexer { text: word, at: 0, quotes: false, lexed: Lexed::default(), open: Vec::new() };
    let blank = word.contains(char::is_whitespace);
    let tied = |flag: &Span| word.get(flag.end..).is_some_and(|rest| rest.starts_with('='));
    if let Some(flag) = flag_at(word).filter(|flag| !blank || tied(flag)) {
        lexer.push_flag(flag, true);
    }
    let rest = lexer.rest();
    if word.is_empty() || rest.contains(char::is_whitespace) {
        let start = lexer.at;
        lexer.push(
            TokenKind::Quoted,
            Cow::Borrowed(rest),
            Span { start, end: word.len() },
            start == 0,
        );
    } else {
        lexer.run();
    }
    let mut tokens = lexer.lexed.tokens;
    if let Some(first) = tokens.first_mut() {
        first.spaced = true;
    }
    tokens
}

/// The mention in angle brackets that a text begins with: `<@1>`, `<@!1>`, `<@&1>`.
pub fn bracket_mention(text: &str) -> Option<&str> {
    let id = text.strip_prefix("<@")?;
    let digits = id.strip_prefix(['!', '&']).unwrap_or(id);
    let count = digits.bytes().take(MOST_DIGITS).take_while(u8::is_ascii_digit).count();
    let closed = count > 0 && digits.get(count..)?.starts_with('>');
    text.get(..text.len() - digits.len() + count + 1).filter(|_| closed)
}

/// More digits than a platform's id has.
const MOST_DIGITS: usize = 32;

/// Whether a bare word mentions somebody.
pub fn is_mention(word: &str) -> bool {
    const LINKS: [&str; 2] = ["https://matrix.to/#/@", "https://matrix.to/#/%40"];
    (word.starts_with('@') && word.chars().nth(1).is_some_and(|second| second != '@'))
        || bracket_mention(word).is_some_and(|mention| mention.len() == word.len())
        || LINKS.iter().any(|link| word.starts_with(link))
}

/// The dashes that open a flag; phones turn `--` into the long ones.
pub fn starts_with_dash(text: &str) -> bool {
    text.starts_with(['-', '–', '—'])
}

/// The place of a flag's name at the start of a text: dashes, then a letter, up to white space,
/// a comma or `=`.
fn flag_at(text: &str) -> Option<Span> {
    let name = text.strip_prefix("--").or_else(|| text.strip_prefix(['-', '–', '—']))?;
    name.chars().next().filter(|first| first.is_alphabetic())?;
    let length =
        name.find(|c: char| c.is_whitespace() || c == ',' || c == '=').unwrap_or(name.len());
    let start = text.len() - name.len();
    Some(Span { start, end: start + length })
}

/// The quotation marks that close what this one opens.
fn closers(open: char) -> Option<&'static [char]> {
    match open {
        '"' => Some(&['"']),
        '\'' => Some(&['\'']),
        '“' | '”' | '„' | '‟' => Some(&['”', '“', '‟']),
        '‘' | '’' | '‚' | '‛' => Some(&['’', '‘', '‛']),
        _ => None,
    }
}

/// Whether a shell's word has no value, or one that only quotes can hold.
fn blank(value: &str) -> bool {
    value.is_empty() || value.contains(char::is_whitespace)
}

/// Whether a value ends before this character.
fn ends_value(next: Option<char>) -> bool {
    next.is_none_or(|next| next.is_whitespace() || next == ',')
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    quotes: bool,
    lexed: Lexed<'t>,
    /// Kinds of quotes that nothing closes any more: not looked for twice.
    open: Vec<&'static [char]>,
}

impl<'t> Lexer<'t> {
    fn run(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            let spaced = trimmed.len() < rest.len() || self.lexed.tokens.is_empty();
            self.at += rest.len() - trimmed.len();
            if trimmed.is_empty() {
                return;
            }
            self.token(spaced);
        }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn token(&mut self, spaced: bool) {
        let rest = self.rest();
        if rest.starts_with(',') {
            self.take(TokenKind::Comma, 1, spaced);
        } else if let Some(flag) = flag_at(rest) {
            self.push_flag(flag, spaced);
        } else {
            self.value(spaced);
        }
    }

    /// A value: quoted, a mention, or a bare word.
    fn value(&mut self, spaced: bool) {
        if self.quotes && self.quoted(spaced) {
            return;
        }
        let rest = self.rest();
        if let Some(mention) = bracket_mention(rest) {
            return self.take(TokenKind::Mention, mention.len(), spaced);
        }
        let end = rest
            .char_indices()
            .skip(1)
            .find(|(at, c)| {
                c.is_whitespace()
                    || *c == ','
                    || (*c == '<' && rest.get(*at..).and_then(bracket_mention).is_some())
            })
            .map_or(rest.len(), |(at, _)| at);
        let mention = rest.get(..end).is_some_and(is_mention);
        self.take(if mention { TokenKind::Mention } else { TokenKind::Word }, end, spaced);
    }

    /// A flag, and what `=` ties to it: that is a value whatever it looks like.
    fn push_flag(&mut self, name: Span, spaced: bool) {
        let text = Cow::Borrowed(self.rest().get(name.start..name.end).unwrap_or(""));
        let span = Span { start: self.at, end: self.at + name.end };
        self.push(TokenKind::Flag, text, span, spaced);
        if let Some(value) = self.rest().strip_prefix('=') {
            let tied = if self.quotes { !ends_value(value.chars().next()) } else { !blank(value) };
            self.at += 1;
            if tied {
                self.value(false);
            }
        }
    }

    /// A quoted value, if one opens here and is closed.
    fn quoted(&mut self, spaced: bool) -> bool {
        let Some((open, close)) =
            self.rest().chars().next().and_then(|open| Some((open, closers(open)?)))
        else {
            return false;
        };
        if self.open.contains(&close) {
            return false;
        }
        let start = self.at;
        if let Some((text, length)) = unquote(self.rest(), open, close) {
            self.push(TokenKind::Quoted, text, Span { start, end: start + length }, spaced);
            return true;
        }
        self.open.push(close);
        self.lexed.problems.push(Problem {
            code: Code::UnclosedQuote,
            span: Span { start, end: self.text.len() },
            message: format!("the quote that opens with `{open}` is not closed"),
            suggestion: None,
        });
        false
    }

    fn take(&mut self, kind: TokenKind, length: usize, spaced: bool) {
        let text = Cow::Borrowed(self.rest().get(..length).unwrap_or(""));
        let span = Span { start: self.at, end: self.at + length };
        self.push(kind, text, span, spaced);
    }

    fn push(&mut self, kind: TokenKind, text: Cow<'t, str>, span: Span, spaced: bool) {
        self.at = span.end;
        self.lexed.tokens.push(Token { kind, text, span, spaced });
    }
}

/// What stands in the quote that a text begins with, and how many bytes it takes; nothing if it is
/// not closed.
fn unquote<'t>(text: &'t str, open: char, close: &[char]) -> Option<(Cow<'t, str>, usize)> {
    // What came before the last escape, and where the rest begins.
    let (mut before, mut from) = (String::new(), open.len_utf8());
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let escapes = |next| next == '\\' || next == open || close.contains(&next);
        if c == '\\' && next.is_some_and(escapes) {
            before.push_str(text.get(from..at)?);
            from = at + 1;
            chars.next();
        } else if close.contains(&c) && ends_value(next) {
            let rest = text.get(from..at)?;
            let inner =
                if before.is_empty() { Cow::Borrowed(rest) } else { Cow::Owned(before + rest) };
            return Some((inner, at + c.len_utf8()));
        }
    }
    None
}
