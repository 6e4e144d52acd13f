//! Application commands, buttons, selects and forms: each is a request, and gets an answer in time.

use std::sync::Arc;
use std::time::Duration;

use gmbot_chat::OUT_OF_ORDER;
use gmbot_engine::grammar::{CommandSpec, Kind, kind_of, table};
use gmbot_engine::request::{Attachment, Field, FieldValue, Form, Input, Request};
use serenity::all::{
    ActionRowComponent, ChannelId, CommandDataResolved, CommandInteraction, ComponentInteraction,
    ComponentInteractionDataKind, GuildId, Interaction, InteractionId, Member, ModalInteraction,
    User,
};

use crate::bot::{Bot, Place, Speaker};
use crate::form;
use crate::image;
use crate::key::Source;
use crate::message::Unheard;
use crate::options::{self, Filled};
use crate::payload::Message;
use crate::pending::{Telling, Told};
use crate::people::{self, Explained};
use crate::rest::Trouble;

/// How long an answer may take before Discord is told that it takes longer; Discord gives 3 seconds,
/// and the way there takes its time.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// What all interactions have in common.
struct Asked<'a> {
    id: InteractionId,
    token: &'a str,
    guild: Option<GuildId>,
    channel: ChannelId,
    user: &'a User,
    member: Option<&'a Member>,
    resolved: Option<&'a CommandDataResolved>,
}

/// What an interaction says.
struct Said {
    input: Input,
    /// Whether the answer is for the asking person alone, as far as the table says.
    private: bool,
    files: Vec<serenity::all::Attachment>,
}

impl Bot {
    /// Somebody used a command, a button, a select or a form.
    pub(crate) async fn interact(self: &Arc<Self>, interaction: &Interaction) {
        let done = match interaction {
            Interaction::Command(command) => self.command(command).await,
            Interaction::Component(pressed) => self.pressed(pressed).await,
            Interaction::Modal(filled) => self.filled_in(filled).await,
            Interaction::Autocomplete(typing) => self.complete(typing).await,
            // A ping comes to an HTTP endpoint alone; others are not known yet.
            Interaction::Ping(_) | _ => Ok(()),
        };
        if let Err(cause) = done {
            tracing::warn!(interaction = %interaction.id(), "an interaction was not answered: {cause}");
        }
    }

    async fn command(self: &Arc<Self>, command: &CommandInteraction) -> Result<(), Unheard> {
        let asked = Asked {
            id: command.id,
            token: &command.token,
            guild: command.guild_id,
            channel: command.channel_id,
            user: &command.user,
            member: command.member.as_deref(),
            resolved: Some(&command.data.resolved),
        };
        let Some(Filled { input, spec, files }) = options::read(&command.data.options) else {
            return Ok(());
        };
        if let (Input::Form(filled), Some(spec)) = (&input, spec)
            && let Some(form) = form::asked_by(spec, filled, !files.is_empty())
        {
            return Ok(self.rest.open(command.id, &command.token, &form).await?);
        }
        let attached = &command.data.resolved.attachments;
        let files = files.iter().filter_map(|file| attached.get(file).cloned()).collect();
        let private = spec.or_else(|| spec_of(&input)).is_some_and(|spec| spec.private_answer);
        self.carry_out(&asked, Said { input, private, files }).await
    }

    async fn pressed(self: &Arc<Self>, pressed: &ComponentInteraction) -> Result<(), Unheard> {
        let asked = Asked {
            id: pressed.id,
            token: &pressed.token,
            guild: pressed.guild_id,
            channel: pressed.channel_id,
            user: &pressed.user,
            member: pressed.member.as_ref(),
            resolved: Some(&pressed.data.resolved),
        };
        // The line of a button's command is what it gives back; who was chosen comes behind it.
        let mut line = pressed.data.custom_id.clone();
        if let ComponentInteractionDataKind::UserSelect { values } = &pressed.data.kind {
            line.extend(values.iter().map(|user| format!(" <@{user}>")));
        }
        let input = Input::Line(line);
        let private = spec_of(&input).is_some_and(|spec| spec.private_answer);
        self.carry_out(&asked, Said { input, private, files: Vec::new() }).await
    }

