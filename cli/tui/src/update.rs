//! What an event makes of the state: a pure function of the two, which waits for nothing and asks
//! nobody. What has to be done outside comes back as effects.

mod dialog;
mod mouse;

use crossterm::event::KeyEvent;
use gmbot_engine::grammar::print;
use tui_input::InputRequest;

use crate::act::{self, Subject};
use crate::event::{Effect, Event};
use crate::keys::{self, Deed, Place};
use crate::line::addressed;
use crate::state::{Answer, Page, Panel, Shown, State};
use crate::view;
use crate::world::World;
use gmbot_engine::render::Role;

/// Takes an event in.
pub(crate) fn update(state: &mut State, event: Event) -> Vec<Effect> {
    match event {
        Event::Clock(now) => state.now = now,
        Event::Key(pressed) => return key(state, pressed),
        Event::Mouse(what) => return mouse::mouse(state, what),
        Event::Paste(text) => paste(state, &text),
        Event::Resized(columns, rows) => state.size = (columns, rows),
        Event::Seen(world) => return seen(state, *world),
        Event::Lost(why) => lost(state, why),
        Event::War(war, seen) => {
            if let Some(Page::War { id, sight, .. }) = &mut state.page
                && *id == war
            {
                *sight = Some(seen);
            }
        }
        Event::Answered { line, answer } => return answered(state, line, answer),
        Event::Remembered(lines) => {
            lines.into_iter().for_each(|line| state.line.remember(line));
        }
    }
    Vec::new()
}

fn seen(state: &mut State, world: World) -> Vec<Effect> {
    if state.lost.take().is_some() {
        state.feed.say(state.now, Role::Suggestion, "connected again");
    }
    let before = state.world.as_ref();
    state.feed.note(before, &world, state.now);
    state.world = Some(world);
    look_at_page(state)
}

/// A page shows what is new, too.
fn look_at_page(state: &State) -> Vec<Effect> {
    match &state.page {
        Some(Page::War { id, .. }) => vec![Effect::Look(*id)],
        Some(Page::Keys { .. } | Page::Glory) | None => Vec::new(),
    }
}

fn lost(state: &mut State, why: String) {
    if state.lost.is_none() {
        state.feed.say(state.now, Role::Error, "connection lost");
    }
    state.lost = Some(why);
}

fn answered(
    state: &mut State,
    line: String,
    answer: Result<Option<Box<gmbot_engine::Reply>>, String>,
) -> Vec<Effect> {
    let what = match answer {
        Ok(Some(reply)) => Answer::Reply(reply),
        Ok(None) => Answer::NoCommand,
        Err(why) => Answer::Failed(why),
    };
    state.answer = Some(Shown { line, what, scroll: 0 });
    if !state.waiting.is_empty() {
        state.waiting.remove(0);
    }
    state.waiting.first().map(|next| Effect::Submit(next.clone())).into_iter().collect()
}

fn key(state: &mut State, pressed: KeyEvent) -> Vec<Effect> {
    let place = state.keys_go_to();
    match keys::deed(place, pressed) {
        Some(deed) if place == Place::Dialog => dialog::deed(state, deed),
        Some(deed) => do_it(state, deed),
        None => {
            if let Some(letter) = keys::letter(pressed) {
                return write(state, letter);
            }
            Vec::new()
        }
    }
}

/// A letter goes to the dialog, or into the command line.
fn write(state: &mut State, letter: char) -> Vec<Effect> {
    if state.dialog.is_some() {
        return dialog::letter(state, letter);
    }
    state.line.edit(InputRequest::InsertChar(letter), state.world.as_ref());
    Vec::new()
}

/// What is pasted goes into the command line, whatever stands before it.
fn paste(state: &mut State, text: &str) {
    (state.dialog, state.remark) = (None, None);
    state.line.insert(text, state.world.as_ref());
}

