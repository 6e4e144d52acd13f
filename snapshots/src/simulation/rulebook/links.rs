//! What the rules say about two accounts of one person, and two spaces of one clan.

use gmbot_engine::model::{ClanId, PersonId, Role, SpaceKey};

use super::{Checked, Rulebook, ought};

impl Rulebook {
    /// Who a person turned out to be.
    pub(in crate::simulation) fn who(&self, person: PersonId) -> PersonId {
        self.joined.get(&person).copied().unwrap_or(person)
    }

    /// How many persons turned out to be another.
    pub(in crate::simulation) fn persons_joined(&self) -> usize {
        self.joined.len()
    }

    /// Whoever is to vanish behind another id, or to be forgotten, plays in no war.
    pub(super) fn plays_nowhere(&self, person: PersonId, what: &str) -> Checked {
        let mut wars = self.live.iter().filter_map(|war| self.wars.get(war));
        let war = wars.find(|bout| bout.plays_for(person).is_some());
        ought(war.is_none(), || format!("{person:?} {what} and plays in {:?}", war.map(|w| w.id)))
    }

    /// All that `merged` had is `kept`'s; wars that are over keep the ids that they were played
    /// under.
    pub(super) fn join_persons(
        &mut self,
        kept: PersonId,
        merged: PersonId,
        clans: &[ClanId],
    ) -> Checked {
        ought(self.who(kept) == kept && kept != merged, || {
            format!("{merged:?} became {kept:?}, who is nobody")
        })?;
        self.plays_nowhere(merged, "became another")?;
        let accounts = self.accounts.remove(&merged).ok_or("somebody unknown became another")?;
        for account in &accounts {
            self.persons.insert(account.clone(), kept);
        }
        self.accounts.entry(kept).or_default().extend(accounts);
        for known in self.joined.values_mut().filter(|known| **known == merged) {
            *known = kept;
        }
        self.joined.insert(merged, kept);
        for (clan, club) in &mut self.clans {
            let belonged = club.members.remove(&merged);
            ought(belonged == clans.contains(clan), || {
                format!("{merged:?} was in {clan}, or not: the log says the opposite")
            })?;
            if belonged {
                club.members.insert(kept);
            }
            let held = club.offices.remove(&merged);
            if let Some(role) = held
                && club.offices.get(&kept) != Some(&Role::Leader)
            {
                club.offices.insert(kept, role);
            }
            if let Some(served) = club.served.remove(&merged) {
                let before = club.served.entry(kept).or_default();
                before.office = before.office.max(served.office);
                before.play = before.play.max(served.play);
            }
        }
        Ok(())
    }

    /// A space that acted as `from` acts as `clan`. Whoever gives it away leads `from`, and `from` is
    /// in the middle of nothing.
    pub(super) fn link_space(
        &mut self,
        clan: ClanId,
        space: &SpaceKey,
        from: ClanId,
        by: Option<PersonId>,
    ) -> Checked {
        let before = self.spaces.insert(space.clone(), clan);
        ought(before == Some(from) && clan != from, || format!("{from} gave away {space:?}"))?;
        let office = by.and_then(|by| self.clans.get(&from)?.offices.get(&by));
        ought(office == Some(&Role::Leader), || format!("{by:?} gave a space of {from} away"))?;
        let mut wars = self.live.iter().filter_map(|war| self.wars.get(war));
        let busy = wars.find(|bout| bout.host == from || bout.guest == Some(from));
        ought(busy.is_none(), || format!("{from} gave a space away in the middle of a war"))?;
        self.club(from).spaces.retain(|(known, _)| known != space);
        self.club(clan).spaces.push((space.clone(), true));
        self.spaces_linked += 1;
        Ok(())
    }
}
