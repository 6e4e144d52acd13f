//! Delivery from the outbox: each clan's notices in order, answers to where something was said. What
//! can't go where it should goes elsewhere, and somebody is told.

use gmbot_backend::{Delivery, Fate};
use gmbot_chat::{Deliver, Way, war_of};
use gmbot_engine::model::{Platform, SpaceKey};
use gmbot_engine::reply::{Address, Code};
use gmbot_engine::request::SpaceRef;
use serenity::all::{ChannelId, GuildId, UserId};

use crate::answer::Arrived;
use crate::bot::Bot;
use crate::cards::Posted;
use crate::key::Source;
use crate::people;
use crate::rest::Trouble;
use crate::servers::Access;

/// How many messages to somebody alone are looked through for what they were told.
const LOOKED_BACK: u8 = 50;
/// How many channels are tried for a notice.
const MOST_CHANNELS: usize = 5;

impl Deliver for Bot {
    fn way(&self) -> &Way {
        &self.way
    }

    fn platform(&self) -> Platform {
        people::platform()
    }

    type Trouble = Trouble;

    async fn deliver(&self, delivery: &Delivery) -> Result<Fate, Trouble> {
        let nonce = format!("o{}", delivery.notice);
        match &delivery.post.to {
            Address::Clan { space, .. } => self.notify(space, delivery, &nonce).await,
            Address::Answer { space, key } => {
                self.answer_by_key(space, key, delivery, &nonce).await?;
                Ok(Fate::Delivered)
            }
        }
    }
}

impl Bot {
    async fn answer_by_key(
        &self,
        space: &SpaceKey,
        key: &str,
        delivery: &Delivery,
        nonce: &str,
    ) -> Result<(), Trouble> {
        let source: Source = key
            .parse()
            .map_err(|error: crate::key::ForeignKey| Trouble::Gone(error.to_string()))?;
        let arrived = self.answer(&source, &delivery.post.reply, nonce).await?;
        self.show_on_card(space, delivery, arrived).await;
        Ok(())
    }

    /// Posts a notice in the clan's war channel, or where else it can be read.
    async fn notify(
        &self,
        space: &SpaceKey,
        delivery: &Delivery,
        nonce: &str,
    ) -> Result<Fate, Trouble> {
        let Ok(guild) = space.id.parse::<GuildId>() else {
            return Err(Trouble::Gone("the space is no server".to_owned()));
        };
        let server = self.server(guild).await?;
        let reply = &delivery.post.reply;
        let places = server.war_channels(delivery.channel.as_deref());
        let mut closed = server.deleted_war_channel(delivery.channel.as_deref());
        for channel in places.into_iter().take(MOST_CHANNELS) {
            match self.show(channel, reply, nonce, None).await {
                Ok(arrived) => {
                    self.servers.opens(channel);
                    if let Some(closed) = closed {
                        self.tell_owner(guild, server.owner, closed, Some(channel)).await;
                    }
                    self.show_on_card(space, delivery, Some(arrived)).await;
                    return Ok(arrived_beside(closed));
                }
                Err(Trouble::Forbidden(_) | Trouble::Gone(_)) => {
                    closed.get_or_insert(channel);
                }
                Err(trouble) => return Err(trouble),
            }
        }
        let direct = self.rest.direct(server.owner).await?;
        self.show(direct, reply, nonce, None).await?;
        if let Some(closed) = closed {
            self.tell_owner(guild, server.owner, closed, None).await;
        }
        Ok(arrived_beside(closed))
    }

    /// Tells a server's owner, once, that notices go elsewhere.
    async fn tell_owner(
        &self,
        guild: GuildId,
        owner: UserId,
        closed: ChannelId,
        instead: Option<ChannelId>,
    ) {
        let before = self.servers.closes(closed);
        if before == Some(Access::Closed) {
            return;
        }
        let instead = match instead {
            Some(channel) => format!("they go to <#{channel}> instead"),
            None => "they come to you instead".to_owned(),
        };
        let begins = format!("I can't write in <#{closed}>");
        let text = format!(
            "{begins}, where your clan is told things: {instead}. \
             Let me write there again, or choose another channel with `gmbot setup -channel`"
        );
        let told = match self.rest.direct(owner).await {
            // What an earlier process said stands there.
            Ok(direct) if before.is_none() && self.has_said(direct, &begins).await => Ok(()),
            Ok(direct) => {
                let nonce = format!("c{closed}");
                self.post_text(direct, &text, &nonce, None).await.map(|_posted| ())
            }
            Err(trouble) => Err(trouble),
        };
        if let Err(cause) = told {
            tracing::warn!(%guild, "a server's owner can't be told that a channel is closed: {cause}");
        }
    }

    /// Whether one of our last messages in a channel begins so.
    async fn has_said(&self, channel: ChannelId, begins: &str) -> bool {
        let http = &self.rest.http;
        let said = self.rest.tried(|| http.get_messages(channel, None, Some(LOOKED_BACK))).await;
        let ours = said.unwrap_or_default().into_iter().filter(|said| said.author.id == self.me);
        ours.map(|said| said.content).any(|said| said.starts_with(begins))
    }

    /// Lets the card of the war in that channel show how it stands.
    async fn show_on_card(&self, space: &SpaceKey, delivery: &Delivery, arrived: Option<Arrived>) {
        let (Some(war), Some(arrived)) = (war_of(delivery), arrived) else { return };
        let space = SpaceRef { key: space.clone(), name: String::new(), direct: false };
        let is_first = matches!(delivery.post.reply.code, Code::WarCreated | Code::Challenge);
        let posted = Posted { message: arrived.message, is_first, can: arrived.can };
        self.turn_card(arrived.channel, &space, war, posted).await;
    }
}

/// What became of a notice that arrived, perhaps since the channel where it should go is closed.
fn arrived_beside(closed: Option<ChannelId>) -> Fate {
    match closed {
        Some(channel) => Fate::Elsewhere { closed: channel.to_string() },
        None => Fate::Delivered,
    }
}
