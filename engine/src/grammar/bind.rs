//! From words to parameters: every word finds its parameter, or is reported.

use std::borrow::Cow;

use super::build::{Value, Values};
use super::lexer::{Token, TokenKind};
use super::parser::Vocabulary;
use super::problem::{Problem, Span};
use super::suggest::nearest;
use super::table::{CommandSpec, ParamSpec, ValueKind};
use super::value::{self, Fault};
use crate::model::ShortId;
use crate::reply::Code;

mod lists;
mod single;

/// What became of a command's words.
#[derive(Debug, Default)]
pub(super) struct Bound {
    /// The values that could be read, and defaults.
    pub(super) values: Values,
    /// Remarks on how they were read.
    pub(super) notes: Vec<String>,
    /// What is wrong.
    pub(super) problems: Vec<Problem>,
}

/// Binds the tokens behind a command's name; `end` is where missing things would stand.
pub(super) fn bind(
    spec: &'static CommandSpec,
    tokens: &[Token<'_>],
    end: usize,
    vocabulary: &dyn Vocabulary,
) -> Bound {
    let mut binder = Binder {
        spec,
        vocabulary,
        bound: Bound::default(),
        given: Vec::new(),
        lookups: MOST_LOOKUPS,
    };
    let (mut free, flagged) = binder.split(tokens);
    binder.positional(&mut free);
    for Flagged { param, flag, values } in flagged {
        binder.flagged(param, flag, &values);
    }
    binder.defaults();
    binder.missing(end);
    binder.bound
}

/// How often one line may ask whether a name of several words is known.
const MOST_LOOKUPS: usize = 64;

/// A flag of a known parameter, and the words up to the next flag.
struct Flagged<'t> {
    param: &'static ParamSpec,
    flag: &'t Token<'t>,
    values: Vec<&'t Token<'t>>,
}

struct Binder<'v> {
    spec: &'static CommandSpec,
    vocabulary: &'v dyn Vocabulary,
    bound: Bound,
    /// Parameters that the line speaks of, well or badly: none of them is missing. A handful.
    given: Vec<&'static str>,
    lookups: usize,
}

