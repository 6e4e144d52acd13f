//! Messages in channels: written, changed, deleted, read.

use serde_json::{Value, json};
use serenity::model::Permissions;
use serenity::model::gateway::GatewayIntents;
use serenity::model::id::{AttachmentId, ChannelId, GuildId, MessageId, UserId};

use crate::call::{Answer, Call, done, found};
use crate::clock::made_at_ms;
use crate::form::snowflake;
use crate::limits::{self, Way};
use crate::message::{Attachment, Message, mentioned};
use crate::refusal::{
    CANNOT_SEND_TO_USER, Errors, FILE_TOO_LARGE, MISSING_PERMISSIONS, NOT_A_TEXT_CHANNEL,
    NOT_THE_AUTHOR, REPLY_NEEDS_HISTORY, Refusal, UNKNOWN_MESSAGE,
};
use crate::state::{File, State};

/// How long a nonce that has to be unique is remembered. Discord says "the past few minutes".
const NONCE_MS: u64 = 3 * 60 * 1_000;
/// How large a file may be.
const FILE_BYTES: usize = 10 * 1024 * 1024;

pub(crate) fn list(state: &mut State, call: &Call) -> Answer {
    let channel = state.permitted(call.id("channel_id")?, Permissions::empty())?;
    let limit = call.number("limit", 100)?.unwrap_or(50);
    let after: Option<MessageId> = call.id_asked("after")?;
    let before: Option<MessageId> = call.id_asked("before")?;
    let may_read = channel.recipient.is_some()
        || state.permissions(channel.id, state.me).contains(Permissions::READ_MESSAGE_HISTORY);
    let seen = channel.messages.values().filter(|message| {
        may_read
            && message.only_for.is_none()
            && after.is_none_or(|after| message.id > after)
            && before.is_none_or(|before| message.id < before)
    });
    // After a message, the oldest come; otherwise the newest. Either way the newest stands first.
    let mut chosen: Vec<&Message> = match after {
        Some(_) => seen.take(limit).collect(),
        None => seen.rev().take(limit).collect(),
    };
    chosen.sort_by_key(|message| std::cmp::Reverse(message.id));
    let with_content = state.granted.contains(GatewayIntents::MESSAGE_CONTENT);
    found(chosen.into_iter().map(|message| state.message_json(message, with_content)).collect())
}

pub(crate) fn get(state: &mut State, call: &Call) -> Answer {
    state.permitted(call.id("channel_id")?, Permissions::READ_MESSAGE_HISTORY)?;
    let message = state.public(call)?;
    let with_content = state.granted.contains(GatewayIntents::MESSAGE_CONTENT);
    found(state.message_json(message, with_content))
}

pub(crate) fn create(state: &mut State, call: &Call) -> Answer {
    let body = call.json()?;
    let channel = state.permitted(call.id("channel_id")?, Permissions::SEND_MESSAGES)?;
    let (channel, recipient) = (channel.id, channel.recipient);
    if !State::is_text(state.channel(channel)?) {
        return Err(NOT_A_TEXT_CHANNEL);
    }
    if recipient
        .is_some_and(|user| state.users.get(&user).is_some_and(|user| !user.takes_direct_messages))
    {
        return Err(CANNOT_SEND_TO_USER);
    }
    limits::check(body, "", Way::New, call.files.len())?;
    state.check_sendable(channel, body, &call.files)?;
    if let Some(sent) = state.sent_before(channel, body) {
        return found(state.message_json(state.message(sent)?, true));
    }
    let id = state.clock.id();
    let mut message = Message::new(id, channel, state.me, "");
    message.nonce = body.get("nonce").cloned();
    if let Some(answers) = body["message_reference"].get("message_id").and_then(snowflake) {
        message.answers = state.answered(channel, answers.into(), &body["message_reference"])?;
    }
    state.write(&mut message, body, &call.files);
    let json = state.message_json(&message, true);
    state.post(message);
    found(json)
}

pub(crate) fn edit(state: &mut State, call: &Call) -> Answer {
    let body = call.json()?;
    let channel = state.permitted(call.id("channel_id")?, Permissions::empty())?.id;
    let message = state.public(call)?;
    if message.author != state.me {
        return Err(NOT_THE_AUTHOR);
    }
    let id = message.id;
    limits::check(body, "", Way::Edit, call.files.len())?;
    state.check_sendable(channel, body, &call.files)?;
    state.rewrite(id, body, &call.files)?;
    found(state.message_json(state.message(id)?, true))
}

pub(crate) fn delete(state: &mut State, call: &Call) -> Answer {
    let channel = state.permitted(call.id("channel_id")?, Permissions::empty())?;
    let (channel, guild) = (channel.id, channel.guild);
    let message = state.public(call)?;
    let (id, own) = (message.id, message.author == state.me);
    let manages = state.permissions(channel, state.me).contains(Permissions::MANAGE_MESSAGES);
    if !own && (guild.is_none() || !manages) {
        return Err(MISSING_PERMISSIONS);
    }
    state.remove(id);
    done()
}

