//! Who may do what where.

use serenity::model::Permissions;
use serenity::model::id::{ChannelId, UserId};

use crate::refusal::{MISSING_ACCESS, MISSING_PERMISSIONS, Refusal};
use crate::state::{Channel, Guild, State};

/// What everybody may do in a new guild.
pub(crate) const EVERYONE: Permissions = Permissions::VIEW_CHANNEL
    .union(Permissions::SEND_MESSAGES)
    .union(Permissions::EMBED_LINKS)
    .union(Permissions::ATTACH_FILES)
    .union(Permissions::READ_MESSAGE_HISTORY)
    .union(Permissions::ADD_REACTIONS)
    .union(Permissions::USE_APPLICATION_COMMANDS);

impl Guild {
    /// What a member may do in the whole guild.
    pub(crate) fn permissions(&self, user: UserId) -> Permissions {
        if user == self.owner {
            return Permissions::all();
        }
        let Some(member) = self.members.get(&user) else { return Permissions::empty() };
        let everyone = self.roles.get(&self.id.get().into());
        let roles =
            everyone.into_iter().chain(member.roles.iter().filter_map(|id| self.roles.get(id)));
        let sum = roles.fold(Permissions::empty(), |sum, role| sum | role.permissions);
        if sum.contains(Permissions::ADMINISTRATOR) { Permissions::all() } else { sum }
    }

    /// What a member may do in a channel: everyone's overwrite, then the roles', then their own.
    fn permissions_in(&self, channel: &Channel, user: UserId) -> Permissions {
        let base = self.permissions(user);
        if base.contains(Permissions::ADMINISTRATOR) {
            return base;
        }
        let Some(member) = self.members.get(&user) else { return Permissions::empty() };
        let of = |id: u64| channel.overwrites.get(&id).copied().unwrap_or_default();
        let everyone = of(self.id.get());
        let mut result = (base - everyone.deny) | everyone.allow;
        let roles = || member.roles.iter().map(|role| of(role.get()));
        result -= roles().fold(Permissions::empty(), |sum, role| sum | role.deny);
        result |= roles().fold(Permissions::empty(), |sum, role| sum | role.allow);
        let own = of(user.get());
        result = (result - own.deny) | own.allow;
        if result.contains(Permissions::VIEW_CHANNEL) { result } else { Permissions::empty() }
    }
}

impl State {
    /// What somebody may do in a channel. In direct messages, that is to talk.
    pub fn permissions(&self, channel: ChannelId, user: UserId) -> Permissions {
        let Ok(channel) = self.channel(channel) else { return Permissions::empty() };
        match channel.guild.and_then(|id| self.guilds.get(&id)) {
            Some(guild) => guild.permissions_in(channel, user),
            None => EVERYONE,
        }
    }

    /// A channel where the bot may do something.
    ///
    /// # Errors
    /// 10003 if there is no such channel, 50001 if the bot can't see it, 50013 if it may not.
    pub(crate) fn permitted(
        &self,
        channel: ChannelId,
        wanted: Permissions,
    ) -> Result<&Channel, Refusal> {
        let found = self.channel(channel)?;
        if found.recipient.is_some() {
            return Ok(found);
        }
        let permissions = self.permissions(channel, self.me);
        if !permissions.contains(Permissions::VIEW_CHANNEL) {
            return Err(MISSING_ACCESS);
        }
        if permissions.contains(wanted) { Ok(found) } else { Err(MISSING_PERMISSIONS) }
    }
}
