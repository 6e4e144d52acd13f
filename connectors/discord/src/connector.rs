//! The connector as a whole: it connects, registers the commands, hears and delivers until it is told
//! to stop.

use std::io;
use std::sync::Arc;

use gmbot_backend::Backend;
use serenity::all::{
    ApplicationFlags, ClientBuilder, GatewayError, GatewayIntents, Http, HttpBuilder, Permissions,
    UserId,
};
use tokio::runtime::{Builder, Runtime};

use crate::bot::Bot;
use crate::handler::Handler;
use crate::register::{Registered, register};
use crate::rest::{Rest, Trouble};
use crate::settings::Settings;

/// What the bot needs to be permitted in a server, as the link that adds it has it: to see channels,
/// write and embed, read what was said, and make a channel for notices.
pub const PERMISSIONS: Permissions = Permissions::VIEW_CHANNEL
    .union(Permissions::SEND_MESSAGES)
    .union(Permissions::EMBED_LINKS)
    .union(Permissions::READ_MESSAGE_HISTORY)
    .union(Permissions::MANAGE_CHANNELS);

/// Why the connector can't run.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The system gives no threads.
    #[error("can't start: {0}")]
    Start(#[source] io::Error),
    /// The system gives nothing to trust in.
    #[error("can't speak HTTPS: {0}; check the system's OpenSSL and certificates")]
    Secure(#[source] reqwest::Error),
    /// Discord does not let the bot in.
    #[error("can't connect to Discord: {0}")]
    Discord(String),
}

impl From<Trouble> for ConnectError {
    fn from(trouble: Trouble) -> Self {
        Self::Discord(trouble.to_string())
    }
}

impl From<serenity::Error> for ConnectError {
    fn from(error: serenity::Error) -> Self {
        let serenity::Error::Gateway(cause) = &error else { return Trouble::from(error).into() };
        Self::Discord(if matches!(cause, GatewayError::InvalidAuthentication) {
            Trouble::Unauthorized.to_string()
        } else if matches!(cause, GatewayError::DisallowedGatewayIntents) {
            "an intent was switched off in the developer portal; start gmbot again".to_owned()
        } else {
            cause.to_string()
        })
    }
}

/// The connector, before it connects.
#[derive(Debug)]
pub struct Discord {
    runtime: Runtime,
    settings: Settings,
    client: reqwest::Client,
}

impl Discord {
    /// Takes what it needs of the system.
    ///
    /// # Errors
    /// When the system gives no threads, or no certificates.
    pub fn new(settings: Settings) -> Result<Self, ConnectError> {
        let client = reqwest::Client::builder().build().map_err(ConnectError::Secure)?;
        Self::with_client(settings, client)
    }

    /// The same, with all requests going through this client; the gateway is not reached by requests.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn with_client(settings: Settings, client: reqwest::Client) -> Result<Self, ConnectError> {
        let runtime = Builder::new_multi_thread().enable_all().thread_name("gmbot-discord").build();
        Ok(Self { runtime: runtime.map_err(ConnectError::Start)?, settings, client })
    }

    /// Runs until `stop` is ready, or Discord does not want the bot any more.
    ///
    /// # Errors
    /// When Discord does not let the bot in.
    pub fn run(
        self,
        backend: Arc<dyn Backend>,
        stop: impl Future<Output = ()>,
    ) -> Result<(), ConnectError> {
        let Self { runtime, settings, client } = self;
        runtime.block_on(connect(settings, client, backend, stop))
    }

    /// Registers the application commands, if others are registered.
    ///
    /// # Errors
    /// When Discord can't be reached, or does not let the bot in.
    pub fn register(self) -> Result<Registered, ConnectError> {
        let Self { runtime, settings, client } = self;
        runtime.block_on(async {
            let rest = rest(&settings, client);
            introduce(&rest).await?;
            Ok(register(&rest).await?)
        })
    }
}

