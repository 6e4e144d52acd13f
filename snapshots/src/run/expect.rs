//! Holding what comes back to what is written; blessing writes it instead.

use regex::Regex;

use super::{Heard, Mode, Run};
use crate::bless::Edit;
use crate::check;
use crate::face::Answer;
use crate::format::{Expected, Step, TextLine, Wanted};

impl Run<'_> {
    /// `= CODE`.
    pub(super) fn expect_reply(&mut self, step: &Step, expected: &Expected) {
        match std::mem::replace(&mut self.heard, Heard::Nothing) {
            Heard::Answer(answer) => self.compare(step, "=", expected, answer),
            Heard::NoAnswer if expected.code == Wanted::Nothing => {}
            Heard::NoAnswer => self.replace_or(step, vec!["= -".to_owned()], || {
                format!("expected {}, but the line got no answer", expected.code)
            }),
            Heard::Nothing => self.replace_or(step, Vec::new(), || {
                format!("expected {}, but no answer is left to read", expected.code)
            }),
        }
    }

    /// `clan< CODE`.
    pub(super) fn expect_notice(&mut self, step: &Step, clan: &str, expected: &Expected) {
        match self.notices.get_mut(clan).and_then(std::collections::VecDeque::pop_front) {
            Some(notice) => self.compare(step, &format!("{clan}<"), expected, notice),
            None => self.replace_or(step, Vec::new(), || {
                format!(
                    "expected {} at `{clan}`, but no notice is left to read there",
                    expected.code
                )
            }),
        }
    }

    /// `let name = REGEX`.
    pub(super) fn capture(&mut self, name: &str, pattern: &Regex) {
        if self.mode == Mode::Bless {
            self.bless_answer();
        }
        let found = pattern.captures(&self.text).and_then(|groups| groups.get(1));
        match found.map(|group| group.as_str().to_owned()) {
            Some(value) => {
                self.values.insert(name.to_owned(), value);
            }
            None => {
                let message = format!("`{pattern}` is not in the text that was read last");
                let diff = Some(self.text.clone());
                self.fail(self.line, message, diff);
            }
        }
    }

    /// Everything that came has to be read before anything else happens.
    pub(super) fn leave_nothing_over(&mut self) {
        if self.mode == Mode::Bless {
            self.bless_answer();
            self.bless_notices();
            return;
        }
        let mut left = Vec::new();
        match std::mem::replace(&mut self.heard, Heard::Nothing) {
            Heard::Answer(answer) => left.extend(as_lines("=", &answer)),
            Heard::NoAnswer => left.push("= -".to_owned()),
            Heard::Nothing => {}
        }
        for (clan, notices) in std::mem::take(&mut self.notices) {
            for notice in notices {
                left.extend(as_lines(&format!("{clan}<"), &notice));
            }
        }
        if !left.is_empty() {
            let diff = check::difference(&[], &left);
            let line = self.read_until;
            self.fail(
                line,
                "something came that the transcript does not read".to_owned(),
                Some(diff),
            );
        }
    }

    fn compare(&mut self, step: &Step, sign: &str, expected: &Expected, answer: Answer) {
        let text = check::shown(&answer.text);
        let same_code = expected.code == Wanted::Code(answer.code);
        let same_text = check::fits(&expected.text, &text);
        if !same_code || !same_text {
            let keep_text = same_text || expected.text == [TextLine::Any];
            let head = format!("{sign} {}", answer.code);
            let new = if keep_text {
                let kept = check::as_written(&expected.text);
                std::iter::once(head).chain(kept).collect()
            } else {
                as_lines(sign, &answer)
            };
            let mut old = vec![format!("{sign} {}", expected.code)];
            old.extend(check::as_written(&expected.text));
            let diff = check::difference(&old, &as_lines(sign, &answer));
            self.text.clone_from(&answer.text);
            self.replace_or_differ(step, new, diff);
        }
        self.text = answer.text;
    }

    fn replace_or_differ(&mut self, step: &Step, new: Vec<String>, diff: String) {
        match self.mode {
            Mode::Bless => self.edits.push(Edit { lines: step.lines.clone(), new }),
            Mode::Check => {
                self.fail(step.line(), "something else came than expected".to_owned(), Some(diff));
            }
        }
    }

    fn replace_or(&mut self, step: &Step, new: Vec<String>, message: impl FnOnce() -> String) {
        match self.mode {
            Mode::Bless => self.edits.push(Edit { lines: step.lines.clone(), new }),
            Mode::Check => self.fail(step.line(), message(), None),
        }
    }

    /// Writes the answer that nobody has read below the line that it answers.
    fn bless_answer(&mut self) {
        let new = match std::mem::replace(&mut self.heard, Heard::Nothing) {
            Heard::Answer(answer) => {
                let lines = as_lines("=", &answer);
                self.text = answer.text;
                lines
            }
            Heard::NoAnswer => vec!["= -".to_owned()],
            Heard::Nothing => return,
        };
        self.edits.push(Edit { lines: self.said_until..self.said_until, new });
    }

    /// Writes the notices that nobody has read below what was read last.
    fn bless_notices(&mut self) {
        let mut new = Vec::new();
        for (clan, notices) in std::mem::take(&mut self.notices) {
            for notice in notices {
                new.extend(as_lines(&format!("{clan}<"), &notice));
                self.text = notice.text;
            }
        }
        if !new.is_empty() {
            self.edits.push(Edit { lines: self.read_until..self.read_until, new });
        }
    }
}

fn as_lines(sign: &str, answer: &Answer) -> Vec<String> {
    let mut lines = vec![format!("{sign} {}", answer.code)];
    lines.extend(check::written(&check::shown(&answer.text)));
    lines
}
