//! What people do with the bot's commands, buttons, menus and forms.
//!
//! A person can only do what their client would let them: a command that is not registered, a
//! button that is not there, a form with a field left out are mistakes of the test, and panic.

use serde_json::{Map, Value, json};
use serenity::model::id::{AttachmentId, ChannelId, InteractionId, MessageId, UserId};

use crate::commands::{GROUP, SUBCOMMAND};
use crate::components::{BUTTON, STRING_SELECT, USER_SELECT};
use crate::describe::partial_member_json;
use crate::interactions::{Interaction, Kind};
use crate::message::attachment_json;
use crate::state::State;

const USER: u64 = 6;
const CHANNEL: u64 = 7;
const ROLE: u64 = 8;
const FILE: u64 = 11;

impl State {
    /// Sends a command as its definition has it. Options may lack their `type`.
    pub(crate) fn command(
        &mut self,
        channel: ChannelId,
        user: UserId,
        given: &Value,
        kind: Kind,
    ) -> InteractionId {
        let guild = self.channels[&channel].guild;
        let name = given["name"].as_str().unwrap_or_default();
        let scopes = [guild, None].into_iter().filter_map(|scope| self.commands.get(&scope));
        let mut commands = scopes.flatten();
        let command = commands.find(|command| command["name"] == name);
        let command =
            command.unwrap_or_else(|| panic!("no command `{name}` is registered")).clone();
        let complete = kind == Kind::Command;
        let options = typed(&command, given, complete);
        let resolved = self.resolve(channel, &options);
        let data = json!({
            "id": command["id"],
            "name": name,
            "type": 1,
            "options": options,
            "resolved": resolved,
        });
        self.interact(channel, user, kind, data, None)
    }

    /// Presses a button, or chooses from a menu.
    pub(crate) fn use_part(
        &mut self,
        message: MessageId,
        user: UserId,
        custom_id: &str,
        values: &[String],
    ) -> InteractionId {
        let found = self.message(message).unwrap_or_else(|_| panic!("no message {message}"));
        assert!(found.only_for.is_none_or(|only| only == user), "{user} does not see the message");
        let part = found.part(custom_id);
        let part = part.unwrap_or_else(|| panic!("no `{custom_id}` in {:?}", found.custom_ids()));
        assert!(part["disabled"] != true, "`{custom_id}` is disabled");
        let kind = part["type"].as_u64().unwrap_or_default();
        let mut data = json!({ "custom_id": custom_id, "component_type": kind });
        if kind != BUTTON {
            check_chosen(part, values);
            data["values"] = json!(values);
            if kind == USER_SELECT {
                data["resolved"] = self.resolve_users(found.channel, values);
            }
        }
        let channel = found.channel;
        self.interact(channel, user, Kind::Component, data, Some(message))
    }

    /// Fills in the form that an interaction was answered with.
    pub(crate) fn fill_in(
        &mut self,
        interaction: InteractionId,
        fields: &[(&str, &str)],
    ) -> InteractionId {
        let asked = self.interactions[&interaction].clone();
        let modal = asked.modal.unwrap_or_else(|| panic!("interaction {interaction} gave no form"));
        let rows = modal["components"].as_array().into_iter().flatten();
        let rows: Vec<Value> = rows.map(|row| filled(&row["components"][0], fields)).collect();
        let known = |id: &str| rows.iter().any(|row| row["components"][0]["custom_id"] == id);
        for (id, _) in fields {
            assert!(known(id), "the form has no field `{id}`");
        }
        let data = json!({ "custom_id": modal["custom_id"], "components": rows });
        self.interact(asked.channel, asked.user, Kind::Modal, data, asked.on)
    }

    fn interact(
        &mut self,
        channel: ChannelId,
        user: UserId,
        kind: Kind,
        data: Value,
        on: Option<MessageId>,
    ) -> InteractionId {
        let id: InteractionId = self.clock.id().into();
        let token = format!("token-{id}");
        let interaction = Interaction {
            id,
            kind,
            channel,
            user,
            on,
            answer: None,
            ephemeral: false,
            messages: Vec::new(),
            choices: Vec::new(),
            modal: None,
            token: token.clone(),
            at_ms: self.clock.now_ms(),
            original: None,
        };
        let payload = self.interaction_json(&interaction, data);
        self.interactions.insert(id, interaction);
        self.tokens.insert(token, id);
        let guild = self.channels[&channel].guild;
        let none = serenity::model::gateway::GatewayIntents::empty();
        self.dispatch("INTERACTION_CREATE", guild, none, |_, _| payload.clone());
        id
    }

