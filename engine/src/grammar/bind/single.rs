//! Parameters that take one value, of one word or of several that are joined.

use super::{Binder, joined, span_of};
use crate::grammar::build::Value;
use crate::grammar::lexer::{Token, TokenKind};
use crate::grammar::table::{ParamSpec, ValueKind};
use crate::grammar::value::{self, Fault};
use crate::grammar::values::{PlayerRef, Winner};
use crate::model::ShortId;

impl Binder<'_> {
    /// One value. Where all words together say nothing, but the first alone does, the others are
    /// reported as surplus.
    pub(super) fn single(&mut self, param: &ParamSpec, tokens: &[&Token<'_>]) -> Option<Value> {
        let (tokens, people) = before_mention(param.value, tokens);
        self.surplus(people);
        let (piece, rest) = first_piece(tokens);
        if is_one_word(param.value) {
            return self.one_of(param, piece, rest);
        }
        let all = trimmed(param.value, tokens);
        let fault = match self.value(param.value, &joined(all)) {
            Ok(value) if !self.holds_a_war(&value, piece, rest) => return Some(value),
            Ok(_) => return self.one_of(param, piece, rest),
            Err(fault) => fault,
        };
        if !rest.is_empty()
            && let Ok(value) = self.value(param.value, &joined(piece))
        {
            self.surplus(rest);
            return Some(value);
        }
        self.fault(span_of(all), fault);
        None
    }

    /// The value of the first piece; the rest belongs to nothing.
    fn one_of(
        &mut self,
        param: &ParamSpec,
        piece: &[&Token<'_>],
        rest: &[&Token<'_>],
    ) -> Option<Value> {
        let value = self.value(param.value, &joined(piece));
        self.surplus(rest);
        value.map_err(|fault| self.fault(span_of(piece), fault)).ok()
    }

    /// Whether `-winner us k3xp2` was read as a clan of that name.
    fn holds_a_war(&self, value: &Value, piece: &[&Token<'_>], rest: &[&Token<'_>]) -> bool {
        matches!(value, Value::Winner(Winner::Clan(_)))
            && matches!(rest, [only] if ShortId::is_shape(&only.text))
            && value::is_winner_keyword(&joined(piece))
    }

    fn value(&mut self, kind: ValueKind, text: &str) -> Result<Value, Fault> {
        Ok(match kind {
            ValueKind::Game => {
                let (game, note) = value::game(text, self.vocabulary.games())?;
                self.bound.notes.extend(note);
                Value::Game(game)
            }
            ValueKind::Format => {
                let (format, note) = value::format(text)?;
                self.bound.notes.extend(note);
                Value::Format(format)
            }
            ValueKind::Duration => Value::Duration(value::duration(text)?),
            ValueKind::Time => Value::Time(value::time(text)?),
            ValueKind::War => Value::War(value::war(text)?),
            ValueKind::Clan => Value::Clan(value::clan(text)?),
            ValueKind::Winner => Value::Winner(value::winner(text)?),
            ValueKind::Outcome => Value::Winner(value::outcome(text)?),
            ValueKind::Score => Value::Score(value::score(text)?),
            ValueKind::YesNo => Value::YesNo(value::yes_no(text)?),
            ValueKind::Count => Value::Count(value::count(text)?),
            ValueKind::Range => {
                let (least, most) = value::range(text)?;
                Value::Range(least, most)
            }
            ValueKind::Zone => Value::Text(value::zone(text)?),
            ValueKind::Url => Value::Text(value::url(text)?),
            ValueKind::Channel => Value::Text(value::channel(text)?),
            ValueKind::Word => Value::Text(value::word(text)?),
            ValueKind::Command => Value::Text(value::command(text)?),
            ValueKind::Switch => Value::Switch,
            ValueKind::Text
            | ValueKind::Rest
            | ValueKind::Texts
            | ValueKind::Players
            | ValueKind::Player
            | ValueKind::Games => Value::Text(value::text(text)?),
        })
    }

    /// One person.
    pub(super) fn player(&mut self, tokens: &[&Token<'_>]) -> Option<Value> {
        let mention = tokens.iter().position(|token| token.kind == TokenKind::Mention);
        if let Some(at) = mention {
            let mut others = tokens.to_vec();
            let token = others.remove(at);
            self.surplus(&others);
            return Some(Value::Player(PlayerRef::Mention(token.text.clone().into_owned())));
        }
        let name = value::text(&joined(trimmed(ValueKind::Player, tokens)));
        match name {
            Ok(name) => Some(Value::Player(PlayerRef::Name(name))),
            Err(fault) => {
                self.fault(span_of(tokens), fault);
                None
            }
        }
    }
}

/// Whether a value never holds a space, so that a second word is one too many.
fn is_one_word(kind: ValueKind) -> bool {
    matches!(
        kind,
        ValueKind::War
            | ValueKind::Word
            | ValueKind::Url
            | ValueKind::Channel
            | ValueKind::Count
            | ValueKind::YesNo
            | ValueKind::Command
    )
}

/// What stands before a mention: people are part of a text, but of no other value.
fn before_mention<'a, 't>(
    kind: ValueKind,
    tokens: &'a [&'t Token<'t>],
) -> (&'a [&'t Token<'t>], &'a [&'t Token<'t>]) {
    let mention = tokens.iter().skip(1).position(|token| token.kind == TokenKind::Mention);
    let end = mention.filter(|_| kind != ValueKind::Text).map_or(tokens.len(), |at| at + 1);
    tokens.split_at(end)
}

/// Words without the comma that ends them; in a text it stays.
fn trimmed<'a, 't>(kind: ValueKind, tokens: &'a [&'t Token<'t>]) -> &'a [&'t Token<'t>] {
    match tokens.split_last() {
        Some((last, rest)) if last.kind == TokenKind::Comma && kind != ValueKind::Text => rest,
        _ => tokens,
    }
}

/// What stands before the first white space, without a comma that ends it, and the rest.
fn first_piece<'a, 't>(tokens: &'a [&'t Token<'t>]) -> (&'a [&'t Token<'t>], &'a [&'t Token<'t>]) {
    let next = tokens.iter().skip(1).position(|token| token.spaced);
    let (piece, rest) = tokens.split_at(next.map_or(tokens.len(), |at| at + 1));
    (trimmed(ValueKind::Word, piece), rest)
}
