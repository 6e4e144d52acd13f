//! What happens to guilds: made, renamed, given away, joined, left.

use serde_json::json;
use serenity::model::Permissions;
use serenity::model::channel::ChannelType;
use serenity::model::gateway::GatewayIntents;
use serenity::model::id::{ChannelId, GuildId, RoleId, UserId};

use crate::permissions::EVERYONE;
use crate::state::{Channel, Guild, Member, Role, State, User};

/// What the bot's own role permits on top of everyone's.
const OF_BOT: Permissions = Permissions::MANAGE_CHANNELS;

impl State {
    pub(crate) fn add_user(&mut self, name: &str, bot: bool) -> UserId {
        let id = self.clock.id().into();
        let user =
            User { id, name: name.to_owned(), global_name: None, bot, takes_direct_messages: true };
        self.users.insert(id, user);
        id
    }

    /// Makes a guild with a channel `general`, to which the bot is added.
    pub(crate) fn add_guild(&mut self, name: &str, owner: UserId) -> GuildId {
        let id = GuildId::new(self.clock.guild_id());
        let everyone = RoleId::new(id.get());
        let role =
            Role { id: everyone, name: "@everyone".to_owned(), permissions: EVERYONE, bot: None };
        let guild = Guild {
            id,
            name: name.to_owned(),
            owner,
            roles: [(everyone, role)].into(),
            members: [(owner, self.new_member())].into(),
            channels: Vec::new(),
        };
        self.guilds.insert(id, guild);
        let mut general = Channel::new(self.clock.id().into(), ChannelType::Text, "general");
        general.guild = Some(id);
        self.add_channel(general);
        self.add_bot(id);
        id
    }

    fn new_member(&self) -> Member {
        Member { nick: None, roles: Vec::new(), joined_at_ms: self.clock.now_ms() }
    }

    /// Adds the bot to a guild, with a role of its own.
    pub(crate) fn add_bot(&mut self, id: GuildId) {
        let (me, mut member) = (self.me, self.new_member());
        let role = RoleId::new(self.clock.id());
        let Some(guild) = self.guilds.get_mut(&id) else { return };
        let bot = Role { id: role, name: "gmbot".to_owned(), permissions: OF_BOT, bot: Some(me) };
        guild.roles.insert(role, bot);
        member.roles.push(role);
        guild.members.insert(me, member);
        self.dispatch("GUILD_CREATE", Some(id), GatewayIntents::GUILDS, |state, intents| {
            state.guild_create_json(&state.guilds[&id], intents)
        });
    }

    /// Removes the bot from a guild.
    pub(crate) fn remove_bot(&mut self, id: GuildId) {
        let me = self.me;
        let Some(guild) = self.guilds.get_mut(&id) else { return };
        guild.members.remove(&me);
        guild.roles.retain(|_, role| role.bot != Some(me));
        self.dispatch("GUILD_DELETE", Some(id), GatewayIntents::GUILDS, |_, _| json!({ "id": id }));
    }

    /// Tells that a guild can't be reached for the moment, or can again.
    pub(crate) fn outage(&mut self, id: GuildId, begins: bool) {
        if begins {
            self.dispatch(
                "GUILD_DELETE",
                Some(id),
                GatewayIntents::GUILDS,
                |_, _| json!({ "id": id, "unavailable": true }),
            );
        } else {
            self.dispatch("GUILD_CREATE", Some(id), GatewayIntents::GUILDS, |state, intents| {
                state.guild_create_json(&state.guilds[&id], intents)
            });
        }
    }

    /// Changes a guild, and tells of it.
    pub(crate) fn change_guild(&mut self, id: GuildId, change: impl FnOnce(&mut Guild)) {
        let Some(guild) = self.guilds.get_mut(&id) else { return };
        change(guild);
        if self.joined(id).is_ok() {
            self.dispatch("GUILD_UPDATE", Some(id), GatewayIntents::GUILDS, |state, _| {
                state.guild_json(&state.guilds[&id])
            });
        }
    }

    /// Sets what the bot's own role permits in a guild, and tells of it.
    pub(crate) fn permit_bot(&mut self, id: GuildId, permissions: Permissions) {
        let me = self.me;
        let Some(guild) = self.guilds.get_mut(&id) else { return };
        let Some(role) = guild.roles.values_mut().find(|role| role.bot == Some(me)) else { return };
        role.permissions = permissions;
        let role = crate::describe::role_json(role);
        self.dispatch(
            "GUILD_ROLE_UPDATE",
            Some(id),
            GatewayIntents::GUILDS,
            |_, _| json!({ "guild_id": id, "role": role }),
        );
    }

    pub(crate) fn join(&mut self, id: GuildId, user: UserId) {
        let member = self.new_member();
        let Some(guild) = self.guilds.get_mut(&id) else { return };
        guild.members.insert(user, member);
        self.dispatch("GUILD_MEMBER_ADD", Some(id), GatewayIntents::GUILD_MEMBERS, |state, _| {
            let mut json = state.member_json(user, &state.guilds[&id].members[&user]);
            json["guild_id"] = json!(id);
            json
        });
    }

    pub(crate) fn part(&mut self, id: GuildId, user: UserId) {
        let Some(guild) = self.guilds.get_mut(&id) else { return };
        if guild.members.remove(&user).is_some() {
            self.dispatch(
                "GUILD_MEMBER_REMOVE",
                Some(id),
                GatewayIntents::GUILD_MEMBERS,
                |state, _| json!({ "guild_id": id, "user": state.user_json(&state.users[&user]) }),
            );
        }
    }

    pub(crate) fn open_channel(&mut self, guild: GuildId, name: &str) -> ChannelId {
        let id = self.clock.id().into();
        let mut channel = Channel::new(id, ChannelType::Text, name);
        channel.guild = Some(guild);
        self.add_channel(channel);
        id
    }
}
