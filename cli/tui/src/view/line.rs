//! The command line, the parameter that is being written above it, what is wrong below it, and
//! what may come next.

use gmbot_engine::grammar::Problem;
use gmbot_engine::render::turns;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::dialog::Dialog;
use crate::layout::{Places, first_row};
use crate::line::{NAME, addressed};
use crate::state::{Page, State};
use crate::text::{columns, cut, fit};

/// How many choices show at once.
const MOST_CHOICES: usize = 8;

pub(super) fn draw(state: &State, places: &Places, frame: &mut Frame<'_>) {
    frame.render_widget(hint(state, places.hint.width), places.hint);
    let shown = Shown::of(state);
    let prompt = &shown.prompt;
    let room = usize::from(places.line.width).saturating_sub(columns(prompt));
    let window = shown.window(room);
    let mut line = Line::from(Span::styled(prompt.clone(), state.theme.quiet()));
    line.extend(window.spans);
    frame.render_widget(line, places.line);
    let start = u16::try_from(columns(prompt)).unwrap_or(0);
    if state.dialog.is_none() {
        let column = start + u16::try_from(window.cursor).unwrap_or(0);
        let column = column.min(places.line.width.saturating_sub(1));
        frame.set_cursor_position(Position::new(places.line.x + column, places.line.y));
    }
    let marks = marks(state, &shown, window.from, usize::from(start), places.marks.width);
    frame.render_widget(marks, places.marks);
    if state.dialog.is_none() {
        choices(state, places, start, window.from, frame);
    }
}

/// The command line as it is shown.
struct Shown {
    prompt: String,
    /// Each cluster of letters: where it begins in bytes, how it is shown, how it looks.
    cells: Vec<(usize, String, Style)>,
    cursor: usize,
}

/// The part of the line that fits.
struct Window {
    spans: Vec<Span<'static>>,
    /// The column of the whole line at which it begins.
    from: usize,
    /// The column of the cursor in it.
    cursor: usize,
}

impl Shown {
    fn of(state: &State) -> Self {
        let theme = state.theme;
        let (text, cursor, style) = match &state.dialog {
            Some(dialog) => (dialog_line(dialog), 0, theme.code()),
            None => (state.line.text().to_owned(), state.line.cursor(), Style::new()),
        };
        let wrong = |at: usize| {
            let problems = if state.dialog.is_some() { &[][..] } else { &state.line.problems };
            problems.iter().any(|problem| (problem.span.start..problem.span.end).contains(&at))
        };
        let cell = |(at, cluster): (usize, &str)| {
            let style = if wrong(at) { theme.wrong_word() } else { style };
            let shown = if cluster == "\n" { "⏎".to_owned() } else { cut(cluster, usize::MAX) };
            (at, shown, style)
        };
        let named = addressed(&text) == text && !text.is_empty();
        let prompt = if named { "› ".to_owned() } else { format!("› {NAME} ") };
        Self { prompt, cells: text.grapheme_indices(true).map(cell).collect(), cursor }
    }

    /// The column of the whole line at which a byte stands.
    fn column(&self, byte: usize) -> usize {
        let before = self.cells.iter().take_while(|(at, ..)| *at < byte);
        before.map(|(_, shown, _)| columns(shown)).sum()
    }

    /// As much of the line as there is room for, the cursor in it.
    fn window(&self, room: usize) -> Window {
        let cursor = self.column(self.cursor);
        // The cursor stands behind the last letter: one column more.
        let from = (cursor + 1).saturating_sub(room);
        let mut column = 0;
        let mut spans: Vec<Span<'static>> = Vec::new();
        let mut first = None;
        for (_, shown, style) in &self.cells {
            let width = columns(shown);
            if column >= from && column + width <= from + room {
                first.get_or_insert(column);
                spans.push(Span::styled(shown.clone(), *style));
            }
            column += width;
        }
        let from = first.unwrap_or(from);
        Window { spans, from, cursor: cursor.saturating_sub(from) }
    }
}

/// The line that a dialog makes.
fn dialog_line(dialog: &Dialog) -> String {
    match dialog {
        Dialog::Menu(menu) => menu.act().map(crate::dialog::Act::line).unwrap_or_default(),
        Dialog::Form(form) => form.line(),
    }
}

/// The rule above the line, with the parameter that is being written, or what is running.
fn hint(state: &State, width: u16) -> Line<'static> {
    let theme = state.theme;
    let problem = state.line.problems.first();
    let words = match (state.waiting.first(), &state.line.usage, problem, &state.lost) {
        (Some(running), ..) => Some((format!("running {running}"), theme.focus())),
        (None, Some(usage), ..) if state.dialog.is_none() => Some((usage.clone(), theme.strong())),
        (None, _, Some(problem), _) => Some((sentence(problem), theme.bad())),
        (None, _, None, Some(why)) => Some((why.clone(), theme.bad())),
        (None, ..) => None,
    };
    let width = usize::from(width);
    let Some((words, style)) = words else {
        return Line::styled("─".repeat(width), theme.quiet());
    };
    let words = format!(" {} ", cut(&words, width.saturating_sub(6)));
    let rest = width.saturating_sub(columns(&words) + 2);
    Line::from(vec![
        Span::styled("──", theme.quiet()),
        Span::styled(words, style),
        Span::styled("─".repeat(rest), theme.quiet()),
    ])
}