/// Runs the connector on this runtime until `stop` is ready.
///
/// # Errors
/// When Discord does not let the bot in.
pub async fn connect(
    settings: Settings,
    client: reqwest::Client,
    backend: Arc<dyn Backend>,
    stop: impl Future<Output = ()>,
) -> Result<(), ConnectError> {
    let rest = rest(&settings, client.clone());
    let (me, flags) = introduce(&rest).await?;
    register(&rest).await?;
    let application = rest.http.application_id().unwrap_or_else(|| me.get().into());
    let operators = settings.operators.iter().copied().map(UserId::new).collect();
    let intents = intents(flags);
    let reads_all = intents.contains(GatewayIntents::MESSAGE_CONTENT);
    let bot = Arc::new(Bot::new(backend, rest.clone(), me, operators, reads_all));
    let handler = Handler::new(Arc::clone(&bot));
    let http = http(&settings, client);
    http.set_application_id(application);
    let mut client = ClientBuilder::new_with_http(http, intents).event_handler(handler).await?;
    bot.way.follow("gmbot-discord-news");
    let shards = Arc::clone(&client.shard_manager);
    let gateway = rest.tried(|| rest.http.get_bot_gateway()).await?;
    let delivery = tokio::spawn(gmbot_chat::deliver(Arc::clone(&bot)));
    let ended = tokio::select! {
        ended = client.start_shards(gateway.shards) => ended.map_err(ConnectError::from),
        () = stop => Ok(()),
    };
    shards.shutdown_all().await;
    delivery.abort();
    ended
}

fn http(settings: &Settings, client: reqwest::Client) -> Http {
    let builder = HttpBuilder::new(settings.token.expose()).client(client);
    match &settings.api {
        // Whoever is in between keeps the limits; serenity would go past it otherwise.
        Some(api) => builder.proxy(api).ratelimiter_disabled(true).build(),
        None => builder.build(),
    }
}

fn rest(settings: &Settings, client: reqwest::Client) -> Rest {
    Rest { http: Arc::new(http(settings, client.clone())), client }
}

/// Asks Discord who the bot is, and what its application may.
async fn introduce(rest: &Rest) -> Result<(UserId, ApplicationFlags), Trouble> {
    let application = rest.tried(|| rest.http.get_current_application_info()).await?;
    rest.http.set_application_id(application.id);
    let me = rest.tried(|| rest.http.get_current_user()).await?;
    Ok((me.id, application.flags.unwrap_or_else(ApplicationFlags::empty)))
}

/// What the gateway is to tell: the privileged parts only where they are switched on in the
/// developer portal, since Discord turns away whoever asks for more.
fn intents(flags: ApplicationFlags) -> GatewayIntents {
    let mut intents = GatewayIntents::GUILDS
        | GatewayIntents::GUILD_MESSAGES
        | GatewayIntents::DIRECT_MESSAGES
        | GatewayIntents::GUILD_MESSAGE_REACTIONS
        | GatewayIntents::DIRECT_MESSAGE_REACTIONS;
    let content = ApplicationFlags::GATEWAY_MESSAGE_CONTENT
        | ApplicationFlags::GATEWAY_MESSAGE_CONTENT_LIMITED;
    let members =
        ApplicationFlags::GATEWAY_GUILD_MEMBERS | ApplicationFlags::GATEWAY_GUILD_MEMBERS_LIMITED;
    if flags.intersects(content) {
        intents |= GatewayIntents::MESSAGE_CONTENT;
    } else {
        tracing::warn!(
            "without the message content intent, lines are read in direct messages and where \
             they mention the bot; switch it on in the developer portal, or use /gmbot"
        );
    }
    if flags.intersects(members) {
        intents |= GatewayIntents::GUILD_MEMBERS;
    } else {
        tracing::warn!(
            "without the server members intent nobody is told that somebody left a server; \
             switch it on in the developer portal"
        );
    }
    intents
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_the_permissions() {
        let page = include_str!("../../../docs/discord.md");
        let number = format!("the permission number `{}`", PERMISSIONS.bits());
        assert!(page.replace("\n   ", " ").contains(&number), "{number}");
    }

    #[test]
    fn only_what_is_switched_on_is_asked_for() {
        let privileged = GatewayIntents::privileged();
        assert!(!intents(ApplicationFlags::empty()).intersects(privileged));
        let limited = ApplicationFlags::GATEWAY_MESSAGE_CONTENT_LIMITED;
        assert_eq!(intents(limited) & privileged, GatewayIntents::MESSAGE_CONTENT);
        let members = ApplicationFlags::GATEWAY_GUILD_MEMBERS;
        assert_eq!(intents(members) & privileged, GatewayIntents::GUILD_MEMBERS);
    }
}
