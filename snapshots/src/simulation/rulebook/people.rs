//! What the rules say about who acts: officers, players, members.

use std::collections::BTreeSet;

use gmbot_engine::model::{ClanId, PersonId, Side};

use super::bout::Bout;
use super::{Checked, Rulebook, ought};

impl Rulebook {
    /// Somebody who leads or co-leads a clan; a client that acts for itself counts as one.
    pub(super) fn by_officer(&self, clan: ClanId, by: Option<PersonId>, did: &str) -> Checked {
        let club = self.clans.get(&clan);
        let officer = by.is_none_or(|by| club.is_some_and(|club| club.officer(by)));
        ought(officer, || format!("{by:?} {did} for {clan} without an office"))
    }

    /// A clan that may ask for wars and accept them.
    pub(super) fn unsuspended(&self, clan: ClanId) -> Checked {
        let suspended = self.clans.get(&clan).is_some_and(|club| club.suspended);
        ought(!suspended, || format!("{clan} is suspended and asks for wars or accepts them"))
    }

    /// A player of a side or an officer of its clan.
    pub(super) fn stands_for(&self, bout: &Bout, side: Side, by: PersonId, did: &str) -> Checked {
        let club = bout.clan(side).and_then(|clan| self.clans.get(&clan));
        let stands = bout.plays_for(by).map_or_else(
            || club.is_some_and(|club| club.officer(by)),
            |plays_for| plays_for == side,
        );
        ought(stands, || format!("{by:?} {did} for the {}, whose they are not", side.word()))
    }

    /// Members who can play, each once.
    pub(super) fn line_up(&self, clan: ClanId, people: &[PersonId]) -> Checked {
        let each: BTreeSet<_> = people.iter().collect();
        ought(!people.is_empty(), || "nobody plays".to_owned())?;
        ought(each.len() == people.len(), || "somebody plays twice".to_owned())?;
        let club = self.clans.get(&clan);
        for person in people {
            let member = club.is_some_and(|club| club.members.contains(person));
            ought(member, || format!("{person:?} plays for {clan} and is no member"))?;
            let able = !self.unavailable.contains(person);
            ought(able, || format!("{person:?} plays and is unavailable"))?;
        }
        Ok(())
    }
}
