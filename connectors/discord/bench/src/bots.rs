//! The two bots: the connector, and one that answers without a thought.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use gmbot_backend::Options;
use gmbot_bench::Failure;
use gmbot_discord::{Discord, Settings};
use serde_json::json;
use serenity::all::{
    ClientBuilder, Context, EventHandler, GatewayIntents, HttpBuilder, Interaction, Message, Ready,
};
use serenity::async_trait;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

/// Where a bot finds its token.
pub(crate) const TOKEN: &str = "GMBOT_DISCORD_TOKEN";

/// Who is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bot {
    Gmbot,
    Echo,
}

impl Bot {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Gmbot => "gmbot",
            Self::Echo => "echo",
        }
    }

    /// Is the bot, until standard input ends.
    pub(crate) fn run(self, api: &str, folder: &Path) -> Result<(), Failure> {
        let (end, ended) = oneshot::channel::<()>();
        std::thread::spawn(move || {
            std::io::copy(&mut std::io::stdin(), &mut std::io::sink()).ok();
            drop(end);
        });
        let ended = async { ended.await.unwrap_or_default() };
        let token = std::env::var(TOKEN)?;
        match self {
            Self::Gmbot => {
                let backend = Options::file(folder.join("gmbot.db")).open()?;
                let api = Some(api.to_owned());
                let settings = Settings { token: token.into(), api, operators: Default::default() };
                Discord::new(settings)?.run(Arc::new(backend), ended)?;
            }
            Self::Echo => Runtime::new()?.block_on(async {
                tokio::select! {
                    stopped = echo(&token, api) => stopped,
                    () = ended => Ok(()),
                }
            })?,
        }
        Ok(())
    }
}

impl FromStr for Bot {
    type Err = Failure;

    fn from_str(name: &str) -> Result<Self, Failure> {
        let known = [Self::Gmbot, Self::Echo].into_iter().find(|bot| bot.name() == name);
        known.ok_or_else(|| format!("there is no bot `{name}`").into())
    }
}

async fn echo(token: &str, api: &str) -> serenity::Result<()> {
    let http = HttpBuilder::new(token).proxy(api).ratelimiter_disabled(true).build();
    let intents = GatewayIntents::GUILDS | GatewayIntents::GUILD_MESSAGES;
    ClientBuilder::new_with_http(http, intents).event_handler(Echo).await?.start_autosharded().await
}

/// Answers everything with the same words.
struct Echo;

const WORDS: &str = "an answer without a thought";

#[async_trait]
impl EventHandler for Echo {
    async fn ready(&self, context: Context, _ready: Ready) {
        // The same command as the connector's, as far as it is used here.
        let line = json!({ "type": 3, "name": "line", "description": "A line" });
        let run =
            json!({ "type": 1, "name": "run", "description": "Runs a line", "options": [line] });
        let command = json!([{ "name": "gmbot", "description": "Clan wars", "options": [run] }]);
        context.http.create_global_commands(&command).await.ok();
    }

    async fn message(&self, context: Context, message: Message) {
        if message.mentions.iter().any(|user| user.bot) {
            let body = json!({ "content": WORDS });
            context.http.send_message(message.channel_id, Vec::new(), &body).await.ok();
        }
    }

    async fn interaction_create(&self, context: Context, interaction: Interaction) {
        let (id, token) = (interaction.id(), interaction.token());
        let body = json!({ "type": 4, "data": { "content": WORDS } });
        context.http.create_interaction_response(id, token, &body, Vec::new()).await.ok();
    }
}
