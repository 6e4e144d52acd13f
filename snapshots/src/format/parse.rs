//! From the text of a transcript to its steps; each mistake is told with its line.

use gmbot_engine::model::DurationMs;
use regex::Regex;

use super::escape::unescape;
use super::header::{self, Header};
use super::speaker;
use super::{
    DIRECT, Expected, FormatError, Happening, Restriction, Step, StepKind, TextLine, Transcript,
    Wanted,
};
use crate::world::{Meaning, World};

/// Reads a whole transcript.
pub(super) fn parse(path: &str, text: &str) -> Result<Transcript, FormatError> {
    let mut reader = Reader {
        lines: text.lines().map(str::to_owned).collect(),
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
                self.known(clan)?;
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
            return self.event(without_remark(event));
        }
        match speaker::read(line) {
            Some(spoken) => {
                let spoken = spoken?;
                if spoken.speaker.clan != DIRECT {
                    self.known(&spoken.speaker.clan)?;
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

    /// `!dup`, `!outage clan` and so on, without the `!`.
    fn event(&self, event: &str) -> Result<StepKind, String> {
        let (word, rest) = event.split_once(char::is_whitespace).unwrap_or((event, ""));
        let rest = rest.trim();
        Ok(match word {
            "dup" if rest.is_empty() => StepKind::Duplicate(None),
            "dup" => StepKind::Duplicate(Some(self.member(rest)?)),
            "reuse" => StepKind::Reuse,
            "restart" => StepKind::Restart,
            "late" => StepKind::Late(length_of(rest)?),
            "outage" => StepKind::Reach { clan: self.known(rest)?, online: false },
            "online" => StepKind::Reach { clan: self.known(rest)?, online: true },
            "gone" => StepKind::Fact(Happening::Gone(self.known(rest)?)),
            "back" => StepKind::Fact(Happening::Back(self.known(rest)?)),
            "left" => self.member(rest).map(|(c, a)| StepKind::Fact(Happening::Left(c, a)))?,
            "joined" => self.member(rest).map(|(c, a)| StepKind::Fact(Happening::Joined(c, a)))?,
            "rename" => {
                let (clan, name) = two(rest)?;
                let name = unescape(header::quoted(name)?.0);
                StepKind::Fact(Happening::Renamed(self.known(clan)?, name))
            }
            "moved" => {
                let (clan, id) = two(rest)?;
                StepKind::Fact(Happening::Moved(self.known(clan)?, unescape(id)))
            }
            "owner" => {
                let (clan, owner) = two(rest)?;
                StepKind::Fact(Happening::Owner(self.known(clan)?, header::person(owner)?))
            }
            "bot" | "role" | "outsider" | "nobody" => {
                StepKind::Mean { name: header::person(rest)?, meaning: meaning(word) }
            }
            _ => {
                return Err(format!(
                    "unknown `!{word}`; expected dup, reuse, restart, late, outage, online, gone, back, \
                     left, joined, rename, moved, owner, bot, role, outsider or nobody"
                ));
            }
        })
    }

    /// A clan's short name, if there is such a clan.
    fn known(&self, clan: &str) -> Result<String, String> {
        match self.world.clan(clan) {
            Some(_) => Ok(clan.to_owned()),
            None => Err(format!("no clan `{clan}`; declare it with `@clan {clan} \"Its name\"`")),
        }
    }

    /// `clan/actor`.
    fn member(&self, text: &str) -> Result<(String, String), String> {
        let (clan, actor) = text
            .split_once('/')
            .ok_or_else(|| format!("`{text}` names nobody; write `clan/actor`"))?;
        Ok((self.known(clan)?, actor.to_owned()))
    }
}

fn meaning(word: &str) -> Meaning {
    match word {
        "bot" => Meaning::Bot,
        "role" => Meaning::Role,
        "outsider" => Meaning::Outsider,
        _ => Meaning::Nobody,
    }
}

/// Whether a step belongs to what is said, not to the declarations.
fn is_told(step: &Step) -> bool {
    !matches!(step.kind, StepKind::Begin(_) | StepKind::End | StepKind::Mean { .. })
}

fn is_short_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

fn two(text: &str) -> Result<(&str, &str), String> {
    text.split_once(char::is_whitespace)
        .map(|(first, second)| (first, second.trim()))
        .ok_or_else(|| format!("`{text}` is too short; write the clan and what is new"))
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

/// Cuts a remark off: ` #` outside of quotes, followed by a space or the end.
fn without_remark(line: &str) -> &str {
    let mut quoted = false;
    let mut before = ' ';
    for (place, character) in line.char_indices() {
        if character == '"' {
            quoted = !quoted;
        }
        let after = line[place + character.len_utf8()..].chars().next();
        if character == '#' && !quoted && before == ' ' && matches!(after, None | Some(' ')) {
            return line[..place].trim_end();
        }
        before = character;
    }
    line.trim_end()
}

/// `25h`, `1d12h`, `90m`, `30s`.
fn length_of(text: &str) -> Result<DurationMs, String> {
    let unreadable = || format!("can't read the length of time `{text}`; write it like `1d12h`");
    let mut total_ms = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(unreadable)?;
        let (number, unit) = rest.split_at(digits);
        let number: i64 = number.parse().map_err(|_not_a_number| unreadable())?;
        let unit_ms = match unit.chars().next() {
            Some('d') => 86_400_000,
            Some('h') => 3_600_000,
            Some('m') => 60_000,
            Some('s') => 1_000,
            Some(_) | None => return Err(unreadable()),
        };
        total_ms += number.checked_mul(unit_ms).ok_or_else(unreadable)?;
        rest = &unit[1..];
    }
    if total_ms == 0 { Err(unreadable()) } else { Ok(DurationMs(total_ms)) }
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

    #[test]
    fn a_remark_stands_outside_of_quotes() {
        assert_eq!(without_remark("clan f \"a # b\"  # c"), "clan f \"a # b\"");
        assert_eq!(without_remark("clan f \"x\" leader=@a#1"), "clan f \"x\" leader=@a#1");
    }
}
