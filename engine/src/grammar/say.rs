//! `say [-war ID] [--] TEXT`: the one command whose text is taken as it stands, not split into
//! words.

use super::bind::Bound;
use super::build::Value;
use super::lexer::starts_with_dash;
use super::problem::{Problem, Span};
use super::value;
use crate::reply::Code;

/// Reads what stands behind the command's name, from byte `from` of a line.
pub(super) fn bind(line: &str, from: usize) -> Bound {
    let mut bound = Bound::default();
    let mut rest = line.get(from..).unwrap_or("").trim();
    if let Some((flag, after)) = war_flag(rest) {
        let end = after.find(char::is_whitespace).unwrap_or(after.len());
        let (id, text) = after.split_at_checked(end).unwrap_or((after, ""));
        let place = |part: &str, start: usize| Span { start, end: start + part.len() };
        let start = |part: &str| offset(line, part);
        match value::war(id) {
            Ok(war) => {
                bound.values.put("war", Value::War(war));
            }
            Err(_) if id.is_empty() || id == "#" => bound.problems.push(Problem {
                code: Code::MissingValue,
                span: place(flag, start(flag)),
                message: format!("`{flag}` has no value: the war's id"),
                suggestion: None,
            }),
            Err(fault) => bound.problems.push(Problem {
                code: fault.code,
                span: place(id, start(id)),
                message: fault.message,
                suggestion: fault.suggestion,
            }),
        }
        rest = text.trim();
    }
    let text = match rest.strip_prefix("--") {
        Some(text) if text.is_empty() || text.starts_with(char::is_whitespace) => text.trim(),
        _ => rest,
    };
    if text.is_empty() {
        let end = line.trim_end().len();
        bound.problems.push(Problem {
            code: Code::MissingParameter,
            span: Span { start: end, end },
            message: "the text is missing: what to write to the other clan".to_owned(),
            suggestion: None,
        });
    }
    bound.values.put("text", Value::Text(text.to_owned()));
    bound
}

/// The flag `-war` at the start of a text, and what follows it without white space or `=`.
fn war_flag(text: &str) -> Option<(&str, &str)> {
    let name = text.strip_prefix("--").or_else(|| text.strip_prefix(['-', '–', '—']))?;
    let rest = name.get("war".len()..)?;
    let named = name.get(.."war".len())?.eq_ignore_ascii_case("war");
    let apart = rest.is_empty() || rest.starts_with(|c: char| c.is_whitespace() || c == '=');
    let flag = text.get(..text.len() - rest.len())?;
    let value = rest.strip_prefix('=').unwrap_or(rest.trim_start());
    (named && apart).then_some((flag, value))
}

/// Where a part of a line begins.
fn offset(line: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(line.as_ptr() as usize)
}

/// Whether a text must stand behind `--` so as not to be read as a flag.
pub(super) fn needs_guard(text: &str) -> bool {
    starts_with_dash(text)
}
