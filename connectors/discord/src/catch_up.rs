//! What was said while the bot was away: read again from the channels. What was taken before is known
//! by its key, and what was answered by the answer below it.

use gmbot_chat::{is_called, now_ms};
use serenity::all::{ChannelId, Guild, Message, MessageId, MessagePagination};

use crate::bot::Bot;
use crate::rest::Trouble;

/// How far back a channel is read, in milliseconds.
const BACK_MS: i64 = 24 * 60 * 60 * 1000;
/// How many messages of a channel are read.
const MOST: u8 = 100;

impl Bot {
    /// Reads what was said in a server while the bot was not there to hear it.
    pub(crate) async fn catch_up(&self, guild: &Guild) {
        let since = (now_ms() - BACK_MS).max(guild.joined_at.unix_timestamp() * 1000);
        let mut channels: Vec<_> = guild.channels.values().collect();
        channels.sort_by_key(|channel| channel.id);
        for channel in channels {
            let lately = channel.last_message_id.filter(|last| made_at_ms(*last) >= since);
            if lately.is_none() {
                continue;
            }
            match self.said_in(channel.id, since).await {
                Ok(messages) => {
                    for mut message in messages {
                        // The gateway says it with each message; a list of them does not.
                        message.guild_id = Some(guild.id);
                        self.hear(&message).await;
                    }
                }
                // Where the bot may not read, nobody expects it to.
                Err(Trouble::Forbidden(_) | Trouble::Gone(_)) => {}
                Err(cause) => {
                    tracing::warn!(channel = %channel.id, "a channel can't be read back: {cause}");
                }
            }
        }
    }

    /// What was said to the bot in a channel since a moment, and was not answered; the oldest first.
    async fn said_in(&self, channel: ChannelId, since_ms: i64) -> Result<Vec<Message>, Trouble> {
        let after = Some(MessagePagination::After(id_at(since_ms)));
        let http = &self.rest.http;
        let mut messages =
            self.rest.tried(|| http.get_messages(channel, after, Some(MOST))).await?;
        messages.sort_by_key(|message| message.id);
        let answered: Vec<MessageId> = messages
            .iter()
            .filter(|message| message.author.id == self.me)
            .filter_map(|message| message.message_reference.as_ref()?.message_id)
            .collect();
        let me = self.mention();
        messages
            .retain(|message| is_called(&message.content, &me) && !answered.contains(&message.id));
        Ok(messages)
    }
}

/// The moment in an id, in milliseconds since 1970.
pub(crate) fn made_at_ms(id: MessageId) -> i64 {
    id.created_at().unix_timestamp().saturating_mul(1000)
}

/// The first moment that an id can tell, in milliseconds since 1970.
const EPOCH_MS: i64 = 1_420_070_400_000;

/// The least id of a moment.
fn id_at(ms: i64) -> MessageId {
    let since = u64::try_from(ms - EPOCH_MS).unwrap_or(0);
    MessageId::new((since << 22).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_its_moment() {
        let moment = 1_767_636_000_000;
        assert_eq!(made_at_ms(id_at(moment)), moment);
        assert_eq!(id_at(0), MessageId::new(1));
    }
}
