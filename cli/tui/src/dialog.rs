//! What is asked before something is done: a menu of acts, or a form whose answers grow into a
//! command line. The line is shown all the while, and nothing runs that was not shown.

use std::ops::RangeInclusive;

use gmbot_engine::grammar::command::CreateWar;
use gmbot_engine::grammar::{ClanRef, Command, PlayerRef, WarRef, Winner, print};
use gmbot_engine::model::{DurationMs, Format, GameId, WarId};

/// How long a war is played that is made here; the line says it, and can be changed.
const DURATION: DurationMs = DurationMs::hours(24);

/// What stands before the panels and takes the keys.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Dialog {
    /// What can be done with something.
    Menu(Menu),
    /// What has to be known first.
    Form(Form),
}

/// What can be done with something.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Menu {
    /// What it is.
    pub(crate) title: String,
    /// What can be done; never empty.
    pub(crate) acts: Vec<Act>,
    /// Which of them is chosen.
    pub(crate) at: usize,
}

/// Something that can be done.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Act {
    /// The letter that chooses it.
    pub(crate) key: char,
    /// What it is called.
    pub(crate) label: &'static str,
    /// What comes of it.
    pub(crate) then: Then,
}

/// What comes of an act.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Then {
    /// A command is run.
    Run(Command),
    /// The beginning of a line is written, to be completed by hand.
    Write(String),
    /// More has to be known.
    Ask(Form),
    /// A war's page is opened.
    Open(WarId),
}

/// Questions, one after the other, whose answers make a command.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Form {
    /// What it is for.
    pub(crate) title: String,
    draft: Draft,
    questions: Vec<Question>,
    /// The values of each question that is answered.
    answers: Vec<Vec<Value>>,
    /// Which choice of the present question the keys are at.
    pub(crate) at: usize,
    /// Which choices are picked, in order of picking, where there may be several.
    pub(crate) picked: Vec<usize>,
    /// The menu that it came from, to go back to.
    menu: Option<Box<Menu>>,
}

/// A question of a form.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Question {
    /// What is asked.
    pub(crate) title: &'static str,
    /// How many choices are wanted; none: exactly the one that the keys are at.
    pub(crate) wanted: Option<RangeInclusive<usize>>,
    /// What there is to choose.
    pub(crate) choices: Vec<Choice>,
}

/// Something to choose.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Choice {
    /// What it is called.
    pub(crate) label: String,
    /// What one should know of it.
    pub(crate) help: String,
    /// What it stands for.
    pub(crate) value: Value,
    /// How many choices the next question wants because of it.
    pub(crate) sets: Option<RangeInclusive<usize>>,
    /// Whether it is one that one would not choose: it is shown, and may be chosen nevertheless.
    pub(crate) faint: bool,
}

/// What an answer stands for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// A player by name.
    Player(String),
    /// A game.
    Game(GameId),
    /// A match format.
    Format(Format),
    /// Who won.
    Winner(Winner),
}

/// The command that a form makes, without its answers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Draft {
    /// `createwar`: game, line-up, format.
    Challenge(Option<ClanRef>),
    /// `accept`: line-up.
    Accept(WarRef),
    /// `vote`: who won.
    Vote(WarRef),
    /// `substitute`: who leaves, who comes.
    Substitute(WarRef),
    /// `subscribe`: games.
    Subscribe,
    /// `unsubscribe`: games.
    Unsubscribe,
}

/// What an answer came to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answered {
    /// It is not complete; how so.
    Not(String),
    /// The next question is asked.
    Next,
    /// All is known.
    All(Command),
}

impl Menu {
    pub(crate) fn new(title: String, acts: Vec<Act>) -> Self {
        Self { title, acts, at: 0 }
    }

    /// The act that is chosen.
    pub(crate) fn act(&self) -> Option<&Act> {
        self.acts.get(self.at)
    }
}

impl Act {
    pub(crate) fn new(key: char, label: &'static str, then: Then) -> Self {
        Self { key, label, then }
    }

    /// The line that it makes, as far as that is known.
    pub(crate) fn line(&self) -> String {
        match &self.then {
            Then::Run(command) => print(command),
            Then::Write(line) => format!("{line}…"),
            Then::Ask(form) => form.line(),
            Then::Open(war) => print(&Command::Show { war: Some(WarRef(war.to_string())) }),
        }
    }
}

impl Choice {
    pub(crate) fn new(label: impl Into<String>, help: impl Into<String>, value: Value) -> Self {
        Self { label: label.into(), help: help.into(), value, sets: None, faint: false }
    }
}

impl Form {
    pub(crate) fn new(title: String, draft: Draft, questions: Vec<Question>) -> Self {
        Self { title, draft, questions, answers: Vec::new(), at: 0, picked: Vec::new(), menu: None }
    }

    /// The present question.
    pub(crate) fn question(&self) -> Option<&Question> {
        self.questions.get(self.answers.len())
    }

    /// How many choices the present question has.
    pub(crate) fn choices(&self) -> usize {
        self.question().map_or(0, |question| question.choices.len())
    }

