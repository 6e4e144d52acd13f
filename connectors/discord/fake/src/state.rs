//! Everything that this Discord holds.

use std::collections::{BTreeMap, VecDeque};

use serde_json::Value;
use serenity::model::Permissions;
use serenity::model::channel::ChannelType;
use serenity::model::gateway::GatewayIntents;
use serenity::model::id::{
    ApplicationId, AttachmentId, ChannelId, GuildId, InteractionId, MessageId, RoleId, UserId,
};

use crate::clock::Clock;
use crate::faults::Fault;
use crate::interactions::Interaction;
use crate::message::Message;
use crate::refusal::{Refusal, UNKNOWN_CHANNEL, UNKNOWN_GUILD, UNKNOWN_MESSAGE};
use crate::requests::Request;
use crate::sessions::Session;

/// Somebody, or a bot.
#[derive(Clone, Debug)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// Their name, by which nobody else goes.
    pub name: String,
    /// The name that is shown, if they set one.
    pub global_name: Option<String>,
    /// Whether it is a bot.
    pub bot: bool,
    /// Whether they take direct messages from bots.
    pub takes_direct_messages: bool,
}

/// A role in a guild.
#[derive(Clone, Debug)]
pub struct Role {
    /// Its id; that of everyone's role is the guild's.
    pub id: RoleId,
    /// Its name.
    pub name: String,
    /// What it permits in the whole guild.
    pub permissions: Permissions,
    /// The bot whose own role it is.
    pub bot: Option<UserId>,
}

/// Somebody in a guild.
#[derive(Clone, Debug)]
pub struct Member {
    /// The name that they have there.
    pub nick: Option<String>,
    /// Their roles, without everyone's.
    pub roles: Vec<RoleId>,
    /// When they came, in milliseconds since 1970.
    pub joined_at_ms: u64,
}

/// What is different in one channel, for a role or somebody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Overwrite {
    /// Permitted here.
    pub allow: Permissions,
    /// Not permitted here.
    pub deny: Permissions,
}

/// A guild, which people call a server.
#[derive(Clone, Debug)]
pub struct Guild {
    /// Its id.
    pub id: GuildId,
    /// Its name.
    pub name: String,
    /// Who owns it.
    pub owner: UserId,
    /// Its roles.
    pub roles: BTreeMap<RoleId, Role>,
    /// Who is there.
    pub members: BTreeMap<UserId, Member>,
    /// Its channels, oldest first.
    pub channels: Vec<ChannelId>,
}

/// A channel: of text, of direct messages, or a category.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Its id.
    pub id: ChannelId,
    /// What it is.
    pub kind: ChannelType,
    /// The guild that it is in.
    pub guild: Option<GuildId>,
    /// The category that it is in.
    pub parent: Option<ChannelId>,
    /// Its name; empty for direct messages.
    pub name: String,
    /// What it is for.
    pub topic: Option<String>,
    /// Who talks to the bot there, for direct messages.
    pub recipient: Option<UserId>,
    /// What is different here for roles and people, by their ids.
    pub overwrites: BTreeMap<u64, Overwrite>,
    /// What was said.
    pub messages: BTreeMap<MessageId, Message>,
}

/// A file that was sent.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) bytes: Vec<u8>,
}

/// Everything that this Discord holds.
#[derive(Debug)]
pub struct State {
    pub(crate) clock: Clock,
    /// Where files are fetched: `http://127.0.0.1:…`.
    pub(crate) address: String,
    /// Where the gateway is: `ws://127.0.0.1:…`.
    pub(crate) gateway: String,
    pub(crate) token: String,
    pub(crate) application: ApplicationId,
    pub(crate) me: UserId,
    pub(crate) shards: u32,
    pub(crate) granted: GatewayIntents,
    pub(crate) users: BTreeMap<UserId, User>,
    pub(crate) guilds: BTreeMap<GuildId, Guild>,
    pub(crate) channels: BTreeMap<ChannelId, Channel>,
    /// The direct messages of each person who has any.
    pub(crate) directs: BTreeMap<UserId, ChannelId>,
    /// The channel of each message.
    pub(crate) posted: BTreeMap<MessageId, ChannelId>,
    /// The messages that were sent with a nonce that has to be unique, oldest first.
    pub(crate) nonces: VecDeque<(ChannelId, String, MessageId)>,
    pub(crate) files: BTreeMap<AttachmentId, File>,
    pub(crate) interactions: BTreeMap<InteractionId, Interaction>,
    /// The interaction of each token.
    pub(crate) tokens: BTreeMap<String, InteractionId>,
    /// The application's commands: of all guilds, and of one.
    pub(crate) commands: BTreeMap<Option<GuildId>, Vec<Value>>,
    pub(crate) requests: Vec<Request>,
    /// How many came in all.
    pub(crate) requested: u64,
    pub(crate) foreign: Vec<String>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) sessions: Vec<Session>,
    /// Whether each event comes twice.
    pub(crate) duplicate_events: bool,
    /// The codes with which the gateway closed a connection for a mistake, oldest first.
    pub(crate) closings: Vec<u16>,
    pub(crate) handshakes: Handshakes,
}

