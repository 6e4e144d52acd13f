//! What the gateway tells, handed to whoever takes it. Nothing here waits for anything: serenity runs
//! each event by itself.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use serenity::all::{
    Context, EventHandler, Guild, GuildChannel, GuildId, Interaction, Member, Message,
    PartialGuild, Reaction, Ready, UnavailableGuild, User,
};
use serenity::async_trait;

use crate::bot::Bot;
use crate::message::Unheard;

/// Hands on what the gateway tells.
pub(crate) struct Handler {
    pub(crate) bot: Arc<Bot>,
    /// The servers that the bot was in when it connected: it was not added to them just now.
    joined: Mutex<BTreeSet<GuildId>>,
}

impl Handler {
    pub(crate) fn new(bot: Arc<Bot>) -> Self {
        Self { bot, joined: Mutex::default() }
    }
}

/// Notes what could not be taken.
fn noted(guild: GuildId, taken: Result<(), Unheard>) {
    if let Err(cause) = taken {
        tracing::warn!(%guild, "what happened to a server was not noted: {cause}");
    }
}

#[async_trait]
impl EventHandler for Handler {
    async fn ready(&self, _context: Context, ready: Ready) {
        let mut joined = self.joined.lock().unwrap_or_else(PoisonError::into_inner);
        joined.extend(ready.guilds.iter().map(|guild| guild.id));
    }

    async fn guild_create(&self, _context: Context, guild: Guild, _is_new: Option<bool>) {
        let added = !self.joined.lock().unwrap_or_else(PoisonError::into_inner).contains(&guild.id);
        noted(guild.id, self.bot.arrive(&guild, added).await);
        self.bot.catch_up(&guild).await;
    }

    async fn guild_update(&self, _context: Context, _old: Option<Guild>, guild: PartialGuild) {
        noted(guild.id, self.bot.change(&guild).await);
    }

    async fn guild_delete(&self, _context: Context, guild: UnavailableGuild, _full: Option<Guild>) {
        if !guild.unavailable {
            // If the bot comes again, it was added.
            self.joined.lock().unwrap_or_else(PoisonError::into_inner).remove(&guild.id);
        }
        noted(guild.id, self.bot.depart(&guild).await);
    }

    async fn guild_member_removal(
        &self,
        _context: Context,
        guild: GuildId,
        user: User,
        _member: Option<Member>,
    ) {
        noted(guild, self.bot.lose(guild, &user).await);
    }

    async fn channel_create(&self, _context: Context, channel: GuildChannel) {
        self.bot.servers.see_channel(&channel);
    }

    async fn channel_update(
        &self,
        _context: Context,
        _old: Option<GuildChannel>,
        channel: GuildChannel,
    ) {
        self.bot.servers.see_channel(&channel);
    }

    async fn channel_delete(
        &self,
        _context: Context,
        channel: GuildChannel,
        _messages: Option<Vec<Message>>,
    ) {
        self.bot.servers.forget_channel(&channel);
    }

    async fn message(&self, _context: Context, message: Message) {
        self.bot.hear(&message).await;
    }

    async fn reaction_add(&self, _context: Context, reaction: Reaction) {
        self.bot.react(&reaction).await;
    }

    async fn interaction_create(&self, _context: Context, interaction: Interaction) {
        self.bot.interact(&interaction).await;
    }
}
