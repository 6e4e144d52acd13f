//! From the text of a transcript to its steps; each mistake is told with its line.

use gmbot_engine::model::DurationMs;
use regex::Regex;

use super::escape::unescape;
use super::header::{self, Header};
use super::words::{is_short_name, length_of, without_remark};
use super::{
    DIRECT, Expected, FormatError, Restriction, Step, StepKind, TextLine, Transcript, Wanted,
};
use super::{event, speaker};
use crate::world::World;

/// Reads a whole transcript.
pub(super) fn parse(path: &str, text: &str) -> Result<Transcript, FormatError> {
    let mut reader = Reader {
        lines: text.lines().map(|line| line.trim_end_matches('\r').to_owned()).collect(),
        next: 0,
        clock: None,
        world: World::default(),
        steps: Vec::new(),
        part: None,
    };
    let at = |line, message| FormatError { path: path.to_owned(), line, message };
    while reader.next < reader.lines.len() {
        let line = reader.next + 1;
        reader.read_line().map_err(|message| at(line, message))?;
    }
    let clock = reader.clock.ok_or_else(|| {
        at(1, "no `@clock`; a transcript says when it begins: `@clock 2026-01-05T18:00:00Z`".into())
    })?;
    let Reader { lines, world, steps, .. } = reader;
    Ok(Transcript { path: path.to_owned(), lines, clock, world, steps })
}

struct Reader {
    lines: Vec<String>,
    /// The line that is read next, from 0.
    next: usize,
    clock: Option<gmbot_engine::model::AtMs>,
    world: World,
    steps: Vec<Step>,
    /// The line on which the open part for some faces began, from 1.
    part: Option<usize>,
}

impl Reader {
    /// Reads one step with all its lines, or a header, a comment, an empty line.
    fn read_line(&mut self) -> Result<(), String> {
        let start = self.next;
        let line = self.lines[start].clone();
        self.next += 1;
        if line.trim().is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if let Some(header) = line.strip_prefix('@') {
            return self.header(start, without_remark(header));
        }
        let kind = match self.expectation(&line)? {
            Some(kind) => kind,
            None => self.action(&line)?,
        };
        self.push(start, kind);
        Ok(())
    }

    fn push(&mut self, start: usize, kind: StepKind) {
        self.steps.push(Step { lines: start..self.next, kind });
    }

    fn header(&mut self, start: usize, line: &str) -> Result<(), String> {
        match header::read(line)? {
            Header::Clock(_) | Header::Clan(_) if self.steps.iter().any(is_told) => {
                return Err("`@clock` and `@clan` stand before the first line that is said".into());
            }
            Header::Clock(at) => self.clock = Some(at),
            Header::Clan(clan) => self.world.add(*clan)?,
            Header::Begin(restriction) => self.begin(start, restriction)?,
            Header::End => {
                self.part.take().ok_or("`@end` without an `@only` or `@requires` before it")?;
                self.push(start, StepKind::End);
            }
        }
        Ok(())
    }

    fn begin(&mut self, start: usize, restriction: Restriction) -> Result<(), String> {
        if let Some(line) = self.part.replace(start + 1) {
            return Err(format!(
                "the part that begins on line {line} needs its `@end` before this"
            ));
        }
        self.push(start, StepKind::Begin(restriction));
        Ok(())
    }

    /// `= CODE`, `clan< CODE` with their text, and `let`.
    fn expectation(&mut self, line: &str) -> Result<Option<StepKind>, String> {
        if let Some(code) = line.strip_prefix('=') {
            return Ok(Some(StepKind::Reply(self.expected(code)?)));
        }
        if let Some(rest) = line.strip_prefix("let ") {
            return capture(rest).map(Some);
        }
        match line.split_once('<') {
            Some((clan, code)) if is_short_name(clan) => {
                event::known(&self.world, clan)?;
                let expected = self.expected(code)?;
                if expected.code == Wanted::Nothing {
                    return Err("a notice has a code; `-` is for a line without an answer".into());
                }
                Ok(Some(StepKind::Notice { clan: clan.to_owned(), expected }))
            }
            Some(_) | None => Ok(None),
        }
    }

    /// A code and the `|` lines that follow.
    fn expected(&mut self, code: &str) -> Result<Expected, String> {
        let code = match without_remark(code).trim() {
            "" => Wanted::Blank,
            "-" => Wanted::Nothing,
            text => Wanted::Code(
                text.parse().map_err(|error| format!("unknown code `{text}`: {error}"))?,
            ),
        };
        let mut text = Vec::new();
        while let Some(line) = self.lines.get(self.next).and_then(|line| line.strip_prefix('|')) {
            text.push(match line.strip_prefix(' ').unwrap_or(line) {
                "…" => TextLine::Any,
                exactly => TextLine::Exactly(exactly.to_owned()),
            });
            self.next += 1;
        }
        Ok(Expected { code, text })
    }

