//! Reactions to messages.

use serde_json::json;
use serenity::model::Permissions;
use serenity::model::gateway::GatewayIntents;
use serenity::model::id::{MessageId, UserId};

use crate::call::{Answer, Call, done, found};
use crate::message::Message;
use crate::refusal::{Refusal, UNKNOWN_EMOJI};
use crate::state::State;

/// How many different reactions a message may have.
const DIFFERENT: usize = 20;

pub(crate) fn list(state: &mut State, call: &Call) -> Answer {
    state.permitted(call.id("channel_id")?, Permissions::READ_MESSAGE_HISTORY)?;
    let limit = call.number("limit", 100)?.unwrap_or(25);
    let after: Option<UserId> = call.id_asked("after")?;
    let message = state.public(call)?;
    let given = message.reactions.iter().find(|(emoji, _)| emoji == call.name("emoji_name"));
    let users = given.into_iter().flat_map(|(_, users)| users);
    let users = users.filter(|user| after.is_none_or(|after| **user > after)).take(limit);
    let users = users.filter_map(|user| state.users.get(user));
    found(users.map(|user| state.user_json(user)).collect())
}

pub(crate) fn add(state: &mut State, call: &Call) -> Answer {
    let emoji = call.name("emoji_name");
    let history = Permissions::READ_MESSAGE_HISTORY;
    let channel = state.permitted(call.id("channel_id")?, history)?.id;
    let message = state.public(call)?;
    if !is_emoji(emoji) {
        return Err(UNKNOWN_EMOJI);
    }
    if !message.reactions.iter().any(|(known, _)| known == emoji) {
        state.permitted(channel, Permissions::ADD_REACTIONS)?;
        if message.reactions.len() == DIFFERENT {
            return Err(crate::refusal::TOO_MANY_REACTIONS);
        }
    }
    state.react(message.id, state.me, emoji);
    done()
}

pub(crate) fn remove(state: &mut State, call: &Call) -> Answer {
    remove_from(state, call, state.me)
}

pub(crate) fn remove_of(state: &mut State, call: &Call) -> Answer {
    let user: UserId = call.id("user_id")?;
    if user != state.me {
        state.permitted(call.id("channel_id")?, Permissions::MANAGE_MESSAGES)?;
    }
    remove_from(state, call, user)
}

fn remove_from(state: &mut State, call: &Call, user: UserId) -> Answer {
    state.permitted(call.id("channel_id")?, Permissions::READ_MESSAGE_HISTORY)?;
    let message = state.public(call)?.id;
    state.unreact(message, user, call.name("emoji_name"))?;
    done()
}

/// Whether a text can be an emoji of the standard: short, and not all letters.
fn is_emoji(text: &str) -> bool {
    let keycap = text.ends_with('\u{20e3}');
    (keycap || !text.is_ascii()) && text.chars().count() <= 12
}

impl State {
    /// Adds a reaction, and tells of it.
    pub(crate) fn react(&mut self, message: MessageId, user: UserId, emoji: &str) {
        let Ok(found) = self.message_mut(message) else { return };
        let place = found.reactions.iter().position(|(known, _)| known == emoji);
        let place = place.unwrap_or_else(|| {
            found.reactions.push((emoji.to_owned(), Default::default()));
            found.reactions.len() - 1
        });
        if found.reactions[place].1.insert(user) {
            let found = found.clone();
            self.tell_reaction("MESSAGE_REACTION_ADD", &found, user, emoji);
        }
    }

    /// Takes a reaction back, and tells of it.
    ///
    /// # Errors
    /// 10008 if there is no such message, 10014 if there is no such reaction.
    pub(crate) fn unreact(
        &mut self,
        message: MessageId,
        user: UserId,
        emoji: &str,
    ) -> Result<(), Refusal> {
        let found = self.message_mut(message)?;
        let given = found.reactions.iter_mut().find(|(known, _)| known == emoji);
        let (_, users) = given.ok_or(UNKNOWN_EMOJI)?;
        let removed = users.remove(&user);
        found.reactions.retain(|(_, users)| !users.is_empty());
        if removed {
            let found = found.clone();
            self.tell_reaction("MESSAGE_REACTION_REMOVE", &found, user, emoji);
        }
        Ok(())
    }

    fn tell_reaction(&mut self, event: &str, message: &Message, user: UserId, emoji: &str) {
        let guild = self.channel(message.channel).ok().and_then(|channel| channel.guild);
        if !self.sees(message.channel) {
            return;
        }
        let needs = match guild {
            Some(_) => GatewayIntents::GUILD_MESSAGE_REACTIONS,
            None => GatewayIntents::DIRECT_MESSAGE_REACTIONS,
        };
        let added = event == "MESSAGE_REACTION_ADD";
        self.dispatch(event, guild, needs, |state, _| {
            let mut json = json!({
                "user_id": user,
                "channel_id": message.channel,
                "message_id": message.id,
                "emoji": { "id": null, "name": emoji },
                "burst": false,
                "type": 0,
            });
            if added {
                json["message_author_id"] = json!(message.author);
            }
            if let Some(guild) = guild.and_then(|id| state.guilds.get(&id)) {
                json["guild_id"] = json!(guild.id);
                if let Some(member) = guild.members.get(&user).filter(|_| added) {
                    json["member"] = state.member_json(user, member);
                }
            }
            json
        });
    }
}
