//! All that the screen depends on.

use std::ops::RangeInclusive;

use gmbot_engine::Reply;
use gmbot_engine::model::{AtMs, DurationMs, WarId};
use gmbot_engine::reply::Action;

use crate::act::Subject;
use crate::deadline::{Left, stage};
use crate::dialog::Dialog;
use crate::feed::Feed;
use crate::keys::Place;
use crate::line::CommandLine;
use crate::theme::Theme;
use crate::world::{Sight, World};

/// All that the screen depends on.
#[derive(Debug, Clone)]
pub(crate) struct State {
    /// What time it is.
    pub(crate) now: AtMs,
    /// Columns and rows.
    pub(crate) size: (u16, u16),
    /// Where the backend is.
    pub(crate) place: String,
    pub(crate) theme: Theme,
    /// What was seen last; none before the first look.
    pub(crate) world: Option<World>,
    /// Why nothing can be seen just now.
    pub(crate) lost: Option<String>,
    pub(crate) feed: Feed,
    pub(crate) line: CommandLine,
    /// The panel that the keys go to.
    pub(crate) focus: Panel,
    /// Which row of each panel is chosen.
    chosen: [usize; Panel::ALL.len()],
    /// What takes the place of the panels.
    pub(crate) page: Option<Page>,
    /// What stands before everything and takes the keys.
    pub(crate) dialog: Option<Dialog>,
    /// What has to be said about the dialog.
    pub(crate) remark: Option<String>,
    /// The last answer, until it is closed.
    pub(crate) answer: Option<Shown>,
    /// The lines that wait to be run; the first is running.
    pub(crate) waiting: Vec<String>,
}

/// A part of the screen that has rows to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Panel {
    /// The clan's wars that are not over.
    Wars,
    /// What it can accept.
    Challenges,
    /// What happened.
    Feed,
    /// The clans with the most glory.
    Leaderboard,
    /// The clan's members.
    Roster,
}

/// What takes the place of the panels.
#[derive(Debug, Clone)]
pub(crate) enum Page {
    /// A war in full.
    War {
        /// Which.
        id: WarId,
        /// What was seen of it; none before the first look.
        sight: Option<Box<Sight>>,
        /// How many lines are scrolled away.
        scroll: usize,
    },
    /// All keys.
    Keys {
        /// How many lines are scrolled away.
        scroll: usize,
    },
    /// How the clan's glory went.
    Glory,
}

/// An answer on the screen.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shown {
    /// The line that it answers.
    pub(crate) line: String,
    pub(crate) what: Answer,
    /// How many lines are scrolled away.
    pub(crate) scroll: usize,
}

/// What came of a line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    /// The bot's reply.
    Reply(Box<Reply>),
    /// It was not for the bot.
    NoCommand,
    /// The backend failed, and why.
    Failed(String),
}

impl Panel {
    /// All panels, in the order of the keys.
    pub(crate) const ALL: [Self; 5] =
        [Self::Wars, Self::Challenges, Self::Feed, Self::Leaderboard, Self::Roster];

    fn number(self) -> usize {
        Self::ALL.iter().position(|panel| *panel == self).unwrap_or(0)
    }

    /// The panel so many places further on, around the end.
    pub(crate) fn step(self, by: usize) -> Self {
        let number = (self.number() + by) % Self::ALL.len();
        Self::ALL.get(number).copied().unwrap_or(self)
    }

    /// What stands above it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Wars => "Wars",
            Self::Challenges => "Challenges",
            Self::Feed => "What happened",
            Self::Leaderboard => "Most glory",
            Self::Roster => "Members",
        }
    }
}

impl State {
    /// A screen before anything was seen.
    pub(crate) fn new(size: (u16, u16), place: String, colors: bool) -> Self {
        Self {
            now: AtMs(0),
            size,
            place,
            theme: Theme::new(colors),
            world: None,
            lost: None,
            feed: Feed::default(),
            line: CommandLine::default(),
            focus: Panel::Wars,
            chosen: [0; Panel::ALL.len()],
            page: None,
            dialog: None,
            remark: None,
            answer: None,
            waiting: Vec::new(),
        }
    }

    /// Where the keys go.
    pub(crate) fn keys_go_to(&self) -> Place {
        match &self.dialog {
            Some(_) => Place::Dialog,
            None if self.line.is_empty() => Place::Panels,
            None => Place::Line,
        }
    }

    /// What the rows of a panel stand for, from above.
    pub(crate) fn subjects(&self, panel: Panel) -> Vec<Option<Subject>> {
        let Some(world) = &self.world else { return Vec::new() };
        match panel {
            Panel::Wars => world.own_wars().map(|war| Some(Subject::War(war.id))).collect(),
            Panel::Challenges if world.status.is_none() => Vec::new(),
            Panel::Challenges => {
                let open = world.acceptable().map(|war| Some(Subject::War(war.id)));
                open.chain([Some(Subject::Challenge), Some(Subject::Subscriptions)]).collect()
            }
            Panel::Feed => {
                self.feed.entries.iter().map(|entry| entry.war.map(Subject::War)).collect()
            }
            Panel::Leaderboard => {
                let board = &world.leaderboard;
                let rows = board.rows.iter().chain(&board.own);
                rows.map(|row| Some(Subject::Clan(row.clan.clone()))).collect()
            }
            Panel::Roster => {
                let members = world.roster.iter().flat_map(|roster| &roster.members);
                members.map(|member| Some(Subject::Member(member.person))).collect()
            }
        }
    }

    /// Which row of a panel is chosen.
    pub(crate) fn chosen(&self, panel: Panel) -> usize {
        let last = self.subjects(panel).len().saturating_sub(1);
        self.chosen.get(panel.number()).map_or(0, |row| (*row).min(last))
    }

    /// Chooses a row of a panel.
    pub(crate) fn choose(&mut self, panel: Panel, row: usize) {
        let last = self.subjects(panel).len().saturating_sub(1);
        if let Some(chosen) = self.chosen.get_mut(panel.number()) {
            *chosen = row.min(last);
        }
    }

    /// What the chosen row of the panel with the keys stands for.
    pub(crate) fn subject(&self) -> Option<Subject> {
        self.subjects(self.focus).into_iter().nth(self.chosen(self.focus)).flatten()
    }

    /// The actions of the answer that is shown.
    pub(crate) fn actions(&self) -> &[Action] {
        match &self.answer {
            Some(Shown { what: Answer::Reply(reply), .. }) => &reply.actions,
            Some(_) | None => &[],
        }
    }

    /// After how long something on the screen changes by itself; none: never.
    pub(crate) fn changes_in(&self) -> Option<DurationMs> {
        let world = self.world.as_ref()?;
        let wars = world.own_wars().chain(world.acceptable());
        let deadlines = wars.filter_map(|war| stage(war).1);
        deadlines.filter_map(|at| Left::until(at, self.now).changes_in()).min()
    }

    /// The time zone in which moments are shown.
    pub(crate) fn zone(&self) -> &str {
        self.world.as_ref().map_or("UTC", |world| &world.me.zone)
    }

    /// How many choices a line-up of the dialog still needs, for those who draw it.
    pub(crate) fn count(&self) -> Option<(usize, RangeInclusive<usize>)> {
        match &self.dialog {
            Some(Dialog::Form(form)) => form.count(),
            Some(Dialog::Menu(_)) | None => None,
        }
    }
}
