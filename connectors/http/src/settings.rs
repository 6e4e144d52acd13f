//! What an operator can set of a server.

#[cfg(feature = "web")]
mod contact;

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::time::Duration;

#[cfg(feature = "web")]
pub use contact::{BadContact, DiscordInvite, MatrixUser};

/// What an operator can set of a server.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// How many connections are open at most; more wait to be accepted. Fewer where the system gives
    /// fewer files to a process.
    pub connections: usize,
    /// How many calls the backend works on at a time; more wait, up to [`Settings::patience`].
    pub workers: usize,
    /// How long a call waits for the backend to have time before it is sent away.
    pub patience: Duration,
    /// How long the head of a request may take, which is also how long a connection may be idle.
    pub head: Duration,
    /// How long the body of a request may take.
    pub body: Duration,
    /// How long shutting down waits for what was accepted.
    pub grace: Duration,
    /// How long a question for changes waits for one.
    pub poll: Duration,
    /// How many calls a second a key may make, on average; four times as many in a burst.
    pub calls_per_key: NonZeroU32,
    /// How many calls a second a key may make for one person, on average; four times as many in a
    /// burst.
    pub calls_per_person: NonZeroU32,
    /// The web sites whose scripts may call: `https://example.org`. None unless set.
    pub origins: Vec<String>,
    /// Whether there are pages for browsers, and what stands on them.
    #[cfg(feature = "web")]
    pub pages: Pages,
}

impl Settings {
    /// The usual settings at an address.
    pub fn at(listen: SocketAddr) -> Self {
        const PER_KEY: NonZeroU32 = NonZeroU32::new(200).expect("not zero");
        const PER_PERSON: NonZeroU32 = NonZeroU32::new(5).expect("not zero");
        Self {
            listen,
            connections: 8_192,
            workers: 64,
            patience: Duration::from_secs(10),
            head: Duration::from_secs(15),
            body: Duration::from_secs(15),
            grace: Duration::from_secs(30),
            poll: Duration::from_secs(25),
            calls_per_key: PER_KEY,
            calls_per_person: PER_PERSON,
            origins: Vec::new(),
            #[cfg(feature = "web")]
            pages: Pages::default(),
        }
    }
}

/// What an operator can set of the pages.
#[cfg(feature = "web")]
#[derive(Debug, Clone, Default)]
pub struct Pages {
    /// Whether there are any; not unless set.
    pub shown: bool,
    /// Where the bot is added to a Discord server, if it is there.
    pub discord_invite: Option<DiscordInvite>,
    /// The bot on Matrix, if it is there.
    pub matrix_user: Option<MatrixUser>,
}
