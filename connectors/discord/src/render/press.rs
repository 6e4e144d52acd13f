//! What can be pressed: buttons and selects, each of which gives back the line of its command.

use std::collections::BTreeSet;

use gmbot_engine::grammar::{self, Command};
use gmbot_engine::render::visible;
use gmbot_engine::reply::Action;

use crate::payload::{Button, ButtonStyle, Component, Row, UserSelect, length, limit};

/// What can be pressed, and what has to be typed instead: a line that is too long for a button, or
/// one button too many.
#[derive(Debug, Default)]
pub(super) struct Pressed<'a> {
    /// Rows of buttons and selects.
    pub(super) rows: Vec<Row>,
    /// What found no place in them.
    pub(super) to_type: Vec<&'a Action>,
}

/// Buttons and selects for actions.
pub(super) fn rows(actions: &[Action]) -> Pressed<'_> {
    let mut pressed = Pressed::default();
    let mut lines = BTreeSet::new();
    let mut buttons = Vec::new();
    let mut selects = Vec::new();
    for action in actions {
        let line = grammar::print(&action.command);
        // Discord takes no two of the same in a message.
        let fits = length(&line) <= limit::CUSTOM_ID && !action.label.is_empty();
        let many = buttons.len() == limit::BUTTONS || selects.len() + 1 == limit::ROWS;
        if !fits || many || !lines.insert(line.clone()) {
            pressed.to_type.push(action);
        } else if action.players > 0 && action.players <= limit::CHOSEN {
            let placeholder = shortened(&visible(&action.label), limit::PLACEHOLDER);
            let select = UserSelect::exactly(action.players, placeholder, line);
            selects.push(Row::of(vec![Component::UserSelect(select)]));
        } else {
            let label = shortened(&visible(&action.label), limit::LABEL);
            let button = Button::new(style(&action.command), label, line);
            buttons.push(Component::Button(button));
        }
    }
    pressed.rows.extend(selects);
    if !buttons.is_empty() {
        pressed.rows.push(Row::of(buttons));
    }
    pressed
}

/// How a button looks: what asks nothing is blue or grey, what can't be undone is red.
fn style(command: &Command) -> ButtonStyle {
    match grammar::CommandSpec::of(command).kind {
        grammar::Kind::Query => ButtonStyle::Secondary,
        grammar::Kind::Change if ends_something(command) => ButtonStyle::Danger,
        grammar::Kind::Change => ButtonStyle::Primary,
    }
}

/// Whether the table asks for a `-yes` with it.
fn ends_something(command: &Command) -> bool {
    let spec = grammar::CommandSpec::of(command);
    spec.params.iter().any(|param| param.value == grammar::ValueKind::Switch)
}

fn shortened(text: &str, longest: usize) -> String {
    if length(text) <= longest {
        return text.to_owned();
    }
    let mut used = 1;
    let kept = text.chars().take_while(|letter| {
        used += letter.len_utf16();
        used <= longest
    });
    let mut short: String = kept.collect();
    short.push('…');
    short
}
