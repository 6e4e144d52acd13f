//! Where a script plays: a backend, clans with their people, and what has to hold after each step.

use gmbot_backend::{Backend as _, Clock, Fate, Local, Options};
use gmbot_engine::event::{Event, Recorded};
use gmbot_engine::grammar::{Kind, kind_of};
use gmbot_engine::model::{AtMs, DurationMs, Platform, WarId};
use gmbot_engine::render;
use gmbot_engine::reply::{Action, Code, Reply};
use gmbot_engine::request::{Attachment, Input, Onlooker, Request};
use gmbot_snapshots::format::{File, Happening, Speaker};
use gmbot_snapshots::{Message, SEED, Transcript, World};

/// Who is there when a script begins.
const SETTING: &str = "\
@clock 2026-01-05T18:00:00Z
@clan red \"Red Pandas\" leader=@ann members=@ben,@cat
@clan blue \"Blue Jays\" leader=@mia members=@noa,@oli on=discord
@clan oak \"Old Oaks\" on=discord owner=@eve
";

/// How far the clock goes, either way, from where it begins.
const FARTHEST: DurationMs = DurationMs::days(800);
/// For how long a request is known that comes again.
const REMEMBERED: DurationMs = DurationMs::days(29);
/// How many events, notices or actions are looked at a time.
const PAGE: usize = 50;

/// A backend with clans in it.
pub(crate) struct Stage {
    local: Local,
    world: World,
    begin: AtMs,
    now: AtMs,
    /// How many requests were made.
    made: usize,
    /// The last request that may have written, and when it was first answered.
    last: Option<(Request, AtMs)>,
    /// What can be pressed, the newest last.
    actions: Vec<Action>,
    /// The wars, the newest last.
    wars: Vec<WarId>,
    /// How much of the log was read.
    read: i64,
}

impl Stage {
    /// The clans at the beginning.
    pub(crate) fn new() -> Self {
        let setting = Transcript::parse("setting", SETTING).expect("the setting can be read");
        let options = Options::memory().with_new_clock(Clock::Manual).with_readers(1);
        let local = options.open().expect("a database in memory opens");
        local.set_seed(SEED).expect("its ids can be fixed");
        local.set_now(setting.clock).expect("its clock can be set");
        let mut stage = Self {
            local,
            begin: setting.clock,
            now: setting.clock,
            world: setting.world,
            made: 0,
            last: None,
            actions: Vec::new(),
            wars: Vec::new(),
            read: 0,
        };
        for request in stage.world.opening() {
            stage.answer(request);
        }
        stage
    }

    /// The log as it is now.
    pub(crate) fn log(&self) -> Vec<Recorded> {
        let log = self.local.log(0, 1000).expect("the log can be read");
        log.into_iter().map(|(_, entry)| entry).collect()
    }

    /// A text with `$0` replaced by the newest war, `$1` by the one before, and so on.
    pub(super) fn filled_in(&self, text: &str) -> String {
        let wars = self.wars.iter().rev().take(10).enumerate();
        wars.fold(text.to_owned(), |text, (place, war)| {
            text.replace(&format!("${place}"), &war.to_string())
        })
    }

    /// Somebody says something.
    pub(super) fn submit(&mut self, speaker: &Speaker, input: Input, with_image: bool) {
        self.world.hear(speaker);
        let text = match &input {
            Input::Line(line) => line.clone(),
            Input::Words(words) => words.join(" "),
            Input::Command(_) | Input::Form(_) | Input::Fact(_) => String::new(),
        };
        let message = Message {
            key: self.key(),
            speaker: speaker.clone(),
            files: Vec::new(),
            text,
            late: DurationMs(0),
        };
        let mut request = Request { input, ..self.world.request(&message) };
        if with_image {
            let name = "shot.png".to_owned();
            let bytes = File { name: name.clone(), size: None }.content();
            request.attachments.push(Attachment { name, bytes });
        }
        if kind_of(&request.input) == Kind::Change {
            self.last = Some((request.clone(), self.now));
        }
        self.answer(request);
    }

    /// Somebody presses an action, counted from the newest.
    pub(super) fn press(&mut self, speaker: &Speaker, place: usize) {
        let action = self.actions.iter().rev().cycle().nth(place % PAGE).cloned();
        if let Some(action) = action {
            self.submit(speaker, Input::Command(action.command), false);
        }
    }

