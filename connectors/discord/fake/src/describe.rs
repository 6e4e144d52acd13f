//! Users, guilds, channels and members as Discord describes them.

use serde_json::{Value, json};
use serenity::model::channel::ChannelType;
use serenity::model::gateway::GatewayIntents;
use serenity::model::id::UserId;

use crate::clock::iso;
use crate::state::{Channel, Guild, Member, Overwrite, Role, State, User};

impl State {
    pub(crate) fn user_json(&self, user: &User) -> Value {
        json!({
            "id": user.id,
            "username": user.name,
            "discriminator": "0",
            "global_name": user.global_name,
            "avatar": null,
            "bot": user.bot,
            "system": false,
            "public_flags": 0,
            "flags": 0,
        })
    }

    /// The bot, with what it alone is told about itself.
    pub(crate) fn me_json(&self) -> Value {
        let mut json = self.users.get(&self.me).map_or(Value::Null, |me| self.user_json(me));
        json["verified"] = json!(true);
        json["mfa_enabled"] = json!(false);
        json["email"] = Value::Null;
        json
    }

    pub(crate) fn member_json(&self, user: UserId, member: &Member) -> Value {
        let mut json = partial_member_json(member);
        json["user"] = self.users.get(&user).map_or(Value::Null, |user| self.user_json(user));
        json
    }

    /// What REST tells of a guild.
    pub(crate) fn guild_json(&self, guild: &Guild) -> Value {
        json!({
            "id": guild.id,
            "name": guild.name,
            "icon": null,
            "splash": null,
            "discovery_splash": null,
            "owner_id": guild.owner,
            "afk_channel_id": null,
            "afk_timeout": 300,
            "widget_enabled": false,
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "roles": guild.roles.values().map(role_json).collect::<Vec<_>>(),
            "emojis": [],
            "features": [],
            "mfa_level": 0,
            "application_id": null,
            "system_channel_id": guild.channels.first(),
            "system_channel_flags": 0,
            "rules_channel_id": null,
            "max_members": 500_000,
            "vanity_url_code": null,
            "description": null,
            "banner": null,
            "premium_tier": 0,
            "premium_subscription_count": 0,
            "preferred_locale": "en-US",
            "public_updates_channel_id": null,
            "nsfw_level": 0,
            "stickers": [],
            "premium_progress_bar_enabled": false,
            "safety_alerts_channel_id": null,
        })
    }

    /// What the gateway tells of a guild that the bot is in: with its channels, and of its members
    /// those that the intents are for.
    pub(crate) fn guild_create_json(&self, guild: &Guild, intents: GatewayIntents) -> Value {
        let all = intents.contains(GatewayIntents::GUILD_MEMBERS);
        let members = guild.members.iter().filter(|(id, _)| all || **id == self.me);
        let channels = guild.channels.iter().filter_map(|id| self.channels.get(id));
        let mut json = self.guild_json(guild);
        json["joined_at"] =
            json!(iso(guild.members.get(&self.me).map_or(0, |member| member.joined_at_ms)));
        json["large"] = json!(guild.members.len() > 250);
        json["unavailable"] = json!(false);
        json["member_count"] = json!(guild.members.len());
        json["members"] = members.map(|(id, member)| self.member_json(*id, member)).collect();
        json["channels"] = channels.map(|channel| self.channel_json(channel)).collect();
        for name in
            ["voice_states", "threads", "presences", "stage_instances", "guild_scheduled_events"]
        {
            json[name] = json!([]);
        }
        json
    }

    pub(crate) fn channel_json(&self, channel: &Channel) -> Value {
        if let Some(recipient) = channel.recipient {
            let recipient = self.users.get(&recipient).map(|user| self.user_json(user));
            return json!({
                "id": channel.id,
                "type": channel.kind,
                "last_message_id": channel.messages.keys().next_back(),
                "recipients": recipient.into_iter().collect::<Vec<_>>(),
                "flags": 0,
            });
        }
        let position = channel.guild.and_then(|id| self.guilds.get(&id));
        let position =
            position.and_then(|guild| guild.channels.iter().position(|id| *id == channel.id));
        let overwrites = channel.overwrites.iter();
        json!({
            "id": channel.id,
            "type": channel.kind,
            "guild_id": channel.guild,
            "name": channel.name,
            "topic": channel.topic,
            "position": position.unwrap_or_default(),
            "parent_id": channel.parent,
            "nsfw": false,
            "rate_limit_per_user": 0,
            "last_message_id": channel.messages.keys().next_back(),
            "permission_overwrites": overwrites
                .map(|(id, overwrite)| self.overwrite_json(*id, *overwrite))
                .collect::<Vec<_>>(),
            "flags": 0,
        })
    }

    fn overwrite_json(&self, id: u64, overwrite: Overwrite) -> Value {
        json!({
            "id": id.to_string(),
            "type": if self.users.contains_key(&id.into()) { 1 } else { 0 },
            "allow": overwrite.allow,
            "deny": overwrite.deny,
        })
    }

    /// The channel of an interaction, with what the user may do there.
    pub(crate) fn partial_channel_json(&self, channel: &Channel, user: UserId) -> Value {
        let mut json = self.channel_json(channel);
        json["permissions"] = json!(self.permissions(channel.id, user));
        json
    }

    /// A channel as an option or a menu resolves it.
    pub(crate) fn is_text(channel: &Channel) -> bool {
        matches!(channel.kind, ChannelType::Text | ChannelType::News | ChannelType::Private)
    }
}

/// A member without who it is.
pub(crate) fn partial_member_json(member: &Member) -> Value {
    json!({
        "nick": member.nick,
        "avatar": null,
        "roles": member.roles,
        "joined_at": iso(member.joined_at_ms),
        "premium_since": null,
        "deaf": false,
        "mute": false,
        "flags": 0,
        "pending": false,
        "communication_disabled_until": null,
    })
}

pub(crate) fn role_json(role: &Role) -> Value {
    let tags = role.bot.map(|bot| json!({ "bot_id": bot }));
    let mut json = json!({
        "id": role.id,
        "name": role.name,
        "color": 0,
        "colors": { "primary_color": 0, "secondary_color": null, "tertiary_color": null },
        "hoist": false,
        "icon": null,
        "unicode_emoji": null,
        "position": 0,
        "permissions": role.permissions,
        "managed": role.bot.is_some(),
        "mentionable": false,
        "flags": 0,
    });
    if let Some(tags) = tags {
        json["tags"] = tags;
    }
    json
}
