//! From words to a typed command: a parser that recovers, and reports all that is wrong at once.

use super::bind::bind;
use super::build::build;
use super::command::Command;
use super::lexer::{Token, TokenKind, lex_word};
use super::print::print;
use super::problem::Problem;
use super::source::{Source, first_words, has_flag};
use super::table::{self, CommandSpec, Kind};
use super::{form, say, value};
use crate::model::Game;
use crate::reply::Code;
use crate::request::Input;

/// What the parser must be told to read live names: games, people, and how the space calls the bot.
pub trait Vocabulary {
    /// All games, in order of id.
    fn games(&self) -> &[Game];
    /// Whether somebody in the clan has this name, as last seen (for names of several words).
    fn is_player_name(&self, name: &str) -> bool;
    /// A word that starts a line for the bot here, besides `gmbot`.
    fn prefix(&self) -> Option<&str>;
    /// Whether a line is for the bot without any such word (a direct message).
    fn is_direct(&self) -> bool;
    /// Whether this word mentions the bot itself.
    fn is_bot(&self, written: &str) -> bool;
}

/// Who knows the games and nobody, and hears only lines that begin with `gmbot`.
#[derive(Debug, Clone, Copy)]
pub struct Games<'a>(pub &'a [Game]);

impl Vocabulary for Games<'_> {
    fn games(&self) -> &[Game] {
        self.0
    }

    fn is_player_name(&self, _name: &str) -> bool {
        false
    }

    fn prefix(&self) -> Option<&str> {
        None
    }

    fn is_direct(&self) -> bool {
        false
    }

    fn is_bot(&self, _written: &str) -> bool {
        false
    }
}

/// What an input turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// Not for the bot: no answer, ever.
    NotForBot,
    /// A command, with remarks on how it was understood (`took "Mini Miltitia" for Mini Militia`).
    Command {
        /// What is to be done.
        command: Command,
        /// Remarks for the answer.
        notes: Vec<String>,
    },
    /// Something is wrong with it.
    Problems {
        /// The line, or the terminal's words as one.
        line: String,
        /// All that is wrong, in order of place; never empty.
        problems: Vec<Problem>,
        /// The command that was meant, as far as that is clear.
        spec: Option<&'static CommandSpec>,
    },
}

/// Reads a line, a terminal's words or structured input. Facts are no commands: they read as
/// [`Reading::NotForBot`].
///
/// Structured input is turned into words and read again, so that it can say nothing that a line could not.
pub fn read(input: &Input, vocabulary: &dyn Vocabulary) -> Reading {
    let printed;
    let source = match input {
        Input::Line(line) => Source::of_line(line, vocabulary),
        Input::Words(words) => Some(Source::of_words(words)),
        Input::Command(command) => {
            printed = print(command);
            Source::of_line(&printed, vocabulary)
        }
        Input::Form(form) => Some(form::source(form)),
        Input::Fact(_) => None,
    };
    source.map_or(Reading::NotForBot, |source| parse(source, vocabulary))
}

/// Whether an input can be answered without writing, as far as its first words say; what can't be
/// read is a query, since its answer writes nothing. Where the bot's prefix and mention are not
/// known, a line counts as a change if it may be one.
pub fn kind_of(input: &Input) -> Kind {
    let named = |word: &str| table::find(word).map(|row| row.kind);
    let kind = match input {
        Input::Line(line) => first_words(line)
            .into_iter()
            .filter_map(|word| named(&word))
            .find(|kind| *kind == Kind::Change),
        Input::Words(words) => {
            let first = words.first().and_then(|word| lex_word(word).into_iter().next());
            first.and_then(|first| named(&first.text))
        }
        Input::Command(command) => Some(CommandSpec::of(command).kind),
        Input::Form(form) => named(&form.command),
        Input::Fact(_) => Some(Kind::Change),
    };
    kind.unwrap_or(Kind::Query)
}

fn parse(source: Source<'_>, vocabulary: &dyn Vocabulary) -> Reading {
    let Source { line, tokens, mut problems, certain, settled } = source;
    let Some((first, rest)) = tokens.split_first() else {
        return if problems.is_empty() {
            Reading::Command { command: Command::Help { command: None }, notes: Vec::new() }
        } else {
            Reading::Problems { line: line.into_owned(), problems, spec: None }
        };
    };
    let Some(spec) = Some(first).filter(|first| is_name(first)).and_then(|t| table::find(&t.text))
    else {
        let problem = unknown_command(first);
        // Short words are close to many: people who talk about the bot get no answer ("gmbot was …").
        let meant = problem.suggestion.is_some() && first.text.chars().count() > 3;
        if !certain && !meant && !has_flag(&tokens) {
            return Reading::NotForBot;
        }
        problems.push(problem);
        problems.sort_by_key(|problem| problem.span);
        return Reading::Problems { line: line.into_owned(), problems, spec: None };
    };
    if asks_for_help(rest) && !table::takes_rest(spec) {
        let command = Command::Help { command: Some(spec.name.to_owned()) };
        return Reading::Command { command, notes: Vec::new() };
    }
    let bound = if table::takes_rest(spec) {
        // A message is taken as it stands, whatever quotes are in it.
        problems.retain(|problem| problem.code != Code::UnclosedQuote);
        say::bind(&line, first.span.end)
    } else {
        bind(spec, rest, line.trim_end().len(), vocabulary)
    };
    let is_new = |problem: &Problem| !settled.iter().any(|place| place.holds(problem.span));
    problems.extend(bound.problems.into_iter().filter(is_new));
    let built = if problems.is_empty() { build(spec, bound.values) } else { None };
    match built {
        Some(command) => Reading::Command { command, notes: bound.notes },
        None => {
            problems.sort_by_key(|problem| problem.span);
            Reading::Problems { line: line.into_owned(), problems, spec: Some(spec) }
        }
    }
}

/// Whether a command is followed by `--help` and nothing else, as people try at a terminal.
fn asks_for_help(rest: &[Token<'_>]) -> bool {
    matches!(rest, [only] if only.kind == TokenKind::Flag && only.text.eq_ignore_ascii_case("help"))
}

/// Whether a token can name a command.
fn is_name(token: &Token<'_>) -> bool {
    matches!(token.kind, TokenKind::Word | TokenKind::Quoted)
}

fn unknown_command(first: &Token<'_>) -> Problem {
    let (message, suggestion) = match value::command(&first.text) {
        Err(fault) if is_name(first) => (fault.message, fault.suggestion),
        _ => ("the command must come first; `gmbot help` lists all".to_owned(), None),
    };
    Problem { code: Code::UnknownCommand, span: first.span, message, suggestion }
}
