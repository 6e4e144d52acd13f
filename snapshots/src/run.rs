//! Runs transcripts on a face: says each line, and holds what comes back to what is written.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};

use gmbot_engine::model::{AtMs, DurationMs};
use gmbot_engine::reply::Action;

use crate::bless::{Edit, rewrite};
use crate::coverage::Follower;
use crate::face::{Answer, Face, FaceError, Message};
use crate::format::{Restriction, Step, StepKind, Transcript};
use crate::report::{Failure, Report};
use crate::world::World;

mod act;
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
        report.merge(match run_file(path, &shown, mode, face, &again) {
            Ok(found) => found,
            Err((line, message)) => {
                let failure = Failure { path: shown, line, message, diff: None, again };
                Report { failures: vec![failure], ..Report::default() }
            }
        });
    }
    report
}

/// Runs one file, and writes it anew where blessing changed it. What keeps it from running comes
/// with its line.
fn run_file(
    path: &Path,
    shown: &str,
    mode: Mode,
    face: &mut dyn FnMut() -> Result<Box<dyn Face>, FaceError>,
    again: &str,
) -> Result<Report, (usize, String)> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| (1, format!("can't read the file: {error}; check its name")))?;
    let transcript =
        Transcript::parse(shown, &text).map_err(|error| (error.line, error.message))?;
    let mut face = face().map_err(|error| (1, format!("the face did not start: {error}")))?;
    let (mut report, blessed) = run(&transcript, face.as_mut(), mode, again);
    if let Some(blessed) = blessed.filter(|blessed| *blessed != text) {
        std::fs::write(path, blessed)
            .map_err(|error| (1, format!("can't write the file: {error}")))?;
        report.blessed.push(shown.to_owned());
    }
    Ok(report)
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
                // Keys after it must be the same on every face.
                self.said += usize::from(step.kind.takes_key());
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
