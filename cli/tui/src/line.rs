//! The command line: what is being written, what may come next, and what is wrong with it so far.

use gmbot_engine::grammar::complete::{Candidate, Completion, Live, complete};
use gmbot_engine::grammar::{Problem, Reading, Span, Vocabulary, read};
use gmbot_engine::model::{Game, names};
use gmbot_engine::reply::Code;
use gmbot_engine::request::Input;
use tui_input::{Input as Editor, InputRequest};

use crate::text::columns;
use crate::world::World;

/// The word that a line for the bot begins with; it need not be typed here.
pub(crate) const NAME: &str = "gmbot";

/// The command line.
#[derive(Debug, Clone, Default)]
pub(crate) struct CommandLine {
    editor: Editor,
    /// The lines that were sent, the oldest first.
    sent: Vec<String>,
    /// Which of them is shown, and what was written before one was.
    recalled: Option<(usize, String)>,
    /// What may come next.
    pub(crate) choices: Vec<Candidate>,
    /// Which of the choices stands in the line already, and the line before it did.
    taken: Option<Taken>,
    /// Where a choice goes, in bytes.
    place: Option<Span>,
    /// The parameter that is being written.
    pub(crate) usage: Option<String>,
    /// What is wrong with the words that are finished.
    pub(crate) problems: Vec<Problem>,
}

/// A choice that was put into the line.
#[derive(Debug, Clone)]
struct Taken {
    number: usize,
    before: String,
    place: Span,
}

impl CommandLine {
    /// What is written.
    pub(crate) fn text(&self) -> &str {
        self.editor.value()
    }

    /// Where the cursor is, in bytes.
    pub(crate) fn cursor(&self) -> usize {
        byte_of(self.text(), self.editor.cursor())
    }

    /// Whether nothing is written.
    pub(crate) fn is_empty(&self) -> bool {
        self.text().is_empty()
    }

    /// Which choice stands in the line.
    pub(crate) fn taken(&self) -> Option<usize> {
        self.taken.as_ref().map(|taken| taken.number)
    }

    /// At which column of what is shown from column `from` on the choices belong.
    pub(crate) fn place_column(&self, from: usize) -> usize {
        let start = self.taken.as_ref().map_or(self.place, |taken| Some(taken.place));
        let before = start.and_then(|place| self.text().get(..place.start)).unwrap_or_default();
        columns(before).saturating_sub(from)
    }

    /// Edits the line, and looks again at what it says.
    pub(crate) fn edit(&mut self, request: InputRequest, world: Option<&World>) {
        let before = self.editor.cursor();
        if self.editor.handle(request).is_none() && self.editor.cursor() == before {
            return;
        }
        self.recalled = None;
        self.look(world);
    }

    /// Writes text at the cursor; line ends become spaces that keep their place, so that a pasted
    /// list stays a list.
    pub(crate) fn insert(&mut self, text: &str, world: Option<&World>) {
        let cursor = self.cursor();
        let (before, after) = self.text().split_at(cursor);
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let whole = format!("{before}{text}{after}");
        let cursor = whole.chars().count() - after.chars().count();
        self.editor = Editor::new(whole).with_cursor(cursor);
        self.recalled = None;
        self.look(world);
    }

    /// Writes a line in place of what is there.
    pub(crate) fn replace(&mut self, text: String, world: Option<&World>) {
        self.editor = Editor::new(text);
        self.look(world);
    }

    /// Takes what is written, line by line where each begins with the bot's name, and remembers it.
    pub(crate) fn take(&mut self) -> Vec<String> {
        let text = self.editor.value_and_reset();
        self.forget();
        self.recalled = None;
        let lines = commands(&text);
        for line in &lines {
            self.remember(line.clone());
        }
        lines
    }

    /// Keeps a line for later, once.
    pub(crate) fn remember(&mut self, line: String) {
        self.sent.retain(|known| *known != line);
        self.sent.push(line);
    }

