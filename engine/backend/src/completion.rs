//! What may come next in a line, with what only the database knows: games, wars, clans, players.

use gmbot_engine::grammar::complete::{Candidate, Completion, Live, complete, complete_words};
use gmbot_engine::model::{AtMs, names};
use gmbot_engine::store::{Read, Stored};
use gmbot_engine::view::{Query, StatusView, View, Viewer, WarLine, look};

/// How many clans are offered at most.
const MOST_CLANS: usize = 20;
/// How many wars that are over are offered at most.
const MOST_ENDED: u32 = 10;

/// Who completes, when, by what the store holds.
pub(crate) struct Completer<'a> {
    pub(crate) read: &'a dyn Read,
    pub(crate) viewer: &'a Viewer,
    pub(crate) now: AtMs,
}

impl Completer<'_> {
    /// What may come next at byte `cursor` of a line.
    pub(crate) fn line(&self, line: &str, cursor: usize) -> Stored<Completion> {
        let mut completion = complete(line, cursor);
        let typed = typed(&completion, line);
        self.add_live(&mut completion, typed, quote)?;
        Ok(completion)
    }

    /// What may come next in a terminal's words. They are quoted by the shell, or not at all.
    pub(crate) fn words(&self, words: &[String]) -> Stored<Completion> {
        let mut completion = complete_words(words);
        let typed = typed(&completion, words.last().map_or("", String::as_str));
        self.add_live(&mut completion, typed, str::to_owned)?;
        Ok(completion)
    }

    /// Puts live values before the others, each as it is to be `written`.
    fn add_live(
        &self,
        completion: &mut Completion,
        typed: &str,
        written: fn(&str) -> String,
    ) -> Stored<()> {
        let Some(live) = completion.live.take() else { return Ok(()) };
        let typed = typed.trim_start_matches(['"', '#']);
        let mut options = match live {
            Live::Games => self.games(typed)?,
            Live::Wars => self.wars()?,
            Live::OpenWars => self.open_wars()?,
            Live::Clans => self.clans(typed)?,
            Live::Players => self.players(typed)?,
        };
        options.retain(|option| names::key(&option.text).starts_with(&names::key(typed)));
        for option in &mut options {
            option.text = written(&option.text);
        }
        options.append(&mut completion.options);
        completion.options = options;
        Ok(())
    }

    /// By number, which is short and never changes, or by name once a letter was typed.
    fn games(&self, typed: &str) -> Stored<Vec<Candidate>> {
        let by_name = typed.starts_with(|first: char| !first.is_ascii_digit());
        let games = self.read.games()?.into_iter().map(|game| {
            let (id, name) = (game.id.to_string(), game.name);
            if by_name { candidate(name, id) } else { candidate(id, name) }
        });
        Ok(games.collect())
    }

    /// Wars of the clan: those that are not over first.
    fn wars(&self) -> Stored<Vec<Candidate>> {
        let Some(clan) = self.viewer.clan else { return Ok(Vec::new()) };
        let mut wars = Vec::new();
        if let Some(StatusView { running, scheduled, open, .. }) = self.status()? {
            wars.extend([running, scheduled, open].into_iter().flatten());
        }
        if let View::History(ended) = self.look(&Query::History { clan, limit: MOST_ENDED })? {
            wars.extend(ended.wars);
        }
        Ok(wars.iter().map(war_candidate).collect())
    }

    fn open_wars(&self) -> Stored<Vec<Candidate>> {
        let acceptable = self.status()?.map(|status| status.acceptable).unwrap_or_default();
        Ok(acceptable.iter().map(war_candidate).collect())
    }

    fn clans(&self, typed: &str) -> Stored<Vec<Candidate>> {
        let names = self.read.clan_names(&names::key(typed), MOST_CLANS)?;
        Ok(names.into_iter().map(|name| candidate(name, String::new())).collect())
    }

    /// Members of the clan, as a mention if one was begun.
    fn players(&self, typed: &str) -> Stored<Vec<Candidate>> {
        let Some(clan) = self.viewer.clan else { return Ok(Vec::new()) };
        let View::Roles(roles) = self.look(&Query::Roles(clan))? else { return Ok(Vec::new()) };
        let mark = if typed.starts_with('@') { "@" } else { "" };
        let mut players = Vec::new();
        for member in roles.members {
            if let Some(name) = self.read.person_name(member.person)? {
                players.push(candidate(format!("{mark}{name}"), member.role.word().to_owned()));
            }
        }
        Ok(players)
    }

    fn status(&self) -> Stored<Option<StatusView>> {
        let Some(clan) = self.viewer.clan else { return Ok(None) };
        let View::Status(status) = self.look(&Query::Status(clan))? else { return Ok(None) };
        Ok(Some(status))
    }

    /// What is offered is what may be seen: a completion tells no secrets.
    fn look(&self, query: &Query) -> Stored<View> {
        look(self.read, query, self.viewer, self.now)
    }
}

/// What stands where the choice goes.
fn typed<'l>(completion: &Completion, text: &'l str) -> &'l str {
    text.get(completion.replace.start..completion.replace.end).unwrap_or("")
}

fn candidate(text: String, help: String) -> Candidate {
    Candidate { text, help }
}

fn war_candidate(war: &WarLine) -> Candidate {
    let rival = war.guest.as_ref().map(|guest| format!(" – {}", guest.name)).unwrap_or_default();
    let (game, host, phase) = (&war.game.name, &war.host.name, war.phase.word());
    candidate(war.id.to_string(), format!("{game}, {host}{rival}, {phase}"))
}

/// A value as it stands in a line: in quotes if it is several words.
fn quote(text: &str) -> String {
    if text.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\' | ',')) {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        text.to_owned()
    }
}
