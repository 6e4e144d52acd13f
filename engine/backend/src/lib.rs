//! The backend: what every face talks to. It queues, begins and commits transactions, keeps the
//! clock and the idempotency keys, and hands out what others must be told. It decides nothing about
//! wars: that is the engine's.

#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::indexing_slicing))]

use std::sync::mpsc::Receiver;

use gmbot_engine::Reply;
use gmbot_engine::model::{Platform, WarId};
use gmbot_engine::reply::Post;
use gmbot_engine::request::{Onlooker, Request, SpaceRef};
use gmbot_engine::store::StoreError;
use gmbot_engine::view::{Query, View};
use serde::{Deserialize, Serialize};

mod completion;
mod due;
mod entropy;
mod faults;
mod inner;
mod keys;
mod listener;
mod local;
mod metrics;
mod observing;
mod operations;
mod options;
mod outbox;
mod panics;
mod pool;
mod readers;
mod scheduler;
mod submission;
mod time;
mod timing;
mod watch;
mod webhooks;
mod writer;

pub use faults::{Fault, Faults, Point};
pub use gmbot_store::{Address, Claimed, Clock, ClosedChannel, Verification};
pub use keys::{Key, Scope, Secret};
pub use local::Local;
pub use operations::Operations;
pub use options::Options;
pub use prometheus::proto::MetricFamily;
pub use timing::{Timings, timed};
pub use webhooks::{Message, Webhook};

/// What every face talks to. All calls block until there is an answer.
pub trait Backend: Send + Sync {
    /// Carries a request out, or says why not. `None`: the line was not for the bot.
    ///
    /// The same request (client and key) gets the same answer and is carried out once, however
    /// often it comes within 30 days. A query leaves no trace: it is answered anew each time, and
    /// never by way of the outbox.
    ///
    /// # Errors
    /// When the world outside failed; the request can be sent again with the same key.
    fn submit(&self, request: Request) -> Result<Option<Reply>, BackendError>;

    /// Reads what an onlooker may see, as it stands now; who is not known sees what a stranger does.
    ///
    /// # Errors
    /// When the world outside failed.
    fn view(&self, query: &Query, onlooker: &Onlooker) -> Result<View, BackendError>;

    /// Reads an image that was filed as proof, by the first characters of its hash; none where there
    /// is none, or the onlooker may not see it.
    ///
    /// # Errors
    /// When the world outside failed.
    fn image(
        &self,
        war: WarId,
        hash: &str,
        onlooker: &Onlooker,
    ) -> Result<Option<Vec<u8>>, BackendError>;

    /// A receiver that gets a message when something may have changed; it may miss some, never the
    /// last.
    fn watch(&self) -> Receiver<()>;

    /// A receiver that gets a message when a notice may be due for a platform; it may miss some, never
    /// the last. Whoever delivers claims now and then anyway.
    fn watch_notices(&self, platform: &Platform) -> Receiver<()> {
        let _any = platform;
        self.watch()
    }

    /// Takes what is due for a platform (or one space of it), at most `limit` notices, the oldest of
    /// each clan first. A claimed clan is nobody else's until its notices are acknowledged or the
    /// lease of 60 seconds is over.
    ///
    /// # Errors
    /// When the world outside failed.
    fn claim(
        &self,
        platform: &Platform,
        space: Option<&SpaceRef>,
        limit: usize,
    ) -> Result<Vec<Delivery>, BackendError>;

    /// Says what became of a claimed notice.
    ///
    /// # Errors
    /// When the world outside failed, or the token is unknown or too old.
    fn acknowledge(&self, token: &str, fate: Fate) -> Result<(), BackendError>;
}

/// A claimed notice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Delivery {
    /// What acknowledges it.
    pub token: String,
    /// The notice's number: the same however often it is handed out, so that a platform can tell
    /// that it has it already.
    pub notice: i64,
    /// The channel of the space that its clan chose for notices, as it stands now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// What it says and where it goes.
    pub post: Post,
}

/// What became of a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It arrived.
    Delivered,
    /// It arrived, but not where the clan is told things.
    Elsewhere {
        /// The platform's id of the channel that did not take it.
        closed: String,
    },
    /// It was refused for now; it will be tried again, at most 6 times in all.
    Failed,
    /// It was refused for good.
    Undeliverable,
}

/// The world outside failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BackendError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The backend is shutting down.
    #[error("the backend is shutting down; try again")]
    Stopped,
    /// An acknowledgement came for a notice that is not claimed with this token.
    #[error("no notice is claimed with this token; it may have been taken over after its lease")]
    UnknownToken,
    /// gmbot itself is broken; the transaction was rolled back.
    #[error("gmbot failed inside: {0}; nothing was changed, please report it")]
    Panicked(String),
    /// The clock or the seed was to be set of a database that goes by the computer's clock.
    #[error(
        "this database goes by the computer's clock, which can't be set; \
         use a new database for another time"
    )]
    SystemClock,
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes: {0}; try again")]
    NoEntropy(String),
    /// A backend that is elsewhere can't be reached, or can't be understood.
    #[error(
        "the server at {url} can't be reached: {cause}; check the address, and whether it runs"
    )]
    Unreachable {
        /// Where it should be.
        url: String,
        /// What stood in the way.
        cause: String,
    },
    /// A backend that is elsewhere does not let this client do it.
    #[error("the server refuses: {0}")]
    Denied(String),
    /// The operating system gave no thread.
    #[error("the operating system started no thread: {0}; close other programs and try again")]
    NoThread(String),
}

impl BackendError {
    /// Whether the store failed at what may succeed a moment later.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self, Self::Store(error) if error.kind.is_passing())
    }
}
