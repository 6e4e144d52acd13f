//! Rooms as requests name them: which are clans, who owns them, and who may do much there.

use gmbot_engine::model::{Role, SpaceKey};
use gmbot_engine::request::{AccountRef, Authority, SpaceRef};
use matrix_sdk::ruma::events::room::member::MembershipState;
use matrix_sdk::ruma::events::room::power_levels::UserPowerLevel;
use matrix_sdk::ruma::{Int, OwnedUserId, RoomId, UserId};
use matrix_sdk::{Room, room::RoomMember};

use crate::bot::Bot;
use crate::people;
use crate::trouble::Trouble;

/// The power level of those who moderate a room: they may lead its clan along.
const MODERATES: i32 = 50;

/// The key of a room.
pub(crate) fn key_of(room: &RoomId) -> SpaceKey {
    SpaceKey { platform: people::platform(), id: room.to_string() }
}

/// Whether a room is a talk with one person: one human is in it, or is invited to it.
pub(crate) fn is_direct(room: &Room) -> bool {
    room.active_members_count() <= 2
}

/// A room that acts as a clan, as a fact about it names it.
pub(crate) async fn clan(room: &Room) -> Result<SpaceRef, Trouble> {
    let name = room.display_name().await?.to_string();
    Ok(SpaceRef { key: key_of(room.room_id()), name, direct: false })
}

impl Bot {
    /// A room as a request of somebody in it names it.
    pub(crate) async fn space(&self, room: &Room, speaker: &str) -> Result<SpaceRef, Trouble> {
        if is_direct(room) {
            let key = key_of(room.room_id());
            return Ok(SpaceRef { key, name: speaker.to_owned(), direct: true });
        }
        clan(room).await
    }

    /// Who owns a room: of those in it who moderate it, whoever has the most power; of several the
    /// room's creator, or else the first by id.
    pub(crate) async fn owner(&self, room: &Room) -> Result<Option<RoomMember>, Trouble> {
        // The SDK adds what room versions say: since version 12 creators have power without end,
        // and are not listed.
        let creators = room.creators().unwrap_or_default();
        let listed = room.power_levels_or_default().await.users.into_keys();
        let mut known: Vec<OwnedUserId> = creators.iter().cloned().chain(listed).collect();
        known.sort();
        known.dedup();
        let mut owner: Option<RoomMember> = None;
        for user in known.into_iter().filter(|user| *user != self.me) {
            let Some(member) = room.get_member(&user).await? else { continue };
            if *member.membership() != MembershipState::Join || !moderates(&member) {
                continue;
            }
            let rank = |member: &RoomMember| {
                (member.power_level(), creators.iter().any(|creator| creator == member.user_id()))
            };
            if owner.as_ref().is_none_or(|owner| rank(owner) < rank(&member)) {
                owner = Some(member);
            }
        }
        Ok(owner)
    }

    /// The account of whoever owns a room.
    pub(crate) async fn owner_account(&self, room: &Room) -> Result<Option<AccountRef>, Trouble> {
        Ok(self.owner(room).await?.map(|owner| people::account_of(&owner)))
    }

    /// What the room vouches for about somebody in it.
    pub(crate) async fn authority(&self, room: &Room, user: &UserId) -> Result<Authority, Trouble> {
        let operator = self.operators.contains(user);
        if is_direct(room) {
            return Ok(Authority { operator, ..Authority::default() });
        }
        let owner = self.owner(room).await?.is_some_and(|owner| owner.user_id() == user);
        let stated_role = match room.get_member(user).await? {
            Some(member) => stated_role(&member),
            None => None,
        };
        Ok(Authority { owner, operator, stated_role, ..Authority::default() })
    }
}

/// The role that a room's power levels state of somebody.
pub(crate) fn stated_role(member: &RoomMember) -> Option<Role> {
    moderates(member).then_some(Role::CoLeader)
}

fn moderates(member: &RoomMember) -> bool {
    member.power_level() >= UserPowerLevel::Int(Int::from(MODERATES))
}