    fn interaction_json(&self, interaction: &Interaction, data: Value) -> Value {
        let channel = &self.channels[&interaction.channel];
        let user = &self.users[&interaction.user];
        let mut json = json!({
            "id": interaction.id,
            "application_id": self.application,
            "type": interaction.kind.number(),
            "data": data,
            "token": interaction.token,
            "version": 1,
            "channel_id": channel.id,
            "channel": self.partial_channel_json(channel, user.id),
            "app_permissions": self.permissions(channel.id, self.me),
            "locale": "en-US",
            "entitlements": [],
            "attachment_size_limit": 10 * 1024 * 1024,
        });
        match channel.guild.and_then(|id| self.guilds.get(&id)) {
            Some(guild) => {
                let member = guild.members.get(&user.id);
                let member =
                    member.unwrap_or_else(|| panic!("{} is not in {}", user.name, guild.name));
                json["guild_id"] = json!(guild.id);
                json["guild_locale"] = json!("en-US");
                json["guild"] = json!({ "id": guild.id, "locale": "en-US", "features": [] });
                json["member"] = self.member_json(user.id, member);
                json["member"]["permissions"] = json!(self.permissions(channel.id, user.id));
                json["context"] = json!(0);
                json["authorizing_integration_owners"] = json!({ "0": guild.id });
            }
            None => {
                json["user"] = self.user_json(user);
                json["context"] = json!(1);
                json["authorizing_integration_owners"] = json!({ "0": "0" });
            }
        }
        if let Some(message) = interaction.on.and_then(|id| self.message(id).ok()) {
            json["message"] = self.message_json(message, true);
        }
        json
    }

    /// The people, channels, roles and files that options name.
    fn resolve(&self, channel: ChannelId, options: &Value) -> Value {
        let mut resolved = Map::new();
        for (kind, id) in leaves(options) {
            let found = match kind {
                USER => {
                    merge(&mut resolved, self.resolve_users(channel, &[id]));
                    continue;
                }
                CHANNEL => {
                    let channel =
                        id.parse::<u64>().ok().and_then(|id| self.channel(id.into()).ok());
                    channel.map(|channel| ("channels", self.partial_channel_json(channel, self.me)))
                }
                ROLE => {
                    let guild = self.channels[&channel].guild.and_then(|id| self.guilds.get(&id));
                    let role = id.parse::<u64>().ok().map(Into::into);
                    let role = role.and_then(|role| guild?.roles.get(&role));
                    role.map(|role| ("roles", crate::describe::role_json(role)))
                }
                FILE => {
                    let file = id.parse::<u64>().ok().map(AttachmentId::from);
                    let file = file.and_then(|id| self.attachment(channel, id));
                    file.map(|file| ("attachments", attachment_json(&file)))
                }
                _ => continue,
            };
            let (name, value) =
                found.unwrap_or_else(|| panic!("an option names {id}, which there is not"));
            merge(&mut resolved, json!({ name: { id: value } }));
        }
        Value::Object(resolved)
    }

    fn resolve_users(&self, channel: ChannelId, ids: &[String]) -> Value {
        let guild = self.channels[&channel].guild.and_then(|id| self.guilds.get(&id));
        let (mut users, mut members) = (Map::new(), Map::new());
        for id in ids {
            let user = id.parse::<u64>().ok().and_then(|id| self.users.get(&id.into()));
            let user = user.unwrap_or_else(|| panic!("there is no user {id}"));
            users.insert(id.clone(), self.user_json(user));
            if let Some(member) = guild.and_then(|guild| guild.members.get(&user.id)) {
                let mut json = partial_member_json(member);
                json["permissions"] = json!(self.permissions(channel, user.id));
                members.insert(id.clone(), json);
            }
        }
        json!({ "users": users, "members": members })
    }
}

/// Puts an object's objects into those of another.
fn merge(into: &mut Map<String, Value>, from: Value) {
    let Value::Object(from) = from else { return };
    for (name, inner) in from {
        let place = into.entry(name).or_insert_with(|| json!({}));
        if let (Some(place), Value::Object(inner)) = (place.as_object_mut(), inner) {
            place.extend(inner);
        }
    }
}

