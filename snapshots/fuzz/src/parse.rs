//! Lexer, parser and printer on any line: nothing panics, every byte is accounted for, mistakes
//! point into the line, and what is printed reads as what it was.

use gmbot_engine::grammar::lexer::{Token, TokenKind, lex_line};
use gmbot_engine::grammar::{
    Command, CommandSpec, Kind, Problem, Reading, Vocabulary, kind_of, print, read,
};
use gmbot_engine::request::{Field, FieldValue, Form, Input};

use crate::place::Place;

/// A word that is no game, no flag, no id, and close to none: wherever it stands, it has to turn up
/// again.
const STRANGE: &str = "qzxjvkqzxjvk";
/// In how many places of a line the strange word is tried.
const PLACES: usize = 12;
/// The longest line that is read, in characters: a command's canonical line may be longer.
const LONGEST_LINE: usize = 4_000;

/// Reads the bytes as a line in a room, as a direct message, as a terminal's words, and as a form.
///
/// # Panics
/// When a promise is broken.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    accounted_for(&text);
    for place in [Place::room(), Place::direct()] {
        line(&text, &place);
    }
    let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    let form = form(&words);
    for input in [Input::Words(words), Input::Form(form)] {
        let reading = read(&input, &Place::room());
        assert_ne!(reading, Reading::NotForBot, "{input:?} is for the bot");
        checked(&input, &reading, &Place::room());
    }
}

/// Words as a form: a command, then names with values.
fn form(words: &[String]) -> Form {
    let (command, rest) = words.split_first().map_or(("", &[][..]), |(first, rest)| (first, rest));
    let field = |pair: &[String]| {
        let name = pair.first().map_or("", |name| name.trim_start_matches('-')).to_owned();
        let value = pair.get(1).map_or("", String::as_str);
        let value = match value {
            "yes" | "no" => FieldValue::Truth(value == "yes"),
            _ if value.starts_with('@') => FieldValue::Mention(value.to_owned()),
            _ if value.starts_with(|c: char| c.is_ascii_digit()) => {
                FieldValue::Number(value.to_owned())
            }
            _ if value.contains(',') => {
                let items = value.split(',').map(|item| FieldValue::Text(item.to_owned()));
                FieldValue::List(items.collect())
            }
            _ => FieldValue::Text(value.to_owned()),
        };
        Field { name, value }
    };
    Form { command: command.to_owned(), fields: rest.chunks(2).map(field).collect() }
}

/// A line, and the same with a strange word in it.
fn line(text: &str, place: &Place) {
    let input = Input::Line(text.to_owned());
    let reading = read(&input, place);
    checked(&input, &reading, place);
    if let Reading::Command { .. } = reading {
        let gaps = gaps(&lex_line(text, 0).tokens);
        let every = gaps.len().div_ceil(PLACES).max(1);
        for gap in gaps.into_iter().step_by(every) {
            let (before, after) = text.split_at(gap);
            nothing_is_dropped(&format!("{before} {STRANGE} {after}"), place);
        }
    }
}

/// Every byte belongs to a token, in order, but for white space and the `=` behind a flag.
fn accounted_for(line: &str) {
    let mut end = 0;
    let mut flag = false;
    for token in lex_line(line, 0).tokens {
        let between = line.get(end..token.span.start).expect("tokens are in order");
        let between = if flag { between.strip_prefix('=').unwrap_or(between) } else { between };
        assert_eq!(between.trim(), "", "between tokens of {line:?}");
        assert!(token.span.end > token.span.start, "{token:?} takes no room in {line:?}");
        end = token.span.end;
        flag = token.kind == TokenKind::Flag;
    }
    let rest = line.get(end..).expect("tokens end on a character");
    let rest = if flag { rest.strip_prefix('=').unwrap_or(rest) } else { rest };
    assert_eq!(rest.trim(), "", "behind the last token of {line:?}");
}

/// The places between tokens, and behind the last.
fn gaps(tokens: &[Token<'_>]) -> Vec<usize> {
    tokens.iter().map(|token| token.span.end).collect()
}

/// What was read is sound.
fn checked(input: &Input, reading: &Reading, place: &Place) {
    match reading {
        Reading::NotForBot => {}
        Reading::Command { command, .. } => {
            printed(command, place);
            if CommandSpec::of(command).kind == Kind::Change {
                assert_eq!(kind_of(input), Kind::Change, "{input:?} may write: {command:?}");
            }
        }
        Reading::Problems { line, problems, .. } => {
            assert!(!problems.is_empty(), "{line:?} is refused without a reason");
            assert!(problems.is_sorted_by_key(|problem| problem.span.start), "{problems:?}");
            for problem in problems {
                sound(line, problem);
            }
        }
    }
}

/// A mistake points into its line, and says something.
fn sound(line: &str, problem: &Problem) {
    let span = problem.span;
    assert!(line.get(span.start..span.end).is_some(), "{problem:?} points nowhere in {line:?}");
    assert!(!problem.message.is_empty(), "{problem:?} says nothing");
}

/// The canonical line of a command reads as that command, everywhere.
fn printed(command: &Command, place: &Place) {
    let line = print(command);
    if line.chars().count() > LONGEST_LINE {
        return;
    }
    match read(&Input::Line(line.clone()), place) {
        Reading::Command { command: again, .. } => {
            assert_eq!(again, *command, "{line:?}");
            assert_eq!(print(&again), line);
        }
        other @ (Reading::NotForBot | Reading::Problems { .. }) => {
            panic!("{line:?} of {command:?} reads as {other:?}")
        }
    }
}

/// A command that was read holds every word of its line.
fn nothing_is_dropped(line: &str, place: &dyn Vocabulary) {
    if let Reading::Command { command, .. } = read(&Input::Line(line.to_owned()), place) {
        let printed = print(&command);
        assert!(printed.contains(STRANGE), "{line:?} is carried out as {printed:?}");
    }
}
