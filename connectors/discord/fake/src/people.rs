//! What a test lets people do.

use std::time::Duration;

use serde_json::Value;
use serenity::model::Permissions;
use serenity::model::id::{AttachmentId, ChannelId, GuildId, InteractionId, MessageId, UserId};

use crate::fake::Fake;
use crate::interactions::Kind;
use crate::message::{Attachment, Message};
use crate::state::{File, State};

/// People and guilds.
impl Fake {
    /// Somebody with a name.
    pub fn user(&self, name: &str) -> UserId {
        self.change(|state| state.add_user(name, false))
    }

    /// A bot of somebody else.
    pub fn bot(&self, name: &str) -> UserId {
        self.change(|state| state.add_user(name, true))
    }

    /// A guild with a text channel `general`, to which its owner has added the bot: it may manage
    /// channels, and for the rest what everybody may.
    pub fn guild(&self, name: &str, owner: UserId) -> GuildId {
        self.change(|state| state.add_guild(name, owner))
    }

    /// Somebody comes to a guild.
    pub fn join(&self, guild: GuildId, user: UserId) {
        self.change(|state| state.join(guild, user));
    }

    /// Somebody leaves a guild.
    pub fn part(&self, guild: GuildId, user: UserId) {
        self.change(|state| state.part(guild, user));
    }

    /// Renames a guild.
    pub fn rename_guild(&self, guild: GuildId, name: &str) {
        self.change(|state| state.change_guild(guild, |guild| name.clone_into(&mut guild.name)));
    }

    /// Gives a guild to somebody.
    pub fn give_guild(&self, guild: GuildId, owner: UserId) {
        self.change(|state| state.change_guild(guild, |guild| guild.owner = owner));
    }

    /// Removes the bot from a guild.
    pub fn remove_bot(&self, guild: GuildId) {
        self.change(|state| state.remove_bot(guild));
    }

    /// Adds the bot to a guild again.
    pub fn add_bot(&self, guild: GuildId) {
        self.change(|state| state.add_bot(guild));
    }

    /// Sets what the bot's own role permits in a guild.
    pub fn permit_bot(&self, guild: GuildId, permissions: Permissions) {
        self.change(|state| state.permit_bot(guild, permissions));
    }

    /// A guild can't be reached, or can again.
    pub fn outage(&self, guild: GuildId, begins: bool) {
        self.change(|state| state.outage(guild, begins));
    }
}

/// Channels.
impl Fake {
    /// The first channel of a guild.
    ///
    /// # Panics
    /// If it was deleted.
    pub fn general(&self, guild: GuildId) -> ChannelId {
        let first = self.read(|state| state.channels(guild).first().map(|channel| channel.id));
        first.expect("a guild with a channel")
    }

    /// A new text channel.
    pub fn channel(&self, guild: GuildId, name: &str) -> ChannelId {
        self.change(|state| state.open_channel(guild, name))
    }

    /// The direct messages between the bot and somebody.
    pub fn direct(&self, user: UserId) -> ChannelId {
        self.change(|state| state.direct_channel(user))
    }

    /// Deletes a channel.
    pub fn delete_channel(&self, channel: ChannelId) {
        self.change(|state| state.remove_channel(channel));
    }

    /// Denies the bot something in a channel, on top of what it was denied there.
    pub fn deny(&self, channel: ChannelId, permissions: Permissions) {
        self.change(|state| {
            state.overwrite(channel, state.me.get(), |overwrite| {
                overwrite.deny |= permissions;
                overwrite.allow -= permissions;
            });
        });
    }

    /// Permits the bot something in a channel.
    pub fn allow(&self, channel: ChannelId, permissions: Permissions) {
        self.change(|state| {
            state.overwrite(channel, state.me.get(), |overwrite| {
                overwrite.allow |= permissions;
                overwrite.deny -= permissions;
            });
        });
    }

    /// Somebody takes direct messages from bots, or no longer does.
    pub fn take_direct_messages(&self, user: UserId, takes: bool) {
        self.change(|state| {
            if let Some(user) = state.users.get_mut(&user) {
                user.takes_direct_messages = takes;
            }
        });
    }
}

/// Talk.
impl Fake {
    /// Somebody says something.
    pub fn say(&self, channel: ChannelId, user: UserId, text: &str) -> MessageId {
        self.change(|state| state.say(channel, user, text, Say::default()))
    }

    /// Somebody said something a while ago, of which the bot was not told.
    pub fn said(&self, channel: ChannelId, user: UserId, text: &str, ago: Duration) -> MessageId {
        self.change(|state| {
            state.say(channel, user, text, Say { ago: Some(ago), ..Say::default() })
        })
    }

    /// Somebody answers a message.
    pub fn reply(&self, to: MessageId, user: UserId, text: &str) -> MessageId {
        self.change(|state| {
            let channel = state.posted[&to];
            state.say(channel, user, text, Say { answers: Some(to), ..Say::default() })
        })
    }