/// What is wrong, under its word; or what the keys do.
fn marks(state: &State, shown: &Shown, from: usize, start: usize, width: u16) -> Line<'static> {
    let theme = state.theme;
    let width = usize::from(width);
    let (words, style) = match &state.dialog {
        Some(_) => match &state.remark {
            Some(remark) => (remark.clone(), theme.urgent()),
            None => (dialog_keys(state), theme.quiet()),
        },
        None => match state.line.problems.first() {
            Some(problem) => return mark(state, shown, problem, (from, start, width)),
            None => (keys(state).to_owned(), theme.quiet()),
        },
    };
    Line::styled(cut(&format!("  {words}"), width), style)
}

/// Carets under a word, and beside them what is wrong with it, if there is room on either side. Where
/// text runs from right to left, the word is quoted instead.
fn mark(
    state: &State,
    shown: &Shown,
    problem: &Problem,
    (from, start, width): (usize, usize, usize),
) -> Line<'static> {
    let theme = state.theme;
    let column = |byte| (shown.column(byte) + start).saturating_sub(from).min(width);
    let (left, right) = (column(problem.span.start), column(problem.span.end));
    let words = sentence(problem);
    if turns(state.line.text()) {
        let word = state.line.text().get(problem.span.start..problem.span.end).unwrap_or_default();
        return Line::styled(cut(&format!("  at `{word}`: {words}"), width), theme.bad());
    }
    let carets = Span::styled("^".repeat((right - left).max(1)), theme.bad());
    if right + columns(&words) < width {
        let words = Span::styled(format!(" {words}"), theme.bad());
        return Line::from(vec![Span::raw(" ".repeat(left)), carets, words]);
    }
    if columns(&words) < left {
        let words = crate::text::fit_right(&format!("{words} "), left);
        return Line::from(vec![Span::styled(words, theme.bad()), carets]);
    }
    // The rule above the line says it.
    Line::from(vec![Span::raw(" ".repeat(left)), carets])
}

/// What is wrong, and what to write instead.
fn sentence(problem: &Problem) -> String {
    match &problem.suggestion {
        Some(instead) => format!("{}; did you mean `{instead}`?", problem.message),
        None => problem.message.clone(),
    }
}

fn dialog_keys(state: &State) -> String {
    let picks = if state.count().is_some() { "Space picks · " } else { "" };
    format!("{picks}Enter takes it · Tab changes the line · Esc goes back")
}

fn keys(state: &State) -> &'static str {
    if !state.line.is_empty() {
        "Enter runs it · Tab completes · ↑ earlier lines · Esc clears"
    } else if state.answer.is_some() {
        "Esc closes · 1–9 press an action · PgUp PgDn scroll · ? all keys"
    } else {
        match state.page {
            Some(Page::War { .. }) => {
                "Enter: what can be done · ↑ ↓ scroll · Esc goes back · ? all keys"
            }
            Some(Page::Keys { .. } | Page::Glory) => "Esc goes back · Ctrl-Q leaves",
            None => "type a command · ↑ ↓ choose · Enter acts · Tab next panel · ? all keys",
        }
    }
}

/// What may come next, above the line.
fn choices(state: &State, places: &Places, start: u16, from: usize, frame: &mut Frame<'_>) {
    let choices = &state.line.choices;
    let body = places.page;
    let shown = choices.len().min(MOST_CHOICES).min(usize::from(body.height));
    if shown == 0 {
        return;
    }
    let theme = state.theme;
    let at = state.line.taken();
    let first = first_row(at.unwrap_or(0), choices.len(), shown);
    let names = choices.iter().skip(first).take(shown).map(|choice| columns(&choice.text));
    let name = names.max().unwrap_or(0).min(usize::from(body.width) / 2);
    let helps = choices.iter().skip(first).take(shown).map(|choice| columns(&choice.help));
    let width = (name + 3 + helps.max().unwrap_or(0) + 1).min(usize::from(body.width));
    let row = |(number, choice): (usize, &gmbot_engine::grammar::complete::Candidate)| {
        let line = Line::from(vec![
            Span::styled(format!(" {} ", fit(&choice.text, name)), theme.code()),
            Span::styled(fit(&choice.help, width.saturating_sub(name + 2)), theme.quiet()),
        ]);
        line.patch_style(theme.chosen(at == Some(number)))
    };
    let rows: Vec<Line<'_>> = choices.iter().enumerate().skip(first).take(shown).map(row).collect();
    let (width, height) =
        (u16::try_from(width).unwrap_or(body.width), u16::try_from(shown).unwrap_or(1));
    let place = state.line.place_column(from);
    let x = (start + u16::try_from(place).unwrap_or(0))
        .saturating_sub(1)
        .min(body.width.saturating_sub(width));
    // Nothing shows beside the choices: a row that is half a choice and half a panel reads as one.
    let rows_of_all = Rect { y: body.bottom() - height, height, ..body };
    frame.render_widget(Clear, rows_of_all);
    frame.render_widget(Paragraph::new(rows), Rect { x, width, ..rows_of_all });
}
