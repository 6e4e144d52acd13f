//! Reactions: below a question who won, 1️⃣, 2️⃣ and 0️⃣ are its buttons.

use gmbot_engine::grammar::{Kind, kind_of};
use gmbot_engine::request::{Input, Request};
use serenity::all::{ActionRowComponent, ButtonKind, Message, Reaction, ReactionType};

use crate::bot::{Bot, Place, Speaker};
use crate::key::Source;
use crate::message::Unheard;

/// What a button's line begins with that a reaction can stand for.
const VOTE: &str = "gmbot vote ";
/// The reactions, in the order of the buttons.
const SIGNS: [&str; 3] = ["1️⃣", "2️⃣", "0️⃣"];

impl Bot {
    /// Somebody reacted to a message.
    pub(crate) async fn react(&self, reaction: &Reaction) {
        if let Err(cause) = self.take_reaction(reaction).await {
            tracing::warn!(message = %reaction.message_id, "a reaction was not taken: {cause}");
        }
    }

    async fn take_reaction(&self, reaction: &Reaction) -> Result<(), Unheard> {
        let ReactionType::Unicode(sign) = &reaction.emoji else { return Ok(()) };
        let Some(place) = SIGNS.iter().position(|known| known == sign) else { return Ok(()) };
        let ours = reaction.message_author_id.is_none_or(|author| author == self.me);
        let (Some(user), true) = (reaction.user_id.filter(|user| *user != self.me), ours) else {
            return Ok(());
        };
        let (channel, message) = (reaction.channel_id, reaction.message_id);
        let asked = self.rest.tried(|| self.rest.http.get_message(channel, message)).await?;
        let Some(line) = vote(&asked, place).filter(|_| asked.author.id == self.me) else {
            return Ok(());
        };
        let who = match &reaction.member {
            Some(member) => member.user.clone(),
            None => self.rest.tried(|| self.rest.http.get_user(user)).await?,
        };
        let nick = reaction.member.as_ref().and_then(|member| member.nick.as_deref());
        let source = Source::Reaction { channel, message, user, at_ms: self.way.moment_ms() };
        let place = Place { guild: reaction.guild_id, channel };
        let speaker = Speaker { user: &who, nick };
        let request: Request =
            self.request(source.to_string(), place, speaker, Input::Line(line)).await?;
        debug_assert_eq!(kind_of(&request.input), Kind::Change);
        self.way.submit(request).await?;
        Ok(())
    }
}

/// The line of the vote button in this place, counted among those of the message.
fn vote(message: &Message, place: usize) -> Option<String> {
    let parts = message.components.iter().flat_map(|row| &row.components);
    let lines = parts.filter_map(|part| match part {
        ActionRowComponent::Button(button) => match &button.data {
            ButtonKind::NonLink { custom_id, .. } => Some(custom_id),
            ButtonKind::Link { .. } | ButtonKind::Premium { .. } => None,
        },
        ActionRowComponent::SelectMenu(_) | ActionRowComponent::InputText(_) | _ => None,
    });
    lines.filter(|line| line.starts_with(VOTE)).nth(place).cloned()
}
