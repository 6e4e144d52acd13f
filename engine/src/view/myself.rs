//! Whom the engine knows a viewer as: where a screen of one's own begins.

use serde::{Deserialize, Serialize};

use super::Viewer;
use super::lookup::ClanName;
use crate::model::{PersonId, Role};
use crate::store::{Read, Stored};

/// Who looks, and from where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MyselfView {
    /// The person; none: nobody that was seen before.
    pub person: Option<PersonId>,
    /// Their name as last seen; none if never seen or forgotten.
    pub name: Option<String>,
    /// The clan they look from; none: the space acts as no clan yet.
    pub clan: Option<ClanName>,
    /// What they are in it; none: they are not in it.
    pub role: Option<Role>,
    /// The IANA time zone in which moments are shown to them.
    pub zone: String,
}

impl MyselfView {
    pub(super) fn see(read: &dyn Read, viewer: &Viewer) -> Stored<Self> {
        let clan = match viewer.clan {
            Some(clan) => read.clan(clan)?,
            None => None,
        };
        let name = match viewer.person {
            Some(person) => read.person_name(person)?,
            None => None,
        };
        let role = match (&clan, viewer.person) {
            (Some(clan), Some(person)) => match clan.office(person) {
                Some(office) => Some(office),
                None => read.member(clan.id, person)?.map(|_| Role::Member),
            },
            (_, None) | (None, _) => None,
        };
        Ok(Self {
            person: viewer.person,
            name,
            role,
            zone: clan.as_ref().map_or("UTC", |clan| &clan.profile.timezone).to_owned(),
            clan: clan.as_ref().map(ClanName::from),
        })
    }
}