    fn action(&self, line: &str) -> Result<StepKind, String> {
        if let Some(length) = line.strip_prefix(">>") {
            return length_of(without_remark(length).trim()).map(StepKind::Advance);
        }
        if let Some(length) = line.strip_prefix("<<") {
            let length = length_of(without_remark(length).trim())?;
            return Ok(StepKind::Advance(DurationMs(-length.0)));
        }
        if let Some(event) = line.strip_prefix('!') {
            return event::read(&self.world, without_remark(event));
        }
        match speaker::read(line) {
            Some(spoken) => {
                let spoken = spoken?;
                if spoken.speaker.clan != DIRECT {
                    event::known(&self.world, &spoken.speaker.clan)?;
                }
                Ok(if spoken.presses {
                    let label = without_remark(spoken.text).trim().to_owned();
                    StepKind::Press { speaker: spoken.speaker, label }
                } else {
                    let text = unescape(spoken.text);
                    StepKind::Say { speaker: spoken.speaker, files: spoken.files, text }
                })
            }
            None if line.starts_with('|') => {
                Err("a `|` line belongs below a `=` or a `clan<` line".to_owned())
            }
            None => Err(format!(
                "can't read `{line}`; expected `clan/actor> line`, `= CODE`, `clan< CODE`, \
                 `clan/actor! Label`, `let name = REGEX`, `>> 25h`, `!event`, `@header` or `# remark`"
            )),
        }
    }
}

/// Whether a step belongs to what is said, not to the declarations.
fn is_told(step: &Step) -> bool {
    !matches!(step.kind, StepKind::Begin(_) | StepKind::End | StepKind::Mean { .. })
}

/// `name = REGEX`.
fn capture(text: &str) -> Result<StepKind, String> {
    let (name, pattern) =
        text.split_once(" = ").ok_or("write `let name = REGEX`, with one group in it")?;
    let regex = Regex::new(pattern.trim()).map_err(|error| error.to_string())?;
    if regex.captures_len() != 2 {
        return Err("the pattern needs exactly one group, as in `War ([a-z0-9]+)`".to_owned());
    }
    Ok(StepKind::Let { name: name.trim().to_owned(), pattern: regex })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "@clock 2026-01-05T18:00:00Z\n@clan f \"Clan F\" leader=@mara members=@ann\n";

    fn mistake(body: &str) -> String {
        Transcript::parse("t.gmt", &format!("{HEAD}{body}")).unwrap_err().to_string()
    }

    #[test]
    fn a_transcript_reads_into_steps_with_their_lines() {
        let body = "\n# remark\nf/mara> gmbot games # no remark\n= GAMES   # a remark\n| a\n| …\n|\n\n>> 1d1h";
        let read = Transcript::parse("t.gmt", &format!("{HEAD}{body}")).unwrap();
        let [said, reply, advance] = read.steps.as_slice() else { panic!("{:?}", read.steps) };
        assert_eq!(said.line(), 5);
        assert!(matches!(&said.kind, StepKind::Say { text, .. } if text.ends_with("# no remark")));
        let StepKind::Reply(expected) = &reply.kind else { panic!("{reply:?}") };
        assert_eq!(reply.lines, 5..9);
        assert_eq!(
            expected.text,
            [TextLine::Exactly("a".into()), TextLine::Any, TextLine::Exactly(String::new())]
        );
        assert!(matches!(advance.kind, StepKind::Advance(DurationMs(90_000_000))));
    }

    #[test]
    fn mistakes_are_told_with_file_and_line() {
        let cases = [
            ("f/mara gmbot games", "t.gmt:3: can't read `f/mara gmbot games`"),
            ("g/mara> gmbot games", "t.gmt:3: no clan `g`"),
            ("= NO_SUCH_CODE", "t.gmt:3: unknown code `NO_SUCH_CODE`"),
            ("| text", "t.gmt:3: a `|` line belongs below"),
            ("!restrat", "t.gmt:3: unknown `!restrat`"),
            (">> 5 hours", "t.gmt:3: can't read the length of time"),
            (">> ", "t.gmt:3: can't read the length of time"),
            ("let war = War [a-z]+", "t.gmt:3: the pattern needs exactly one group"),
            ("@end", "t.gmt:3: `@end` without"),
            ("@only a\n@only b", "t.gmt:4: the part that begins on line 3"),
            ("@requires wings \"it flies\"", "t.gmt:3: unknown ability `wings`"),
            ("!dup\n@clan g \"G\"", "t.gmt:4: `@clock` and `@clan` stand before"),
            ("@clan f \"Again\"", "t.gmt:3: the clan `f` is declared twice"),
        ];
        for (body, start) in cases {
            let message = mistake(body);
            assert!(message.starts_with(start), "{body:?}: {message}");
        }
    }
}
