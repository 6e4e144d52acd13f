//! The servers and people of a transcript on the fake Discord.

use std::collections::{BTreeMap, BTreeSet};

use gmbot_chat_testing::{Part, parts};
use gmbot_discord_fake::{Fake, Unreadable};
use gmbot_engine::model::{Platform, SpaceKey};
use gmbot_engine::request::{MentionTarget, Presence, Request};
use gmbot_snapshots::World;
use gmbot_snapshots::format::Speaker;
use gmbot_snapshots::world::ClanAtPlay;
use serenity::all::{ChannelId, GuildId, UserId};

/// An id that nobody on the fake Discord has.
const NOBODY: u64 = 404;
/// A role's id; nobody asks which role it is.
const ROLE: u64 = 77;

/// Somebody, by platform and name; who operates the bot, and bots, are others of the same name.
type Who = (Platform, String, Kind);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Person,
    Operator,
    Bot,
}

/// The servers and people of a transcript.
pub(crate) struct Place {
    pub(crate) fake: Fake,
    people: BTreeMap<Who, UserId>,
    servers: BTreeMap<String, GuildId>,
    /// Who is in which server.
    inside: BTreeSet<(GuildId, UserId)>,
}

impl Place {
    /// A Discord on which these people operate the bot.
    pub(crate) fn new(operators: &[String]) -> Self {
        Unreadable::everywhere();
        let (people, servers, inside) = Default::default();
        let mut place = Self { fake: Fake::start(), people, servers, inside };
        for name in operators {
            place.person(&Platform::terminal(), name, Kind::Operator);
        }
        place
    }

    /// The operators' ids.
    pub(crate) fn operators(&self) -> BTreeSet<u64> {
        let operators = self.people.iter().filter(|((_, _, kind), _)| *kind == Kind::Operator);
        operators.map(|(_, id)| id.get()).collect()
    }

    /// People of one name on several platforms are several people, here as well.
    fn person(&mut self, platform: &Platform, name: &str, kind: Kind) -> UserId {
        let fake = &self.fake;
        let who = (platform.clone(), name.to_owned(), kind);
        *self.people.entry(who).or_insert_with(|| match kind {
            Kind::Bot => fake.bot(name),
            Kind::Person | Kind::Operator => fake.user(name),
        })
    }

    pub(crate) fn user(&mut self, clan: &ClanAtPlay, name: &str) -> UserId {
        self.person(&clan.platform, name, Kind::Person)
    }

    /// The server that acts as a clan; whoever speaks there first owns it, if nobody does.
    pub(crate) fn server(&mut self, clan: &ClanAtPlay, speaker: Option<UserId>) -> GuildId {
        if let Some(server) = self.servers.get(&clan.id) {
            return *server;
        }
        let owner = clan.owner.as_ref().or(clan.leader.as_ref()).cloned();
        let owner = match (owner, speaker) {
            (Some(owner), _) => self.user(clan, &owner),
            (None, Some(speaker)) => speaker,
            (None, None) => self.user(clan, "nobody"),
        };
        let server = self.fake.guild(&clan.name, owner);
        self.servers.insert(clan.id.clone(), server);
        self.inside.insert((server, owner));
        for name in clan.leader.iter().chain(&clan.members) {
            let member = self.user(clan, name);
            self.join(server, member);
        }
        server
    }

    /// How many servers there are.
    pub(crate) fn servers(&self) -> usize {
        self.servers.len()
    }

    pub(crate) fn known(&self, clan: &str) -> Option<GuildId> {
        self.servers.get(clan).copied()
    }

    /// Has a clan act in another server from now on.
    pub(crate) fn move_to(&mut self, clan: &str, server: GuildId) {
        self.servers.insert(clan.to_owned(), server);
    }

    pub(crate) fn join(&mut self, server: GuildId, user: UserId) {
        if self.inside.insert((server, user)) {
            self.fake.join(server, user);
        }
    }

    pub(crate) fn part(&mut self, server: GuildId, user: UserId) {
        self.inside.remove(&(server, user));
        self.fake.part(server, user);
    }

    /// The space of a clan, as the connector names it.
    pub(crate) fn space(&self, clan: &str) -> Option<SpaceKey> {
        let id = self.servers.get(clan)?.to_string();
        Some(SpaceKey { platform: Platform("discord".to_owned()), id })
    }

    /// Who speaks, and where.
    pub(crate) fn speaker(
        &mut self,
        world: &World,
        speaker: &Speaker,
        platform: &Platform,
    ) -> (UserId, ChannelId) {
        let name = speaker.actor.as_deref().unwrap_or_default();
        let user = if speaker.operator {
            self.person(&Platform::terminal(), name, Kind::Operator)
        } else {
            self.person(platform, name, Kind::Person)
        };
        let channel = match world.clan(&speaker.clan) {
            Some(clan) => {
                let server = self.server(clan, Some(user));
                self.join(server, user);
                self.fake.general(server)
            }
            None => self.fake.direct(user),
        };
        (user, channel)
    }

    /// What people are called on Discord in a line, each beside the transcript's word.
    pub(crate) fn names(
        &mut self,
        request: &Request,
        server: Option<GuildId>,
        newborn: bool,
    ) -> Vec<(String, String)> {
        let mut names = Vec::new();
        for mention in &request.mentions {
            let word = match &mention.target {
                MentionTarget::Account { account, presence, bot, .. } => {
                    let kind = if *bot { Kind::Bot } else { Kind::Person };
                    let user = self.person(&account.platform, &account.name, kind);
                    let joins =
                        *presence == Presence::Inside || *presence == Presence::Unknown && newborn;
                    if let Some(server) = server.filter(|_| joins) {
                        self.join(server, user);
                    }
                    format!("<@{user}>")
                }
                MentionTarget::Role => format!("<@&{ROLE}>"),
                MentionTarget::Everyone => mention.written.clone(),
                MentionTarget::Nobody => format!("<@{NOBODY}>"),
            };
            names.push((word, mention.written.clone()));
        }
        names.push((format!("<@{}>", self.fake.me()), "@gmbot".to_owned()));
        names
    }
}

/// A line as it is written on Discord.
pub(crate) fn on_discord(line: &str, names: &[(String, String)]) -> String {
    let text = |part| {
        let (Part::Words(text) | Part::Name(text)) = part;
        text
    };
    parts(line, names).into_iter().map(text).collect()
}