    /// The last request comes again: it is not carried out again.
    pub(super) fn again(&mut self) {
        let Some((request, at)) = self.last.clone() else { return };
        let since = self.now - at;
        self.answer(request);
        let news = self.news();
        let known = since < REMEMBERED && since > DurationMs(-REMEMBERED.0);
        assert!(news.is_empty() || !known, "a request was carried out twice: {news:?}");
    }

    /// The clock moves, and what is due happens.
    pub(super) fn advance(&mut self, minutes: i64) {
        let least = self.begin - FARTHEST;
        let most = self.begin + FARTHEST;
        let length = DurationMs(minutes.saturating_mul(60_000));
        self.now = (self.now + length).clamp(least, most);
        self.local.set_now(self.now).expect("the clock can be set");
        self.local.run_due().expect("what is due happens");
        self.deliver(None);
    }

    /// Notices arrive, or are refused.
    pub(super) fn deliver(&mut self, how: Option<char>) {
        let fate = match how {
            Some('f') => Fate::Failed,
            Some('u') => Fate::Undeliverable,
            _ => Fate::Delivered,
        };
        for platform in [Platform::terminal(), Platform("discord".to_owned())] {
            let page = self.local.claim(&platform, None, PAGE).expect("notices can be taken");
            for delivery in page {
                self.look_at(&delivery.post.reply);
                self.local
                    .acknowledge(&delivery.token, fate.clone())
                    .expect("a notice is acknowledged");
            }
        }
        self.take_in();
    }

    /// A platform tells what happened.
    pub(super) fn happen(&mut self, what: &Happening) {
        let key = self.key();
        if let Some(request) = self.world.fact(what, key) {
            self.answer(request);
        }
        self.world.apply(what);
    }

    /// Somebody asks what may come next, at the end of a line and in its middle.
    pub(super) fn complete(&self, speaker: &Speaker, line: &str) {
        let space = self.world.clan(&speaker.clan).map(|clan| clan.space().key);
        let actor = self.world.clan(&speaker.clan).zip(speaker.actor.as_deref());
        let actor = actor.map(|(clan, name)| clan.account(name));
        let viewer = self.local.viewer(&Onlooker { actor, space, operator: speaker.operator });
        let viewer = viewer.expect("whoever looks is somebody or a stranger");
        for cursor in [line.len(), line.len() / 2] {
            let found = self.local.complete(line, cursor, &viewer).expect("a line is completed");
            assert!(line.get(found.replace.start..found.replace.end).is_some(), "{found:?}");
        }
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        self.local.complete_words(&words, &viewer).expect("words are completed");
    }

    /// What is left to happen happens, and the log says what the database holds.
    pub(super) fn end(&mut self) {
        self.local.run_due().expect("what is due happens");
        self.deliver(None);
        let found = self.local.verify(|_, _| {}).expect("the log can be replayed");
        assert!(found.is_sound(), "{:?} {:?}", found.integrity, found.differences);
    }

    fn key(&mut self) -> String {
        self.made += 1;
        format!("k{}", self.made)
    }

    /// Submits a request, and looks at what comes back. A query leaves no trace.
    fn answer(&mut self, request: Request) {
        self.take_in();
        let kind = kind_of(&request.input);
        let shown = format!("{:?}", request.input);
        let reply = self.local.submit(request);
        let reply = reply.unwrap_or_else(|error| panic!("{shown}: {error}"));
        if let Some(reply) = &reply {
            self.look_at(reply);
        }
        if kind == Kind::Query {
            let news = self.news();
            assert!(news.is_empty(), "the query {shown} was recorded as {news:?}");
        }
    }

    /// A reply can be shown and kept, and what it offers can be pressed from here on.
    fn look_at(&mut self, reply: &Reply) {
        let said = reply.code != Code::FactNoted;
        assert!(!said || !render::plain(reply, 100).is_empty(), "{reply:?} shows nothing");
        drop(render::plain(reply, 20));
        let written = serde_json::to_string(reply).expect("a reply can be written");
        let again: Reply = serde_json::from_str(&written).expect("what was written can be read");
        assert_eq!(again, *reply, "{written}");
        self.actions.extend(reply.actions.iter().cloned());
    }

    /// Events since they were last taken in.
    fn news(&self) -> Vec<(i64, Recorded)> {
        self.local.log(self.read, PAGE).expect("the log can be read")
    }

    /// Takes in what was recorded.
    fn take_in(&mut self) {
        loop {
            let news = self.news();
            let Some((last, _)) = news.last() else { return };
            self.read = *last;
            for (_, entry) in news {
                if let Event::WarCreated { war, .. } = entry.event {
                    self.wars.push(war);
                }
            }
        }
    }
}
