//! Who is there in a transcript: clans, their people, and what mentions of them mean. It turns what a
//! transcript says into requests, as a connector would.

use std::collections::{BTreeMap, BTreeSet};

use gmbot_engine::model::{Platform, SpaceKey};
use gmbot_engine::request::{AccountRef, SpaceRef};

use crate::format::{Happening, Speaker};

mod mentions;
mod requests;

pub use requests::CLIENT;

/// Who is there, as it changes while a transcript runs.
#[derive(Debug, Clone, Default)]
pub struct World {
    clans: BTreeMap<String, ClanAtPlay>,
    meanings: BTreeMap<String, Meaning>,
    /// Who was in some space and left it, with its platform, which still knows them.
    left: BTreeMap<String, Platform>,
}

/// A clan's space as the transcript declares it.
#[derive(Debug, Clone)]
pub struct ClanAtPlay {
    /// What the transcript calls it: `f`.
    pub id: String,
    /// The space's id on its platform: the short name, until it moves.
    pub space_id: String,
    /// The space's name: `Clan F`.
    pub name: String,
    /// Where the space is.
    pub platform: Platform,
    /// Who leads it when it begins.
    pub leader: Option<String>,
    /// Who owns the space, where that is not the leader.
    pub owner: Option<String>,
    /// Who else is in the space.
    pub members: BTreeSet<String>,
}

/// What a mention means that is no member of a clan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// A bot that is in the space.
    Bot,
    /// A role or a group.
    Role,
    /// Somebody of the platform who is not in the space.
    Outsider,
    /// Nobody that the platform knows.
    Nobody,
}

impl ClanAtPlay {
    /// A clan at a terminal, with nobody in it.
    pub(crate) fn new(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            space_id: id.to_owned(),
            name: name.to_owned(),
            platform: Platform::terminal(),
            leader: None,
            owner: None,
            members: BTreeSet::new(),
        }
    }

    /// The space as a request names it.
    pub fn space(&self) -> SpaceRef {
        let key = SpaceKey { platform: self.platform.clone(), id: self.space_id.clone() };
        SpaceRef { key, name: self.name.clone(), direct: false }
    }

    /// An account on the clan's platform.
    pub fn account(&self, name: &str) -> AccountRef {
        account(&self.platform, name)
    }

    /// Who owns the space: nobody at a terminal, unless the transcript says so.
    fn owner(&self) -> Option<&String> {
        let leader = self.leader.as_ref().filter(|_| self.platform != Platform::terminal());
        self.owner.as_ref().or(leader)
    }

    fn has(&self, name: &str) -> bool {
        let offices = [&self.leader, &self.owner];
        self.members.contains(name) || offices.into_iter().flatten().any(|person| person == name)
    }
}

fn account(platform: &Platform, name: &str) -> AccountRef {
    AccountRef { platform: platform.clone(), id: name.to_owned(), name: name.to_owned() }
}

impl World {
    /// Adds a clan.
    pub(crate) fn add(&mut self, clan: ClanAtPlay) -> Result<(), String> {
        let id = clan.id.clone();
        match self.clans.insert(id.clone(), clan) {
            Some(_) => Err(format!("the clan `{id}` is declared twice; give one another name")),
            None => Ok(()),
        }
    }

    /// A clan by its short name.
    pub fn clan(&self, id: &str) -> Option<&ClanAtPlay> {
        self.clans.get(id)
    }

    /// All clans, by their short names.
    pub fn clans(&self) -> impl Iterator<Item = &ClanAtPlay> {
        self.clans.values()
    }

    /// Says what a mention means from here on.
    pub(crate) fn mean(&mut self, name: &str, meaning: Meaning) {
        self.meanings.insert(name.to_owned(), meaning);
    }

    /// Whoever speaks in a space is in it.
    pub fn hear(&mut self, speaker: &Speaker) {
        if let (Some(clan), Some(actor)) = (self.clans.get_mut(&speaker.clan), &speaker.actor) {
            clan.members.insert(actor.clone());
        }
    }

    /// Changes the world as something happens.
    pub fn apply(&mut self, what: &Happening) {
        let (Happening::Gone(id)
        | Happening::Back(id)
        | Happening::Left(id, _)
        | Happening::Joined(id, _)
        | Happening::Renamed(id, _)
        | Happening::Moved(id, _)
        | Happening::Owner(id, _)) = what;
        let Some(clan) = self.clans.get_mut(id) else { return };
        match what {
            Happening::Gone(_) | Happening::Back(_) => {}
            Happening::Left(_, person) => {
                self.left.insert(person.clone(), clan.platform.clone());
                clan.members.remove(person);
                clan.leader.take_if(|leader| leader == person);
            }
            Happening::Joined(_, person) => {
                clan.members.insert(person.clone());
            }
            Happening::Renamed(_, name) => clan.name.clone_from(name),
            Happening::Moved(_, id) => clan.space_id.clone_from(id),
            Happening::Owner(_, owner) => clan.owner = Some(owner.clone()),
        }
    }
}
