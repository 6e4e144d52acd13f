//! The bot itself, people, and the way to the gateway.

use serde_json::json;
use serenity::model::channel::ChannelType;
use serenity::model::id::{ChannelId, GuildId, UserId};

use crate::call::{Answer, Call, done, found};
use crate::form::Form;
use crate::refusal::{Errors, INVALID_RECIPIENT, UNKNOWN_USER};
use crate::state::{Channel, State};

pub(crate) fn gateway(state: &mut State, _: &Call) -> Answer {
    found(json!({ "url": state.gateway }))
}

pub(crate) fn gateway_bot(state: &mut State, _: &Call) -> Answer {
    let limit =
        json!({ "total": 1_000, "remaining": 1_000, "reset_after": 0, "max_concurrency": 1 });
    found(json!({ "url": state.gateway, "shards": state.shards, "session_start_limit": limit }))
}

pub(crate) fn application(state: &mut State, _: &Call) -> Answer {
    found(json!({
        "id": state.application,
        "name": "gmbot",
        "icon": null,
        "description": "",
        "bot_public": true,
        "bot_require_code_grant": false,
        "verify_key": "0".repeat(64),
        "flags": state.application_flags(),
        "owner": null,
        "team": null,
    }))
}

pub(crate) fn me(state: &mut State, _: &Call) -> Answer {
    found(state.me_json())
}

pub(crate) fn get(state: &mut State, call: &Call) -> Answer {
    let user = state.users.get(&call.id("user_id")?).ok_or(UNKNOWN_USER)?;
    found(state.user_json(user))
}

pub(crate) fn guilds(state: &mut State, call: &Call) -> Answer {
    let limit = call.number("limit", 200)?.unwrap_or(200);
    let after: Option<GuildId> = call.id_asked("after")?;
    let joined = state.guilds.values().filter(|guild| {
        guild.members.contains_key(&state.me) && after.is_none_or(|after| guild.id > after)
    });
    let described = joined.take(limit).map(|guild| {
        json!({
            "id": guild.id,
            "name": guild.name,
            "icon": null,
            "owner": guild.owner == state.me,
            "permissions": guild.permissions(state.me),
            "features": [],
        })
    });
    found(described.collect())
}

pub(crate) fn leave(state: &mut State, call: &Call) -> Answer {
    let guild = state.joined(call.id("guild_id")?)?.id;
    state.remove_bot(guild);
    done()
}

/// Opens direct messages with somebody.
pub(crate) fn direct(state: &mut State, call: &Call) -> Answer {
    let mut errors = Errors::default();
    let form = Form::read(call.json()?, "", &["recipient_id"], &mut errors);
    form.require("recipient_id", &mut errors);
    let user = form.id("recipient_id", &mut errors).map(UserId::new);
    errors.into_result()?;
    let user = user.filter(|user| state.users.get(user).is_some_and(|user| !user.bot));
    let channel = state.direct_channel(user.ok_or(INVALID_RECIPIENT)?);
    found(state.channel_json(state.channel(channel)?))
}

impl State {
    /// The channel of direct messages between the bot and somebody.
    pub(crate) fn direct_channel(&mut self, user: UserId) -> ChannelId {
        let open = self.directs.get(&user).copied();
        open.unwrap_or_else(|| {
            let id = self.clock.id().into();
            let mut channel = Channel::new(id, ChannelType::Private, "");
            channel.recipient = Some(user);
            self.channels.insert(id, channel);
            self.directs.insert(user, id);
            id
        })
    }
}
