//! Doing what a transcript says: saying lines, pressing actions, moving the clock, telling facts.

use std::collections::BTreeSet;

use gmbot_engine::model::DurationMs;
use gmbot_engine::reply::Code;

use super::{Heard, Run};
use crate::face::{Ability, Answer, FaceError, Message};
use crate::format::{Happening, Speaker, StepKind};

impl Run<'_> {
    /// Does what a step says, and lets happen what follows from it.
    pub(super) fn act(&mut self, kind: &StepKind) -> Result<(), FaceError> {
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
    pub(super) fn settle(&mut self) -> Result<(), FaceError> {
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
}
