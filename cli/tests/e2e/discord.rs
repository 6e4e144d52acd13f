//! The real program as a bot on Discord, over a real server: a war between two servers of a fake
//! Discord, from the challenge to its glory. Every body that the bot sends is held against Discord's
//! own description of its interface, an OpenAPI document.
//!
//! `GMBOT_DISCORD_OPENAPI` names that document; without it the part fails.

use std::process::Stdio;
use std::time::Duration;

use gmbot_discord_fake::{Description, Fake, Fault, Message};
use serde_json::{Value, json};
use serenity::all::{ChannelId, GatewayIntents, GuildId, InteractionId, UserId};

use crate::Extent;
use crate::counterpart::Counterpart;
use crate::program::Program;
use crate::report::Report;
use crate::serving::Serving;

/// What is sent with a body, and has to have been sent.
const ROUTES: [&str; 8] = [
    "PATCH /channels/{channel_id}/messages/{message_id}",
    "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original",
    "POST /channels/{channel_id}/messages",
    "POST /guilds/{guild_id}/channels",
    "POST /interactions/{interaction_id}/{interaction_token}/callback",
    "POST /users/@me/channels",
    "POST /webhooks/{webhook_id}/{webhook_token}",
    "PUT /applications/{application_id}/commands",
];
/// How much later than it should an answer of Discord's comes, so that the bot asks for more time.
const SLOW: Duration = Duration::from_millis(2_600);

pub(crate) fn run(_extent: Extent, report: &Report) {
    let description = Description::from_env().unwrap_or_else(|missing| panic!("{missing}"));
    let town = Town::with_bot();
    let glory = town.play();
    town.look_up();
    town.fake.assert_local();
    let checked = description.check(&town.fake.requests());
    checked.assert_fits();
    report.add("discord", "the war's glory", glory);
    for route in ROUTES {
        let bodies = checked.bodies.get(route).copied().unwrap_or(0);
        assert!(bodies > 0, "nothing was sent to {route}: {}", checked.report());
    }
    for (route, bodies) in &checked.bodies {
        report.add("discord", &format!("bodies held against the description: {route}"), bodies);
    }
}

/// A server of the fake Discord.
#[derive(Debug, Clone, Copy)]
struct Guild {
    id: GuildId,
    channel: ChannelId,
    /// The owner, and somebody else.
    players: [UserId; 2],
}

/// A Discord with the real program in it.
struct Town {
    // The bot goes before its server, and both before Discord.
    _bot: Counterpart,
    _serving: Serving,
    _program: Program,
    fake: Fake,
    host: Guild,
}

impl Town {
    fn with_bot() -> Self {
        let fake = Fake::start();
        fake.grant(GatewayIntents::MESSAGE_CONTENT | GatewayIntents::GUILD_MEMBERS);
        let host = guild(&fake, "Headshot Killers", ["ann", "ben"]);
        let program = Program::new();
        let key = program.done("keys add discord --platform discord --scope trusted");
        let serving = program.serve("serve --listen 127.0.0.1:0");
        let url = format!("http://{}", serving.address);
        let words = ["--backend", &url, "--client", "discord", "discord"];
        // What does not stay on this machine goes to the fake's guard, which lets nothing through.
        let bot = Counterpart::start(
            program
                .command(words)
                .env("GMBOT_API_KEY", key.trim())
                .env("GMBOT_DISCORD_TOKEN", fake.token())
                .env("GMBOT_DISCORD_API", fake.url())
                .env("GMBOT_LOG_LEVEL", "warn")
                .env("ALL_PROXY", fake.guard())
                .env("NO_PROXY", "127.0.0.1")
                .stdout(Stdio::null()),
        );
        fake.wait_for_shards(1);
        let town = Self { _bot: bot, _serving: serving, _program: program, fake, host };
        // It has met the server when it answers there.
        town.ask(host.channel, host.players[0], "gmbot games", "Mini Militia");
        town
    }