    /// Shows the line that was sent before the one that is shown, if it begins as what was written.
    pub(crate) fn recall_earlier(&mut self, world: Option<&World>) {
        let (from, written) = match &self.recalled {
            Some((at, written)) => (*at, written.clone()),
            None => (self.sent.len(), self.text().to_owned()),
        };
        let fits = |line: &String| line.starts_with(&written);
        let earlier = self.sent.get(..from).and_then(|sent| sent.iter().rposition(fits));
        self.show_sent(earlier, written, world);
    }

    /// Shows the line that was sent after the one that is shown, or what was written first.
    pub(crate) fn recall_later(&mut self, world: Option<&World>) {
        let Some((at, written)) = self.recalled.clone() else { return };
        let fits = |line: &String| line.starts_with(&written);
        let rest = self.sent.get(at + 1..).unwrap_or_default();
        match rest.iter().position(fits) {
            Some(later) => self.show_sent(Some(at + 1 + later), written, world),
            None => {
                self.replace(written, world);
                self.recalled = None;
            }
        }
    }

    fn show_sent(&mut self, number: Option<usize>, written: String, world: Option<&World>) {
        let Some((number, line)) = number.and_then(|at| Some((at, self.sent.get(at)?))) else {
            return;
        };
        self.replace(line.clone(), world);
        self.recalled = Some((number, written));
    }

    /// Puts the next choice into the line, or the one before. The only choice needs no other one: the
    /// next word comes next.
    pub(crate) fn choose(&mut self, backwards: bool, world: Option<&World>) {
        let count = self.choices.len();
        let (number, before, place) = match (self.taken.take(), self.place) {
            (Some(Taken { number, before, place }), _) => {
                let step = if backwards { count.saturating_sub(1) } else { 1 };
                ((number + step) % count.max(1), before, place)
            }
            (None, Some(place)) => {
                (if backwards { count.saturating_sub(1) } else { 0 }, self.text().to_owned(), place)
            }
            (None, None) => return,
        };
        let Some(choice) = self.choices.get(number) else { return };
        let head = before.get(..place.start).unwrap_or_default();
        let tail = before.get(place.end..).unwrap_or_default();
        let gap = if tail.starts_with(char::is_whitespace) { "" } else { " " };
        let chosen = format!("{head}{}{gap}", choice.text);
        let cursor = chosen.chars().count();
        self.editor = Editor::new(chosen + tail).with_cursor(cursor);
        if count == 1 {
            self.look(world);
        } else {
            self.taken = Some(Taken { number, before, place });
        }
    }

    /// Looks again at what is written: choices, usage and mistakes.
    pub(crate) fn look(&mut self, world: Option<&World>) {
        self.forget();
        if self.is_empty() {
            return;
        }
        let (text, cursor) = (self.text().to_owned(), self.cursor());
        let mut completion = complete(&text, cursor);
        add_live(&mut completion, &text, world);
        self.place = Some(completion.replace);
        self.usage = completion.usage;
        self.choices = completion.options;
        self.problems = finished_problems(&text, cursor, world);
    }

    fn forget(&mut self) {
        (self.taken, self.place, self.usage) = (None, None, None);
        self.choices.clear();
        self.problems.clear();
    }
}

/// The byte at which a character begins.
fn byte_of(text: &str, character: usize) -> usize {
    text.char_indices().nth(character).map_or(text.len(), |(byte, _)| byte)
}

/// A line as it is sent: the bot's name is put before it unless it is there.
pub(crate) fn addressed(text: &str) -> String {
    if is_addressed(text) { text.to_owned() } else { format!("{NAME} {text}") }
}

/// Whether a line begins with the bot's name.
fn is_addressed(text: &str) -> bool {
    let text = text.trim_start();
    let named = text.get(..NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME));
    let next = text.get(NAME.len()..).and_then(|rest| rest.chars().next());
    named && next.is_none_or(|next| next.is_whitespace() || matches!(next, ':' | ','))
}