    /// Somebody says something with files, each a name, what it says to be, and its bytes.
    pub fn say_with(
        &self,
        channel: ChannelId,
        user: UserId,
        text: &str,
        files: &[(&str, &str, &[u8])],
    ) -> MessageId {
        let files = files.iter().map(|file| new_file(*file)).collect();
        self.change(|state| state.say(channel, user, text, Say { files, ..Say::default() }))
    }

    /// A file for an option of a command.
    pub fn upload(&self, channel: ChannelId, name: &str, kind: &str, bytes: &[u8]) -> AttachmentId {
        self.change(|state| state.keep_file(channel, new_file((name, kind, bytes))).id)
    }

    /// Somebody changes what they said.
    ///
    /// # Panics
    /// If there is no such message.
    pub fn edit(&self, message: MessageId, text: &str) {
        let body = serde_json::json!({ "content": text });
        let done = self.change(|state| state.rewrite(message, &body, &[]));
        assert!(done.is_ok(), "there is no message {message}");
    }

    /// Somebody deletes a message.
    pub fn delete(&self, message: MessageId) {
        self.change(|state| state.remove(message));
    }

    /// Somebody reacts to a message.
    pub fn react(&self, message: MessageId, user: UserId, emoji: &str) {
        self.change(|state| state.react(message, user, emoji));
    }

    /// Somebody takes a reaction back.
    ///
    /// # Panics
    /// If there is no such message, or none has that reaction.
    pub fn unreact(&self, message: MessageId, user: UserId, emoji: &str) {
        let done = self.change(|state| state.unreact(message, user, emoji));
        assert!(done.is_ok(), "there is no {emoji} at {message}");
    }
}

/// Commands, buttons, menus and forms.
impl Fake {
    /// Somebody sends a command: `{"name": …, "options": [{"name": …, "value": …}]}`.
    ///
    /// # Panics
    /// If the command is not registered, or can't be sent so.
    #[track_caller]
    pub fn slash(&self, channel: ChannelId, user: UserId, command: &Value) -> InteractionId {
        self.change(|state| state.command(channel, user, command, Kind::Command))
    }

    /// Somebody writes a command; the option that they are at has `"focused": true`.
    ///
    /// # Panics
    /// If the command is not registered, or the option completes nothing.
    #[track_caller]
    pub fn autocomplete(&self, channel: ChannelId, user: UserId, command: &Value) -> InteractionId {
        self.change(|state| state.command(channel, user, command, Kind::Autocomplete))
    }

    /// Somebody presses a button.
    ///
    /// # Panics
    /// If they don't see it, or can't press it.
    #[track_caller]
    pub fn press(&self, message: MessageId, user: UserId, custom_id: &str) -> InteractionId {
        self.change(|state| state.use_part(message, user, custom_id, &[]))
    }

    /// Somebody chooses from a menu: texts, or the ids of people.
    ///
    /// # Panics
    /// If they don't see it, or can't choose so.
    #[track_caller]
    pub fn choose(
        &self,
        message: MessageId,
        user: UserId,
        custom_id: &str,
        values: &[String],
    ) -> InteractionId {
        self.change(|state| state.use_part(message, user, custom_id, values))
    }

    /// Whoever got a form as the answer to an interaction fills it in: field and text. A field that
    /// is not named keeps what the form came with.
    ///
    /// # Panics
    /// If there is no form, or it can't be filled in so.
    #[track_caller]
    pub fn submit_modal(&self, of: InteractionId, fields: &[(&str, &str)]) -> InteractionId {
        self.change(|state| state.fill_in(of, fields))
    }
}

fn new_file((name, kind, bytes): (&str, &str, &[u8])) -> File {
    File { name: name.to_owned(), kind: kind.to_owned(), bytes: bytes.to_vec() }
}

/// What else there is to a thing said.
#[derive(Default)]
struct Say {
    ago: Option<Duration>,
    answers: Option<MessageId>,
    files: Vec<File>,
}

impl State {
    fn say(&mut self, channel: ChannelId, user: UserId, text: &str, say: Say) -> MessageId {
        let guild = self.channels[&channel].guild.and_then(|id| self.guilds.get(&id));
        if let Some(guild) = guild {
            assert!(guild.members.contains_key(&user), "{user} is not in {}", guild.name);
        }
        let ago = say.ago.and_then(|ago| u64::try_from(ago.as_millis()).ok()).unwrap_or_default();
        let id = self.clock.id_at(self.clock.now_ms().saturating_sub(ago));
        let mut message = Message::new(id, channel, user, text.trim());
        message.answers = say.answers;
        for file in say.files {
            let attachment = self.keep_file(channel, file);
            message.attachments.push(attachment);
        }
        self.tell_mentioned(&mut message, None);
        let id = message.id;
        match say.ago {
            Some(_) => self.put(message),
            None => self.post(message),
        }
        id
    }

    /// The file of an id, as it stands in an option.
    pub(crate) fn attachment(&self, channel: ChannelId, id: AttachmentId) -> Option<Attachment> {
        let file = self.files.get(&id)?;
        Some(self.attachment_of(channel, id, file))
    }
}