impl State {
    /// The message of a path, unless only somebody sees it.
    pub(crate) fn public(&self, call: &Call) -> Result<&Message, Refusal> {
        let channel: ChannelId = call.id("channel_id")?;
        let message = self.message(call.id("message_id")?)?;
        let seen = message.channel == channel && message.only_for.is_none();
        if seen { Ok(message) } else { Err(UNKNOWN_MESSAGE) }
    }

    /// Checks what embeds and files need.
    fn check_sendable(
        &self,
        channel: ChannelId,
        body: &Value,
        files: &[File],
    ) -> Result<(), Refusal> {
        let embeds = body["embeds"].as_array().is_some_and(|embeds| !embeds.is_empty());
        if embeds {
            self.permitted(channel, Permissions::EMBED_LINKS)?;
        }
        if !files.is_empty() {
            self.permitted(channel, Permissions::ATTACH_FILES)?;
        }
        if files.iter().any(|file| file.bytes.len() > FILE_BYTES) {
            return Err(FILE_TOO_LARGE);
        }
        Ok(())
    }

    /// The message that was sent with the same nonce a short while ago.
    fn sent_before(&mut self, channel: ChannelId, body: &Value) -> Option<MessageId> {
        if body["enforce_nonce"] != true {
            return None;
        }
        let nonce = body.get("nonce").filter(|nonce| !nonce.is_null())?.to_string();
        let oldest = self.clock.now_ms().saturating_sub(NONCE_MS);
        let nonces = self.nonces.iter();
        let same = nonces.rev().find(|(place, known, id)| {
            *place == channel && *known == nonce && made_at_ms(id.get()) >= oldest
        });
        same.map(|(_, _, id)| *id).filter(|id| self.message(*id).is_ok())
    }

    /// The message that a new one answers.
    fn answered(
        &self,
        channel: ChannelId,
        answered: MessageId,
        reference: &Value,
    ) -> Result<Option<MessageId>, Refusal> {
        let direct = self.channel(channel)?.recipient.is_some();
        if !direct
            && !self.permissions(channel, self.me).contains(Permissions::READ_MESSAGE_HISTORY)
        {
            return Err(REPLY_NEEDS_HISTORY);
        }
        let there = self
            .message(answered)
            .is_ok_and(|message| message.channel == channel && message.only_for.is_none());
        if there {
            return Ok(Some(answered));
        }
        if reference["fail_if_not_exists"] == false {
            return Ok(None);
        }
        let mut errors = Errors::default();
        errors.add("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message");
        errors.into_result().map(|()| None)
    }

    /// Takes over what a body says; what it does not name stays.
    pub(crate) fn write(&mut self, message: &mut Message, body: &Value, files: &[File]) {
        if let Some(content) = body.get("content") {
            message.content = content.as_str().unwrap_or_default().trim().to_owned();
        }
        for (name, part) in
            [("embeds", &mut message.embeds), ("components", &mut message.components)]
        {
            if let Some(given) = body.get(name) {
                *part = given.as_array().cloned().unwrap_or_default();
            }
        }
        for embed in &mut message.embeds {
            embed["type"] = json!("rich");
        }
        if let Some(flags) = body.get("flags").and_then(Value::as_u64) {
            message.flags |= flags;
        }
        self.write_files(message, body, files);
        self.tell_mentioned(message, body.get("allowed_mentions"));
    }

    fn write_files(&mut self, message: &mut Message, body: &Value, files: &[File]) {
        if let Some(kept) = body["attachments"].as_array() {
            let kept = |id| kept.iter().any(|listed| snowflake(&listed["id"]) == Some(id));
            message.attachments.retain(|attachment| kept(attachment.id.get()));
        }
        for file in files {
            let attachment = self.keep_file(message.channel, file.clone());
            message.attachments.push(attachment);
        }
    }

    /// Keeps a file where it can be fetched.
    pub(crate) fn keep_file(&mut self, channel: ChannelId, file: File) -> Attachment {
        let id = self.clock.id().into();
        let attachment = self.attachment_of(channel, id, &file);
        self.files.insert(id, file);
        attachment
    }

    pub(crate) fn attachment_of(
        &self,
        channel: ChannelId,
        id: AttachmentId,
        file: &File,
    ) -> Attachment {
        Attachment {
            id,
            name: file.name.clone(),
            kind: file.kind.clone(),
            size: file.bytes.len(),
            url: format!("{}/attachments/{channel}/{id}/{}", self.address, file.name),
        }
    }

