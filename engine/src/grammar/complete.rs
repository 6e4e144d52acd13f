//! Completion: what may come next at a place in a line, and what to ask the backend for.

use serde::{Deserialize, Serialize};

use super::lexer::{Token, TokenKind, lex_line, lex_word, starts_with_dash};
use super::problem::Span;
use super::reference::{explained, written};
use super::source::{after_name, join};
use super::table::{self, CommandSpec, ParamSpec, TABLE, ValueKind};
use crate::model::Format;

/// What may come next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Completion {
    /// The part of the line that a choice replaces; what stands there was typed so far.
    pub replace: Span,
    /// What can be chosen, the likeliest first; all of it begins with what was typed.
    pub options: Vec<Candidate>,
    /// What else can be chosen, to be asked of the backend and filtered by what was typed.
    pub live: Option<Live>,
    /// The parameter that is being written: `-duration DURATION: how long it is played (24h)`.
    pub usage: Option<String>,
}

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Candidate {
    /// What is written.
    pub text: String,
    /// What it means.
    pub help: String,
}

/// What only the backend knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Live {
    /// The games, by number and name.
    Games,
    /// The wars that the clan fights or has fought.
    Wars,
    /// The challenges that the clan can answer.
    OpenWars,
    /// The clans, by name.
    Clans,
    /// The clan's members.
    Players,
}

/// What may come next at byte `cursor` of a line, with or without `gmbot` before it.
pub fn complete(line: &str, cursor: usize) -> Completion {
    let head = line.get(..line.floor_char_boundary(cursor)).unwrap_or(line);
    let text = head.trim_start();
    let indent = head.len() - text.len();
    // A name with nothing behind it is still being written: a choice would be glued to it.
    let named = after_name(text).filter(|end| *end < text.len() || text.ends_with([':', ',']));
    let from = indent + named.unwrap_or(0);
    let tokens = lex_line(head, from).tokens;
    let open = tokens.last().is_some_and(|last| last.span.end == head.len());
    place(&tokens, open, head, true)
}

/// What may come next in a terminal's words; the last of them, perhaps empty, is being written.
/// Places are places in that word.
pub fn complete_words(words: &[String]) -> Completion {
    let Some((last, before)) = words.split_last() else { return complete("", 0) };
    let (_, mut tokens) = join(before);
    if last.is_empty() {
        return place(&tokens, false, "", false);
    }
    tokens.extend(lex_word(last));
    let open = tokens.last().is_some_and(|token| token.span.end == last.len());
    place(&tokens, open, last, false)
}

/// Completes at the end of `head`; `open` if its last token may still grow. Where values of several
/// words can be replaced as a whole, `joins` says so.
fn place(tokens: &[Token<'_>], open: bool, head: &str, joins: bool) -> Completion {
    let growing = |last: &&Token<'_>| open && last.kind != TokenKind::Comma;
    let (start, before) = match tokens.split_last() {
        Some((last, before)) if growing(&last) => (last.span.start, before),
        _ => (head.len(), tokens),
    };
    let replace = Span { start, end: head.len() };
    let typed = head.get(start..).unwrap_or("");
    let Some((command, rest)) = before.split_first() else {
        return Completion { replace, options: commands(typed), live: None, usage: None };
    };
    match table::find(&command.text) {
        Some(spec) => Cursor { spec, before: rest, typed, replace, joins, head }.complete(),
        None => Completion { replace, options: Vec::new(), live: None, usage: None },
    }
}

/// The commands that begin with what was typed; an alias only where no name does.
fn commands(typed: &str) -> Vec<Candidate> {
    let begins = |name: &str| begins_with(name, typed);
    let names = TABLE.iter().filter(|row| begins(row.name)).map(|row| (row.name, row.summary));
    let aliases = TABLE.iter().filter(|row| !typed.is_empty() && !begins(row.name));
    let aliases = aliases
        .flat_map(|row| row.aliases.iter().map(move |alias| (*alias, row.summary)))
        .filter(|(alias, _)| begins(alias));
    names.chain(aliases).map(|(text, help)| candidate(text, help)).collect()
}

fn candidate(text: impl Into<String>, help: impl Into<String>) -> Candidate {
    Candidate { text: text.into(), help: help.into() }
}

fn begins_with(text: &str, typed: &str) -> bool {
    text.to_lowercase().starts_with(&typed.to_lowercase())
}

/// A place behind a command's name.
struct Cursor<'t> {
    spec: &'static CommandSpec,
    before: &'t [Token<'t>],
    typed: &'t str,
    replace: Span,
    joins: bool,
    head: &'t str,
}

