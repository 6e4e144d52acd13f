//! Parameters that take a list: divided by commas if there are any, otherwise by spaces, the
//! longest known name first.

use std::borrow::Cow;

use super::{Binder, joined, span_of};
use crate::grammar::build::Value;
use crate::grammar::lexer::{Token, TokenKind};
use crate::grammar::value;
use crate::grammar::values::PlayerRef;
use crate::model::GameId;
use crate::reply::Code;

/// The most words of a person's or a game's name that are looked for in a list without commas.
const MOST_WORDS: usize = 4;

impl Binder<'_> {
    /// People: mentions, and names between them.
    pub(super) fn players(&mut self, tokens: &[&Token<'_>]) -> Option<Value> {
        let commas = tokens.iter().any(|token| token.kind == TokenKind::Comma);
        let mut players = Vec::new();
        let mut failed = false;
        let runs = tokens.chunk_by(|a, b| is_name(a) && is_name(b));
        for run in runs {
            match run {
                [token] if token.kind == TokenKind::Comma => {}
                [token] if token.kind == TokenKind::Mention => {
                    players.push(PlayerRef::Mention(token.text.clone().into_owned()));
                }
                [token] if token.kind == TokenKind::Quoted => match value::text(&token.text) {
                    Ok(name) => players.push(PlayerRef::Name(name)),
                    Err(fault) => {
                        failed = true;
                        self.fault(token.span, fault);
                    }
                },
                names => failed |= !self.names(names, commas, &mut players),
            }
        }
        let found = !failed && !players.is_empty();
        found.then_some(Value::Players(players))
    }

    /// Bare words among people; false if one of them is no name and was reported.
    fn names(
        &mut self,
        mut words: &[&Token<'_>],
        commas: bool,
        players: &mut Vec<PlayerRef>,
    ) -> bool {
        let before = self.bound.problems.len();
        while let Some((first, _)) = words.split_first() {
            let known = self.longest_known(words);
            let length = match known {
                Some(length) => length,
                None if self.is_stray(first) => {
                    let suggestion = self.home_of(first);
                    let message = format!("`{}` is nobody's name", first.text);
                    self.report(Code::SurplusWords, first.span, message, suggestion);
                    words = words.get(1..).unwrap_or(&[]);
                    continue;
                }
                // Between commas all words make one name, up to one that is something else.
                None if commas => {
                    let strays = words.iter().position(|word| self.is_stray(word));
                    strays.unwrap_or(words.len())
                }
                None => 1,
            };
            let (name, rest) = words.split_at(length);
            players.push(PlayerRef::Name(joined(name).into_owned()));
            words = rest;
        }
        self.bound.problems.len() == before
    }

    /// How many of the first words make a known name, the longest first; one word needs no asking
    /// unless it looks like something else.
    fn longest_known(&mut self, words: &[&Token<'_>]) -> Option<usize> {
        let longest = words.len().min(MOST_WORDS);
        (1..=longest).rev().find(|length| {
            let asks = *length > 1 || words.first().is_some_and(|word| self.is_stray(word));
            if !asks || self.lookups == 0 {
                return false;
            }
            self.lookups -= 1;
            self.vocabulary.is_player_name(&joined(words.get(..*length).unwrap_or(&[])))
        })
    }

    /// Whether a word among people looks like a value of another parameter that is not given yet.
    fn is_stray(&self, token: &Token<'_>) -> bool {
        let open = |name: &str| {
            self.spec.param(name).is_some_and(|param| !self.given.contains(&param.name))
        };
        let word = &*token.text;
        let number = word.bytes().all(|b| b.is_ascii_digit());
        let game = number || value::exact_game(word, self.vocabulary.games()).is_some();
        token.kind == TokenKind::Word
            && ((game && open("game")) || (value::is_code(word) && open("type")))
    }

    /// Games.
    pub(super) fn games(&mut self, tokens: &[&Token<'_>]) -> Option<Value> {
        let commas = tokens.iter().any(|token| token.kind == TokenKind::Comma);
        let mut games = Vec::new();
        let mut failed = false;
        for part in tokens.split(|token| token.kind == TokenKind::Comma) {
            let mut words = part;
            while !words.is_empty() {
                let length = if commas { words.len() } else { self.game_length(words) };
                let (name, rest) = words.split_at(length.clamp(1, words.len()));
                match self.one_game(name) {
                    Some(game) if games.contains(&game) => {}
                    Some(game) => games.push(game),
                    None => failed = true,
                }
                words = rest;
            }
        }
        let found = !failed && !games.is_empty();
        found.then_some(Value::Games(games))
    }

    fn one_game(&mut self, name: &[&Token<'_>]) -> Option<GameId> {
        match value::game(&joined(name), self.vocabulary.games()) {
            Ok((game, note)) => {
                self.bound.notes.extend(note);
                Some(game)
            }
            Err(fault) => {
                self.fault(span_of(name), fault);
                None
            }
        }
    }

    /// How many of the first words name a game: exactly, or else almost; the longest first.
    fn game_length(&self, words: &[&Token<'_>]) -> usize {
        let games = self.vocabulary.games();
        let name = |length: &usize| joined(words.get(..*length).unwrap_or(&[]));
        let lengths = || (1..=words.len().min(MOST_WORDS)).rev();
        lengths()
            .find(|length| value::exact_game(&name(length), games).is_some())
            .or_else(|| lengths().find(|length| value::game(&name(length), games).is_ok()))
            .unwrap_or(1)
    }

    /// Words or phrases.
    pub(super) fn texts(&mut self, tokens: &[&Token<'_>]) -> Option<Value> {
        let commas = tokens.iter().any(|token| token.kind == TokenKind::Comma);
        let parts: Vec<Cow<'_, str>> = if commas {
            let parts = tokens.split(|token| token.kind == TokenKind::Comma);
            parts.filter(|part| !part.is_empty()).map(joined).collect()
        } else {
            tokens.iter().map(|token| Cow::Borrowed(&*token.text)).collect()
        };
        let read: Result<Vec<String>, _> = parts.iter().map(|part| value::text(part)).collect();
        match read {
            Ok(texts) => Some(Value::Texts(texts)),
            Err(fault) => {
                self.fault(span_of(tokens), fault);
                None
            }
        }
    }
}

/// Whether a token can be a part of a name of several words.
fn is_name(token: &Token<'_>) -> bool {
    token.kind == TokenKind::Word
}
