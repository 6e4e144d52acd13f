//! A screen, the backend behind it, and everything that would happen in threads, done at once.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use gmbot_backend::{Backend as _, Clock, Local, Options};
use gmbot_engine::model::{AtMs, DurationMs, Platform, SpaceKey};
use gmbot_engine::reply::Inline;
use gmbot_engine::request::{
    AccountRef, Authority, Input, Mention, MentionTarget, Onlooker, Presence, SpaceRef,
};
use gmbot_engine::{Reply, Request};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use crate::event::{Effect, Event};
use crate::state::State;
use crate::update::update;
use crate::view;
use crate::world::{Sight, World};

/// 2026-01-05 18:00 UTC, a Monday.
const START: AtMs = AtMs(1_767_636_000_000);

/// The clan at the screen, and the one that it fights.
pub(super) const US: &str = "Headshot Killers";
pub(super) const THEM: &str = "Clan F";

/// Two more clans, each with its leader and a member.
pub(super) type Others = &'static [(&'static str, [&'static str; 2]); 2];

const HARD_TO_DRAW: Others = &[("龍の一族", ["dragon", "👩‍👩‍👧"]), ("שלום", ["shir", "דב"])];

/// A screen and the backend behind it.
pub(super) struct Stage {
    pub(super) local: Arc<Local>,
    pub(super) state: State,
    clan: &'static str,
    who: &'static str,
    said: u64,
    pub(super) remembered: Vec<String>,
    pub(super) ended: bool,
}

impl Stage {
    /// An empty database, looked at by the leader of a clan that is still to be founded.
    pub(super) fn empty() -> Self {
        let local = Options::memory().with_new_clock(Clock::Manual).open().unwrap();
        local.set_seed([7; 32]).unwrap();
        local.set_now(START).unwrap();
        Self::at(Arc::new(local), US, "nikhil")
    }

    /// Another screen at the same backend.
    pub(super) fn at(local: Arc<Local>, clan: &'static str, who: &'static str) -> Self {
        let state = State::new((80, 24), "gmbot.db".to_owned(), true);
        let mut stage =
            Self { local, state, clan, who, said: 0, remembered: Vec::new(), ended: false };
        stage.look();
        stage
    }

    /// Two clans with members, and two more with names that are hard to draw.
    pub(super) fn peopled() -> Self {
        Self::peopled_with(HARD_TO_DRAW)
    }

    fn peopled_with(others: Others) -> Self {
        let mut stage = Self::empty();
        let fighters =
            [(US, &["nikhil", "zucc", "cobra", "vex"][..]), (THEM, &["mara", "ann", "ben"])];
        let others = others.iter().map(|(clan, members)| (*clan, &members[..]));
        for (clan, members) in fighters.into_iter().chain(others) {
            for who in members {
                stage.say(clan, who, "available");
            }
            stage.say(clan, members[0], "subscribe 4,5,8");
        }
        stage.say(US, "cobra", "unavailable");
        stage.look();
        stage
    }

    /// The same with wars at every stage.
    pub(super) fn at_war() -> Self {
        Self::at_war_with(HARD_TO_DRAW)
    }

    /// The same with two other clans.
    pub(super) fn at_war_with(others: Others) -> Self {
        let mut stage = Self::peopled_with(others);
        let war = stage.war(US, "nikhil", "createwar @vex -game 5 -type single -duration 1h");
        stage.say(THEM, "mara", &format!("accept {war} @mara"));
        stage.say(US, "vex", &format!("vote {war} -winner us"));
        stage.say(THEM, "mara", &format!("vote {war} -winner them"));
        stage.pass(DurationMs::hours(30));
        let war = stage.war(US, "nikhil", "createwar @nikhil @zucc -game 4 -duration 12h");
        stage.say(THEM, "mara", &format!("accept {war} @mara @ann"));
        stage.say(US, "nikhil", &format!("vote {war} -winner us -score 3-1"));
        let later = "createwar @mara @ann @ben -game 4 -type ft5 -duration 2d -start +3h";
        let war = stage.war(THEM, "mara", later);
        stage.say(US, "nikhil", &format!("accept {war} @nikhil @vex @zucc"));
        stage.say(US, "nikhil", "createwar @zucc -game 8");
        for ((clan, [leader, member]), sort) in others.iter().zip(["-game 4", "-game 8 -type bo3"])
        {
            stage.say(clan, leader, &format!("createwar @{leader} @{member} {sort}"));
        }
        stage.say(THEM, "mara", "createwar @ben -game 5 -type bo5 -duration 90m");
        stage.look();
        stage
    }

    /// Somebody says something elsewhere.
    pub(super) fn say(&mut self, clan: &str, who: &str, line: &str) -> Reply {
        let request = self.request(clan, who, &format!("gmbot {line}"));
        let reply = self.local.submit(request).unwrap().expect("an answer");
        assert!(!reply.code.is_refusal(), "{line}: {}", gmbot_engine::render::plain(&reply, 100));
        self.local.run_due().unwrap();
        reply
    }

    /// Makes a challenge elsewhere, and says which war it is.
    pub(super) fn war(&mut self, clan: &str, who: &str, line: &str) -> String {
        let reply = self.say(clan, who, line);
        let war = |piece: &Inline| {
            if let Inline::War(war) = piece { Some(war.to_string()) } else { None }
        };
        reply.texts().flat_map(|text| &text.0).find_map(war).expect("a war")
    }

    fn request(&mut self, clan: &str, who: &str, line: &str) -> Request {
        self.said += 1;
        let account = |name: &str| AccountRef {
            platform: Platform::terminal(),
            id: name.to_owned(),
            name: name.to_owned(),
        };
        let mention = |word: &str| Mention {
            written: word.to_owned(),
            target: MentionTarget::Account {
                account: account(word.trim_start_matches('@')),
                presence: Presence::Unknown,
                bot: false,
                stated_role: None,
            },
        };
        let words = line.split(|c: char| c.is_whitespace() || c == ',');
        let mentions = words.filter(|word| word.starts_with('@')).map(mention).collect();
        Request {
            authority: Authority { founder: true, ..Authority::default() },
            space: Some(SpaceRef { key: space(clan), name: clan.to_owned(), direct: false }),
            actor: Some(account(who)),
            mentions,
            ..Request::new(clan, format!("{who} {}", self.said), Input::Line(line.to_owned()))
        }
    }

    /// Time passes.
    pub(super) fn pass(&mut self, length: DurationMs) {
        self.local.set_now(self.local.now() + length).unwrap();
        self.local.run_due().unwrap();
        self.look();
    }

    /// What the thread that looks would do.
    pub(super) fn look(&mut self) {
        let onlooker = self.onlooker();
        let world = World::look(self.local.as_ref(), &onlooker).unwrap();
        self.take(Event::Seen(Box::new(world)));
    }

    fn onlooker(&self) -> Onlooker {
        let actor = AccountRef {
            platform: Platform::terminal(),
            id: self.who.to_owned(),
            name: self.who.to_owned(),
        };
        Onlooker { actor: Some(actor), space: Some(space(self.clan)), operator: false }
    }

    /// Takes an event in, and does what that asks for.
    pub(super) fn take(&mut self, event: Event) {
        update(&mut self.state, Event::Clock(self.local.now()));
        for effect in update(&mut self.state, event) {
            self.do_it(effect);
        }
    }

    fn do_it(&mut self, effect: Effect) {
        match effect {
            Effect::Submit(line) => {
                let request = self.request(self.clan, self.who, &line);
                let answer = self.local.submit(request).map(|reply| reply.map(Box::new));
                let answer = answer.map_err(|error| error.to_string());
                self.local.run_due().unwrap();
                self.take(Event::Answered { line, answer });
                self.look();
            }
            Effect::Look(war) => {
                let onlooker = self.onlooker();
                let seen = Sight::look(war, self.local.as_ref(), &onlooker).unwrap();
                let line = format!("gmbot explain {war}");
                let request = self.request(self.clan, self.who, &line);
                let explained = self.local.submit(request).unwrap();
                self.take(Event::War(war, Box::new(Sight { explained, ..seen })));
            }
            Effect::Remember(line) => self.remembered.push(line),
            Effect::Redraw => {}
            Effect::Quit => self.ended = true,
        }
    }

    /// Presses keys by name: `Enter`, `Ctrl-Q`, `a`.
    pub(super) fn press(&mut self, keys: &str) {
        for name in keys.split_whitespace() {
            self.take(Event::Key(key(name)));
        }
    }

    /// Types letters.
    pub(super) fn write(&mut self, text: &str) {
        for letter in text.chars() {
            self.take(Event::Key(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE)));
        }
    }

    /// Presses the mouse.
    pub(super) fn click(&mut self, column: u16, row: u16) {
        let kind = MouseEventKind::Down(MouseButton::Left);
        let modifiers = KeyModifiers::NONE;
        self.take(Event::Mouse(MouseEvent { kind, column, row, modifiers }));
    }

    /// Presses the mouse where a text begins.
    #[track_caller]
    pub(super) fn click_on(&mut self, text: &str) {
        let screen = self.screen();
        let found = screen.lines().enumerate().find_map(|(row, line)| {
            let at = line.find(text)?;
            Some((crate::text::columns(&line[..at]), row))
        });
        let (column, row) = found.unwrap_or_else(|| panic!("`{text}` is not on\n{screen}"));
        self.click(u16::try_from(column).unwrap(), u16::try_from(row).unwrap());
    }

    pub(super) fn resize(&mut self, columns: u16, rows: u16) {
        self.take(Event::Resized(columns, rows));
    }

    /// The screen's cells.
    pub(super) fn cells(&self) -> Buffer {
        let (columns, rows) = self.state.size;
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        terminal.draw(|frame| view::draw(&self.state, frame)).unwrap();
        terminal.backend().buffer().clone()
    }

    /// The screen as text.
    pub(super) fn screen(&self) -> String {
        let cells = self.cells();
        let mut text = String::new();
        for row in 0..cells.area.height {
            let mut line = String::new();
            let mut hidden = 0;
            for column in 0..cells.area.width {
                let symbol = cells[(column, row)].symbol();
                if hidden == 0 {
                    line.push_str(symbol);
                }
                hidden = crate::text::columns(symbol).max(hidden).saturating_sub(1);
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// Whether a text stands on the screen.
    #[track_caller]
    pub(super) fn shows(&self, text: &str) {
        let screen = self.screen();
        assert!(screen.contains(text), "`{text}` is not on\n{screen}");
    }

    /// Whether a text does not.
    #[track_caller]
    pub(super) fn hides(&self, text: &str) {
        let screen = self.screen();
        assert!(!screen.contains(text), "`{text}` is on\n{screen}");
    }
}

fn space(clan: &str) -> SpaceKey {
    SpaceKey { platform: Platform::terminal(), id: clan.to_owned() }
}

fn key(name: &str) -> KeyEvent {
    let (modifiers, name) = match name.strip_prefix("Ctrl-") {
        Some(rest) => (KeyModifiers::CONTROL, rest.to_lowercase()),
        None => (KeyModifiers::NONE, name.to_owned()),
    };
    let code = match name.as_str() {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "BackTab" => KeyCode::BackTab,
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" | "left" => KeyCode::Left,
        "Right" | "right" => KeyCode::Right,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "Backspace" => KeyCode::Backspace,
        "PageUp" => KeyCode::PageUp,
        "PageDown" => KeyCode::PageDown,
        "Space" => KeyCode::Char(' '),
        "F1" => KeyCode::F(1),
        "F2" => KeyCode::F(2),
        letter => KeyCode::Char(letter.chars().next().expect("a key")),
    };
    KeyEvent::new(code, modifiers)
}