    /// How many are picked, and how many are wanted; none where exactly one is chosen.
    pub(crate) fn count(&self) -> Option<(usize, RangeInclusive<usize>)> {
        Some((self.picked.len(), self.question()?.wanted.clone()?))
    }

    /// Picks the choice that the keys are at, or puts it back.
    pub(crate) fn toggle(&mut self) {
        match self.picked.iter().position(|picked| *picked == self.at) {
            Some(place) => drop(self.picked.remove(place)),
            None => self.picked.push(self.at),
        }
    }

    /// The line that it makes, with the answers so far and what is chosen now.
    pub(crate) fn line(&self) -> String {
        print(&self.draft.command(&[&self.answers[..], &[self.present()]].concat()))
    }

    /// What is chosen of the present question.
    fn present(&self) -> Vec<Value> {
        let Some(question) = self.question() else { return Vec::new() };
        let chosen = if question.wanted.is_some() { &self.picked[..] } else { &[self.at] };
        let value = |number: &usize| Some(question.choices.get(*number)?.value.clone());
        chosen.iter().filter_map(value).collect()
    }

    /// Takes what is chosen as the answer, if it is one.
    pub(crate) fn answer(&mut self) -> Answered {
        if let Some((picked, wanted)) = self.count()
            && !wanted.contains(&picked)
        {
            return Answered::Not(needs(picked, &wanted));
        }
        let sets = self
            .question()
            .and_then(|question| question.choices.get(self.at))
            .and_then(|choice| choice.sets.clone());
        self.answers.push(self.present());
        (self.at, self.picked) = (0, Vec::new());
        if self.question().is_none() {
            return Answered::All(self.draft.command(&self.answers));
        }
        let asked = self.answers.len();
        if let (Some(sets), Some(next)) = (sets, self.questions.get_mut(asked)) {
            next.wanted = Some(sets);
        }
        Answered::Next
    }

    /// The form, as a menu leads to it.
    pub(crate) fn from(self, menu: Menu) -> Self {
        Self { menu: Some(Box::new(menu)), ..self }
    }

    /// The question before, or the menu that led here; none: there is neither.
    pub(crate) fn back(mut self) -> Option<Dialog> {
        (self.at, self.picked) = (0, Vec::new());
        match self.answers.pop() {
            Some(_) => Some(Dialog::Form(self)),
            None => self.menu.map(|menu| Dialog::Menu(*menu)),
        }
    }
}

/// How many are missing or too many.
fn needs(picked: usize, wanted: &RangeInclusive<usize>) -> String {
    let (least, most) = (*wanted.start(), *wanted.end());
    if picked > most {
        format!("{} too many: put back with Space", picked - most)
    } else if least == most || most == usize::MAX {
        format!("{} more to pick with Space", least - picked)
    } else {
        format!("{} to {} to pick with Space", least - picked, most - picked)
    }
}

impl Draft {
    /// The command with the answers so far.
    fn command(&self, answers: &[Vec<Value>]) -> Command {
        let of = |question: usize| answers.get(question).map_or(&[][..], Vec::as_slice);
        match self {
            Self::Challenge(clan) => Command::CreateWar(CreateWar {
                private: false,
                players: players(of(1)),
                game: games(of(0)).first().copied().unwrap_or(GameId(0)),
                duration: DURATION,
                format: format(of(2)),
                start: None,
                clan: clan.clone(),
            }),
            Self::Accept(war) => Command::Accept { war: war.clone(), players: players(of(0)) },
            Self::Vote(war) => {
                Command::Vote { war: Some(war.clone()), winner: winner(of(0)), score: None }
            }
            Self::Substitute(war) => {
                let one =
                    |question| players(of(question)).into_iter().next().unwrap_or_else(nobody);
                Command::Substitute { war: war.clone(), out: one(0), r#in: one(1) }
            }
            Self::Subscribe => Command::Subscribe { games: games(of(0)) },
            Self::Unsubscribe => Command::Unsubscribe { games: games(of(0)) },
        }
    }
}

/// What stands where somebody is still to be chosen.
fn nobody() -> PlayerRef {
    PlayerRef::Name("…".to_owned())
}

fn players(values: &[Value]) -> Vec<PlayerRef> {
    let player = |value: &Value| match value {
        Value::Player(name) => Some(PlayerRef::Name(name.clone())),
        Value::Game(_) | Value::Format(_) | Value::Winner(_) => None,
    };
    values.iter().filter_map(player).collect()
}

fn games(values: &[Value]) -> Vec<GameId> {
    let game = |value: &Value| match value {
        Value::Game(game) => Some(*game),
        Value::Player(_) | Value::Format(_) | Value::Winner(_) => None,
    };
    values.iter().filter_map(game).collect()
}

fn format(values: &[Value]) -> Format {
    match values {
        [Value::Format(format), ..] => *format,
        _ => Format::FirstTo(3),
    }
}

fn winner(values: &[Value]) -> Winner {
    match values {
        [Value::Winner(winner), ..] => winner.clone(),
        _ => Winner::Us,
    }
}
