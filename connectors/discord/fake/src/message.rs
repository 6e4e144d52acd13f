//! A message, as people see it and as Discord describes it.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use serenity::model::id::{AttachmentId, ChannelId, InteractionId, MessageId, RoleId, UserId};

use crate::clock::{iso, made_at_ms};
use crate::state::State;

/// The flag of a message that only one person sees.
pub(crate) const EPHEMERAL: u64 = 1 << 6;
/// The flag of a message that says that the bot is thinking.
pub(crate) const LOADING: u64 = 1 << 7;

/// A message as it stands now.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Where it stands.
    pub channel: ChannelId,
    /// Who wrote it.
    pub author: UserId,
    /// Its text.
    pub content: String,
    /// Its embeds.
    pub embeds: Vec<Value>,
    /// Its rows of buttons and menus.
    pub components: Vec<Value>,
    /// Its files.
    pub attachments: Vec<Attachment>,
    /// Who reacted with what, in the order in which each emoji first came.
    pub reactions: Vec<(String, BTreeSet<UserId>)>,
    /// The message that it answers.
    pub answers: Option<MessageId>,
    /// The interaction that it answers or follows.
    pub interaction: Option<InteractionId>,
    /// The only person who sees it, if it is ephemeral.
    pub only_for: Option<UserId>,
    /// Whether the bot is still thinking.
    pub thinking: bool,
    /// The people who were told of it, by what it mentions and was allowed to.
    pub told: BTreeSet<UserId>,
    /// The roles that were told of it.
    pub told_roles: BTreeSet<RoleId>,
    /// Whether everyone was told.
    pub told_everyone: bool,
    /// How often it was changed.
    pub edits: usize,
    /// When it was last changed, in milliseconds since 1970.
    pub edited_at_ms: Option<u64>,
    pub(crate) nonce: Option<Value>,
    pub(crate) flags: u64,
}

/// A file of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// Its name.
    pub name: String,
    /// What kind of file it says to be.
    pub kind: String,
    /// Its size in bytes.
    pub size: usize,
    /// From where it can be fetched.
    pub url: String,
}

impl Message {
    pub(crate) fn new(id: u64, channel: ChannelId, author: UserId, content: &str) -> Self {
        Self {
            id: id.into(),
            channel,
            author,
            content: content.to_owned(),
            embeds: Vec::new(),
            components: Vec::new(),
            attachments: Vec::new(),
            reactions: Vec::new(),
            answers: None,
            interaction: None,
            only_for: None,
            thinking: false,
            told: BTreeSet::new(),
            told_roles: BTreeSet::new(),
            told_everyone: false,
            edits: 0,
            edited_at_ms: None,
            nonce: None,
            flags: 0,
        }
    }

    /// All text that one sees: the content, then each embed's title, description, fields and
    /// footer, one a line.
    pub fn text(&self) -> String {
        let mut lines = Vec::new();
        let mut add = |text: &str| {
            if !text.is_empty() {
                lines.push(text.to_owned());
            }
        };
        add(&self.content);
        for embed in &self.embeds {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            add(&text(&embed["title"]));
            add(&text(&embed["description"]));
            for field in embed["fields"].as_array().into_iter().flatten() {
                add(&format!("{}: {}", text(&field["name"]), text(&field["value"])));
            }
            add(&text(&embed["footer"]["text"]));
        }
        lines.join("\n")
    }

    /// The buttons and menus, whatever their row.
    pub fn parts(&self) -> impl Iterator<Item = &Value> {
        self.components.iter().filter_map(|row| row["components"].as_array()).flatten()
    }

    /// The `custom_id` of each button and menu that can be used.
    pub fn custom_ids(&self) -> Vec<&str> {
        let usable = self.parts().filter(|part| part["disabled"] != true);
        usable.filter_map(|part| part["custom_id"].as_str()).collect()
    }

    /// The button or menu of a `custom_id`.
    pub fn part(&self, custom_id: &str) -> Option<&Value> {
        self.parts().find(|part| part["custom_id"] == custom_id)
    }
}

impl State {
    /// A message as REST gives it. Without the intent for it, the bot does not get the text of
    /// messages that neither mention it nor are direct.
    pub(crate) fn message_json(&self, message: &Message, with_content: bool) -> Value {
        let user = |id: &UserId| self.users.get(id).map(|user| self.user_json(user));
        let mut json = json!({
            "id": message.id,
            "channel_id": message.channel,
            "author": user(&message.author),
            "content": message.content,
            "timestamp": iso(made_at_ms(message.id.get())),
            "edited_timestamp": message.edited_at_ms.map(iso),
            "tts": false,
            "mention_everyone": message.told_everyone,
            "mentions": message.told.iter().filter_map(user).collect::<Vec<_>>(),
            "mention_roles": message.told_roles,
            "attachments": message.attachments.iter().map(attachment_json).collect::<Vec<_>>(),
            "embeds": message.embeds,
            "components": message.components,
            "pinned": false,
            "type": if message.answers.is_some() { 19 } else { 0 },
            "flags": message.flags,
        });
        if !self.tells_content(message, with_content) {
            json["content"] = json!("");
            for name in ["embeds", "components", "attachments"] {
                json[name] = json!([]);
            }
        }
        if !message.reactions.is_empty() {
            json["reactions"] =
                message.reactions.iter().map(|(emoji, by)| self.reaction(emoji, by)).collect();
        }
        if let Some(answered) = message.answers {
            json["message_reference"] =
                json!({ "type": 0, "message_id": answered, "channel_id": message.channel });
            json["referenced_message"] = match self.message(answered) {
                Ok(answered) => self.message_json(answered, with_content),
                Err(_) => Value::Null,
            };
        }
        if let Some(nonce) = &message.nonce {
            json["nonce"] = nonce.clone();
        }
        if message.author == self.me {
            json["application_id"] = json!(self.application);
        }
        if message.interaction.is_some() {
            json["webhook_id"] = json!(self.application);
            json["type"] = json!(20);
        }
        json
    }

    fn tells_content(&self, message: &Message, with_content: bool) -> bool {
        let direct = self.channel(message.channel).is_ok_and(|channel| channel.guild.is_none());
        with_content
            || direct
            || message.author == self.me
            || message.told.contains(&self.me)
            || message.interaction.is_some()
    }

    fn reaction(&self, emoji: &str, by: &BTreeSet<UserId>) -> Value {
        json!({
            "count": by.len(),
            "count_details": { "burst": 0, "normal": by.len() },
            "me": by.contains(&self.me),
            "me_burst": false,
            "emoji": { "id": null, "name": emoji },
            "burst_colors": [],
        })
    }
}

pub(crate) fn attachment_json(attachment: &Attachment) -> Value {
    json!({
        "id": attachment.id,
        "filename": attachment.name,
        "content_type": attachment.kind,
        "size": attachment.size,
        "url": attachment.url,
        "proxy_url": attachment.url,
    })
}

/// The ids that a text mentions with a sign, as in `<@12>` or `<@&12>`.
pub(crate) fn mentioned(text: &str, sign: &str) -> Vec<u64> {
    let open = format!("<{sign}");
    let mut found = Vec::new();
    for rest in text.split(&open).skip(1) {
        let rest = rest.strip_prefix('!').unwrap_or(rest);
        if let Some((digits, _)) = rest.split_once('>')
            && let Ok(id) = digits.parse()
            && id > 0
        {
            found.push(id);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_are_found() {
        assert_eq!(mentioned("<@1> <@!2> <@&3> <@x> <@0>", "@"), [1, 2]);
        assert_eq!(mentioned("<@1> <@&3>", "@&"), [3]);
    }
}
