//! `gmbot demo`: a whole war between two clans, on a database in memory with a clock that runs as
//! fast as the story needs.

mod script;

use gmbot_backend::{Backend as _, Clock, Fate, Local, Options as Opening};
use gmbot_engine::model::{AtMs, DurationMs, Platform, WarId};
use gmbot_engine::render::{self, Role};
use gmbot_engine::reply::{Code, Inline};
use gmbot_engine::request::{Authority, Fact, Input, SpaceRef};
use gmbot_engine::{Reply, Request};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::{mentions, person};

use script::{CLANS, Cast, STORY, Step};

/// When the story begins: 2026-01-05, 18:00 UTC.
const BEGIN: AtMs = AtMs(1_767_636_000_000);

/// What all ids of the story are drawn from, so that it is the same each time.
const SEED: [u8; 32] = *b"a war between two clans to watch";

/// How wide the story is told.
const WIDTH: usize = 90;

pub(crate) fn run(output: &Output) -> Result<Exit, Failure> {
    let backend = Opening::memory().with_new_clock(Clock::Manual).with_readers(1).open()?;
    backend.set_seed(SEED)?;
    backend.set_now(BEGIN)?;
    let mut stage = Stage { backend, output, lines: 0, war: None };
    for clan in &CLANS {
        stage.enter(clan)?;
    }
    for step in STORY {
        stage.play(step)?;
    }
    Ok(Exit::Done)
}

/// Where the story is played.
struct Stage<'a> {
    backend: Local,
    output: &'a Output,
    /// How many lines were said; the keys of the requests are made of it.
    lines: u32,
    /// The war that the story is about, once there is one.
    war: Option<WarId>,
}

impl Stage<'_> {
    /// A clan's chat space comes into being, with its people.
    fn enter(&mut self, clan: &Cast) -> Result<(), Failure> {
        let seen = Fact::SpaceSeen {
            owner: Some(person::named(clan.leader)),
            members: clan.members.iter().map(|name| person::named(name)).collect(),
        };
        let request = Request { actor: None, ..self.request(clan, clan.leader, Input::Fact(seen)) };
        self.backend.submit(request)?;
        Ok(())
    }

    fn play(&mut self, step: &Step) -> Result<(), Failure> {
        match *step {
            Step::Heading(words) => self.heading(words),
            Step::Says(clan, who, line) => self.say(&CLANS[clan], who, line),
            Step::Wait(length) => self.wait(length),
        }
    }

    fn heading(&self, words: &str) -> Result<(), Failure> {
        let rule = format!("\n── {words} ──");
        Ok(self.output.pieces(&[(Role::Title, rule)])?)
    }

    /// Somebody types a line; the answer comes back, and notices go where they belong.
    fn say(&mut self, clan: &Cast, who: &str, line: &str) -> Result<(), Failure> {
        let line = match self.war {
            Some(war) => line.replace("WAR", war.as_str()),
            None => line.to_owned(),
        };
        let prompt = (Role::Label, format!("\n{}/{who}> ", clan.space));
        self.output.pieces(&[prompt, (Role::Plain, line.clone())])?;
        let request = self.request(clan, who, Input::Line(line));
        if let Some(reply) = self.backend.submit(request)? {
            self.show(&reply)?;
            if reply.code == Code::WarCreated {
                self.war = war_in(&reply);
            }
        }
        self.backend.run_due()?;
        self.deliver()
    }

    /// Time passes; what falls due on the way happens at its own moment.
    fn wait(&mut self, length: DurationMs) -> Result<(), Failure> {
        let until = self.backend.now() + length;
        self.output.pieces(&[(Role::Time, format!("\n… {length} later"))])?;
        loop {
            let now = self.backend.now();
            let next = self.backend.next_due()?.filter(|at| (now..=until).contains(at));
            self.backend.set_now(next.unwrap_or(until))?;
            self.backend.run_due()?;
            self.deliver()?;
            // What stays due although it was run would hold the clock for ever.
            if next.is_none_or(|at| at == now) {
                return Ok(self.backend.set_now(until)?);
            }
        }
    }

    /// Shows each clan what others sent to it.
    fn deliver(&self) -> Result<(), Failure> {
        for clan in &CLANS {
            loop {
                let page = self.backend.claim(&Platform::terminal(), Some(&space(clan)), 10)?;
                if page.is_empty() {
                    break;
                }
                for delivery in page {
                    let prompt = format!("\n{}< a notice", clan.space);
                    self.output.pieces(&[(Role::Label, prompt)])?;
                    self.show(&delivery.post.reply)?;
                    self.backend.acknowledge(&delivery.token, Fate::Delivered)?;
                }
            }
        }
        Ok(())
    }

    /// Prints a reply under the line that it answers, a little to the right.
    fn show(&self, reply: &Reply) -> Result<(), Failure> {
        let mut pieces = vec![(Role::Plain, "  ".to_owned())];
        // Line ends stand in pieces of their own kind; an empty line stays empty.
        let indented = |text: &str| text.replace('\n', "\n  ").replace("\n  \n", "\n\n");
        let styled = render::styled(reply, WIDTH).into_iter();
        pieces.extend(styled.map(|(role, text)| (role, indented(&text))));
        Ok(self.output.pieces(&pieces)?)
    }

    fn request(&mut self, clan: &Cast, who: &str, input: Input) -> Request {
        self.lines += 1;
        let mentions = match &input {
            Input::Line(line) => mentions::find([line.as_str()]),
            Input::Words(_) | Input::Command(_) | Input::Form(_) | Input::Fact(_) => Vec::new(),
        };
        Request {
            authority: Authority { founder: who == clan.leader, ..Authority::default() },
            space: Some(space(clan)),
            actor: Some(person::named(who)),
            mentions,
            ..Request::new("demo", format!("line {}", self.lines), input)
        }
    }
}

fn space(clan: &Cast) -> SpaceRef {
    SpaceRef { name: clan.name.to_owned(), ..person::space(clan.space) }
}

/// The first war that a reply names.
fn war_in(reply: &Reply) -> Option<WarId> {
    reply.texts().flat_map(|text| &text.0).find_map(|piece| match piece {
        Inline::War(war) => Some(*war),
        Inline::Words(_)
        | Inline::User(_)
        | Inline::Code(_)
        | Inline::Person(_)
        | Inline::Clan { .. }
        | Inline::Time(_)
        | Inline::Message(_) => None,
    })
}
