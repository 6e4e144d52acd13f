//! Interactions over REST: answered once and in time, then followed up.

use serde_json::{Value, json};
use serenity::model::id::{ChannelId, InteractionId, MessageId, UserId};

use crate::call::{Answer, Call, done, found};
use crate::commands::check_choice;
use crate::components::check_modal;
use crate::form::Form;
use crate::limits::{self, Way};
use crate::message::{EPHEMERAL, LOADING, Message};
use crate::refusal::{
    ALREADY_ACKNOWLEDGED, Errors, Refusal, TOKEN_EXPIRED, UNKNOWN_APPLICATION, UNKNOWN_INTERACTION,
    UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK,
};
use crate::state::{File, State};

/// How long an interaction waits for its answer.
const ANSWER_MS: u64 = 3_000;
/// How long an answer can be changed and followed.
const TOKEN_MS: u64 = 15 * 60 * 1_000;

/// What somebody did: a command, letters of one, a button or a menu, a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A command was sent.
    Command,
    /// A button was pressed, or something chosen from a menu.
    Component,
    /// A command is being written.
    Autocomplete,
    /// A form was sent.
    Modal,
}

impl Kind {
    pub(crate) fn number(self) -> u64 {
        match self {
            Self::Command => 2,
            Self::Component => 3,
            Self::Autocomplete => 4,
            Self::Modal => 5,
        }
    }
}

/// The first answer to an interaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callback {
    /// A message.
    Message,
    /// A message that comes later.
    DeferredMessage,
    /// A change of the message with the button, which comes later if at all.
    DeferredUpdate,
    /// A change of the message with the button.
    Update,
    /// Choices for what is being written.
    Choices,
    /// A form.
    Modal,
}

/// Something that somebody did, and its answer.
#[derive(Clone, Debug)]
pub struct Interaction {
    /// Its id.
    pub id: InteractionId,
    /// What it was.
    pub kind: Kind,
    /// Where it was.
    pub channel: ChannelId,
    /// Who did it.
    pub user: UserId,
    /// The message with the button.
    pub on: Option<MessageId>,
    /// The first answer.
    pub answer: Option<Callback>,
    /// Whether the first answer was for the user alone.
    pub ephemeral: bool,
    /// The messages that came of it, oldest first; some may be deleted again.
    pub messages: Vec<MessageId>,
    /// The choices that were given.
    pub choices: Vec<Value>,
    /// The form that was given.
    pub modal: Option<Value>,
    pub(crate) token: String,
    pub(crate) at_ms: u64,
    /// What `@original` means.
    pub(crate) original: Option<MessageId>,
}

pub(crate) fn callback(state: &mut State, call: &Call) -> Answer {
    let body = call.json()?;
    let interaction = state.interactions.get(&call.id("interaction_id")?);
    let token = call.name("interaction_token");
    let interaction =
        interaction.filter(|interaction| interaction.token == token).ok_or(UNKNOWN_INTERACTION)?;
    if interaction.answer.is_some() {
        return Err(ALREADY_ACKNOWLEDGED);
    }
    if state.clock.now_ms() > interaction.at_ms + ANSWER_MS {
        return Err(UNKNOWN_INTERACTION);
    }
    let (id, kind) = (interaction.id, interaction.kind);
    let answer = check(body, kind, interaction.on.is_some(), call.files.len())?;
    state.answer(id, answer, &body["data"], &call.files)?;
    if call.query.get("with_response").is_some_and(|asked| asked == "true") {
        return found(state.callback_json(id));
    }
    done()
}