impl Binder<'_> {
    fn report(&mut self, code: Code, span: Span, message: String, suggestion: Option<String>) {
        self.bound.problems.push(Problem { code, span, message, suggestion });
    }

    fn fault(&mut self, span: Span, fault: Fault) {
        self.report(fault.code, span, fault.message, fault.suggestion);
    }

    fn set(&mut self, param: &'static ParamSpec, value: Value) {
        self.give(param);
        self.bound.values.put(param.name, value);
    }

    /// Notes that the line speaks of a parameter; false if it did before.
    fn give(&mut self, param: &'static ParamSpec) -> bool {
        let new = !self.given.contains(&param.name);
        if new {
            self.given.push(param.name);
        }
        new
    }

    /// Separates the words that no flag claims from those behind flags.
    fn split<'t>(&mut self, tokens: &'t [Token<'t>]) -> (Vec<&'t Token<'t>>, Vec<Flagged<'t>>) {
        let first = tokens.iter().position(|token| token.kind == TokenKind::Flag);
        let (free, rest) = tokens.split_at(first.unwrap_or(tokens.len()));
        let mut free: Vec<&Token<'_>> = free.iter().collect();
        let mut flagged = Vec::new();
        let spelt = well_spelt(self.spec, rest);
        let flags = rest.chunk_by(|_, next| next.kind != TokenKind::Flag);
        for (flag, values) in flags.filter_map(<[Token<'_>]>::split_first) {
            match self.param_of(flag, &spelt) {
                Some(param) if param.value == ValueKind::Switch => {
                    // A switch takes no value: what follows it is as free as what came first.
                    self.set(param, Value::Switch);
                    free.extend(values);
                }
                Some(param) => {
                    flagged.push(Flagged { param, flag, values: values.iter().collect() });
                }
                None => {}
            }
        }
        (free, flagged)
    }

    /// The parameter that a flag means and that is not given yet; others are reported. A misspelt
    /// flag stands for the one that it is close to, unless that one is there as well, `spelt` right.
    fn param_of(&mut self, flag: &Token<'_>, spelt: &[&str]) -> Option<&'static ParamSpec> {
        let known = self.spec.param(&flag.text);
        let meant = known.or_else(|| {
            let params = self.spec.params.iter();
            let names = params.flat_map(|param| std::iter::once(&param.name).chain(param.aliases));
            let close = nearest(&flag.text, names.copied());
            let suggestion = close.map(|name| format!("-{name}"));
            self.report(
                Code::UnknownFlag,
                flag.span,
                format!("unknown flag `-{}`", flag.text),
                suggestion,
            );
            self.spec.param(close?).filter(|param| !spelt.contains(&param.name))
        })?;
        if self.give(meant) {
            return Some(meant);
        }
        if known.is_some() {
            let message = format!("the flag `-{}` is given twice", flag.text);
            self.report(Code::RepeatedFlag, flag.span, message, None);
        }
        None
    }

    /// Gives the words without a flag to the parameters that take such, in the order of the table.
    /// What is left goes to the players or the games, if the command takes any.
    fn positional(&mut self, free: &mut Vec<&Token<'_>>) {
        let spec = self.spec;
        let open: Vec<&'static ParamSpec> = spec
            .params
            .iter()
            .filter(|param| param.positional && !self.given.contains(&param.name))
            .collect();
        let is_rest = |param: &ParamSpec| {
            matches!(param.value, ValueKind::Players | ValueKind::Player | ValueKind::Games)
        };
        // `vote us` names a winner, not a war: the surplus then says where it belongs.
        let first = free.iter().find(|token| token.kind != TokenKind::Comma);
        let winner = spec_takes(spec, ValueKind::Winner)
            && first.is_some_and(|word| value::is_winner_keyword(&word.text));
        for param in open.iter().filter(|param| !is_rest(param) && !winner) {
            if let Some(token) = take_word(free, param.value) {
                self.read(param, &[token]);
            }
        }
        match open.iter().find(|param| is_rest(param)) {
            Some(param) if !is_nothing(free) => self.read(param, free),
            _ => self.surplus(free),
        }
    }

    /// Reads what stands behind a flag.
    fn flagged(&mut self, param: &'static ParamSpec, flag: &Token<'_>, values: &[&Token<'_>]) {
        if is_nothing(values) {
            let message = if matches!(param.value, ValueKind::Players | ValueKind::Player) {
                format!("`-{}` names nobody", flag.text)
            } else {
                format!("`-{}` has no value: {}", flag.text, param.summary)
            };
            self.report(Code::MissingValue, flag.span, message, None);
        } else {
            self.read(param, values);
        }
    }

    /// Reads the words of one parameter.
    fn read(&mut self, param: &'static ParamSpec, tokens: &[&Token<'_>]) {
        self.give(param);
        #[expect(clippy::wildcard_enum_match_arm, reason = "all others take a single value")]
        let value = match param.value {
            ValueKind::Players => self.players(tokens),
            ValueKind::Games => self.games(tokens),
            ValueKind::Texts => self.texts(tokens),
            ValueKind::Player => self.player(tokens),
            _ => self.single(param, tokens),
        };
        if let Some(value) = value {
            self.set(param, value);
        }
    }

    /// Reports words that belong to nothing.
    fn surplus(&mut self, tokens: &[&Token<'_>]) {
        let words: Vec<&&Token<'_>> =
            tokens.iter().filter(|token| token.kind != TokenKind::Comma).collect();
        let (Some(first), Some(last)) = (words.first(), words.last()) else { return };
        let suggestion = self.home_of(first);
        let span = Span { start: first.span.start, end: last.span.end.max(first.span.end) };
        let message = format!("`{}` belongs to nothing here", joined(tokens));
        self.report(Code::SurplusWords, span, message, suggestion);
    }

    /// The flag that a stray word may have been meant for, with the word. The parameter then does
    /// not count as missing besides.
    fn home_of(&mut self, token: &Token<'_>) -> Option<String> {
        let word = &*token.text;
        let free =
            |name: &str| self.spec.param(name).filter(|param| !self.given.contains(&param.name));
        if token.kind == TokenKind::Word
            && let Some(param) = free(word)
        {
            return Some(format!("-{}", param.name));
        }
        let games = self.vocabulary.games();
        let number = !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
        let kind = if token.kind == TokenKind::Mention {
            let many = spec_takes(self.spec, ValueKind::Players);
            if many { ValueKind::Players } else { ValueKind::Player }
        } else if value::is_winner_keyword(word) && spec_takes(self.spec, ValueKind::Winner) {
            ValueKind::Winner
        } else if number || value::exact_game(word, games).is_some() {
            ValueKind::Game
        } else if value::is_code(word) {
            ValueKind::Format
        } else if ShortId::is_shape(word) {
            ValueKind::War
        } else {
            return None;
        };
        let param = self.spec.params.iter().find(|param| param.value == kind)?;
        self.give(param).then(|| format!("-{} {word}", param.name))
    }

    /// Fills in what the table says holds if a parameter is left out, where that is a value.
    fn defaults(&mut self) {
        for param in self.spec.params.iter().filter(|param| !self.given.contains(&param.name)) {
            let Some(default) = param.default else { continue };
            #[expect(
                clippy::wildcard_enum_match_arm,
                reason = "the others' defaults are no values"
            )]
            let value = match param.value {
                ValueKind::Duration => value::duration(default).map(Value::Duration),
                ValueKind::Format => {
                    value::format(default).map(|(format, _)| Value::Format(format))
                }
                ValueKind::Count => value::count(default).map(Value::Count),
                _ => continue,
            };
            if let Ok(value) = value {
                self.bound.values.put(param.name, value);
            }
        }
    }

    /// Reports what the command can't do without.
    fn missing(&mut self, end: usize) {
        let spec = self.spec;
        for param in spec.params.iter().filter(|param| param.required) {
            if self.given.contains(&param.name) {
                continue;
            }
            let message = if param.value == ValueKind::War {
                "a war's id is missing: `gmbot status` lists the wars".to_owned()
            } else {
                format!("`-{}` is missing: {}", param.name, param.summary)
            };
            self.report(Code::MissingParameter, Span { start: end, end }, message, None);
        }
    }
}

