//! Who has to hear of a challenge, who may, and who has: the named clan; or, where it is to
//! everybody, each clan that hears of the game for as long as the challenge takes to go out.

use std::collections::{BTreeMap, BTreeSet};

use gmbot_engine::event::Event;
use gmbot_engine::model::{ClanId, GameId, WarId};

use super::rulebook::{Bout, Checked, Rulebook, Stage};

/// All challenges that are on their way.
#[derive(Default)]
pub(super) struct Broadcasts {
    /// Challenges to everybody that have not gone out yet.
    waiting: BTreeMap<WarId, Audience>,
    /// Who still has to hear of what.
    owed: BTreeSet<(ClanId, WarId)>,
    /// Who may hear of what, or may not hear of it any more.
    allowed: BTreeSet<(ClanId, WarId)>,
}

/// Who hears of one challenge.
struct Audience {
    host: ClanId,
    game: GameId,
    /// Clans that heard of the game all the time since it was made.
    must: BTreeSet<ClanId>,
    /// Clans that did at some time.
    may: BTreeSet<ClanId>,
}

impl Broadcasts {
    /// Notes what an event means to challenges. The rulebook has heard it already.
    pub(super) fn hear(&mut self, event: &Event, book: &Rulebook) {
        if let Event::WarCreated { war, host, named, private, game, .. } = event {
            match named {
                Some(named) => {
                    self.owed.insert((*named, *war));
                }
                None if !private => {
                    self.waiting.insert(*war, Audience::of(book, *host, *game));
                }
                None => {}
            }
        }
        for (war, audience) in &mut self.waiting {
            audience.look(book, book.wars.get(war));
        }
    }

    /// All of them have gone out.
    pub(super) fn are_out(&mut self) {
        for (war, audience) in std::mem::take(&mut self.waiting) {
            self.owed.extend(audience.must.into_iter().map(|clan| (clan, war)));
            self.allowed.extend(audience.may.into_iter().map(|clan| (clan, war)));
        }
    }

    /// A challenge arrives at a clan.
    ///
    /// # Errors
    /// When it is none of that clan's, or came before.
    pub(super) fn arrives(&mut self, clan: ClanId, war: WarId) -> Checked {
        let heard = (clan, war);
        if self.owed.remove(&heard) || self.allowed.remove(&heard) {
            return Ok(());
        }
        Err(format!("{clan} is told of the challenge {war}, which it heard of or should not"))
    }

    /// Everybody has heard of everything.
    ///
    /// # Errors
    /// Who has not.
    pub(super) fn have_arrived(&self) -> Checked {
        match self.owed.first() {
            None => Ok(()),
            Some((clan, war)) => Err(format!("{clan} was never told of the challenge {war}")),
        }
    }
}

impl Audience {
    fn of(book: &Rulebook, host: ClanId, game: GameId) -> Self {
        let hears = |clan: &ClanId| book.hears_of(*clan, host, game);
        let must = book.clans.keys().copied().filter(hears).collect();
        Self { host, game, must, may: BTreeSet::new() }
    }

    /// Sorts the clans anew.
    fn look(&mut self, book: &Rulebook, bout: Option<&Bout>) {
        let open = bout.is_some_and(|bout| bout.stage == Stage::Open);
        for clan in book.clans.keys() {
            let hears = open && book.hears_of(*clan, self.host, self.game);
            if hears != self.must.contains(clan) {
                // It began to hear of the game too late, or ceased to, maybe too late.
                self.must.remove(clan);
                self.may.insert(*clan);
            }
        }
    }
}