/// The options of a command as its definition types them, checked as a client checks them.
fn typed(definition: &Value, given: &Value, complete: bool) -> Value {
    let defined = definition["options"].as_array().map_or(&[][..], Vec::as_slice);
    let given = given["options"].as_array().map_or(&[][..], Vec::as_slice);
    let named =
        |list: &'_ [Value], name: &Value| list.iter().position(|item| item["name"] == *name);
    for definition in defined.iter().filter(|definition| complete && definition["required"] == true)
    {
        assert!(named(given, &definition["name"]).is_some(), "{} is required", definition["name"]);
    }
    let options = given.iter().map(|option| {
        let place = named(defined, &option["name"]);
        let place = place.unwrap_or_else(|| panic!("the command has no option {}", option["name"]));
        let definition = &defined[place];
        let mut option = option.clone();
        option["type"] = definition["type"].clone();
        match option["type"].as_u64() {
            Some(SUBCOMMAND | GROUP) => option["options"] = typed(definition, &option, complete),
            _ => check_value(definition, &option),
        }
        option
    });
    options.collect()
}

/// Checks the value of an option against the choices and bounds of its definition.
fn check_value(definition: &Value, option: &Value) {
    let (name, value) = (&option["name"], &option["value"]);
    if option["focused"] == true {
        assert!(definition["autocomplete"] == true, "{name} completes nothing");
        return;
    }
    let fits = match definition["type"].as_u64() {
        Some(4) => value.is_i64(),
        Some(5) => value.is_boolean(),
        Some(10) => value.is_number(),
        _ => value.is_string(),
    };
    assert!(fits, "{name} can't be {value}");
    let choices = definition["choices"].as_array().map_or(&[][..], Vec::as_slice);
    let chosen = choices.is_empty() || choices.iter().any(|choice| choice["value"] == *value);
    assert!(chosen, "{value} is not among the choices of {name}");
    let size = value.as_str().map_or(value.as_f64(), |text| Some(text.chars().count() as f64));
    let bounds =
        if value.is_string() { ["min_length", "max_length"] } else { ["min_value", "max_value"] };
    let [least, most] = bounds.map(|bound| definition[bound].as_f64());
    let inside = size.is_none_or(|size| {
        least.is_none_or(|least| size >= least) && most.is_none_or(|most| size <= most)
    });
    assert!(inside, "{name} can't be {value}: {least:?} to {most:?}");
}

/// Type and value of each option that is not a subcommand.
fn leaves(options: &Value) -> Vec<(u64, String)> {
    let mut found = Vec::new();
    for option in options.as_array().into_iter().flatten() {
        found.extend(leaves(&option["options"]));
        if let (Some(kind), Some(value)) = (option["type"].as_u64(), option["value"].as_str()) {
            found.push((kind, value.to_owned()));
        }
    }
    found
}

/// Checks what was chosen from a menu, as a client does.
fn check_chosen(menu: &Value, values: &[String]) {
    let bound = |name: &str| menu[name].as_u64().unwrap_or(1);
    let (least, most) = (bound("min_values"), bound("max_values"));
    let number = values.len() as u64;
    assert!((least..=most).contains(&number), "{number} chosen, where {least} to {most} may be");
    if menu["type"] == STRING_SELECT {
        let options = menu["options"].as_array().map_or(&[][..], Vec::as_slice);
        for value in values {
            let offered = options.iter().any(|option| option["value"] == *value);
            assert!(offered, "`{value}` is not among the options");
        }
    }
}

/// A row of a form with what was written into it.
fn filled(input: &Value, fields: &[(&str, &str)]) -> Value {
    let id = input["custom_id"].as_str().unwrap_or_default();
    let written = fields.iter().find(|(name, _)| *name == id).map(|(_, text)| *text);
    let text = written.or(input["value"].as_str()).unwrap_or_default();
    let length = text.chars().count() as u64;
    let bound = |name: &str, other| input[name].as_u64().unwrap_or(other);
    if input["required"] == false && length == 0 {
        return json!({ "type": 1, "components": [{ "type": 4, "custom_id": id, "value": "" }] });
    }
    let (least, most) = (bound("min_length", 0).max(1), bound("max_length", 4_000));
    let fits = (least..=most).contains(&length);
    assert!(fits, "`{id}` takes {least} to {most} characters, and got {length}");
    json!({ "type": 1, "components": [{ "type": 4, "custom_id": id, "value": text }] })
}