/// Checks an answer, and whether it is one to this kind of interaction.
fn check(body: &Value, kind: Kind, on_message: bool, files: usize) -> Result<Callback, Refusal> {
    let mut errors = Errors::default();
    let form = Form::read(body, "", &["type", "data"], &mut errors);
    form.require("type", &mut errors);
    let answer = match (form.number("type", 1..=12, &mut errors), kind) {
        (Some(8), Kind::Autocomplete) => Some(Callback::Choices),
        (_, Kind::Autocomplete) => None,
        (Some(4), _) => Some(Callback::Message),
        (Some(5), _) => Some(Callback::DeferredMessage),
        (Some(6), _) if on_message => Some(Callback::DeferredUpdate),
        (Some(7), _) if on_message => Some(Callback::Update),
        (Some(9), Kind::Command | Kind::Component) => Some(Callback::Modal),
        _ => None,
    };
    let Some(answer) = answer else {
        let words = "This is no answer to such an interaction.";
        errors.add("type", "INTERACTION_APPLICATION_CALLBACK_TYPE_INVALID", words);
        return errors.into_result().map(|()| Callback::Message);
    };
    let nothing = json!({});
    let data = form.get("data").unwrap_or(&nothing);
    match answer {
        Callback::Modal => check_modal(data, "data", &mut errors),
        Callback::Choices => {
            let data = Form::read(data, "data", &["choices"], &mut errors);
            data.require("choices", &mut errors);
            for (at, choice) in data.list("choices", 0..=25, &mut errors) {
                let kind = if choice["value"].is_string() { 3 } else { 10 };
                check_choice(choice, &at, kind, &mut errors);
            }
        }
        Callback::DeferredMessage => {
            // Only the flags matter; whatever else a library sends along must be empty.
            let data = Form::read(
                data,
                "data",
                &[
                    "flags",
                    "tts",
                    "content",
                    "embeds",
                    "components",
                    "allowed_mentions",
                    "attachments",
                ],
                &mut errors,
            );
            if let Some(flags) = data.number("flags", 0..=i64::from(u32::MAX), &mut errors)
                && flags & !(1 << 6 | 1 << 12) != 0
            {
                errors.add("data.flags", "MESSAGE_FLAGS_INVALID", "These flags may not be set.");
            }
        }
        Callback::DeferredUpdate => {}
        Callback::Message | Callback::Update => {
            errors.into_result()?;
            let way = if answer == Callback::Message { Way::Callback } else { Way::Update };
            limits::check(data, "data", way, files)?;
            return Ok(answer);
        }
    }
    errors.into_result().map(|()| answer)
}

pub(crate) fn follow_up(state: &mut State, call: &Call) -> Answer {
    let id = state.by_token(call)?;
    let body = call.json()?;
    limits::check(body, "", Way::FollowUp, call.files.len())?;
    let original = state.interactions[&id].original;
    // What follows a deferral takes its place, and is as private as that was.
    if let Some(original) =
        original.filter(|original| state.message(*original).is_ok_and(|message| message.thinking))
    {
        state.fill(original, body, &call.files)?;
        return found(state.message_json(state.message(original)?, true));
    }
    let message = state.compose(id, body, &call.files, false);
    found(state.message_json(state.message(message)?, true))
}

pub(crate) fn get(state: &mut State, call: &Call) -> Answer {
    let message = state.of_interaction(call)?;
    found(state.message_json(state.message(message)?, true))
}

pub(crate) fn edit(state: &mut State, call: &Call) -> Answer {
    let message = state.of_interaction(call)?;
    let body = call.json()?;
    limits::check(body, "", Way::FollowUpEdit, call.files.len())?;
    state.fill(message, body, &call.files)?;
    found(state.message_json(state.message(message)?, true))
}

pub(crate) fn delete(state: &mut State, call: &Call) -> Answer {
    let message = state.of_interaction(call)?;
    state.remove(message);
    done()
}

impl State {
    /// The interaction whose token a path names, if it can still be followed.
    fn by_token(&self, call: &Call) -> Result<InteractionId, Refusal> {
        if call.id::<serenity::model::id::ApplicationId>("webhook_id")? != self.application {
            return Err(UNKNOWN_APPLICATION);
        }
        let token = call.name("webhook_token");
        let id = self.tokens.get(token).ok_or(UNKNOWN_WEBHOOK)?;
        let interaction = &self.interactions[id];
        if self.clock.now_ms() > interaction.at_ms + TOKEN_MS {
            return Err(TOKEN_EXPIRED);
        }
        match interaction.answer {
            None | Some(Callback::Choices) => Err(UNKNOWN_WEBHOOK),
            Some(_) => Ok(*id),
        }
    }

