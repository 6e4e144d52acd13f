//! The servers that the bot is in, as far as the connector needs to know them: names, owners, and the
//! channels that people can be told things in.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serenity::all::{ChannelId, ChannelType, Guild, GuildChannel, GuildId, PartialGuild, UserId};

/// The channel that the bot makes for notices, and looks for.
pub(crate) const WAR_CHANNEL: &str = "war-requests";
/// The category that it makes for it.
pub(crate) const CATEGORY: &str = "gmbot";

/// A server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Server {
    pub(crate) name: String,
    pub(crate) owner: UserId,
    /// Where Discord itself writes who joined.
    system: Option<ChannelId>,
    /// Where people can write.
    channels: BTreeMap<ChannelId, Place>,
    /// The channel for notices that somebody deleted, while there is no other.
    deleted: Option<ChannelId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    name: String,
    position: u16,
}

/// Whether the bot can write somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Open,
    Closed,
}

/// What is new about a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Changed {
    /// The name that it had, if it has another.
    pub(crate) renamed_from: Option<String>,
    /// The owner, if it is another.
    pub(crate) new_owner: Option<UserId>,
}

impl Server {
    pub(crate) fn of(guild: &Guild) -> Self {
        let channels = guild.channels.values().filter_map(place).collect();
        let (name, system) = (guild.name.clone(), guild.system_channel_id);
        Self { name, owner: guild.owner_id, system, channels, deleted: None }
    }

    pub(crate) fn of_parts(guild: &PartialGuild, channels: &[GuildChannel]) -> Self {
        let channels = channels.iter().filter_map(place).collect();
        let (name, system) = (guild.name.clone(), guild.system_channel_id);
        Self { name, owner: guild.owner_id, system, channels, deleted: None }
    }

    /// Whether there is a channel for notices already.
    pub(crate) fn has_war_channel(&self) -> bool {
        self.channels.values().any(|place| place.name == WAR_CHANNEL)
    }

    /// The channel where notices would go if nobody had deleted it.
    pub(crate) fn deleted_war_channel(&self, chosen: Option<&str>) -> Option<ChannelId> {
        self.deleted.filter(|_| chosen.and_then(channel_in).is_none())
    }

    /// Where notices can go, the best place first: the clan's choice, the channel made for it,
    /// Discord's own, then the others from the top.
    pub(crate) fn war_channels(&self, chosen: Option<&str>) -> Vec<ChannelId> {
        let mut known: Vec<_> = self.channels.iter().collect();
        known.sort_by_key(|(id, place)| {
            (place.name != WAR_CHANNEL, Some(**id) != self.system, place.position, **id)
        });
        let chosen = chosen.and_then(channel_in);
        let others = known.into_iter().map(|(id, _)| *id).filter(|id| Some(*id) != chosen);
        chosen.into_iter().chain(others).collect()
    }
}

/// The channel that a text names: `<#123>`, or its id.
fn channel_in(text: &str) -> Option<ChannelId> {
    let id = text.strip_prefix("<#").and_then(|rest| rest.strip_suffix('>')).unwrap_or(text);
    id.parse().ok()
}

fn place(channel: &GuildChannel) -> Option<(ChannelId, Place)> {
    let writes = matches!(channel.kind, ChannelType::Text | ChannelType::News);
    let place = || Place { name: channel.name.clone(), position: channel.position };
    writes.then(|| (channel.id, place()))
}

/// All servers that are known.
#[derive(Debug, Default)]
pub(crate) struct Servers {
    known: Mutex<BTreeMap<GuildId, Server>>,
    /// Whether the bot could write in a channel, the last time that it tried.
    access: Mutex<BTreeMap<ChannelId, Access>>,
}

impl Servers {
    fn with<T>(&self, look: impl FnOnce(&mut BTreeMap<GuildId, Server>) -> T) -> T {
        look(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes how a server is; whether it was known.
    pub(crate) fn see(&self, id: GuildId, server: Server) -> bool {
        self.with(|servers| servers.insert(id, server).is_some())
    }

    pub(crate) fn get(&self, id: GuildId) -> Option<Server> {
        self.with(|servers| servers.get(&id).cloned())
    }

    /// Takes over a name and an owner, and says what is new about them.
    pub(crate) fn change(&self, guild: &PartialGuild) -> Option<Changed> {
        self.with(|servers| {
            let server = servers.get_mut(&guild.id)?;
            let renamed = server.name != guild.name;
            let before = std::mem::replace(&mut server.name, guild.name.clone());
            let owned = std::mem::replace(&mut server.owner, guild.owner_id) != guild.owner_id;
            server.system = guild.system_channel_id;
            Some(Changed {
                renamed_from: renamed.then_some(before),
                new_owner: owned.then_some(guild.owner_id),
            })
        })
    }

    /// Takes over a channel that is new or was changed.
    pub(crate) fn see_channel(&self, channel: &GuildChannel) {
        self.with(|servers| {
            let Some(server) = servers.get_mut(&channel.guild_id) else { return };
            match place(channel) {
                Some((id, place)) => server.channels.insert(id, place),
                None => server.channels.remove(&channel.id),
            };
            server.deleted = server.deleted.filter(|_| !server.has_war_channel());
        });
    }

    pub(crate) fn forget_channel(&self, channel: &GuildChannel) {
        self.with(|servers| {
            let Some(server) = servers.get_mut(&channel.guild_id) else { return };
            let place = server.channels.remove(&channel.id);
            if place.is_some_and(|place| place.name == WAR_CHANNEL) && !server.has_war_channel() {
                server.deleted = Some(channel.id);
            }
        });
    }

    /// Notes that the bot can't write in a channel, and says how that was before, if it is known.
    pub(crate) fn closes(&self, channel: ChannelId) -> Option<Access> {
        let mut access = self.access.lock().unwrap_or_else(PoisonError::into_inner);
        access.insert(channel, Access::Closed)
    }

    /// Notes that the bot can write in a channel.
    pub(crate) fn opens(&self, channel: ChannelId) {
        let mut access = self.access.lock().unwrap_or_else(PoisonError::into_inner);
        access.insert(channel, Access::Open);
    }

    pub(crate) fn forget(&self, id: GuildId) -> Option<Server> {
        self.with(|servers| servers.remove(&id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server() -> Server {
        let place = |id, name: &str, position| {
            (ChannelId::new(id), Place { name: name.to_owned(), position })
        };
        Server {
            name: "One".to_owned(),
            owner: UserId::new(1),
            system: Some(ChannelId::new(12)),
            channels: [place(11, "rules", 0), place(12, "chat", 1), place(13, WAR_CHANNEL, 5)]
                .into_iter()
                .collect(),
            deleted: None,
        }
    }

    #[test]
    fn notices_go_where_the_clan_says_then_where_they_can() {
        let check = |chosen: Option<&str>, expected: &[u64]| {
            let found = server().war_channels(chosen);
            let found: Vec<u64> = found.into_iter().map(ChannelId::get).collect();
            assert_eq!(found, expected, "{chosen:?}");
        };
        check(None, &[13, 12, 11]);
        check(Some("<#11>"), &[11, 13, 12]);
        // It may be a thread, which is on no list; or it is gone.
        check(Some("99"), &[99, 13, 12, 11]);
        check(Some("general"), &[13, 12, 11]);
    }
}