impl Cursor<'_> {
    fn complete(self) -> Completion {
        if starts_with_dash(self.typed) {
            let options = self.flags();
            return Completion { replace: self.replace, options, live: None, usage: None };
        }
        let flag = self.before.iter().rposition(|token| token.kind == TokenKind::Flag);
        let (flag, values) = match flag.map(|at| self.before.split_at(at)) {
            Some((_, rest)) => (rest.first(), rest.get(1..).unwrap_or(&[])),
            None => (None, self.before),
        };
        let named = flag.and_then(|flag| self.spec.param(&flag.text));
        match named.filter(|param| param.value != ValueKind::Switch) {
            Some(param) => self.value(param, values),
            None if flag.is_some_and(|flag| self.spec.param(&flag.text).is_none()) => {
                self.next(None)
            }
            None => self.next(self.positional()),
        }
    }

    /// The value of a flag; behind a value that can be complete, also what may come next.
    fn value(&self, param: &'static ParamSpec, values: &[Token<'_>]) -> Completion {
        let list = matches!(param.value, ValueKind::Players | ValueKind::Games | ValueKind::Texts);
        if self.typed.is_empty() && !values.is_empty() && !list {
            return self.next(self.positional());
        }
        let mut completion = self.of(param);
        let joined = matches!(
            param.value,
            ValueKind::Game | ValueKind::Clan | ValueKind::Winner | ValueKind::Player
        );
        if let Some(first) = values.first().filter(|_| joined) {
            if self.joins {
                completion.replace.start = first.span.start;
                let typed = self.head.get(first.span.start..).unwrap_or("");
                completion.options.retain(|option| begins_with(&option.text, typed));
            } else {
                completion.live = None;
            }
        }
        if self.typed.is_empty() && !values.is_empty() {
            completion.options.extend(self.flags());
        }
        completion
    }

    /// A parameter that needs no flag, if there is one, and the flags.
    fn next(&self, param: Option<&'static ParamSpec>) -> Completion {
        let mut completion = match param {
            Some(param) => self.of(param),
            None => {
                Completion { replace: self.replace, options: Vec::new(), live: None, usage: None }
            }
        };
        let rest = param.is_some_and(|param| param.value == ValueKind::Rest);
        if self.typed.is_empty() && (!rest || self.before.is_empty()) {
            completion.options.extend(self.flags());
        }
        completion
    }

    /// The parameter to which the next word without a flag belongs.
    fn positional(&self) -> Option<&'static ParamSpec> {
        let mut open =
            self.spec.params.iter().filter(|param| param.positional && !self.is_flagged(param));
        let people = |kind| matches!(kind, ValueKind::Players | ValueKind::Player);
        if self.typed.starts_with('@') || self.typed.starts_with("<@") {
            return open.find(|param| people(param.value));
        }
        let free = self.before.iter().take_while(|token| token.kind != TokenKind::Flag);
        let words = free.filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::Quoted));
        let mut taken = words.count();
        open.find(|param| {
            let many =
                matches!(param.value, ValueKind::Players | ValueKind::Games | ValueKind::Rest);
            let here = many || taken == 0;
            taken = taken.saturating_sub(1);
            here
        })
    }

    fn is_flagged(&self, param: &ParamSpec) -> bool {
        let flags = self.before.iter().filter(|token| token.kind == TokenKind::Flag);
        flags.filter_map(|flag| self.spec.param(&flag.text)).any(|given| given.name == param.name)
    }

    /// The flags that are not there yet, those that are needed first.
    fn flags(&self) -> Vec<Candidate> {
        let name = self.typed.trim_start_matches(['-', '–', '—']);
        self.spec
            .params
            .iter()
            .filter(|param| param.value != ValueKind::Rest && !self.is_flagged(param))
            .filter(|param| begins_with(param.name, name))
            .map(|param| candidate(format!("-{}", param.name), explained(param)))
            .collect()
    }

    /// The values of one parameter.
    fn of(&self, param: &'static ParamSpec) -> Completion {
        let mut options = choices(param.value, self.typed);
        options.retain(|option| begins_with(&option.text, self.typed));
        Completion {
            replace: self.replace,
            options,
            live: self.live(param.value),
            usage: Some(format!("{}: {}", written(self.spec, param), explained(param))),
        }
    }

    fn live(&self, kind: ValueKind) -> Option<Live> {
        let answers = matches!(self.spec.name, "accept" | "decline");
        #[expect(clippy::wildcard_enum_match_arm, reason = "the others are not kept anywhere")]
        match kind {
            ValueKind::Game | ValueKind::Games => Some(Live::Games),
            ValueKind::Players | ValueKind::Player => Some(Live::Players),
            ValueKind::War if answers => Some(Live::OpenWars),
            ValueKind::War => Some(Live::Wars),
            ValueKind::Clan | ValueKind::Winner => Some(Live::Clans),
            _ => None,
        }
    }
}