    /// The message that a path names, if it came of the interaction.
    fn of_interaction(&self, call: &Call) -> Result<MessageId, Refusal> {
        let interaction = &self.interactions[&self.by_token(call)?];
        let named = match call.name("message_id") {
            "" => interaction.original,
            _ => Some(call.id("message_id")?),
        };
        let own = named
            .filter(|id| interaction.messages.contains(id) || interaction.original == Some(*id));
        own.filter(|id| self.message(*id).is_ok()).ok_or(UNKNOWN_MESSAGE)
    }

    fn answer(
        &mut self,
        id: InteractionId,
        answer: Callback,
        data: &Value,
        files: &[File],
    ) -> Result<(), Refusal> {
        match answer {
            Callback::Message => {
                let message = self.compose(id, data, files, false);
                self.change(id, |interaction| interaction.original = Some(message));
            }
            Callback::DeferredMessage => {
                let flags = json!({ "flags": data["flags"] });
                let message = self.compose(id, &flags, &[], true);
                self.change(id, |interaction| interaction.original = Some(message));
            }
            Callback::DeferredUpdate | Callback::Update => {
                let on = self.interactions[&id].on;
                self.change(id, |interaction| interaction.original = on);
                if answer == Callback::Update {
                    self.rewrite(on.ok_or(UNKNOWN_MESSAGE)?, data, files)?;
                }
            }
            Callback::Choices => {
                let choices = data["choices"].as_array().cloned().unwrap_or_default();
                self.change(id, |interaction| interaction.choices = choices);
            }
            Callback::Modal => {
                self.change(id, |interaction| interaction.modal = Some(data.clone()));
            }
        }
        let ephemeral = data["flags"].as_u64().is_some_and(|flags| flags & EPHEMERAL != 0);
        self.change(id, |interaction| {
            interaction.answer = Some(answer);
            interaction.ephemeral = ephemeral;
        });
        Ok(())
    }

    fn change(&mut self, id: InteractionId, change: impl FnOnce(&mut Interaction)) {
        if let Some(interaction) = self.interactions.get_mut(&id) {
            change(interaction);
        }
    }

    /// Writes a message that comes of an interaction.
    fn compose(
        &mut self,
        id: InteractionId,
        data: &Value,
        files: &[File],
        thinking: bool,
    ) -> MessageId {
        let (channel, user) = (self.interactions[&id].channel, self.interactions[&id].user);
        let number = self.clock.id();
        let mut message = Message::new(number, channel, self.me, "");
        message.interaction = Some(id);
        let ephemeral = data["flags"].as_u64().is_some_and(|flags| flags & EPHEMERAL != 0);
        message.only_for = ephemeral.then_some(user);
        self.write(&mut message, data, files);
        if thinking {
            message.thinking = true;
            message.flags |= LOADING;
        }
        if ephemeral {
            message.told.clear();
        }
        let id_of_message = message.id;
        self.change(id, |interaction| interaction.messages.push(id_of_message));
        self.post(message);
        id_of_message
    }

    /// Changes a message that came of an interaction; the bot thinks no longer.
    fn fill(&mut self, id: MessageId, body: &Value, files: &[File]) -> Result<(), Refusal> {
        let message = self.message_mut(id)?;
        message.thinking = false;
        message.flags &= !LOADING;
        let mut body = body.clone();
        if let Some(fields) = body.as_object_mut() {
            // Whether only one person sees it was settled by the answer.
            fields.remove("flags");
        }
        self.rewrite(id, &body, files)
    }

    fn callback_json(&self, id: InteractionId) -> Value {
        let interaction = &self.interactions[&id];
        let message = interaction.original.and_then(|id| self.message(id).ok());
        json!({
            "interaction": { "id": id, "type": interaction.kind.number() },
            "resource": message.map(|message| json!({ "message": self.message_json(message, true) })),
        })
    }
}
