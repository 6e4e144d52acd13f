//! A Discord with so many servers, each with an owner and a player.

use gmbot_discord_fake::Fake;
use serenity::all::{ChannelId, UserId};

/// A server: where people talk, who owns it, and who plays as well.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Server {
    pub(crate) channel: ChannelId,
    pub(crate) owner: UserId,
    player: UserId,
}

impl Server {
    /// One of the commands that people give, which are answered where they were given.
    pub(crate) fn line(&self, n: usize) -> String {
        match n % 3 {
            0 => {
                format!("createwar -players <@{}> <@{}> -game 4 -type ft3", self.owner, self.player)
            }
            1 => "status".to_owned(),
            _ => "games".to_owned(),
        }
    }
}

pub(crate) fn make(fake: &Fake, number: usize) -> Vec<Server> {
    let server = |n| {
        let owner = fake.user(&format!("owner{n}"));
        let player = fake.user(&format!("player{n}"));
        let guild = fake.guild(&format!("Server {n}"), owner);
        fake.join(guild, player);
        Server { channel: fake.general(guild), owner, player }
    };
    (0..number).map(server).collect()
}
