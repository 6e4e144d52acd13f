//! The screen as a face of the transcripts: the real binary on a terminal, a process per line. The
//! line is typed, and the answer read from the screen.

use std::sync::LazyLock;

use gmbot_engine::grammar::{Games, Reading, print, read};
use gmbot_engine::model::{AtMs, Game, GameId};
use gmbot_engine::reply::{Action, Code};
use gmbot_engine::request::Input;
use gmbot_snapshots::World;
use gmbot_snapshots::face::{Ability, Answer, Face, FaceError, Message};
use gmbot_snapshots::format::Happening;

use crate::emulator::Emulator;
use crate::face::Terminal;
use crate::on_terminal::{self, leave};
use crate::shell;

/// The terminal's size: large enough for every answer to be read without scrolling or wrapping.
const COLUMNS: u16 = 560;
const ROWS: u16 = 120;
/// What the last line says when an answer stands on the screen. Screens are drawn from above.
const ANSWERED: &str = "  Esc closes";
/// From how many letters on a line is pasted: nobody types that much.
const MOST_TYPED: usize = 200;

/// The screen's face. All but lines is as at any terminal.
pub(crate) struct Screen(Terminal);

impl Screen {
    pub(crate) fn new() -> Self {
        Self(Terminal::new())
    }

    /// Types a line, and reads the answer.
    fn answer(
        &self,
        world: &World,
        message: &Message,
        line: &str,
    ) -> Result<Option<Answer>, FaceError> {
        let mut options = self.0.options(world, message)?;
        options.extend(self.0.clock());
        options.push("tui".to_owned());
        let program = self.0.program();
        let command = on_terminal::command(program, &options).env("GMBOT_DB", program.db());
        let mut terminal = Emulator::start(command, COLUMNS, ROWS);
        terminal.until_shown("› gmbot");
        let is_typed = line.chars().count() <= MOST_TYPED && !line.contains(char::is_control);
        if is_typed {
            terminal.send(line.as_bytes());
        } else {
            terminal.paste(line);
        }
        terminal.send(b"\r");
        terminal.until("answer", |rows| rows.last().is_some_and(|row| row.starts_with(ANSWERED)));
        let seen = seen(&terminal.rows());
        leave(terminal);
        seen
    }
}

/// The answer in the box above the command line; none: the line was no command.
fn seen(rows: &[String]) -> Result<Option<Answer>, FaceError> {
    let strange = |what: &str| FaceError(format!("{what}:\n{}", rows.join("\n")));
    let top = rows.iter().rposition(|row| row.starts_with('╭')).ok_or_else(|| strange("no box"))?;
    let bottom = rows.iter().rposition(|row| row.starts_with('╰'));
    let bottom = bottom.ok_or_else(|| strange("no end of the box"))?;
    if rows[bottom].contains("PgUp") {
        return Err(strange("the answer is longer than the screen"));
    }
    let inside = |row: &String| {
        let text = row.strip_prefix('│').unwrap_or(row).trim_end_matches('│');
        text.strip_prefix(' ').unwrap_or(text).trim_end().to_owned()
    };
    let mut lines: Vec<String> = rows[top + 1..bottom].iter().map(inside).collect();
    if lines == ["this is no command; `help` lists all, and `?` all keys"] {
        return Ok(None);
    }
    let words: Vec<&str> = rows[top].trim_end_matches(['─', '╮', ' ']).split(' ').collect();
    let code = words.last().copied().unwrap_or_default();
    let code: Code =
        serde_json::from_value(code.into()).map_err(|_not_a_code| strange("no code"))?;
    let mut actions = Vec::new();
    while let Some((label, line)) = lines.last().and_then(|line| pressable(line)) {
        actions.insert(0, action(label, line)?);
        lines.pop();
    }
    let pressed =
        actions.iter().map(|action| format!("{}: {}", action.label, print(&action.command)));
    let text = lines.iter().cloned().chain(pressed).collect::<Vec<_>>().join("\n");
    Ok(Some(Answer { code, text, actions }))
}

/// The label and the line of a row with an action: `1 Accept  gmbot accept k3xp2`.
fn pressable(row: &str) -> Option<(&str, &str)> {
    let (number, rest) = row.split_once(' ')?;
    number.parse::<u8>().ok()?;
    let (label, line) = rest.split_once("  ")?;
    let line = line.trim_start();
    line.starts_with("gmbot ").then_some((label, line))
}

/// What a line says that stands beside an action.
fn action(label: &str, line: &str) -> Result<Action, FaceError> {
    match read(&Input::Line(line.to_owned()), &Games(&GAMES)) {
        Reading::Command { command, .. } => {
            Ok(Action { label: label.to_owned(), command, players: 0 })
        }
        other @ (Reading::NotForBot | Reading::Problems { .. }) => {
            Err(FaceError(format!("`{line}` can't be read: {other:?}")))
        }
    }
}

/// What one must know to read what was printed: any number may be a game's.
static GAMES: LazyLock<Vec<Game>> = LazyLock::new(|| {
    let game =
        |id| Game { id: GameId(id), name: format!("game {id}"), min_players: 1, max_players: 99 };
    (0..100).map(game).collect()
});

impl Face for Screen {
    fn name(&self) -> &str {
        "tui"
    }

    fn can(&self, ability: Ability) -> bool {
        self.0.can(ability)
    }

    fn start(&mut self, world: &World, at: AtMs) -> Result<(), FaceError> {
        self.0.start(world, at)
    }

    /// Whoever sits at the screen types no line that is not for the bot.
    fn say(&mut self, world: &World, message: &Message) -> Result<Option<Answer>, FaceError> {
        match shell::words(&message.text) {
            Some(_) => self.answer(world, message, &message.text),
            None => Ok(None),
        }
    }

    fn press(
        &mut self,
        world: &World,
        message: &Message,
        action: &Action,
    ) -> Result<Option<Answer>, FaceError> {
        self.answer(world, message, &print(&action.command))
    }

    fn happen(
        &mut self,
        world: &World,
        what: &Happening,
        key: &str,
    ) -> Result<Option<Answer>, FaceError> {
        self.0.happen(world, what, key)
    }

    fn set_clock(&mut self, at: AtMs) -> Result<(), FaceError> {
        self.0.set_clock(at)
    }

    fn idle(&mut self) -> Result<(), FaceError> {
        self.0.idle()
    }

    /// The screen takes no notices away: `gmbot inbox` has them.
    fn notices(&mut self, world: &World, clan: &str) -> Result<Vec<Answer>, FaceError> {
        self.0.notices(world, clan)
    }

    fn restart(&mut self) -> Result<(), FaceError> {
        self.0.restart()
    }
}
