//! The terminal as a face of the transcripts: the real binary, a process per line.

use std::fs;

use gmbot_backend::{Backend as _, Clock, Options};
use gmbot_engine::grammar::print::print;
use gmbot_engine::model::AtMs;
use gmbot_engine::reply::{Action, Code, Status};
use gmbot_snapshots::face::{Ability, Answer, Face, FaceError, Message};
use gmbot_snapshots::format::Happening;
use gmbot_snapshots::{SEED, World};
use serde::Deserialize;

use crate::program::{Ended, Program};
use crate::shell;

/// The terminal's face.
pub(crate) struct Terminal {
    program: Program,
    now: AtMs,
    /// Whether the clock moved since something was run.
    moved: bool,
}

/// A reply as `--json` prints it, as far as a transcript wants to know it.
#[derive(Deserialize)]
struct Printed {
    code: Code,
    text: String,
    #[serde(default)]
    actions: Vec<Action>,
}

impl Terminal {
    pub(crate) fn new() -> Self {
        Self { program: Program::new(), now: AtMs(0), moved: false }
    }

    /// Runs the binary with options before the words.
    fn run(&self, options: &[String], words: &[String]) -> Ended {
        self.program.run(self.clock().iter().chain(options).chain(words))
    }

    /// The option that says what time it is.
    pub(crate) fn clock(&self) -> [String; 2] {
        ["--at".to_owned(), self.now.rfc3339()]
    }

    /// The binary, and its database.
    pub(crate) fn program(&self) -> &Program {
        &self.program
    }

    /// Says words twice under one key: for the eyes, then for what lies behind it. The second time
    /// must not change anything, and both must say the same.
    fn answer(
        &self,
        world: &World,
        message: &Message,
        words: &[String],
    ) -> Result<Option<Answer>, FaceError> {
        let options = self.options(world, message)?;
        let seen = self.run(&options, words);
        let json = [&options[..], &["--json".to_owned()]].concat();
        let told = self.run(&json, words);
        if told.out.is_empty() {
            return self.no_answer(&seen);
        }
        let printed = parse(&told.out)?;
        check(&seen, &told, &printed, &options)?;
        Ok(Some(printed.into()))
    }

    /// The options that say who speaks, for which clan, with what.
    pub(crate) fn options(
        &self,
        world: &World,
        message: &Message,
    ) -> Result<Vec<String>, FaceError> {
        let speaker = &message.speaker;
        let mut options = vec!["--in".to_owned(), place(world, &speaker.clan)];
        options.extend(["--key".to_owned(), message.key.clone()]);
        if let Some(actor) = &speaker.actor {
            options.extend(["--as".to_owned(), actor.clone()]);
        }
        if speaker.operator {
            options.push("--operator".to_owned());
        }
        for file in &message.files {
            let path = self.program.path(&file.name);
            fs::write(&path, file.content()).map_err(FaceError::outside)?;
            options.extend(["--attach".to_owned(), path.to_string_lossy().into_owned()]);
        }
        Ok(options)
    }

    /// A line that is not for the bot gets no answer in a chat; at a terminal it is a mistake.
    fn no_answer(&self, seen: &Ended) -> Result<Option<Answer>, FaceError> {
        match seen.status {
            Some(2) if seen.out.is_empty() => Ok(None),
            _ => Err(FaceError(format!("no answer: {seen:?}"))),
        }
    }
}

impl Face for Terminal {
    fn name(&self) -> &str {
        "cli"
    }

    fn can(&self, ability: Ability) -> bool {
        match ability {
            // What one may press is printed as a line; typing it is the press.
            Ability::Reactions
            | Ability::Files
            | Ability::Albums
            | Ability::Operator
            | Ability::Duplicates
            | Ability::Outage
            | Ability::Terminals
            | Ability::Restart => true,
            Ability::Direct
            | Ability::Clients
            | Ability::Facts
            | Ability::Mentions
            | Ability::Owners
            | Ability::Platforms
            | Ability::Late => false,
        }
    }

    /// A terminal can't tell who is in a space: the world's clans are introduced by the backend.
    fn start(&mut self, world: &World, at: AtMs) -> Result<(), FaceError> {
        self.now = at;
        let options = Options::file(self.program.db()).with_new_clock(Clock::Manual);
        let backend = options.with_readers(1).open().map_err(FaceError::outside)?;
        backend.set_seed(SEED).map_err(FaceError::outside)?;
        backend.set_now(at).map_err(FaceError::outside)?;
        for request in world.opening() {
            backend.submit(request).map_err(FaceError::outside)?;
        }
        Ok(())
    }

