//! Keys in a menu or a form.

use crate::dialog::{Answered, Dialog, Then};
use crate::event::Effect;
use crate::keys::Deed;
use crate::state::{Page, State};

use super::run;

/// Does what a key means in a dialog.
pub(super) fn deed(state: &mut State, deed: Deed) -> Vec<Effect> {
    state.remark = None;
    match deed {
        Deed::Up => step(state, -1),
        Deed::Down => step(state, 1),
        Deed::First => step(state, i64::MIN),
        Deed::Last => step(state, i64::MAX),
        Deed::Pick => pick(state),
        Deed::Take => return take(state),
        Deed::ToLine => to_line(state),
        Deed::Close => back(state),
        Deed::Quit | Deed::ClearOrQuit => return vec![Effect::Quit],
        Deed::Redraw => return vec![Effect::Redraw],
        Deed::ShowKeys
        | Deed::ShowGlory
        | Deed::NextPanel
        | Deed::PreviousPanel
        | Deed::Open
        | Deed::Press(_)
        | Deed::PageUp
        | Deed::PageDown
        | Deed::Send
        | Deed::Complete
        | Deed::CompleteBack
        | Deed::Earlier
        | Deed::Later
        | Deed::Edit(_) => {}
    }
    Vec::new()
}

/// A letter chooses an act of a menu, or the next choice that begins with it. An act that needs an
/// answer asks for it; one that runs waits for Enter, so that its line is seen before.
pub(super) fn letter(state: &mut State, letter: char) -> Vec<Effect> {
    state.remark = None;
    match &mut state.dialog {
        Some(Dialog::Menu(menu)) => {
            let Some(at) = menu.acts.iter().position(|act| act.key == letter) else {
                return Vec::new();
            };
            menu.at = at;
            match menu.acts.get(at).map(|act| &act.then) {
                Some(Then::Ask(_) | Then::Write(_) | Then::Open(_)) => return take(state),
                Some(Then::Run(_)) | None => {}
            }
        }
        Some(Dialog::Form(form)) => {
            let Some(question) = form.question() else { return Vec::new() };
            let begins = |label: &str| {
                let mut letters =
                    label.trim_start_matches('@').chars().flat_map(char::to_lowercase);
                letters.next() == letter.to_lowercase().next()
            };
            let count = question.choices.len();
            let next = (1..=count).map(|step| (form.at + step) % count);
            let mut fits =
                next.filter(|at| question.choices.get(*at).is_some_and(|c| begins(&c.label)));
            if let Some(at) = fits.next() {
                form.at = at;
            }
        }
        None => {}
    }
    Vec::new()
}

fn step(state: &mut State, by: i64) {
    let (at, count) = match &mut state.dialog {
        Some(Dialog::Menu(menu)) => (&mut menu.at, menu.acts.len()),
        Some(Dialog::Form(form)) => {
            let count = form.choices();
            (&mut form.at, count)
        }
        None => return,
    };
    let to = i64::try_from(*at).unwrap_or(0).saturating_add(by).max(0);
    *at = usize::try_from(to).unwrap_or(0).min(count.saturating_sub(1));
}

fn pick(state: &mut State) {
    match &mut state.dialog {
        Some(Dialog::Form(form)) if form.count().is_some() => form.toggle(),
        Some(Dialog::Form(_) | Dialog::Menu(_)) | None => {}
    }
}

/// Takes what is chosen.
pub(super) fn take(state: &mut State) -> Vec<Effect> {
    match state.dialog.take() {
        Some(Dialog::Menu(menu)) => match menu.act().map(|act| act.then.clone()) {
            Some(Then::Run(command)) => run(state, vec![gmbot_engine::grammar::print(&command)]),
            Some(Then::Write(line)) => {
                state.line.replace(line, state.world.as_ref());
                Vec::new()
            }
            Some(Then::Ask(form)) => {
                state.dialog = Some(Dialog::Form(form.from(menu)));
                Vec::new()
            }
            Some(Then::Open(war)) => {
                state.answer = None;
                state.page = Some(Page::War { id: war, sight: None, scroll: 0 });
                vec![Effect::Look(war)]
            }
            None => Vec::new(),
        },
        Some(Dialog::Form(mut form)) => match form.answer() {
            Answered::All(command) => run(state, vec![gmbot_engine::grammar::print(&command)]),
            Answered::Next => {
                state.dialog = Some(Dialog::Form(form));
                Vec::new()
            }
            Answered::Not(why) => {
                state.dialog = Some(Dialog::Form(form));
                state.remark = Some(why);
                Vec::new()
            }
        },
        None => Vec::new(),
    }
}

/// Goes back to the question before, or leaves the dialog.
fn back(state: &mut State) {
    state.dialog = match state.dialog.take() {
        Some(Dialog::Form(form)) => form.back(),
        Some(Dialog::Menu(_)) | None => None,
    };
}

/// Leaves the dialog with the line that it shows in the command line.
fn to_line(state: &mut State) {
    let line = match state.dialog.take() {
        Some(Dialog::Menu(menu)) => menu.act().map(|act| match &act.then {
            Then::Write(line) => line.clone(),
            Then::Run(_) | Then::Ask(_) | Then::Open(_) => act.line(),
        }),
        Some(Dialog::Form(form)) => Some(form.line()),
        None => None,
    };
    if let Some(line) = line {
        state.line.replace(line, state.world.as_ref());
    }
}
