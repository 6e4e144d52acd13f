//! Menus and forms: a box before the panels, while the command line below shows what they make.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Clear, Padding, Paragraph};

use crate::dialog::{Dialog, Form, Menu};
use crate::layout::{self, first_row};
use crate::state::State;
use crate::text::{columns, cut};

/// What the frame and its padding take from the width, and from the height.
const FRAME: (u16, u16) = (4, 2);
/// The least width of a box, so that it does not jump from question to question.
const LEAST_WIDTH: usize = 36;

/// What a box shows.
struct Contents {
    title: String,
    question: String,
    rows: Vec<Line<'static>>,
    at: usize,
}

pub(super) fn draw(state: &State, frame: &mut Frame<'_>) {
    let Some((area, contents)) = placed(state) else { return };
    let theme = state.theme;
    frame.render_widget(Clear, area);
    let room = usize::from(area.width.saturating_sub(4));
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme.focus())
        .padding(Padding::horizontal(1))
        .title_top(Line::styled(format!(" {} ", cut(&contents.title, room)), theme.focus()))
        .title_bottom(Line::styled(contents.question, theme.strong()));
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let shown = usize::from(inner.height);
    let first = first_row(contents.at, contents.rows.len(), shown);
    let rows = contents.rows.into_iter().enumerate().skip(first).take(shown);
    let row = |(number, mut line): (usize, Line<'static>)| {
        let gap = usize::from(inner.width).saturating_sub(line.width());
        line.push_span(Span::raw(" ".repeat(gap)));
        line.patch_style(theme.chosen(number == contents.at))
    };
    frame.render_widget(Paragraph::new(rows.map(row).collect::<Vec<_>>()), inner);
}

fn placed(state: &State) -> Option<(Rect, Contents)> {
    let contents = match state.dialog.as_ref()? {
        Dialog::Menu(menu) => of_menu(state, menu),
        Dialog::Form(form) => of_form(state, form),
    };
    let widest = contents.rows.iter().map(Line::width).max().unwrap_or(0);
    let titles = columns(&contents.title).max(columns(&contents.question));
    let width = widest.max(titles).max(LEAST_WIDTH);
    let width = u16::try_from(width).unwrap_or(u16::MAX).saturating_add(FRAME.0);
    let height = u16::try_from(contents.rows.len()).unwrap_or(u16::MAX).saturating_add(FRAME.1);
    let within = layout::places(state).page;
    Some((layout::centred(width, height, within), contents))
}

fn of_menu(state: &State, menu: &Menu) -> Contents {
    let theme = state.theme;
    let row = |act: &crate::dialog::Act| {
        Line::from(vec![
            Span::styled(format!("{} ", act.key), theme.focus()),
            Span::raw(crate::text::fit(act.label, LEAST_WIDTH - 2)),
        ])
    };
    Contents {
        title: menu.title.clone(),
        question: String::new(),
        rows: menu.acts.iter().map(row).collect(),
        at: menu.at,
    }
}

fn of_form(state: &State, form: &Form) -> Contents {
    let theme = state.theme;
    let question = form.question();
    let choices = question.map_or(&[][..], |question| &question.choices);
    let widest = choices.iter().map(|choice| columns(&choice.label)).max().unwrap_or(0);
    let row = |(number, choice): (usize, &crate::dialog::Choice)| {
        let mark = match form.count() {
            None => "",
            Some(_) if form.picked.contains(&number) => "[x] ",
            Some(_) => "[ ] ",
        };
        let style = if choice.faint { theme.quiet() } else { theme.strong() };
        Line::from(vec![
            Span::styled(mark, theme.focus()),
            Span::styled(crate::text::fit(&choice.label, widest + 2), style),
            Span::styled(choice.help.clone(), theme.quiet()),
        ])
    };
    let count = match form.count() {
        None => String::new(),
        Some((picked, wanted)) if wanted.start() == wanted.end() => {
            format!(" {picked} of {}", wanted.end())
        }
        Some((picked, wanted)) if *wanted.end() == usize::MAX => {
            format!(" {picked} picked")
        }
        Some((picked, wanted)) => format!(" {picked} of {} to {}", wanted.start(), wanted.end()),
    };
    let asked = question.map_or("", |question| question.title);
    Contents {
        title: form.title.clone(),
        question: format!(" {asked}{count} "),
        rows: choices.iter().enumerate().map(row).collect(),
        at: form.at,
    }
}

/// Whether the dialog stands at a place, and which of its rows.
pub(crate) fn row_at(state: &State, column: u16, row: u16) -> Option<Option<usize>> {
    let (area, contents) = placed(state)?;
    if !area.contains((column, row).into()) {
        return None;
    }
    let shown = area.height.saturating_sub(FRAME.1);
    let inside = (area.y + 1..area.y + 1 + shown).contains(&row);
    let first = first_row(contents.at, contents.rows.len(), usize::from(shown));
    Some(inside.then(|| first + usize::from(row - area.y - 1)))
}