/// The commands in a text: one, or where several lines begin with the bot's name, one from each of
/// these on.
fn commands(text: &str) -> Vec<String> {
    let mut commands: Vec<String> = Vec::new();
    for line in text.split('\n') {
        match commands.last_mut() {
            Some(command) if !is_addressed(line) => {
                command.push('\n');
                command.push_str(line);
            }
            Some(_) | None => commands.push(line.to_owned()),
        }
    }
    let trimmed = commands.iter().map(|command| command.trim().to_owned());
    trimmed.filter(|command| !command.is_empty()).collect()
}

/// What the screen knows of names.
struct Known<'w>(Option<&'w World>);

impl Vocabulary for Known<'_> {
    fn games(&self) -> &[Game] {
        self.0.map_or(&[], |world| &world.games)
    }

    fn is_player_name(&self, name: &str) -> bool {
        let names = self.0.and_then(|world| world.roster.as_ref());
        let known = |known: &String| names::key(known) == names::key(name);
        names.is_some_and(|roster| roster.legend.people.values().any(known))
    }

    fn prefix(&self) -> Option<&str> {
        None
    }

    fn is_direct(&self) -> bool {
        false
    }

    fn is_bot(&self, _written: &str) -> bool {
        false
    }
}

/// What is wrong with the words that are finished. What is missing may still come, also the value of
/// the last flag, and a word at the cursor may still become right.
fn finished_problems(text: &str, cursor: usize, world: Option<&World>) -> Vec<Problem> {
    let line = addressed(text);
    let added = line.len() - text.len();
    let Reading::Problems { problems, .. } = read(&Input::Line(line), &Known(world)) else {
        return Vec::new();
    };
    let place = |span: Span| {
        let start = span.start.saturating_sub(added);
        Span { start, end: span.end.saturating_sub(added) }
    };
    let placed =
        problems.into_iter().map(|problem| Problem { span: place(problem.span), ..problem });
    let is_finished = |problem: &Problem| {
        let Span { start, end } = problem.span;
        let is_last = text.get(end..cursor).is_some_and(|rest| rest.trim().is_empty());
        let may_follow = problem.code == Code::MissingValue && is_last;
        start < end && !(start..=end).contains(&cursor) && !may_follow
    };
    placed.filter(is_finished).collect()
}

/// Puts what only the backend knows before the other choices.
fn add_live(completion: &mut Completion, text: &str, world: Option<&World>) {
    let (Some(live), Some(world)) = (completion.live.take(), world) else { return };
    let Span { start, end } = completion.replace;
    let typed = text.get(start..end).unwrap_or_default().to_owned();
    completion.offer(&typed, candidates(live, &typed, world));
}

/// What the screen shows of that kind.
fn candidates(live: Live, typed: &str, world: &World) -> Vec<Candidate> {
    match live {
        Live::Games => Candidate::games(&world.games, typed),
        Live::Wars => {
            let past = world.history.iter().flat_map(|history| &history.wars);
            world.own_wars().chain(past).map(|war| war.candidate()).collect()
        }
        Live::OpenWars => world.acceptable().map(|war| war.candidate()).collect(),
        Live::Clans => clans(world),
        Live::Players => {
            let members = world.roster.iter().flat_map(|roster| &roster.members);
            let named = members.filter_map(|member| Some((world.name(member.person)?, member)));
            named.map(|(name, member)| Candidate::player(name, member.role, typed)).collect()
        }
    }
}

/// The clans that are on the screen, besides one's own.
fn clans(world: &World) -> Vec<Candidate> {
    let leaders = world.leaderboard.rows.iter().map(|row| &row.clan);
    let fought = world.wars().into_values().flat_map(|war| [Some(&war.host), war.guest.as_ref()]);
    let mut names: Vec<&str> = leaders
        .chain(fought.flatten())
        .filter(|clan| Some(clan.id) != world.clan().map(|own| own.id))
        .map(|clan| clan.name.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    let candidate = |name: &str| Candidate { text: name.to_owned(), help: String::new() };
    names.into_iter().map(candidate).collect()
}
