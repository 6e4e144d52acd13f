//! What happens to servers, told to the engine as facts: the bot comes and goes, names and owners
//! change, people leave.

use gmbot_engine::request::{AccountRef, Fact, Input, Request, SpaceRef};
use serenity::all::{ChannelId, Guild, GuildId, PartialGuild, UnavailableGuild, User, UserId};

use crate::bot::{Bot, key_of};
use crate::message::Unheard;
use crate::people::{self, PLATFORM};
use crate::rest::Trouble;
use crate::servers::{CATEGORY, Changed, Server, WAR_CHANNEL};

/// What the bot says when it comes to a server.
const GREETING: &str = "\
**gmbot** arranges wars against clans on other servers. This server is a clan now, and its owner leads it.
1. `gmbot subscribe GAME` – hear of challenges at a game; `gmbot games` lists them
2. `gmbot createwar @you @others -game GAME` – challenge every clan that plays it
3. `gmbot help` – everything else; all of it is under `/gmbot` as well";

/// What it adds where Discord does not show it every line.
const READS_LITTLE: &str = "
I read lines that mention me (`@gmbot games`), direct messages and `/gmbot …`. To have me read the lines above as they stand, \
who runs me has to switch on the *Message Content Intent* in Discord's developer portal.";

impl Bot {
    /// The bot is in a server: since it was added, or since it is connected.
    pub(crate) async fn arrive(&self, guild: &Guild, added: bool) -> Result<(), Unheard> {
        let known = self.servers.see(guild.id, Server::of(guild));
        let owner = self.owner(guild.id, guild.owner_id).await;
        // People become members when they act or are named: most of a server never plays.
        let fact = Fact::SpaceSeen { owner, members: Vec::new() };
        self.note(guild.id, guild.name.clone(), fact).await?;
        if added && !known {
            self.greet(guild).await;
        }
        Ok(())
    }

    /// A channel for notices, where that is permitted, and a greeting.
    async fn greet(&self, guild: &Guild) {
        let server = Server::of(guild);
        if !server.has_war_channel()
            && let Err(cause) = self.make_channel(guild.id).await
        {
            tracing::info!(guild = %guild.id, "no channel was made: {cause}");
        }
        let server = self.servers.get(guild.id).unwrap_or(server);
        let nonce = format!("g{}", guild.id);
        let greeting = format!("{GREETING}{}", if self.reads_all { "" } else { READS_LITTLE });
        for channel in server.war_channels(None) {
            match self.post_text(channel, &greeting, &nonce, None).await {
                Err(Trouble::Forbidden(_) | Trouble::Gone(_)) => {}
                Err(cause) => return tracing::warn!(guild = %guild.id, "no greeting: {cause}"),
                Ok(_posted) => return,
            }
        }
    }

    async fn make_channel(&self, guild: GuildId) -> Result<ChannelId, Trouble> {
        let category = serde_json::json!({ "name": CATEGORY, "type": 4 });
        let http = &self.rest.http;
        let category = self.rest.tried(|| http.create_channel(guild, &category, None)).await?.id;
        let channel = serde_json::json!({
            "name": WAR_CHANNEL,
            "type": 0,
            "parent_id": category.to_string(),
            "topic": "challenges, and how wars go on",
        });
        let channel = self.rest.tried(|| http.create_channel(guild, &channel, None)).await?;
        self.servers.see_channel(&channel);
        Ok(channel.id)
    }

    /// A server has another name, or another owner.
    pub(crate) async fn change(&self, guild: &PartialGuild) -> Result<(), Unheard> {
        let Some(Changed { renamed_from, new_owner }) = self.servers.change(guild) else {
            return Ok(());
        };
        if let Some(before) = renamed_from {
            let fact = Fact::SpaceRenamed { before: Some(before) };
            self.note(guild.id, guild.name.clone(), fact).await?;
        }
        if let Some(owner) = new_owner
            && let Some(owner) = self.owner(guild.id, owner).await
        {
            self.note(guild.id, guild.name.clone(), Fact::OwnerChanged { owner }).await?;
        }
        Ok(())
    }

    /// The bot was removed from a server, or the server is out of order.
    pub(crate) async fn depart(&self, guild: &UnavailableGuild) -> Result<(), Unheard> {
        if guild.unavailable {
            return Ok(());
        }
        let name = self.servers.forget(guild.id).map(|server| server.name).unwrap_or_default();
        self.note(guild.id, name, Fact::SpaceGone).await
    }

    /// Somebody left a server.
    pub(crate) async fn lose(&self, guild: GuildId, user: &User) -> Result<(), Unheard> {
        if user.id == self.me {
            return Ok(());
        }
        let server = self.server(guild).await?;
        let owner = self.owner(guild, server.owner).await;
        let fact = Fact::MemberLeft { account: people::account(user, None), owner };
        self.note(guild, server.name, fact).await
    }

    /// The owner of a server, if Discord tells who that is.
    async fn owner(&self, guild: GuildId, owner: UserId) -> Option<AccountRef> {
        match self.rest.tried(|| self.rest.http.get_member(guild, owner)).await {
            Ok(member) => Some(people::account(&member.user, member.nick.as_deref())),
            Err(cause) => {
                tracing::warn!(%guild, "the server's owner can't be looked up: {cause}");
                None
            }
        }
    }

    async fn note(&self, guild: GuildId, name: String, fact: Fact) -> Result<(), Unheard> {
        // Discord numbers no such events: each that comes is its own.
        let key = format!("f.{guild}.{}", self.way.moment_ms());
        let space = SpaceRef { key: key_of(guild.get()), name, direct: false };
        let request =
            Request { space: Some(space), ..Request::new(PLATFORM, key, Input::Fact(fact)) };
        self.way.submit(request).await?;
        Ok(())
    }
}