    fn say(&mut self, world: &World, message: &Message) -> Result<Option<Answer>, FaceError> {
        match shell::words(&message.text) {
            Some(words) => self.answer(world, message, &words),
            None => Ok(None),
        }
    }

    fn press(
        &mut self,
        world: &World,
        message: &Message,
        action: &Action,
    ) -> Result<Option<Answer>, FaceError> {
        let words = shell::words(&print(&action.command)).unwrap_or_default();
        self.answer(world, message, &words)
    }

    fn happen(
        &mut self,
        _world: &World,
        _what: &Happening,
        _key: &str,
    ) -> Result<Option<Answer>, FaceError> {
        Ok(None)
    }

    fn set_clock(&mut self, at: AtMs) -> Result<(), FaceError> {
        self.now = at;
        self.moved = true;
        Ok(())
    }

    /// Every process first runs what is due, so only the clock leaves something to do.
    fn idle(&mut self) -> Result<(), FaceError> {
        if !std::mem::take(&mut self.moved) {
            return Ok(());
        }
        let ended = self.run(&[], &["tick".to_owned()]);
        if ended.status == Some(0) { Ok(()) } else { Err(FaceError(format!("{ended:?}"))) }
    }

    fn notices(&mut self, world: &World, clan: &str) -> Result<Vec<Answer>, FaceError> {
        let options = ["--json".to_owned(), "--in".to_owned(), place(world, clan)];
        let ended = self.run(&options, &["inbox".to_owned()]);
        if ended.status != Some(0) {
            return Err(FaceError(format!("{ended:?}")));
        }
        ended.out.lines().map(|line| Ok(parse(line)?.into())).collect()
    }

    /// Each process is a new backend.
    fn restart(&mut self) -> Result<(), FaceError> {
        Ok(())
    }
}

/// What `--in` has to say for a clan: its short name, by which it was introduced; a clan that nobody
/// introduced is born by its first command, named as its space.
fn place(world: &World, clan: &str) -> String {
    match world.clan(clan) {
        Some(clan) if clan.leader.is_none() && clan.members.is_empty() => clan.name.clone(),
        Some(_) | None => clan.to_owned(),
    }
}

/// What is shown, without the options that a line needs to be said by the same person in the same
/// place: a transcript has none.
fn as_said_anywhere(mut seen: Ended, options: &[String]) -> Ended {
    let named = |flag: &str| {
        let value = options.iter().skip_while(|word| *word != flag).nth(1)?;
        Some(format!("{flag} {} ", shlex::try_quote(value).ok()?))
    };
    let added = [named("--as"), named("--in"), Some("--operator ".to_owned())];
    for option in added.iter().flatten() {
        seen.out = seen.out.replace(option, "");
        seen.err = seen.err.replace(option, "");
    }
    seen
}

/// Whether what was seen is what was meant, on the right stream, with the right exit status.
fn check(
    seen: &Ended,
    told: &Ended,
    printed: &Printed,
    options: &[String],
) -> Result<(), FaceError> {
    let done = matches!(printed.code.status(), Status::Done | Status::Created);
    let status = match printed.code.status() {
        Status::Done | Status::Created => 0,
        Status::NotUnderstood => 2,
        Status::Forbidden
        | Status::NotFound
        | Status::Conflict
        | Status::Refused
        | Status::TooMany => 1,
    };
    let text = format!("{}\n", printed.text);
    let (out, err) = if done { (text, String::new()) } else { (String::new(), text) };
    let wanted = Ended { status: Some(status), out, err };
    let anywhere = |shown: &Ended| as_said_anywhere(shown.clone(), options);
    if anywhere(seen) != anywhere(&wanted) {
        return Err(FaceError(format!("the terminal shows {seen:?} instead of {wanted:?}")));
    }
    if told.status != wanted.status {
        return Err(FaceError(format!("as JSON it ends with {:?}", told.status)));
    }
    Ok(())
}

fn parse(line: &str) -> Result<Printed, FaceError> {
    serde_json::from_str(line).map_err(FaceError::outside)
}

impl From<Printed> for Answer {
    fn from(printed: Printed) -> Self {
        Self { code: printed.code, text: printed.text, actions: printed.actions }
    }
}
