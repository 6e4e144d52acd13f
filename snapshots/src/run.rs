//! Runs transcripts on a face: says each line, and holds what comes back to what is written.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::PathBuf;

use gmbot_engine::model::{AtMs, DurationMs};
use gmbot_engine::reply::{Action, Code};

use crate::bless::{Edit, rewrite};
use crate::coverage::Follower;
use crate::face::{Ability, Answer, Face, FaceError, Message};
use crate::format::{Happening, Restriction, Speaker, Step, StepKind, Transcript};
use crate::report::{Failure, Report};
use crate::world::World;

mod expect;
mod needs;

/// What is done about differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// They are failures.
    Check,
    /// What the face says is written into the transcript. Lines of `| …` and captures stay.
    Bless,
}

/// Runs transcripts, each on a face of its own. `again` makes the command that runs one file again.
pub fn run_files(
    paths: &[PathBuf],
    mode: Mode,
    face: &mut dyn FnMut() -> Result<Box<dyn Face>, FaceError>,
    again: &dyn Fn(&str) -> String,
) -> Report {
    let mut report = Report::default();
    for path in paths {
        let shown = path.display().to_string();
        let again = again(&shown);
        let failure = |line, message| Failure {
            path: shown.clone(),
            line,
            message,
            diff: None,
            again: again.clone(),
        };
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                report.failures.push(failure(0, format!("can't read the file: {error}")));
                continue;
            }
        };
        let transcript = match Transcript::parse(&shown, &text) {
            Ok(transcript) => transcript,
            Err(error) => {
                report.failures.push(failure(error.line, error.message));
                continue;
            }
        };
        let mut face = match face() {
            Ok(face) => face,
            Err(error) => {
                report.failures.push(failure(0, format!("the face did not start: {error}")));
                continue;
            }
        };
        let (mut found, blessed) = run(&transcript, face.as_mut(), mode, &again);
        if let Some(blessed) = blessed.filter(|blessed| *blessed != text) {
            match std::fs::write(path, blessed) {
                Ok(()) => found.blessed.push(shown.clone()),
                Err(error) => {
                    found.failures.push(failure(0, format!("can't write the file: {error}")));
                }
            }
        }
        report.merge(found);
    }
    report
}

/// Runs one transcript; blessing also returns its new text.
pub fn run(
    transcript: &Transcript,
    face: &mut dyn Face,
    mode: Mode,
    again: &str,
) -> (Report, Option<String>) {
    let mut report = Report { ran: 1, ..Report::default() };
    if let Some(why) = needs::unmet(transcript, face) {
        report.ran = 0;
        report.left_out.push(why);
        return (report, None);
    }
    let mut run = Run::new(transcript, face, mode, again);
    if let Err(error) = run.all() {
        run.fail(run.line, error.to_string(), None);
    }
    report.failures = run.failures;
    report.left_out = run.left_out;
    report.coverage = run.follower.coverage;
    let good = report.failures.is_empty();
    let blessed = (mode == Mode::Bless && good).then(|| rewrite(&transcript.lines, &run.edits));
    (report, blessed)
}

/// What became of the last line.
enum Heard {
    /// Nobody said anything, or the answer was read.
    Nothing,
    /// The bot did not answer, and that is still to be read.
    NoAnswer,
    /// This answer is still to be read.
    Answer(Answer),
}

/// A transcript while it runs.
struct Run<'a> {
    transcript: &'a Transcript,
    face: &'a mut dyn Face,
    mode: Mode,
    again: &'a str,
    world: World,
    now: AtMs,
    /// The line of the step that runs, from 1.
    line: usize,
    /// Where the last line was said, from 0: an answer belongs below.
    said_until: usize,
    /// Where the last step ended, from 0: notices belong below.
    read_until: usize,
    /// How many lines were said.
    said: usize,
    late: DurationMs,
    /// Whether the next line comes under the last one's key.
    reuse: bool,
    /// What was said, in order.
    messages: Vec<Message>,
    heard: Heard,
    notices: BTreeMap<String, VecDeque<Answer>>,
    offline: BTreeSet<String>,
    /// The actions that each clan saw, the newest last.
    actions: BTreeMap<String, Vec<Action>>,
    /// The plain text that was read last, for captures.
    text: String,
    values: BTreeMap<String, String>,
    follower: Follower,
    failures: Vec<Failure>,
    left_out: Vec<String>,
    edits: Vec<Edit>,
}