    /// Notes whom a message tells of itself: whom it mentions, as far as it is allowed to.
    pub(crate) fn tell_mentioned(&self, message: &mut Message, allowed: Option<&Value>) {
        let parses = |kind: &str| match allowed {
            None => true,
            Some(allowed) => {
                allowed["parse"].as_array().is_some_and(|kinds| kinds.contains(&json!(kind)))
            }
        };
        let lists = |kind: &str, id: u64| {
            let listed = allowed.and_then(|allowed| allowed[kind].as_array());
            listed.is_some_and(|ids| ids.iter().any(|listed| snowflake(listed) == Some(id)))
        };
        let may = |kind: &str, id: u64| parses(kind) || lists(kind, id);
        let users = mentioned(&message.content, "@").into_iter().filter(|id| may("users", *id));
        let roles = mentioned(&message.content, "@&").into_iter().filter(|id| may("roles", *id));
        message.told = users.map(UserId::new).filter(|id| self.users.contains_key(id)).collect();
        message.told_roles = roles.map(Into::into).collect();
        let everyone = ["@everyone", "@here"].iter().any(|word| message.content.contains(word));
        let permitted = self
            .permissions(message.channel, message.author)
            .contains(Permissions::MENTION_EVERYONE);
        message.told_everyone = everyone && permitted && parses("everyone");
        let replied = allowed.is_none_or(|allowed| allowed["replied_user"] == true);
        if let Some(answered) =
            message.answers.filter(|_| replied).and_then(|id| self.message(id).ok())
        {
            message.told.insert(answered.author);
        }
    }

    /// Puts a message where it belongs, and tells of it.
    pub(crate) fn post(&mut self, message: Message) {
        let (id, hidden) = (message.id, message.only_for.is_some());
        self.put(message);
        if !hidden {
            self.tell_message("MESSAGE_CREATE", id);
        }
    }

    /// Puts a message where it belongs, and tells nobody.
    pub(crate) fn put(&mut self, message: Message) {
        let (id, place) = (message.id, message.channel);
        if let Some(nonce) = &message.nonce {
            self.nonces.push_back((place, nonce.to_string(), id));
        }
        self.posted.insert(id, place);
        if let Ok(channel) = self.channel_mut(place) {
            channel.messages.insert(id, message);
        }
    }

    /// Changes a message by a body, and tells of it.
    pub(crate) fn rewrite(
        &mut self,
        id: MessageId,
        body: &Value,
        files: &[File],
    ) -> Result<(), Refusal> {
        let mut message = self.message(id)?.clone();
        self.write(&mut message, body, files);
        message.edits += 1;
        message.edited_at_ms = Some(self.clock.now_ms());
        let hidden = message.only_for.is_some();
        *self.message_mut(id)? = message;
        if !hidden {
            self.tell_message("MESSAGE_UPDATE", id);
        }
        Ok(())
    }

    /// Deletes a message, and tells of it.
    pub(crate) fn remove(&mut self, id: MessageId) {
        let Some(place) = self.posted.remove(&id) else { return };
        let Ok(channel) = self.channel_mut(place) else { return };
        let removed = channel.messages.remove(&id);
        let guild = channel.guild;
        if removed.is_none_or(|message| message.only_for.is_some()) {
            return;
        }
        let mut data = json!({ "id": id, "channel_id": place });
        if let Some(guild) = guild {
            data["guild_id"] = json!(guild);
        }
        if self.sees(place) {
            self.dispatch("MESSAGE_DELETE", guild, messages_of(guild), |_, _| data.clone());
        }
    }

    /// Tells of a message, with who wrote it.
    fn tell_message(&mut self, event: &str, id: MessageId) {
        let Ok(message) = self.message(id).cloned() else { return };
        let guild = self.channel(message.channel).ok().and_then(|channel| channel.guild);
        if !self.sees(message.channel) {
            return;
        }
        self.dispatch(event, guild, messages_of(guild), |state, intents| {
            let with_content = intents.contains(GatewayIntents::MESSAGE_CONTENT);
            let mut json = state.message_json(&message, with_content);
            if let Some(guild) = guild.and_then(|id| state.guilds.get(&id)) {
                json["guild_id"] = json!(guild.id);
                if let Some(member) = guild.members.get(&message.author) {
                    json["member"] = crate::describe::partial_member_json(member);
                }
            }
            json
        });
    }

    /// Whether the bot sees a channel.
    pub(crate) fn sees(&self, channel: ChannelId) -> bool {
        self.permitted(channel, Permissions::empty()).is_ok()
    }
}

/// The intent for messages in guilds, or for direct ones.
fn messages_of(guild: Option<GuildId>) -> GatewayIntents {
    match guild {
        Some(_) => GatewayIntents::GUILD_MESSAGES,
        None => GatewayIntents::DIRECT_MESSAGES,
    }
}
