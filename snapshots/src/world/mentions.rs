//! Mentions in a line, as a platform would mark and explain them.

use gmbot_engine::grammar::lexer;
use gmbot_engine::model::Platform;
use gmbot_engine::request::{Mention, MentionTarget, Presence};

use super::{ClanAtPlay, Meaning, World, account};
use crate::format::Speaker;

impl World {
    /// The mentions in a line that somebody says, with what they mean there.
    pub(super) fn mentions(&self, speaker: &Speaker, line: &str) -> Vec<Mention> {
        let here = self.clan(&speaker.clan);
        let platform = self.platform_of(speaker);
        lexer::mentions(line)
            .into_iter()
            .map(|written| Mention {
                target: self.target(here, &platform, name(written)),
                written: written.to_owned(),
            })
            .collect()
    }

    /// Whether the platforms know somebody of this name.
    fn is_known(&self, name: &str) -> bool {
        self.left.contains_key(name) || self.clans().any(|clan| clan.has(name))
    }

    fn target(&self, here: Option<&ClanAtPlay>, platform: &Platform, name: &str) -> MentionTarget {
        let person = |presence, bot| MentionTarget::Account {
            account: account(platform, name),
            presence,
            bot,
            stated_role: None,
        };
        if matches!(name, "everyone" | "here" | "room") {
            return MentionTarget::Everyone;
        }
        match self.meanings.get(name) {
            Some(Meaning::Bot) => return person(Presence::Inside, true),
            Some(Meaning::Role) => return MentionTarget::Role,
            Some(Meaning::Outsider) => return person(Presence::Outside, false),
            Some(Meaning::Nobody) => return MentionTarget::Nobody,
            None => {}
        }
        match here {
            // A terminal can't know who is there.
            Some(clan) if clan.platform == Platform::terminal() => person(Presence::Unknown, false),
            Some(clan) if clan.has(name) => person(Presence::Inside, false),
            Some(_) if self.is_known(name) => person(Presence::Outside, false),
            Some(_) => MentionTarget::Nobody,
            None => person(Presence::Unknown, false),
        }
    }
}

/// Whom a mention names.
fn name(written: &str) -> &str {
    let bare = written.trim_start_matches(['<', '@', '!', '&']);
    bare.trim_end_matches('>')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mention_names_somebody_however_it_is_written() {
        assert_eq!(name("<@!2>"), "2");
        assert_eq!(name("@é:x.org"), "é:x.org");
    }
}
