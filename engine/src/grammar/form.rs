//! Filled-in forms as words: each field becomes a flag with its value, so that one parser reads
//! everything. What is a value stays one: nothing in it is taken for a flag or a mention.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::lexer::{Token, TokenKind, is_mention};
use super::print::word;
use super::problem::{Problem, Span};
use super::source::{NAME, Source, acceptable};
use super::suggest::nearest;
use super::table::{self, CommandSpec, ParamSpec, ValueKind};
use crate::reply::Code;
use crate::request::{Field, FieldValue, Form};

/// The source of a form.
pub(super) fn source(form: &Form) -> Source<'_> {
    let mut words = Words::new(&form.command);
    match table::find(&form.command) {
        Some(spec) if table::takes_rest(spec) => words.message(spec, &form.fields),
        Some(spec) => {
            for field in &form.fields {
                words.field(spec.param(&field.name), field);
            }
        }
        None => {}
    }
    let Words { line, tokens, problems } = words;
    match acceptable(&line) {
        Ok(()) => {
            let settled = problems.iter().map(|problem| problem.span).collect();
            Source { line: Cow::Owned(line), tokens, problems, certain: true, settled }
        }
        Err(problem) => Source::refused(line, problem),
    }
}

/// A line that grows by fields, with its tokens.
struct Words<'t> {
    line: String,
    tokens: Vec<Token<'t>>,
    problems: Vec<Problem>,
}

impl<'t> Words<'t> {
    fn new(command: &'t str) -> Self {
        let mut words = Self { line: NAME.to_owned(), tokens: Vec::new(), problems: Vec::new() };
        words.push(TokenKind::Word, command, command);
        words
    }

    /// Adds a token that is shown in some way.
    fn push(&mut self, kind: TokenKind, text: &'t str, shown: &str) {
        let comma = kind == TokenKind::Comma;
        if !comma {
            self.line.push(' ');
        }
        let start = self.line.len();
        self.line.push_str(shown);
        let span = Span { start, end: self.line.len() };
        self.tokens.push(Token { kind, text: Cow::Borrowed(text), span, spaced: !comma });
    }

    /// Adds a field as a flag with its value. A value that the parameter can't take is reported
    /// here, and nowhere else; what is wrong with the flag, or with a value of the right type, the
    /// binder says.
    fn field(&mut self, param: Option<&ParamSpec>, field: &'t Field) {
        let kind = param.map(|param| param.value);
        if kind == Some(ValueKind::Switch) && field.value == FieldValue::Truth(false) {
            return;
        }
        let start = self.line.len() + 1;
        self.push(TokenKind::Flag, &field.name, &format!("-{}", field.name));
        if kind != Some(ValueKind::Switch) || field.value != FieldValue::Truth(true) {
            self.value(kind, &field.value);
        }
        if let Some(param) = param
            && !takes(param.value, &field.value)
        {
            let message = format!("`{}` takes {}", field.name, expected(param.value));
            let span = Span { start, end: self.line.len() };
            self.problems.push(Problem { code: Code::BadValue, span, message, suggestion: None });
        }
    }

    fn value(&mut self, kind: Option<ValueKind>, value: &'t FieldValue) {
        let people = matches!(kind, Some(ValueKind::Players | ValueKind::Player));
        match value {
            FieldValue::Text(text) if people && is_mention(text) && is_one_word(text) => {
                self.push(TokenKind::Mention, text, text);
            }
            FieldValue::Text(text) | FieldValue::Number(text) => {
                self.push(TokenKind::Quoted, text, &word(text));
            }
            FieldValue::Truth(truth) => {
                let text = if *truth { "yes" } else { "no" };
                self.push(TokenKind::Quoted, text, text);
            }
            FieldValue::Mention(written) => self.push(TokenKind::Mention, written, written),
            FieldValue::List(values) => {
                for (number, value) in values.iter().enumerate() {
                    if number > 0 {
                        self.push(TokenKind::Comma, ",", ",");
                    }
                    self.value(kind, value);
                }
            }
        }
    }

