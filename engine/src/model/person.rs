//! Persons, whatever their accounts, and their membership in clans.

use serde::{Deserialize, Serialize};

use super::ids::{ClanId, PersonId};
use super::time::AtMs;

/// A person. Names are not part of it: they lie in a side table that `forget` empties.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Person {
    /// Who it is.
    pub id: PersonId,
    /// Whether they may be put in a line-up; their own switch.
    pub available: bool,
}

/// A person's membership in a clan. Roles above member are the clan's: see [`super::Clan::role`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Member {
    /// The clan.
    pub clan: ClanId,
    /// The person.
    pub person: PersonId,
    /// When they were first seen in it.
    pub joined_at: AtMs,
}
