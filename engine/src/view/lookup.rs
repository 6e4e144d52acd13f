//! Names for ids: clans and games, each asked of the store once a view.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{Clan, ClanId, Game, GameId, PersonId, TextId};
use crate::reply::{Inline, Legend};
use crate::store::{Read, Stored};

/// A clan by id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ClanName {
    /// Who it is.
    pub id: ClanId,
    /// What it is called now.
    pub name: String,
    /// Whether listings show it.
    pub public: bool,
}

impl From<&ClanName> for Inline {
    fn from(clan: &ClanName) -> Self {
        Self::Clan { id: clan.id, name: clan.name.clone() }
    }
}

impl From<&Clan> for ClanName {
    fn from(clan: &Clan) -> Self {
        Self { id: clan.id, name: clan.name.clone(), public: clan.profile.public }
    }
}

/// What a view has looked up so far.
pub(super) struct Lookup<'a> {
    read: &'a dyn Read,
    clans: BTreeMap<ClanId, Option<Clan>>,
    games: Vec<Game>,
}

impl<'a> Lookup<'a> {
    pub(super) fn new(read: &'a dyn Read) -> Stored<Self> {
        Ok(Self { read, clans: BTreeMap::new(), games: read.games()? })
    }

    pub(super) fn clan(&mut self, id: ClanId) -> Stored<Option<&Clan>> {
        if !self.clans.contains_key(&id) {
            self.clans.insert(id, self.read.clan(id)?);
        }
        Ok(self.clans.get(&id).and_then(Option::as_ref))
    }

    /// A clan's name; its id stands in for one that is not there.
    pub(super) fn name(&mut self, id: ClanId) -> Stored<ClanName> {
        let known = self.clan(id)?.map(ClanName::from);
        Ok(known.unwrap_or_else(|| ClanName { id, name: id.to_string(), public: false }))
    }

    /// A game; its number stands in for the name of one that is not there.
    pub(super) fn game(&self, id: GameId) -> Game {
        let known = self.games.iter().find(|game| game.id == id).cloned();
        let unnamed = || Game { id, name: format!("game {id}"), min_players: 1, max_players: 1 };
        known.unwrap_or_else(unnamed)
    }

    pub(super) fn into_games(self) -> Vec<Game> {
        self.games
    }
}

/// The names and texts that a view's ids stand for, for whoever has no store to ask.
pub(super) fn legend(
    read: &dyn Read,
    people: impl IntoIterator<Item = PersonId>,
    texts: impl IntoIterator<Item = TextId>,
) -> Stored<Legend> {
    let mut legend = Legend::default();
    for person in people {
        if let Some(name) = read.person_name(person)? {
            legend.people.insert(person, name);
        }
    }
    for text in texts {
        if let Some(kept) = read.text(text)? {
            legend.texts.insert(text, kept.text);
        }
    }
    Ok(legend)
}
