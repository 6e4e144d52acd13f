//! What may come next in a line, with what only the database knows: games, wars, clans, players.

use gmbot_engine::grammar::complete::{Candidate, Completion, Live, complete, complete_words};
use gmbot_engine::grammar::offer::bare;
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
        if let Some(live) = completion.live.take() {
            completion.offer(typed, self.candidates(live, typed)?);
        }
        Ok(completion)
    }

    /// What may come next in a terminal's words. They are quoted by the shell, or not at all.
    pub(crate) fn words(&self, words: &[String]) -> Stored<Completion> {
        let mut completion = complete_words(words);
        let typed = typed(&completion, words.last().map_or("", String::as_str));
        if let Some(live) = completion.live.take() {
            completion.offer_bare(typed, self.candidates(live, typed)?);
        }
        Ok(completion)
    }

    fn candidates(&self, live: Live, typed: &str) -> Stored<Vec<Candidate>> {
        match live {
            Live::Games => Ok(Candidate::games(&self.read.games()?, typed)),
            Live::Wars => self.wars(),
            Live::OpenWars => self.open_wars(),
            Live::Clans => self.clans(typed),
            Live::Players => self.players(typed),
        }
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
        Ok(wars.iter().map(WarLine::candidate).collect())
    }

    fn open_wars(&self) -> Stored<Vec<Candidate>> {
        let acceptable = self.status()?.map(|status| status.acceptable).unwrap_or_default();
        Ok(acceptable.iter().map(WarLine::candidate).collect())
    }

    fn clans(&self, typed: &str) -> Stored<Vec<Candidate>> {
        let names = self.read.clan_names(&names::key(bare(typed)), MOST_CLANS)?;
        Ok(names.into_iter().map(|name| Candidate::new(name, "")).collect())
    }

    /// Members of the clan, as a mention if one was begun.
    fn players(&self, typed: &str) -> Stored<Vec<Candidate>> {
        let Some(clan) = self.viewer.clan else { return Ok(Vec::new()) };
        let View::Roles(roles) = self.look(&Query::Roles(clan))? else { return Ok(Vec::new()) };
        let mut players = Vec::new();
        for member in roles.members {
            if let Some(name) = self.read.person_name(member.person)? {
                players.push(Candidate::player(&name, member.role, typed));
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