impl<'a> Run<'a> {
    fn new(transcript: &'a Transcript, face: &'a mut dyn Face, mode: Mode, again: &'a str) -> Self {
        Self {
            transcript,
            face,
            mode,
            again,
            world: transcript.world.clone(),
            now: transcript.clock,
            line: 1,
            said_until: 0,
            read_until: transcript.steps.first().map_or(0, |step| step.lines.start),
            said: 0,
            late: DurationMs(0),
            reuse: false,
            messages: Vec::new(),
            heard: Heard::Nothing,
            notices: BTreeMap::new(),
            offline: BTreeSet::new(),
            actions: BTreeMap::new(),
            text: String::new(),
            values: BTreeMap::new(),
            follower: Follower::default(),
            failures: Vec::new(),
            left_out: Vec::new(),
            edits: Vec::new(),
        }
    }

    fn all(&mut self) -> Result<(), FaceError> {
        self.face.start(&self.world, self.now)?;
        self.settle()?;
        let steps = self.transcript.steps.iter();
        let mut skipping = false;
        for step in steps {
            self.line = step.line();
            if let StepKind::Begin(restriction) = &step.kind {
                skipping = self.is_left_out(restriction);
            } else if let StepKind::End = step.kind {
                skipping = false;
            } else if skipping {
                continue;
            } else {
                self.step(step)?;
            }
            self.read_until = step.lines.end;
        }
        self.line = self.transcript.lines.len();
        self.leave_nothing_over();
        Ok(())
    }

    /// Whether the part that begins here is for other faces; the report says so.
    fn is_left_out(&mut self, restriction: &Restriction) -> bool {
        let face = self.face.name().to_owned();
        let (runs, why) = match restriction {
            Restriction::Only(faces) => {
                (faces.contains(&face), format!("only {}", faces.join(", ")))
            }
            Restriction::Requires { ability, why } => {
                (self.face.can(*ability), format!("{ability}: {why}"))
            }
        };
        if !runs {
            let path = &self.transcript.path;
            self.left_out.push(format!("{path}:{} on {face} ({why})", self.line));
        }
        !runs
    }

    fn step(&mut self, step: &Step) -> Result<(), FaceError> {
        match &step.kind {
            StepKind::Reply(expected) => self.expect_reply(step, expected),
            StepKind::Notice { clan, expected } => self.expect_notice(step, clan, expected),
            StepKind::Let { name, pattern } => self.capture(name, pattern),
            StepKind::Begin(_) | StepKind::End => {}
            StepKind::Mean { name, meaning } => self.world.mean(name, *meaning),
            StepKind::Late(length) => self.late = *length,
            StepKind::Reuse => self.reuse = true,
            StepKind::Say { .. }
            | StepKind::Press { .. }
            | StepKind::Advance(_)
            | StepKind::Duplicate(_)
            | StepKind::Restart
            | StepKind::Reach { .. }
            | StepKind::Fact(_) => {
                self.leave_nothing_over();
                self.act(&step.kind)?;
                self.said_until = step.lines.end;
                self.settle()?;
            }
        }
        Ok(())
    }

    fn act(&mut self, kind: &StepKind) -> Result<(), FaceError> {
        match kind {
            StepKind::Say { speaker, files, text } => {
                let text = self.filled_in(text);
                let message = Message { files: files.clone(), ..self.message(speaker, text) };
                self.say(message)?;
            }
            StepKind::Press { speaker, label } => self.press(speaker, label)?,
            StepKind::Advance(length) => {
                self.now = self.now + *length;
                self.face.set_clock(self.now)?;
            }
            StepKind::Duplicate(who) => match self.said_before(who.as_ref()) {
                Some(message) => self.say(message)?,
                None => self.fail(self.line, "`!dup` needs a line before it".to_owned(), None),
            },
            StepKind::Restart if self.face.can(Ability::Restart) => self.face.restart()?,
            StepKind::Restart => self.left_out.push(format!(
                "{}:{} on {} (its database is gone with the backend)",
                self.transcript.path,
                self.line,
                self.face.name()
            )),
            StepKind::Reach { clan, online: true } => {
                self.offline.remove(clan);
            }
            StepKind::Reach { clan, online: false } => {
                self.offline.insert(clan.clone());
            }
            StepKind::Fact(what) => self.happen(what)?,
            StepKind::Reply(_)
            | StepKind::Notice { .. }
            | StepKind::Let { .. }
            | StepKind::Late(_)
            | StepKind::Reuse
            | StepKind::Mean { .. }
            | StepKind::Begin(_)
            | StepKind::End => {}
        }
        Ok(())
    }

