//! Answers, to where something was said: below a message, to an interaction, or to somebody alone.

use gmbot_engine::Reply;
use gmbot_engine::reply::Audience;
use serenity::all::{ChannelId, InteractionId, Message as Posted, MessageId};

use crate::bot::Bot;
use crate::key::Source;
use crate::payload::Message;
use crate::pending::Told;
use crate::render::{Capabilities, render};
use crate::rest::Trouble;

/// What somebody reads who takes no direct messages and asked for what they alone should see.
const NOT_HERE: &str = "this is for you alone, and you take no direct messages from me: \
     allow them for this server, or ask again with `/gmbot`";

/// Where an answer ended up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Arrived {
    pub(crate) channel: ChannelId,
    pub(crate) message: MessageId,
    /// Whether it was shown in embeds.
    pub(crate) can: Capabilities,
}

impl From<(Posted, Capabilities)> for Arrived {
    fn from((posted, can): (Posted, Capabilities)) -> Self {
        Self { channel: posted.channel_id, message: posted.id, can }
    }
}

impl Bot {
    /// Answers; where that became a message that others see, says which.
    pub(crate) async fn answer(
        &self,
        source: &Source,
        reply: &Reply,
        nonce: &str,
    ) -> Result<Option<Arrived>, Trouble> {
        let private = reply.audience == Audience::Actor;
        if let Source::Interaction { .. } = source {
            let messages = render(reply, &Capabilities::default());
            match self.tell(source, &messages, private).await {
                // Too late for Discord: said in the channel, or to the person alone.
                Err(Trouble::Expired | Trouble::Gone(_)) => {}
                told => return told.map(|()| None),
            }
        }
        // Below a message a mistake is best seen; what is for one person goes to them.
        let alone =
            private && (!reply.code.is_refusal() || !matches!(source, Source::Message { .. }));
        if alone {
            self.answer_alone(source, reply, nonce).await
        } else {
            let answers = match source {
                Source::Message { message, .. } | Source::Reaction { message, .. } => {
                    Some(*message)
                }
                Source::Interaction { .. } => None,
            };
            self.show(source.channel(), reply, nonce, answers).await.map(Some)
        }
    }

    async fn answer_alone(
        &self,
        source: &Source,
        reply: &Reply,
        nonce: &str,
    ) -> Result<Option<Arrived>, Trouble> {
        let direct = self.rest.direct(source.user()).await;
        let shown = match direct {
            Ok(direct) => self.show(direct, reply, nonce, None).await,
            Err(trouble) => Err(trouble),
        };
        match (shown, source) {
            (Ok(_), _) => Ok(None),
            (Err(Trouble::Forbidden(_) | Trouble::Gone(_)), Source::Message { message, .. }) => {
                let message = Some(*message);
                self.post_text(source.channel(), NOT_HERE, nonce, message).await?;
                Ok(None)
            }
            (Err(trouble), _) => Err(trouble),
        }
    }

    /// Says something to whoever wrote a message.
    pub(crate) async fn say(
        &self,
        channel: ChannelId,
        text: &str,
        answers: MessageId,
    ) -> Result<(), Trouble> {
        self.post_text(channel, text, &format!("e{answers}"), Some(answers)).await.map(|_| ())
    }

    pub(crate) async fn post_text(
        &self,
        channel: ChannelId,
        text: &str,
        nonce: &str,
        answers: Option<MessageId>,
    ) -> Result<Posted, Trouble> {
        let message = Message { content: text.to_owned(), ..Message::default() };
        self.rest.post(channel, &message, nonce, answers).await
    }

    /// Shows a reply in a channel: in embeds, or as text where those are not permitted.
    pub(crate) async fn show(
        &self,
        channel: ChannelId,
        reply: &Reply,
        nonce: &str,
        answers: Option<MessageId>,
    ) -> Result<Arrived, Trouble> {
        let embeds = Capabilities::default();
        let text = Capabilities { embeds: false, ..embeds };
        match self.post_all(channel, &render(reply, &embeds), nonce, answers).await {
            Err(Trouble::Forbidden(_)) => {
                let posted = self.post_all(channel, &render(reply, &text), nonce, answers).await?;
                Ok((posted, text).into())
            }
            posted => posted.map(|posted| (posted, embeds).into()),
        }
    }

    /// Posts messages one after the other; the first of them answers.
    async fn post_all(
        &self,
        channel: ChannelId,
        messages: &[Message],
        nonce: &str,
        answers: Option<MessageId>,
    ) -> Result<Posted, Trouble> {
        let mut last = None;
        for (number, message) in messages.iter().enumerate() {
            let answers = answers.filter(|_| number == 0);
            let nonce = format!("{nonce}.{number}");
            last = Some(self.rest.post(channel, message, &nonce, answers).await?);
        }
        last.ok_or_else(|| Trouble::Refused("there is nothing to say".to_owned()))
    }

    /// Answers an interaction, whatever Discord was told of it before. The same answer can be given
    /// again: it takes its own place.
    pub(crate) async fn tell(
        &self,
        source: &Source,
        messages: &[Message],
        private: bool,
    ) -> Result<(), Trouble> {
        let Source::Interaction { id, token, .. } = source else { return Ok(()) };
        let telling = self.pending.telling(*id);
        let mut told = telling.lock().await;
        let (Some(first), rest) = (messages.first(), messages.get(1..).unwrap_or_default()) else {
            return Ok(());
        };
        match *told {
            Told::Answer => return Ok(()),
            Told::Deferred { private: false } if private => {
                // Everybody sees that the bot thinks: that goes, and the answer comes to one person.
                self.rest.delete_answer(token).await?;
                self.rest.follow_up(token, first, private).await?;
            }
            Told::Deferred { .. } => self.rest.edit_answer(token, first).await?,
            Told::Nothing => self.tell_first(*id, token, first, private).await?,
        }
        *told = Told::Answer;
        for message in rest {
            self.rest.follow_up(token, message, private).await?;
        }
        Ok(())
    }

    /// The first answer; where an earlier process gave one, this takes its place.
    async fn tell_first(
        &self,
        id: InteractionId,
        token: &str,
        message: &Message,
        private: bool,
    ) -> Result<(), Trouble> {
        match self.rest.answer(id, token, message, private).await {
            Err(Trouble::Answered | Trouble::Expired) => {
                self.rest.edit_answer(token, message).await
            }
            told => told,
        }
    }
}