fn do_it(state: &mut State, deed: Deed) -> Vec<Effect> {
    match deed {
        Deed::Quit => return vec![Effect::Quit],
        Deed::ClearOrQuit if state.line.is_empty() => return vec![Effect::Quit],
        Deed::ClearOrQuit => edit(state, InputRequest::DeleteLine),
        Deed::Redraw => return vec![Effect::Redraw],
        Deed::ShowKeys => state.page = toggled(state, Page::Keys { scroll: 0 }),
        Deed::ShowGlory => state.page = toggled(state, Page::Glory),
        Deed::Close => close(state),
        Deed::NextPanel => state.focus = state.focus.step(1),
        Deed::PreviousPanel => state.focus = state.focus.step(Panel::ALL.len() - 1),
        Deed::Up => step(state, -1),
        Deed::Down => step(state, 1),
        Deed::First => step(state, i64::MIN),
        Deed::Last => step(state, i64::MAX),
        Deed::Open => return open(state),
        Deed::Press(number) => return press(state, usize::from(number)),
        Deed::PageUp => scroll(state, -1),
        Deed::PageDown => scroll(state, 1),
        Deed::Send => return send(state),
        Deed::Complete => state.line.choose(false, state.world.as_ref()),
        Deed::CompleteBack => state.line.choose(true, state.world.as_ref()),
        Deed::Earlier => state.line.recall_earlier(state.world.as_ref()),
        Deed::Later => state.line.recall_later(state.world.as_ref()),
        Deed::Edit(request) => edit(state, request),
        // These belong to dialogs.
        Deed::Pick | Deed::Take | Deed::ToLine => {}
    }
    Vec::new()
}

fn edit(state: &mut State, request: InputRequest) {
    state.line.edit(request, state.world.as_ref());
}

/// A page, unless it shows already.
fn toggled(state: &State, page: Page) -> Option<Page> {
    let shows = state.page.as_ref().map(std::mem::discriminant);
    (shows != Some(std::mem::discriminant(&page))).then_some(page)
}

/// Closes what is in front.
fn close(state: &mut State) {
    if state.answer.take().is_none() {
        state.page = None;
    }
}

/// Chooses a row further on, or scrolls a page so many lines.
fn step(state: &mut State, by: i64) {
    let moved = |from: usize| {
        let from = i64::try_from(from).unwrap_or(i64::MAX);
        usize::try_from(from.saturating_add(by).max(0)).unwrap_or(usize::MAX)
    };
    match &mut state.page {
        Some(Page::War { scroll, .. } | Page::Keys { scroll }) => *scroll = moved(*scroll),
        Some(Page::Glory) => {}
        None => {
            let row = moved(state.chosen(state.focus));
            state.choose(state.focus, row);
        }
    }
    view::clamp(state);
}

/// Scrolls the answer, or else the page, or else the panel, by about as much as one sees.
fn scroll(state: &mut State, pages: i64) {
    let by = pages * i64::from(state.size.1 / 3).max(1);
    match &mut state.answer {
        Some(answer) => {
            let to = i64::try_from(answer.scroll).unwrap_or(i64::MAX).saturating_add(by);
            answer.scroll = usize::try_from(to.max(0)).unwrap_or(0);
            view::clamp(state);
        }
        None => step(state, by),
    }
}

/// Opens what can be done with the war of the page, or with the chosen row. A challenge is mostly
/// opened to be accepted: the line-up is asked for at once, and the rest is behind it.
fn open(state: &mut State) -> Vec<Effect> {
    let subject = match &state.page {
        Some(Page::War { id, .. }) => Some(Subject::War(*id)),
        Some(Page::Keys { .. } | Page::Glory) => None,
        None => state.subject(),
    };
    let (Some(subject), Some(world)) = (subject, &state.world) else { return Vec::new() };
    let challenge =
        matches!(&subject, Subject::War(id) if world.acceptable().any(|war| war.id == *id));
    (state.dialog, state.remark) = (act::dialog(&subject, world), None);
    if challenge { dialog::take(state) } else { Vec::new() }
}

/// Presses an action of the answer: its line is run, and stands above the next answer.
fn press(state: &mut State, number: usize) -> Vec<Effect> {
    let action = number.checked_sub(1).and_then(|at| state.actions().get(at));
    match action.map(|action| print(&action.command)) {
        Some(line) => run(state, vec![line]),
        None => {
            // No command begins with a number, but it may be what somebody wants to see.
            let digit = u32::try_from(number).ok().and_then(|number| char::from_digit(number, 10));
            digit.map_or_else(Vec::new, |digit| write(state, digit))
        }
    }
}

fn send(state: &mut State) -> Vec<Effect> {
    let lines = state.line.take();
    let kept = lines.iter().cloned().map(Effect::Remember);
    let kept: Vec<Effect> = kept.collect();
    let run = run(state, lines.iter().map(|line| addressed(line)).collect());
    kept.into_iter().chain(run).collect()
}

/// Runs lines, one after the other.
pub(crate) fn run(state: &mut State, lines: Vec<String>) -> Vec<Effect> {
    let idle = state.waiting.is_empty();
    state.waiting.extend(lines);
    let first = state.waiting.first().filter(|_| idle);
    first.map(|line| Effect::Submit(line.clone())).into_iter().collect()
}
