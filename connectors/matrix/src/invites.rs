//! Invites: the bot goes where those ask it to whom it listens, again and again until it is there.

use std::sync::Arc;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use matrix_sdk::ruma::{OwnedRoomId, OwnedServerName, OwnedUserId, RoomId, ServerName, UserId};
use matrix_sdk::{Room, RoomState};

use crate::bot::Bot;
use crate::session::ConnectError;
use crate::trouble::Trouble;

/// How often a room is tried that can't be joined: it may be new to a server far away.
const TRIES: usize = 12;

/// Who may invite the bot.
#[derive(Debug, Clone, Default)]
pub(crate) struct Inviters {
    users: Vec<OwnedUserId>,
    servers: Vec<OwnedServerName>,
}

impl Inviters {
    /// Those of a list; an empty one is everybody.
    pub(crate) fn of(names: &[String]) -> Result<Self, ConnectError> {
        let mut inviters = Self::default();
        for name in names {
            if let Ok(user) = UserId::parse(name) {
                inviters.users.push(user);
            } else if let Ok(server) = ServerName::parse(name) {
                inviters.servers.push(server);
            } else {
                return Err(ConnectError::Inviter(name.clone()));
            }
        }
        Ok(inviters)
    }

    /// Whether somebody is one of them.
    pub(crate) fn include(&self, user: &UserId) -> bool {
        let everybody = self.users.is_empty() && self.servers.is_empty();
        everybody
            || self.users.iter().any(|known| known == user)
            || self.servers.iter().any(|known| known == user.server_name())
    }
}

impl Bot {
    /// The bot is asked into a room: it comes, or declines. This is not waited for.
    pub(crate) fn invited(self: &Arc<Self>, room: &RoomId) {
        let Some(room) = self.client.get_room(room) else { return };
        let bot = Arc::clone(self);
        tokio::spawn(async move {
            if let Err(cause) = bot.answer_invite(&room).await {
                tracing::warn!(room = %room.room_id(), "an invitation was not followed: {cause}");
            }
        });
    }

    async fn answer_invite(&self, room: &Room) -> Result<(), Trouble> {
        let inviter = room.invite_details().await?.inviter_id;
        if !self.inviters.include(&inviter) {
            tracing::info!(room = %room.room_id(), %inviter, "an invitation was declined");
            return Ok(room.leave().await?);
        }
        self.join(room.room_id(), &[]).await
    }

    /// A room was replaced by another: the bot goes there too. This is not waited for.
    pub(crate) fn move_on(self: &Arc<Self>, to: OwnedRoomId, via: OwnedServerName) {
        let there = self.client.get_room(&to).is_some_and(|room| room.state() == RoomState::Joined);
        if there {
            return;
        }
        let bot = Arc::clone(self);
        tokio::spawn(async move {
            // Where it takes an invitation, one may come.
            if let Err(cause) = bot.join(&to, &[via]).await {
                tracing::info!(room = %to, "the bot can't follow there: {cause}");
            }
        });
    }

    async fn join(&self, room: &RoomId, via: &[OwnedServerName]) -> Result<(), Trouble> {
        let join = || async {
            self.client.join_room_by_id_or_alias(room.into(), via).await.map_err(Trouble::from)
        };
        let again = ExponentialBuilder::default()
            .with_jitter()
            .with_min_delay(Duration::from_millis(500))
            .with_max_delay(Duration::from_mins(5))
            .with_max_times(TRIES);
        join.retry(again).when(Trouble::passes).await.map(|_room| ())
    }
}

#[cfg(test)]
mod tests {
    use matrix_sdk::ruma::user_id;

    use super::*;

    fn inviters(names: &[&str]) -> Inviters {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        Inviters::of(&names).expect("a list")
    }

    #[test]
    fn who_is_named_may_invite_and_their_servers_may() {
        let some = inviters(&["@ann:a.org", "b.org:8448"]);
        assert!(some.include(user_id!("@ann:a.org")));
        assert!(some.include(user_id!("@ben:b.org:8448")));
        assert!(!some.include(user_id!("@ben:a.org")));
        assert!(inviters(&[]).include(user_id!("@ben:a.org")));
        assert!(Inviters::of(&["not a server".to_owned()]).is_err());
    }
}
