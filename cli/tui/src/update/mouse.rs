//! The mouse: a press chooses, a press on what is chosen opens it, the wheel goes up and down.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};

use crate::dialog::Dialog;
use crate::event::Effect;
use crate::keys::Deed;
use crate::layout;
use crate::state::{Panel, State};
use crate::view;

use super::{do_it, open, press};

/// Does what the mouse means.
pub(super) fn mouse(state: &mut State, what: MouseEvent) -> Vec<Effect> {
    match what.kind {
        MouseEventKind::Down(MouseButton::Left) => pressed(state, what.column, what.row),
        MouseEventKind::ScrollUp => turned(state, what, Deed::Up),
        MouseEventKind::ScrollDown => turned(state, what, Deed::Down),
        MouseEventKind::Down(_)
        | MouseEventKind::Up(_)
        | MouseEventKind::Drag(_)
        | MouseEventKind::Moved
        | MouseEventKind::ScrollLeft
        | MouseEventKind::ScrollRight => Vec::new(),
    }
}

/// The wheel works on what is under it.
fn turned(state: &mut State, at: MouseEvent, deed: Deed) -> Vec<Effect> {
    if state.dialog.is_some() {
        return super::dialog::deed(state, deed);
    }
    let by = if deed == Deed::Up { -1 } else { 1 };
    if view::answer_at(state, at.column, at.row).is_some() {
        super::scroll(state, by);
        return Vec::new();
    }
    if state.page.is_none() {
        let Some((panel, _)) = layout::row_at(state, at.column, at.row) else { return Vec::new() };
        state.focus = panel;
    }
    do_it(state, deed)
}

fn pressed(state: &mut State, column: u16, row: u16) -> Vec<Effect> {
    if state.dialog.is_some() {
        return in_dialog(state, column, row);
    }
    if let Some(action) = view::answer_at(state, column, row) {
        return action.map_or_else(Vec::new, |number| press(state, number));
    }
    if let Some(panel) = view::tab_at(state, column, row) {
        state.focus = panel;
        return Vec::new();
    }
    match layout::row_at(state, column, row) {
        Some((panel, Some(row))) => on_row(state, panel, row),
        Some((panel, None)) => {
            state.focus = panel;
            Vec::new()
        }
        None => Vec::new(),
    }
}

fn on_row(state: &mut State, panel: Panel, row: usize) -> Vec<Effect> {
    let chosen = state.focus == panel && state.chosen(panel) == row;
    state.focus = panel;
    state.choose(panel, row);
    if chosen { open(state) } else { Vec::new() }
}

/// A press on a row of a menu takes it, on a row of a form that wants several picks it; outside of
/// the dialog it closes it.
fn in_dialog(state: &mut State, column: u16, row: u16) -> Vec<Effect> {
    let Some(row) = view::dialog_row_at(state, column, row) else {
        return super::dialog::deed(state, Deed::Close);
    };
    let Some(row) = row else { return Vec::new() };
    let deed = match &mut state.dialog {
        Some(Dialog::Menu(menu)) => {
            let again = std::mem::replace(&mut menu.at, row) == row;
            if again { Deed::Take } else { return Vec::new() }
        }
        Some(Dialog::Form(form)) => {
            form.at = row;
            if form.count().is_some() { Deed::Pick } else { return Vec::new() }
        }
        None => return Vec::new(),
    };
    super::dialog::deed(state, deed)
}
