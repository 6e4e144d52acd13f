//! What people write: a line of text, its mentions and its images as a request.

use gmbot_chat::{OUT_OF_ORDER, age_ms, is_called};
use gmbot_engine::grammar::{Kind, kind_of};
use gmbot_engine::request::{Input, Request};
use serenity::all::{Message, MessageId};

use crate::bot::{Bot, Place, Speaker};
use crate::catch_up::made_at_ms;
use crate::image;
use crate::key::Source;
use crate::people::{self, Explained};
use crate::rest::Trouble;

impl Bot {
    /// Somebody wrote something.
    pub(crate) async fn hear(&self, message: &Message) {
        if message.author.bot || message.webhook_id.is_some() || message.content.is_empty() {
            return;
        }
        if let Err(cause) = self.take(message).await {
            tracing::warn!(message = %message.id, "a message was not taken: {cause}");
        }
    }

    async fn take(&self, message: &Message) -> Result<(), Unheard> {
        let request = self.request_of(message).await?;
        let asks = kind_of(&request.input) == Kind::Query;
        let source = source(message);
        match self.way.submit(request).await {
            // What may change something is answered by way of the outbox.
            Ok(Some(reply)) if asks => {
                self.answer(&source, &reply, &nonce(message.id)).await?;
            }
            Ok(_) => {}
            Err(cause) => {
                if is_called(&message.content, &self.mention()) {
                    self.say(message.channel_id, OUT_OF_ORDER, message.id).await?;
                }
                return Err(cause.into());
            }
        }
        Ok(())
    }

    /// The request that a message makes.
    async fn request_of(&self, message: &Message) -> Result<Request, Trouble> {
        let nick = message.member.as_ref().and_then(|member| member.nick.as_deref());
        let speaker = Speaker { user: &message.author, nick };
        let place = Place { guild: message.guild_id, channel: message.channel_id };
        let input = Input::Line(message.content.clone());
        let changes = kind_of(&input) == Kind::Change;
        let request = self.request(source(message).to_string(), place, speaker, input).await?;
        let mut explained = Explained::default();
        for user in &message.mentions {
            // Only the gateway says whether somebody is in the server; others are asked about.
            if let Some(member) = &user.member {
                explained.add(user, Some(member));
            }
        }
        let guild = message.guild_id;
        let mentions = people::mentions(&self.rest, guild, &[&message.content], &explained).await?;
        let attachments = if changes {
            image::fetch(&self.rest.client, &message.attachments).await?
        } else {
            vec![]
        };
        Ok(Request { mentions, attachments, age_ms: age_ms(made_at_ms(message.id)), ..request })
    }
}

/// Where a message was said.
pub(crate) fn source(message: &Message) -> Source {
    let (channel, author) = (message.channel_id, message.author.id);
    Source::Message { channel, message: message.id, author }
}

/// The nonce of the answer to a message, where that goes past the outbox.
fn nonce(message: MessageId) -> String {
    format!("m{message}")
}

/// Why a message was not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unheard {
    #[error(transparent)]
    Discord(#[from] Trouble),
    #[error(transparent)]
    Backend(#[from] gmbot_backend::BackendError),
}