    /// The last line that was said, by anybody or by one person.
    fn said_before(&self, who: Option<&(String, String)>) -> Option<Message> {
        let by_them = |message: &&Message| {
            who.is_none_or(|(clan, actor)| {
                message.speaker.clan == *clan && message.speaker.actor.as_ref() == Some(actor)
            })
        };
        self.messages.iter().rev().find(by_them).cloned()
    }

    fn message(&mut self, speaker: &Speaker, text: String) -> Message {
        self.said += 1;
        let late = std::mem::replace(&mut self.late, DurationMs(0));
        let reused = std::mem::take(&mut self.reuse).then(|| self.messages.last()).flatten();
        Message {
            key: reused.map_or_else(|| format!("L{}", self.said), |last| last.key.clone()),
            speaker: speaker.clone(),
            files: Vec::new(),
            text,
            late,
        }
    }

    fn say(&mut self, message: Message) -> Result<(), FaceError> {
        self.world.hear(&message.speaker);
        let answer = self.face.say(&self.world, &message)?;
        self.hear(&message.speaker, answer);
        self.messages.push(message);
        Ok(())
    }

    fn press(&mut self, speaker: &Speaker, label: &str) -> Result<(), FaceError> {
        let message = self.message(speaker, String::new());
        let seen = self.actions.get(&speaker.clan).map_or(&[][..], Vec::as_slice);
        let Some(action) = seen.iter().rev().find(|action| action.label == *label).cloned() else {
            let labels: BTreeSet<_> = seen.iter().map(|action| action.label.as_str()).collect();
            let labels: Vec<_> = labels.into_iter().collect();
            let message = match labels.as_slice() {
                [] => format!("`{label}` can't be pressed: `{}` saw no action yet", speaker.clan),
                _ => format!("`{label}` can't be pressed; there are {}", labels.join(", ")),
            };
            self.fail(self.line, message, None);
            return Ok(());
        };
        let answer = self.face.press(&self.world, &message, &action)?;
        self.hear(speaker, answer);
        Ok(())
    }

    fn hear(&mut self, speaker: &Speaker, answer: Option<Answer>) {
        self.heard = match answer {
            Some(answer) => {
                self.follower.see(&answer);
                self.offer(&speaker.clan, &answer);
                Heard::Answer(answer)
            }
            None => Heard::NoAnswer,
        };
    }

    fn offer(&mut self, clan: &str, answer: &Answer) {
        self.actions.entry(clan.to_owned()).or_default().extend(answer.actions.iter().cloned());
    }

    /// Tells what happened. That it was noted needs no line in the transcript; anything else does.
    fn happen(&mut self, what: &Happening) -> Result<(), FaceError> {
        self.said += 1;
        let key = format!("L{}", self.said);
        let answer = self.face.happen(&self.world, what, &key)?;
        self.world.apply(what);
        if let Some(answer) = answer {
            self.follower.see(&answer);
            if answer.code != Code::FactNoted {
                self.heard = Heard::Answer(answer);
            }
        }
        Ok(())
    }

    /// Lets happen what happens by itself, and takes in what arrives at clans that can be reached.
    fn settle(&mut self) -> Result<(), FaceError> {
        loop {
            self.face.idle()?;
            let mut quiet = true;
            let clans: Vec<String> = self.world.clans().map(|clan| clan.id.clone()).collect();
            for clan in clans {
                if self.offline.contains(&clan) {
                    continue;
                }
                for notice in self.face.notices(&self.world, &clan)? {
                    quiet = false;
                    self.follower.see(&notice);
                    self.offer(&clan, &notice);
                    self.notices.entry(clan.clone()).or_default().push_back(notice);
                }
            }
            if quiet {
                return Ok(());
            }
        }
    }

    /// The text with `$name` replaced by what was captured, the longest names first.
    fn filled_in(&self, text: &str) -> String {
        let mut names: Vec<_> = self.values.iter().collect();
        names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        names
            .into_iter()
            .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("${name}"), value))
    }

    fn fail(&mut self, line: usize, message: String, diff: Option<String>) {
        self.failures.push(Failure {
            path: self.transcript.path.clone(),
            line,
            message,
            diff,
            again: self.again.to_owned(),
        });
    }
}