    /// A war from the challenge to its glory, by all ways of speaking.
    fn play(&self) -> String {
        let host = self.host;
        // A server to which the bot is added while it runs gets a channel, and a greeting there.
        let guest = guild(&self.fake, "Clan F", ["mia", "noa"]);
        let channel = self.fake.wait_for(|state| {
            state.channel_named(guest.id, "war-requests").map(|channel| channel.id)
        });
        let guest = Guild { channel, ..guest };
        self.message(guest.channel, "gmbot subscribe");
        let subscribed = self.slash(guest, "clan", "subscribe", &[("games", json!("4"))]);
        self.response(subscribed, "Mini Militia");

        let war = self.challenge(host);
        let challenge = self.message(guest.channel, &format!("challenge {war}"));
        let accept = format!("gmbot accept {war}");
        let chosen = guest.players.map(|player| player.to_string());
        let accepted = self.fake.choose(challenge.id, guest.players[0], &accept, &chosen);
        self.response(accepted, "begins");
        self.message(host.channel, "Clan F accepted");

        let asked = self.slash(host, "war", "say", &[("war", json!(war))]);
        self.fake.wait_for(|state| state.interaction(asked)?.modal.as_ref().map(|_| ()));
        self.response(self.fake.submit_modal(asked, &[("text", "good luck")]), "");
        self.message(guest.channel, "good luck");

        for voter in host.players {
            self.fake.say(host.channel, voter, &format!("gmbot vote {war} -winner us -score 3-1"));
            self.message(self.fake.direct(voter), "3-1");
        }
        for voter in guest.players {
            let options = [("winner", json!("them")), ("war", json!(war)), ("score", json!("3-1"))];
            let used = self.fake.slash(guest.channel, voter, &slash("war", "vote", &options));
            self.response(used, "3-1");
        }
        let settled = [host, guest].map(|guild| self.message(guild.channel, "beat"));
        for message in &settled {
            assert!(message.text().contains("+20"), "{}", message.text());
        }
        let glory = settled[0].text();
        glory.lines().find(|line| line.contains("beat")).unwrap_or_default().to_owned()
    }

    /// Challenges, with answers that come so late that Discord has to be asked for time: one that
    /// everybody sees, and, where everybody saw that it takes time, one for the asking person alone.
    fn challenge(&self, host: Guild) -> String {
        let member = "GET /guilds/{guild_id}/members/{user_id}";
        self.fake.inject(Fault::slow(SLOW).on(member));
        let players = host.players.map(|player| format!("<@{player}>")).join(" ");
        let options = [("players", json!(players)), ("game", json!("4"))];
        let mistaken = [&options[..], &[("duration", json!("never"))]].concat();
        let refused = self.slash(host, "war", "createwar", &mistaken);
        assert_eq!(self.response(refused, "never").only_for, Some(host.players[0]));
        let created = self.slash(host, "war", "createwar", &options);
        let text = self.response(created, "is open").text();
        self.fake.heal();
        let rest = text.split("war ").nth(1).expect("a war");
        rest.chars().take_while(char::is_ascii_alphanumeric).collect()
    }

    /// What only looks: letters that are completed, an answer in private, and one so long that it
    /// comes in parts.
    fn look_up(&self) {
        let host = self.host;
        let mut typed = slash("war", "show", &[("war", json!(""))]);
        typed["options"][0]["options"][0]["options"][0]["focused"] = json!(true);
        let typing = self.fake.autocomplete(host.channel, host.players[0], &typed);
        self.fake.wait_for(|state| state.interaction(typing)?.answer.map(|_| ()));
        self.fake.say(host.channel, host.players[0], "gmbot help");
        self.message(self.fake.direct(host.players[0]), "createwar");
        let help = self.slash(host, "info", "help", &[]);
        self.response(help, "createwar");
    }

    fn slash(
        &self,
        guild: Guild,
        group: &str,
        name: &str,
        options: &[(&str, Value)],
    ) -> InteractionId {
        self.fake.slash(guild.channel, guild.players[0], &slash(group, name, options))
    }

    /// Waits for a message in a channel.
    fn message(&self, channel: ChannelId, says: &str) -> Message {
        self.fake.wait_for(|state| {
            let mut seen = state.messages(channel).into_iter();
            seen.find(|message| message.text().contains(says)).cloned()
        })
    }

    /// Waits for what an interaction brought.
    fn response(&self, to: InteractionId, says: &str) -> Message {
        self.fake.wait_for(|state| {
            let mut seen = state.responses(to).into_iter();
            seen.find(|message| !message.thinking && message.text().contains(says)).cloned()
        })
    }

    /// Says something, and waits for the answer below it.
    fn ask(&self, channel: ChannelId, user: UserId, line: &str, says: &str) {
        let said = self.fake.say(channel, user, line);
        self.fake.wait_for(|state| {
            let mut seen = state.messages(channel).into_iter();
            seen.find(|message| message.answers == Some(said) && message.text().contains(says))
                .map(|_| ())
        });
    }
}

fn guild(fake: &Fake, name: &str, players: [&str; 2]) -> Guild {
    let players = players.map(|player| fake.user(player));
    let id = fake.guild(name, players[0]);
    fake.join(id, players[1]);
    Guild { id, channel: fake.general(id), players }
}

/// `/gmbot GROUP NAME …`.
fn slash(group: &str, name: &str, options: &[(&str, Value)]) -> Value {
    let options = options.iter().map(|(name, value)| json!({ "name": name, "value": value }));
    let command = json!({ "name": name, "type": 1, "options": options.collect::<Vec<_>>() });
    json!({ "name": "gmbot", "options": [{ "name": group, "type": 2, "options": [command] }] })
}
