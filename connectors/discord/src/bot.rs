//! What all parts of the connector share: the way to the backend, the way to Discord, and what is
//! known of both.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use backon::{ExponentialBuilder, Retryable as _};
use gmbot_backend::{Backend, BackendError};
use gmbot_engine::Reply;
use gmbot_engine::model::SpaceKey;
use gmbot_engine::request::{Authority, Input, Request, SpaceRef};
use serenity::all::{ChannelId, GuildId, UserId};
use tokio::sync::Notify;

use crate::cards::Cards;
use crate::pending::Pending;
use crate::people::{self, PLATFORM};
use crate::rest::{Rest, Trouble};
use crate::servers::{Server, Servers};

/// What all parts of the connector share.
pub(crate) struct Bot {
    backend: Arc<dyn Backend>,
    pub(crate) rest: Rest,
    pub(crate) me: UserId,
    pub(crate) operators: BTreeSet<UserId>,
    /// Whether it reads lines in channels that do not mention it.
    pub(crate) reads_all: bool,
    pub(crate) servers: Servers,
    /// The interactions that wait for an answer.
    pub(crate) pending: Pending,
    /// The message that shows a war, in each channel.
    pub(crate) cards: Cards,
    /// Wakes whoever delivers.
    pub(crate) news: Notify,
    /// The last moment that was given out as a key, in milliseconds since 1970.
    last_ms: AtomicI64,
}

/// Where somebody speaks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) guild: Option<GuildId>,
    pub(crate) channel: ChannelId,
}

impl Bot {
    pub(crate) fn new(
        backend: Arc<dyn Backend>,
        rest: Rest,
        me: UserId,
        operators: BTreeSet<UserId>,
        reads_all: bool,
    ) -> Self {
        Self {
            backend,
            rest,
            me,
            operators,
            reads_all,
            servers: Servers::default(),
            pending: Pending::default(),
            cards: Cards::default(),
            news: Notify::new(),
            last_ms: AtomicI64::new(0),
        }
    }

    /// Asks the backend, which blocks, on a thread that may be blocked.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Backend) -> Result<T, BackendError> + Send + 'static,
    ) -> Result<T, BackendError> {
        let backend = Arc::clone(&self.backend);
        let asked = tokio::task::spawn_blocking(move || question(&*backend)).await;
        asked.unwrap_or_else(|panic| Err(BackendError::Panicked(panic.to_string())))
    }

    /// Submits a request; again, with the same key, while the world outside of the backend fails.
    pub(crate) async fn submit(&self, request: Request) -> Result<Option<Reply>, BackendError> {
        let again = ExponentialBuilder::default()
            .with_jitter()
            .with_min_delay(Duration::from_millis(50))
            .with_max_times(4);
        let submit = || {
            let request = request.clone();
            self.ask(move |backend| backend.submit(request))
        };
        let passes = |error: &BackendError| match error {
            BackendError::Store(_) | BackendError::Unreachable { .. } => true,
            BackendError::Stopped
            | BackendError::UnknownToken
            | BackendError::Panicked(_)
            | BackendError::SystemClock
            | BackendError::NoEntropy(_)
            | BackendError::Denied(_)
            | BackendError::NoThread(_) => false,
        };
        let reply = submit.retry(again).when(passes).await;
        self.news.notify_one();
        reply
    }

    /// A request in which somebody says something.
    pub(crate) async fn request(
        &self,
        key: String,
        place: Place,
        speaker: Speaker<'_>,
        input: Input,
    ) -> Result<Request, Trouble> {
        let space = match place.guild {
            Some(guild) => self.space(guild).await?,
            None => {
                let name = people::account(speaker.user, None).name;
                SpaceRef { key: key_of(place.channel.get()), name, direct: true }
            }
        };
        let owns = place.guild.and_then(|guild| self.servers.get(guild));
        let authority = Authority {
            owner: owns.is_some_and(|server| server.owner == speaker.user.id),
            operator: self.operators.contains(&speaker.user.id),
            ..Authority::default()
        };
        let answer_to = Some(space.key.clone());
        Ok(Request {
            authority,
            actor: Some(people::account(speaker.user, speaker.nick)),
            bot_mention: Some(format!("<@{}>", self.me)),
            space: Some(space),
            answer_to,
            ..Request::new(PLATFORM, key, input)
        })
    }

    /// A server as a request names it.
    pub(crate) async fn space(&self, guild: GuildId) -> Result<SpaceRef, Trouble> {
        let name = self.server(guild).await?.name;
        Ok(SpaceRef { key: key_of(guild.get()), name, direct: false })
    }

    /// A server; one that the gateway has not told of yet is looked up.
    pub(crate) async fn server(&self, guild: GuildId) -> Result<Server, Trouble> {
        if let Some(server) = self.servers.get(guild) {
            return Ok(server);
        }
        let parts = self.rest.tried(|| self.rest.http.get_guild(guild)).await?;
        let channels = self.rest.tried(|| self.rest.http.get_channels(guild)).await?;
        Ok(Server::of_parts(&parts, &channels))
    }

    /// A moment in milliseconds since 1970 that is given out once.
    pub(crate) fn moment_ms(&self) -> i64 {
        let now = now_ms();
        let before = self.last_ms.fetch_max(now, Ordering::Relaxed);
        if before < now { now } else { self.last_ms.fetch_add(1, Ordering::Relaxed) + 1 }
    }
}

/// Who speaks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Speaker<'a> {
    pub(crate) user: &'a serenity::all::User,
    /// What they are called in the server.
    pub(crate) nick: Option<&'a str>,
}

/// The key of a server, or of the direct messages with somebody.
pub(crate) fn key_of(id: u64) -> SpaceKey {
    SpaceKey { platform: people::platform(), id: id.to_string() }
}

/// The time, in milliseconds since 1970.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