/// The values that can be told without asking anybody.
fn choices(kind: ValueKind, typed: &str) -> Vec<Candidate> {
    let pairs = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(text, help)| candidate(*text, *help)).collect::<Vec<_>>()
    };
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others have no choices")]
    match kind {
        ValueKind::Format => {
            let presets = Format::PRESETS.iter();
            presets.map(|(_, format)| candidate(format.code(), format.words())).collect()
        }
        ValueKind::Winner => pairs(&[OUTCOMES, BALLOTS].concat()),
        ValueKind::Outcome => pairs(OUTCOMES),
        ValueKind::YesNo => pairs(&[("yes", ""), ("no", "")]),
        ValueKind::Duration => pairs(&[
            ("24h", "a day"),
            ("12h", "half a day"),
            ("2d", "two days"),
            ("90m", "an hour and a half"),
        ]),
        ValueKind::Time => pairs(TIMES),
        ValueKind::Count => pairs(&[("10", ""), ("20", ""), ("50", ""), ("100", "the most")]),
        ValueKind::Command => TABLE.iter().map(|row| candidate(row.name, row.summary)).collect(),
        ValueKind::Zone if !typed.is_empty() => jiff::tz::db()
            .available()
            .filter(|zone| begins_with(zone.as_str(), typed))
            .map(|zone| candidate(zone.as_str(), ""))
            .collect(),
        _ => Vec::new(),
    }
}

const OUTCOMES: &[(&str, &str)] = &[
    ("host", "the challenging side"),
    ("guest", "the accepting side"),
    ("draw", "nobody won"),
    ("void", "call it off"),
];

const BALLOTS: &[(&str, &str)] =
    &[("us", "your side"), ("them", "the other side"), ("none", "take the ballot back")];

const TIMES: &[(&str, &str)] = &[
    ("+1h", "in an hour"),
    ("+3h", "in three hours"),
    ("mon 20:00", "the next Monday"),
    ("tue 20:00", "the next Tuesday"),
    ("wed 20:00", "the next Wednesday"),
    ("thu 20:00", "the next Thursday"),
    ("fri 20:00", "the next Friday"),
    ("sat 20:00", "the next Saturday"),
    ("sun 20:00", "the next Sunday"),
];