    /// Writes the line of the command whose text is taken as it stands: `say [-war ID] -- TEXT`.
    fn message(&mut self, spec: &'static CommandSpec, fields: &[Field]) {
        let mut given = BTreeSet::new();
        let (mut war, mut text) = (None, None);
        for field in fields {
            let Some(param) = spec.param(&field.name) else {
                self.unknown(spec, &field.name);
                continue;
            };
            match (&field.value, param.value) {
                _ if !given.insert(param.name) => {
                    let message = format!("`{}` is given twice", field.name);
                    self.problem(Code::RepeatedFlag, message, None);
                }
                (FieldValue::Text(said), ValueKind::Rest) => text = Some(said),
                (FieldValue::Text(id), _) if is_one_word(id) => war = Some(id),
                (_, kind) => {
                    let message = format!("`{}` takes {}", field.name, expected(kind));
                    self.problem(Code::BadValue, message, None);
                }
            }
        }
        if let Some(war) = war {
            self.line.push_str(" -war ");
            self.line.push_str(war);
        }
        if let Some(text) = text {
            self.line.push_str(" -- ");
            self.line.push_str(text);
        }
    }

    fn unknown(&mut self, spec: &CommandSpec, name: &str) {
        let names = spec.params.iter().map(|param| param.name);
        let suggestion = nearest(name, names).map(str::to_owned);
        self.problem(Code::UnknownFlag, format!("unknown flag `-{name}`"), suggestion);
    }

    /// Reports something about a field that is not in the line.
    fn problem(&mut self, code: Code, message: String, suggestion: Option<String>) {
        let end = NAME.len();
        let span = Span { start: end, end };
        self.problems.push(Problem { code, span, message, suggestion });
    }
}

/// Whether a text stays one word when it is written without quotes.
fn is_one_word(text: &str) -> bool {
    !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c == ',')
}

/// What a form can fill in for a parameter. Whatever is not a switch can be given as a text, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A text.
    Text,
    /// A text, or a number.
    TextOrNumber,
    /// True or false.
    Switch,
    /// True or false, or `yes` or `no`.
    YesNo,
    /// A person, or a name.
    Person,
    /// Persons or names.
    People,
    /// Texts.
    Texts,
    /// Games, by number or name.
    Games,
}

impl Shape {
    /// What can be filled in for a value of this kind.
    pub fn of(kind: ValueKind) -> Self {
        match kind {
            ValueKind::Players => Self::People,
            ValueKind::Player => Self::Person,
            ValueKind::Games => Self::Games,
            ValueKind::Texts => Self::Texts,
            ValueKind::Switch => Self::Switch,
            ValueKind::YesNo => Self::YesNo,
            // What people write as a bare number; elsewhere a number is a slip.
            ValueKind::Game | ValueKind::Format | ValueKind::Count | ValueKind::Duration => {
                Self::TextOrNumber
            }
            ValueKind::Time
            | ValueKind::War
            | ValueKind::Clan
            | ValueKind::Winner
            | ValueKind::Outcome
            | ValueKind::Score
            | ValueKind::Text
            | ValueKind::Rest
            | ValueKind::Zone
            | ValueKind::Url
            | ValueKind::Channel
            | ValueKind::Word
            | ValueKind::Range
            | ValueKind::Command => Self::Text,
        }
    }
}

/// Whether a parameter takes a value of this type.
fn takes(kind: ValueKind, value: &FieldValue) -> bool {
    let shape = Shape::of(kind);
    match value {
        FieldValue::Text(_) => shape != Shape::Switch,
        FieldValue::Number(_) => matches!(shape, Shape::TextOrNumber | Shape::Games),
        FieldValue::Truth(_) => matches!(shape, Shape::Switch | Shape::YesNo),
        FieldValue::Mention(written) => {
            matches!(shape, Shape::Person | Shape::People) && is_one_word(written)
        }
        FieldValue::List(values) => {
            let flat = values.iter().all(|value| !matches!(value, FieldValue::List(_)));
            matches!(shape, Shape::People | Shape::Texts | Shape::Games)
                && flat
                && values.iter().all(|value| takes(kind, value))
        }
    }
}

/// What a parameter takes, in words.
fn expected(kind: ValueKind) -> &'static str {
    match Shape::of(kind) {
        Shape::Text => "a text",
        Shape::TextOrNumber => "a text or a number",
        Shape::Switch => "true or false",
        Shape::YesNo => "true or false, or `yes` or `no`",
        Shape::Person => "a person, or a name",
        Shape::People => "a list of persons or names",
        Shape::Texts => "a list of texts",
        Shape::Games => "a list of games, by number or name",
    }
}