/// Whether words say nothing: there are none, or only commas.
fn is_nothing(tokens: &[&Token<'_>]) -> bool {
    tokens.iter().all(|token| token.kind == TokenKind::Comma)
}

/// Whether a command has a parameter of a kind.
fn spec_takes(spec: &CommandSpec, kind: ValueKind) -> bool {
    spec.params.iter().any(|param| param.value == kind)
}

/// The parameters of which a well spelt flag is among tokens, each once.
fn well_spelt(spec: &'static CommandSpec, tokens: &[Token<'_>]) -> Vec<&'static str> {
    let mut names = Vec::new();
    for flag in tokens.iter().filter(|token| token.kind == TokenKind::Flag) {
        if let Some(param) = spec.param(&flag.text).filter(|param| !names.contains(&param.name)) {
            names.push(param.name);
        }
    }
    names
}

/// Takes the word for a positional parameter: the first that can be one. For a war that is the
/// first in the shape of an id, or else the first that is no mention.
fn take_word<'a, 't>(free: &mut Vec<&'a Token<'t>>, kind: ValueKind) -> Option<&'a Token<'t>> {
    let shaped =
        free.iter().position(|token| kind == ValueKind::War && ShortId::is_shape(&token.text));
    let at = shaped.or_else(|| {
        free.iter().position(|token| matches!(token.kind, TokenKind::Word | TokenKind::Quoted))
    })?;
    let token = free.remove(at);
    // The comma that divides it from what follows goes with it.
    if free.get(at).is_some_and(|next| next.kind == TokenKind::Comma) {
        free.remove(at);
    }
    Some(token)
}

/// Words as one text, with one space where there was any.
fn joined<'t>(tokens: &[&'t Token<'t>]) -> Cow<'t, str> {
    if let [only] = tokens {
        return Cow::Borrowed(&only.text);
    }
    let mut text = String::new();
    for token in tokens {
        if token.spaced && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&token.text);
    }
    Cow::Owned(text)
}

/// The place of words that stand together.
fn span_of(tokens: &[&Token<'_>]) -> Span {
    let start = tokens.first().map_or(0, |token| token.span.start);
    let end = tokens.last().map_or(start, |token| token.span.end);
    Span { start, end: end.max(start) }
}
