//! What all parts of the connector share: the way to the backend, the way to Discord, and what is
//! known of both.

use std::collections::BTreeSet;
use std::sync::Arc;

use gmbot_backend::Backend;
use gmbot_chat::Way;
use gmbot_engine::model::SpaceKey;
use gmbot_engine::request::{Authority, Input, Request, SpaceRef};
use serenity::all::{ChannelId, GuildId, Mentionable as _, UserId};

use crate::cards::Cards;
use crate::pending::Pending;
use crate::people::{self, PLATFORM};
use crate::rest::{Rest, Trouble};
use crate::servers::{Server, Servers};

/// What all parts of the connector share.
pub(crate) struct Bot {
    pub(crate) way: Arc<Way>,
    pub(crate) rest: Rest,
    pub(crate) me: UserId,
    pub(crate) operators: BTreeSet<UserId>,
    /// Whether it reads lines in channels that do not mention it.
    pub(crate) reads_all: bool,
    pub(crate) servers: Servers,
    /// The interactions that wait for an answer.
    pub(crate) pending: Pending,
    /// The message that shows a war, in each channel.
    pub(crate) cards: Cards,
}

/// Where somebody speaks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) guild: Option<GuildId>,
    pub(crate) channel: ChannelId,
}

impl Bot {
    pub(crate) fn new(
        backend: Arc<dyn Backend>,
        rest: Rest,
        me: UserId,
        operators: BTreeSet<UserId>,
        reads_all: bool,
    ) -> Self {
        Self {
            way: Arc::new(Way::to(backend)),
            rest,
            me,
            operators,
            reads_all,
            servers: Servers::default(),
            pending: Pending::default(),
            cards: Cards::default(),
        }
    }

    /// How Discord writes a mention of the bot.
    pub(crate) fn mention(&self) -> String {
        self.me.mention().to_string()
    }

    /// A request in which somebody says something.
    pub(crate) async fn request(
        &self,
        key: String,
        place: Place,
        speaker: Speaker<'_>,
        input: Input,
    ) -> Result<Request, Trouble> {
        let space = match place.guild {
            Some(guild) => self.space(guild).await?,
            None => {
                let name = people::account(speaker.user, None).name;
                SpaceRef { key: key_of(place.channel.get()), name, direct: true }
            }
        };
        let owns = place.guild.and_then(|guild| self.servers.get(guild));
        let authority = Authority {
            owner: owns.is_some_and(|server| server.owner == speaker.user.id),
            operator: self.operators.contains(&speaker.user.id),
            ..Authority::default()
        };
        let answer_to = Some(space.key.clone());
        Ok(Request {
            authority,
            actor: Some(people::account(speaker.user, speaker.nick)),
            bot_mention: Some(self.mention()),
            space: Some(space),
            answer_to,
            ..Request::new(PLATFORM, key, input)
        })
    }

    /// A server as a request names it.
    pub(crate) async fn space(&self, guild: GuildId) -> Result<SpaceRef, Trouble> {
        let name = self.server(guild).await?.name;
        Ok(SpaceRef { key: key_of(guild.get()), name, direct: false })
    }

    /// A server; one that the gateway has not told of yet is looked up.
    pub(crate) async fn server(&self, guild: GuildId) -> Result<Server, Trouble> {
        if let Some(server) = self.servers.get(guild) {
            return Ok(server);
        }
        let parts = self.rest.tried(|| self.rest.http.get_guild(guild)).await?;
        let channels = self.rest.tried(|| self.rest.http.get_channels(guild)).await?;
        Ok(Server::of_parts(&parts, &channels))
    }
}

/// Who speaks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Speaker<'a> {
    pub(crate) user: &'a serenity::all::User,
    /// What they are called in the server.
    pub(crate) nick: Option<&'a str>,
}

/// The key of a server, or of the direct messages with somebody.
pub(crate) fn key_of(id: u64) -> SpaceKey {
    SpaceKey { platform: people::platform(), id: id.to_string() }
}
