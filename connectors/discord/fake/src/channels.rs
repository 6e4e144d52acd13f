//! Channels: listed, made, changed, deleted.

use serde_json::Value;
use serenity::model::Permissions;
use serenity::model::channel::ChannelType;
use serenity::model::gateway::GatewayIntents;
use serenity::model::id::{ChannelId, GuildId};

use crate::call::{Answer, Call, done, found, made};
use crate::form::{Form, snowflake};
use crate::refusal::{Errors, MISSING_PERMISSIONS, Refusal, TOO_MANY_CHANNELS};
use crate::state::{Channel, Overwrite, State};

/// How many channels a guild may have, and a category.
const CHANNELS: usize = 500;
const IN_CATEGORY: usize = 50;

pub(crate) fn list(state: &mut State, call: &Call) -> Answer {
    let guild = state.joined(call.id("guild_id")?)?;
    let channels = guild.channels.iter().filter_map(|id| state.channels.get(id));
    found(channels.map(|channel| state.channel_json(channel)).collect())
}

pub(crate) fn get(state: &mut State, call: &Call) -> Answer {
    let channel = state.permitted(call.id("channel_id")?, Permissions::empty())?;
    found(state.channel_json(channel))
}

pub(crate) fn create(state: &mut State, call: &Call) -> Answer {
    let guild = state.joined(call.id("guild_id")?)?;
    if !guild.permissions(state.me).contains(Permissions::MANAGE_CHANNELS) {
        return Err(MISSING_PERMISSIONS);
    }
    let (guild, number) = (guild.id, guild.channels.len());
    let body = call.json()?;
    let kind = check(state, guild, body, true)?;
    if number >= CHANNELS {
        return Err(TOO_MANY_CHANNELS);
    }
    let id: ChannelId = state.clock.id().into();
    let mut channel = Channel::new(id, kind, "");
    channel.guild = Some(guild);
    write(&mut channel, body);
    state.add_channel(channel);
    made(state.channel_json(state.channel(id)?))
}

pub(crate) fn edit(state: &mut State, call: &Call) -> Answer {
    let channel = state.permitted(call.id("channel_id")?, Permissions::MANAGE_CHANNELS)?;
    let (id, guild) = (channel.id, channel.guild.ok_or(MISSING_PERMISSIONS)?);
    let body = call.json()?;
    check(state, guild, body, false)?;
    write(state.channel_mut(id)?, body);
    state.tell_channel("CHANNEL_UPDATE", id);
    found(state.channel_json(state.channel(id)?))
}

pub(crate) fn delete(state: &mut State, call: &Call) -> Answer {
    let channel = state.permitted(call.id("channel_id")?, Permissions::MANAGE_CHANNELS)?;
    let id = channel.id;
    let json = state.channel_json(channel);
    state.remove_channel(id);
    found(json)
}

pub(crate) fn typing(state: &mut State, call: &Call) -> Answer {
    state.permitted(call.id("channel_id")?, Permissions::SEND_MESSAGES)?;
    done()
}

/// Checks what a channel is to be, and gives its kind.
fn check(state: &State, guild: GuildId, body: &Value, new: bool) -> Result<ChannelType, Refusal> {
    let mut errors = Errors::default();
    let known = [
        "name",
        "type",
        "topic",
        "parent_id",
        "position",
        "nsfw",
        "rate_limit_per_user",
        "permission_overwrites",
    ];
    let form = Form::read(body, "", &known, &mut errors);
    if new {
        form.require("name", &mut errors);
    }
    form.text("name", 1..=100, &mut errors);
    form.text("topic", 0..=1_024, &mut errors);
    form.truth("nsfw", &mut errors);
    form.number("position", 0..=i64::from(i32::MAX), &mut errors);
    form.number("rate_limit_per_user", 0..=21_600, &mut errors);
    let kind = form.number("type", 0..=4, &mut errors).unwrap_or(0);
    if !matches!(kind, 0 | 4) {
        errors.add("type", "BASE_TYPE_CHOICES", "Value must be one of (0, 4).");
    }
    if let Some(parent) = form.id("parent_id", &mut errors) {
        let parent = state.channel(parent.into()).ok().filter(|parent| parent.guild == Some(guild));
        let category = parent.filter(|parent| parent.kind == ChannelType::Category);
        match category {
            None => errors.add("parent_id", "CHANNEL_PARENT_INVALID", "Category does not exist"),
            Some(category) => {
                let inside = |channel: &&Channel| channel.parent == Some(category.id);
                if new
                    && state.channels(guild).iter().filter(|channel| inside(channel)).count()
                        >= IN_CATEGORY
                {
                    let words = "Maximum number of channels in category reached (50)";
                    errors.add("parent_id", "CHANNEL_PARENT_MAX_CHANNELS", words);
                }
            }
        }
    }
    for (at, overwrite) in form.list("permission_overwrites", 0..=1_000, &mut errors) {
        let known = ["id", "type", "allow", "deny"];
        let overwrite = Form::read(overwrite, &at, &known, &mut errors);
        overwrite.require("id", &mut errors);
        overwrite.id("id", &mut errors);
    }
    errors.into_result()?;
    Ok(if kind == 4 { ChannelType::Category } else { ChannelType::Text })
}

