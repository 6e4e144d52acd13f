//! What people write: a line of text, its mentions and its images as a request.

use gmbot_engine::grammar::{Kind, kind_of};
use gmbot_engine::request::{Input, Request};
use serenity::all::{Message, MessageId};

use crate::bot::{Bot, Place, Speaker, now_ms};
use crate::image;
use crate::key::Source;
use crate::people::{self, Explained};
use crate::rest::Trouble;

/// A minute; Discord's clock and ours differ by less.
const MINUTE_MS: i64 = 60_000;

/// What somebody is told whose words could not be looked into.
pub(crate) const OUT_OF_ORDER: &str =
    "something is out of order here, and I did not get to it; please say it again in a minute";

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
        match self.submit(request).await {
            // What may change something is answered by way of the outbox.
            Ok(Some(reply)) if asks => {
                self.answer(&source, &reply, &nonce(message.id)).await?;
            }
            Ok(_) => {}
            Err(cause) => {
                if is_called(&message.content, self.me.get()) {
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
        Ok(Request { mentions, attachments, age_ms: age_ms(message.id), ..request })
    }
}

/// How long ago a message was written, by its id, in whole minutes.
fn age_ms(id: MessageId) -> i64 {
    let age = now_ms() - id.created_at().unix_timestamp().saturating_mul(1000);
    age.max(0) / MINUTE_MS * MINUTE_MS
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

/// Whether a line is plainly for the bot, so that it may be told that something failed.
pub(crate) fn is_called(line: &str, me: u64) -> bool {
    let line = line.trim_start();
    let named = line.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("gmbot"));
    named || line.starts_with(&format!("<@{me}>"))
}

/// Why a message was not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unheard {
    #[error(transparent)]
    Discord(#[from] Trouble),
    #[error(transparent)]
    Backend(#[from] gmbot_backend::BackendError),
}