    async fn filled_in(self: &Arc<Self>, filled: &ModalInteraction) -> Result<(), Unheard> {
        let asked = Asked {
            id: filled.id,
            token: &filled.token,
            guild: filled.guild_id,
            channel: filled.channel_id,
            user: &filled.user,
            member: filled.member.as_ref(),
            resolved: None,
        };
        let Some((spec, mut fields)) = form::asked_for(&filled.data.custom_id) else {
            return Ok(());
        };
        for row in &filled.data.components {
            for part in &row.components {
                if let ActionRowComponent::InputText(text) = part
                    && let Some(value) = text.value.clone().filter(|value| !value.is_empty())
                {
                    let name = text.custom_id.clone();
                    fields.push(Field { name, value: FieldValue::Text(value) });
                }
            }
        }
        let input = Input::Form(Form { command: spec.name.to_owned(), fields });
        let said = Said { input, private: spec.private_answer, files: Vec::new() };
        self.carry_out(&asked, said).await
    }

    /// Submits what an interaction says. Discord hears in time that the answer takes longer.
    async fn carry_out(self: &Arc<Self>, asked: &Asked<'_>, said: Said) -> Result<(), Unheard> {
        let telling = self.pending.telling(asked.id);
        let deferral = self.defer_later(asked.id, asked.token, said.private, &telling);
        let answered = self.answer_interaction(asked, said).await;
        if let Err(cause) = answered {
            let source = asked.source();
            let message = Message { content: OUT_OF_ORDER.to_owned(), ..Message::default() };
            self.tell(&source, &[message], true).await?;
            deferral.abort();
            return Err(cause);
        }
        Ok(())
    }

    async fn answer_interaction(&self, asked: &Asked<'_>, said: Said) -> Result<(), Unheard> {
        let request = self.request_by(asked, said).await?;
        let asks = kind_of(&request.input) == Kind::Query;
        match self.way.submit(request).await? {
            Some(reply) if asks => {
                self.answer(&asked.source(), &reply, &format!("i{}", asked.id)).await?;
            }
            // What may change something is answered by way of the outbox.
            Some(_) => {}
            None => {
                // A line behind `run` that is no command: in a chat it would get no answer.
                let help = "`gmbot help` lists what one can say".to_owned();
                let message = Message { content: help, ..Message::default() };
                self.tell(&asked.source(), &[message], true).await?;
            }
        }
        Ok(())
    }

    async fn request_by(&self, asked: &Asked<'_>, said: Said) -> Result<Request, Trouble> {
        let nick = asked.member.and_then(|member| member.nick.as_deref());
        let speaker = Speaker { user: asked.user, nick };
        let place = Place { guild: asked.guild, channel: asked.channel };
        let key = asked.source().to_string();
        let request = self.request(key, place, speaker, said.input).await?;
        let (texts, explained) = (options::texts(&request.input), asked.explained());
        let mentions = people::mentions(&self.rest, asked.guild, &texts, &explained).await?;
        let attachments: Vec<Attachment> = image::fetch(&self.rest.client, &said.files).await?;
        Ok(Request { mentions, attachments, ..request })
    }

    /// Tells Discord that the answer takes longer, if it does.
    fn defer_later(
        self: &Arc<Self>,
        id: InteractionId,
        token: &str,
        private: bool,
        telling: &Telling,
    ) -> tokio::task::JoinHandle<()> {
        let (bot, token, telling) = (Arc::clone(self), token.to_owned(), Arc::clone(telling));
        tokio::spawn(async move {
            tokio::time::sleep(PATIENCE).await;
            let mut told = telling.lock().await;
            if *told != Told::Nothing {
                return;
            }
            match bot.rest.defer(id, &token, private).await {
                Ok(()) | Err(Trouble::Answered) => *told = Told::Deferred { private },
                // Whoever answers will see what is the matter.
                Err(cause) => tracing::warn!(interaction = %id, "no time was asked for: {cause}"),
            }
        })
    }
}

impl Asked<'_> {
    fn source(&self) -> Source {
        let (channel, id, user) = (self.channel, self.id, self.user.id);
        Source::Interaction { channel, id, user, token: self.token.to_owned() }
    }

    /// Those whom Discord explained along with it.
    fn explained(&self) -> Explained {
        let mut explained = Explained::default();
        let Some(resolved) = self.resolved else { return explained };
        let mut users: Vec<_> = resolved.users.values().collect();
        users.sort_by_key(|user| user.id);
        for user in users {
            let member = resolved.members.get(&user.id);
            // In direct messages nobody is a member, and nobody outside.
            if member.is_some() || self.guild.is_some() {
                explained.add(user, member);
            }
        }
        explained
    }
}

/// The row of the command that an input names.
fn spec_of(input: &Input) -> Option<&'static CommandSpec> {
    match input {
        Input::Form(form) => table::find(&form.command),
        Input::Line(line) => line.split_whitespace().nth(1).and_then(table::find),
        Input::Words(_) | Input::Command(_) | Input::Fact(_) => None,
    }
}