fn write(channel: &mut Channel, body: &Value) {
    if let Some(name) = body["name"].as_str() {
        // The names of text channels have no capitals and no spaces.
        channel.name = if channel.kind == ChannelType::Category {
            name.trim().to_owned()
        } else {
            name.trim().to_lowercase().replace(' ', "-")
        };
    }
    if let Some(topic) = body.get("topic") {
        channel.topic = topic.as_str().map(str::to_owned);
    }
    if let Some(parent) = body.get("parent_id") {
        channel.parent = snowflake(parent).map(ChannelId::new);
    }
    for overwrite in body["permission_overwrites"].as_array().into_iter().flatten() {
        let bits = |name: &str| {
            let bits = snowflake(&overwrite[name]).unwrap_or_default();
            Permissions::from_bits_truncate(bits)
        };
        if let Some(id) = snowflake(&overwrite["id"]) {
            let overwrite = Overwrite { allow: bits("allow"), deny: bits("deny") };
            channel.overwrites.insert(id, overwrite);
        }
    }
}

impl State {
    /// Puts a channel into its guild, and tells of it.
    pub(crate) fn add_channel(&mut self, channel: Channel) {
        let id = channel.id;
        if let Some(guild) = channel.guild.and_then(|id| self.guilds.get_mut(&id)) {
            guild.channels.push(id);
        }
        self.channels.insert(id, channel);
        self.tell_channel("CHANNEL_CREATE", id);
    }

    /// Deletes a channel with all that was said there, and tells of it.
    pub(crate) fn remove_channel(&mut self, id: ChannelId) {
        let Ok(channel) = self.channel(id) else { return };
        let (guild, json) = (channel.guild, self.channel_json(channel));
        let tells = self.sees(id);
        if let Some(guild) = guild.and_then(|id| self.guilds.get_mut(&id)) {
            guild.channels.retain(|other| *other != id);
        }
        self.channels.remove(&id);
        self.posted.retain(|_, channel| *channel != id);
        if tells {
            self.dispatch("CHANNEL_DELETE", guild, GatewayIntents::GUILDS, |_, _| json.clone());
        }
    }

    pub(crate) fn tell_channel(&mut self, event: &str, id: ChannelId) {
        let Ok(channel) = self.channel(id) else { return };
        let (guild, json) = (channel.guild, self.channel_json(channel));
        let joined = guild.is_some_and(|guild| self.joined(guild).is_ok());
        if joined {
            self.dispatch(event, guild, GatewayIntents::GUILDS, |_, _| json.clone());
        }
    }

    /// Changes what is different in a channel for a role or somebody, and tells of it.
    pub(crate) fn overwrite(
        &mut self,
        channel: ChannelId,
        of: u64,
        change: impl FnOnce(&mut Overwrite),
    ) {
        let Ok(found) = self.channel_mut(channel) else { return };
        change(found.overwrites.entry(of).or_default());
        self.tell_channel("CHANNEL_UPDATE", channel);
    }
}

impl Channel {
    /// A channel without anything in it.
    pub(crate) fn new(id: ChannelId, kind: ChannelType, name: &str) -> Self {
        Self {
            id,
            kind,
            guild: None,
            parent: None,
            name: name.to_owned(),
            topic: None,
            recipient: None,
            overwrites: Default::default(),
            messages: Default::default(),
        }
    }
}
