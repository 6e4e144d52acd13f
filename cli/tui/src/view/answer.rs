//! The answer to the last line, above the command line until it is closed; its actions are keys.

use gmbot_engine::Reply;
use gmbot_engine::grammar::print;
use gmbot_engine::render::{styled, visible};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Clear, Padding, Paragraph};

use crate::layout;
use crate::state::{Answer, Shown, State};
use crate::text::{columns, cut, wrapped};

/// How wide tables are laid out at most; wider ones are hard to follow from left to right.
const WIDEST: usize = 100;
/// What the frame and its padding take from the width, and from the height.
const FRAME: (u16, u16) = (4, 2);

/// The lines of an answer, and what stands below them and is never scrolled away.
struct Lines {
    text: Vec<Line<'static>>,
    actions: Vec<Line<'static>>,
}

pub(super) fn draw(state: &State, frame: &mut Frame<'_>) {
    let (Some(shown), Some((area, lines))) = (&state.answer, placed(state)) else { return };
    let theme = state.theme;
    frame.render_widget(Clear, area);
    let code = match &shown.what {
        Answer::Reply(reply) => reply.code.to_string(),
        Answer::NoCommand | Answer::Failed(_) => String::new(),
    };
    let most = usize::from(area.width).saturating_sub(code.len() + 8);
    let mut block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme.code())
        .padding(Padding::horizontal(1))
        .title_top(Line::styled(format!(" {} ", cut(&shown.line, most)), theme.code()));
    if !code.is_empty() {
        block = block.title_top(Line::styled(format!(" {code} "), theme.quiet()).right_aligned());
    }
    let inner = block.inner(area);
    let (room, hidden) = room(area, &lines);
    if hidden > 0 {
        let more = format!(" PgUp PgDn: {} of {} ", shown.scroll + room, lines.text.len());
        block = block.title_bottom(Line::styled(more, theme.quiet()).right_aligned());
    }
    frame.render_widget(block, area);
    let text: Vec<Line<'_>> = lines.text.into_iter().skip(shown.scroll).take(room).collect();
    frame.render_widget(Paragraph::new(text), inner);
    let height = u16::try_from(lines.actions.len()).unwrap_or(inner.height).min(inner.height);
    let below = Rect { y: inner.bottom() - height, height, ..inner };
    frame.render_widget(Paragraph::new(lines.actions), below);
}

/// How many lines of text show, and how many don't.
fn room(area: Rect, lines: &Lines) -> (usize, usize) {
    let room = usize::from(area.height.saturating_sub(FRAME.1)).saturating_sub(lines.actions.len());
    (room, lines.text.len().saturating_sub(room))
}

/// Where the answer stands, and what it says.
fn placed(state: &State) -> Option<(Rect, Lines)> {
    let shown = state.answer.as_ref()?;
    let body = layout::places(state).page;
    let lines = lines(state, shown, body.width.saturating_sub(FRAME.0));
    let height = u16::try_from(lines.text.len() + lines.actions.len()).unwrap_or(u16::MAX);
    let height = height.saturating_add(FRAME.1).min(body.height);
    Some((Rect { y: body.bottom() - height, height, ..body }, lines))
}

fn lines(state: &State, shown: &Shown, width: u16) -> Lines {
    let width = usize::from(width);
    let theme = state.theme;
    let plain = |text: &str, style| Line::styled(text.to_owned(), style);
    match &shown.what {
        Answer::Reply(reply) => {
            let without = Reply { actions: Vec::new(), ..reply.as_ref().clone() };
            let text = wrapped(&styled(&without, width.min(WIDEST)), width, &theme);
            Lines { text, actions: actions(state, reply, width) }
        }
        Answer::NoCommand => Lines {
            text: vec![plain(
                "this is no command; `help` lists all, and `?` all keys",
                theme.role(gmbot_engine::render::Role::Plain),
            )],
            actions: Vec::new(),
        },
        Answer::Failed(why) => {
            let pieces = [(gmbot_engine::render::Role::Error, visible(why))];
            Lines { text: wrapped(&pieces, width, &theme), actions: Vec::new() }
        }
    }
}

/// `1 Accept  gmbot accept k3xp2`.
fn actions(state: &State, reply: &Reply, width: usize) -> Vec<Line<'static>> {
    let theme = state.theme;
    let widest = reply.actions.iter().map(|action| columns(&action.label)).max().unwrap_or(0);
    let line = |(number, action): (usize, &gmbot_engine::reply::Action)| {
        let key = format!("{} ", number + 1);
        let label = crate::text::fit(&action.label, widest + 2);
        let rest = width.saturating_sub(key.len() + columns(&label));
        Line::from(vec![
            Span::styled(key, theme.focus()),
            Span::styled(label, theme.strong()),
            Span::styled(cut(&print(&action.command), rest), theme.code()),
        ])
    };
    reply.actions.iter().enumerate().map(line).collect()
}

/// How many lines can be scrolled away; none where there is no answer.
pub(crate) fn most_scroll(state: &State) -> Option<usize> {
    placed(state).map(|(area, lines)| room(area, &lines).1)
}

/// Whether the answer stands at a place, and which action, from 1.
pub(crate) fn answer_at(state: &State, column: u16, row: u16) -> Option<Option<usize>> {
    let (area, lines) = placed(state)?;
    if !area.contains((column, row).into()) {
        return None;
    }
    let last = area.bottom().saturating_sub(1 + FRAME.1 / 2);
    let count = u16::try_from(lines.actions.len()).unwrap_or(0);
    let from = (last + 1).saturating_sub(count);
    let number = (from..=last).contains(&row).then(|| usize::from(row - from) + 1);
    Some(number)
}