impl State {
    /// A Discord with an application and its bot.
    pub(crate) fn new(address: String, gateway: String) -> Self {
        let mut state = Self {
            clock: Clock::default(),
            address,
            gateway,
            token: "MTIzNDU2Nzg5MDEyMzQ1Njc4.fake.token".to_owned(),
            application: ApplicationId::new(1),
            me: UserId::new(1),
            shards: 1,
            granted: GatewayIntents::empty(),
            users: BTreeMap::new(),
            guilds: BTreeMap::new(),
            channels: BTreeMap::new(),
            directs: BTreeMap::new(),
            posted: BTreeMap::new(),
            nonces: VecDeque::new(),
            files: BTreeMap::new(),
            interactions: BTreeMap::new(),
            tokens: BTreeMap::new(),
            commands: BTreeMap::new(),
            requests: Vec::new(),
            requested: 0,
            foreign: Vec::new(),
            faults: Vec::new(),
            sessions: Vec::new(),
            duplicate_events: false,
            closings: Vec::new(),
            handshakes: Handshakes::default(),
        };
        state.me = state.add_user("gmbot", true);
        // An application and its bot have the same id.
        state.application = ApplicationId::new(state.me.get());
        state
    }

    pub(crate) fn guild(&self, id: GuildId) -> Result<&Guild, Refusal> {
        self.guilds.get(&id).ok_or(UNKNOWN_GUILD)
    }

    /// A guild that the bot is in.
    pub(crate) fn joined(&self, id: GuildId) -> Result<&Guild, Refusal> {
        self.guild(id)
            .ok()
            .filter(|guild| guild.members.contains_key(&self.me))
            .ok_or(UNKNOWN_GUILD)
    }

    pub(crate) fn channel(&self, id: ChannelId) -> Result<&Channel, Refusal> {
        self.channels.get(&id).ok_or(UNKNOWN_CHANNEL)
    }

    pub(crate) fn channel_mut(&mut self, id: ChannelId) -> Result<&mut Channel, Refusal> {
        self.channels.get_mut(&id).ok_or(UNKNOWN_CHANNEL)
    }

    /// A message, ephemeral ones too.
    pub(crate) fn message(&self, id: MessageId) -> Result<&Message, Refusal> {
        let channel = self.posted.get(&id).and_then(|channel| self.channels.get(channel));
        channel.and_then(|channel| channel.messages.get(&id)).ok_or(UNKNOWN_MESSAGE)
    }

    pub(crate) fn message_mut(&mut self, id: MessageId) -> Result<&mut Message, Refusal> {
        let channel = self.posted.get(&id).and_then(|channel| self.channels.get_mut(channel));
        channel.and_then(|channel| channel.messages.get_mut(&id)).ok_or(UNKNOWN_MESSAGE)
    }
}

/// What tests look at. All of it is a copy or a view; nothing changes by looking.
impl State {
    /// The bot.
    pub fn me(&self) -> UserId {
        self.me
    }

    /// What everybody in a channel sees, oldest first.
    pub fn messages(&self, channel: ChannelId) -> Vec<&Message> {
        self.seen_by(channel, None)
    }

    /// What somebody sees in a channel, with what only they see; oldest first.
    pub fn messages_for(&self, channel: ChannelId, user: UserId) -> Vec<&Message> {
        self.seen_by(channel, Some(user))
    }

    fn seen_by(&self, channel: ChannelId, user: Option<UserId>) -> Vec<&Message> {
        let Ok(channel) = self.channel(channel) else { return Vec::new() };
        let seen = |message: &&Message| message.only_for.is_none_or(|only| Some(only) == user);
        channel.messages.values().filter(seen).collect()
    }

    /// What an interaction was answered with.
    pub fn interaction(&self, id: InteractionId) -> Option<&Interaction> {
        self.interactions.get(&id)
    }

    /// What an interaction brought that is still there: the answer, then what followed it.
    pub fn responses(&self, id: InteractionId) -> Vec<&Message> {
        let Some(interaction) = self.interaction(id) else { return Vec::new() };
        interaction.messages.iter().filter_map(|id| self.message(*id).ok()).collect()
    }

    /// Every request that came, oldest first.
    pub fn requests(&self) -> &[Request] {
        &self.requests
    }

    /// The commands that are registered everywhere, or in a guild.
    pub fn commands(&self, guild: Option<GuildId>) -> &[Value] {
        self.commands.get(&guild).map_or(&[], Vec::as_slice)
    }

    /// A guild's channels, oldest first.
    pub fn channels(&self, guild: GuildId) -> Vec<&Channel> {
        let Some(guild) = self.guilds.get(&guild) else { return Vec::new() };
        guild.channels.iter().filter_map(|id| self.channels.get(id)).collect()
    }

    /// A guild's channel of a name.
    pub fn channel_named(&self, guild: GuildId, name: &str) -> Option<&Channel> {
        self.channels(guild).into_iter().find(|channel| channel.name == name)
    }

    /// The sessions at the gateway that are connected, as shard and number of shards.
    pub fn connected(&self) -> Vec<(u64, u64)> {
        let connected = self.sessions.iter().filter(|session| session.is_connected());
        connected.map(|session| session.shard).collect()
    }

    /// What happened, in a few lines: for tests that wait in vain.
    pub(crate) fn summary(&self) -> String {
        let requests = self.requests.iter().rev().take(12).rev();
        let requests = requests.map(|request| format!("{} {:?}", request.route, request.status));
        let closings = &self.closings;
        let connected = self.connected();
        let lines: Vec<String> = requests.collect();
        format!("shards {connected:?}, closed with {closings:?}, last requests {lines:#?}")
    }

    /// How often a session was begun, and how often one was taken up again.
    pub fn handshakes(&self) -> Handshakes {
        self.handshakes
    }

    /// The codes with which the gateway closed a connection for a mistake, oldest first.
    pub fn closings(&self) -> &[u16] {
        &self.closings
    }
}

/// How often a session was begun, and how often one was taken up again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Handshakes {
    /// IDENTIFY was answered with READY.
    pub identified: usize,
    /// RESUME was answered with RESUMED.
    pub resumed: usize,
}
