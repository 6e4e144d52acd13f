//! The backend: what every face talks to. It queues, begins and commits transactions, keeps the
//! clock and the idempotency keys, and hands out what others must be told. It decides nothing about
//! wars: that is the engine's.

use gmbot_engine::model::Platform;
use gmbot_engine::reply::Post;
use gmbot_engine::request::{Request, SpaceRef};
use gmbot_engine::store::StoreError;
use gmbot_engine::view::{Query, View, Viewer};
use gmbot_engine::Reply;

/// What every face talks to. All calls block until there is an answer.
pub trait Backend: Send + Sync {
    /// Carries a request out, or says why not. `None`: the line was not for the bot.
    ///
    /// # Errors
    /// When the world outside failed; the request can be sent again with the same key.
    fn submit(&self, request: Request) -> Result<Option<Reply>, BackendError>;

    /// Reads what a viewer may see.
    ///
    /// # Errors
    /// When the world outside failed.
    fn view(&self, query: &Query, viewer: &Viewer) -> Result<View, BackendError>;

    /// A receiver that gets a message when something may have changed; it may miss some, never the
    /// last.
    fn watch(&self) -> std::sync::mpsc::Receiver<()>;

    /// Takes what is due for a platform (or one space of it), at most `limit` notices, the oldest of
    /// each clan first. A claimed clan is nobody else's until its notices are acknowledged or the
    /// lease is over.
    ///
    /// # Errors
    /// When the world outside failed.
    fn claim(&self, platform: &Platform, space: Option<&SpaceRef>, limit: usize)
    -> Result<Vec<Delivery>, BackendError>;

    /// Says what became of claimed notices.
    ///
    /// # Errors
    /// When the world outside failed, or the token is unknown or too old.
    fn acknowledge(&self, token: &str, fate: Fate) -> Result<(), BackendError>;
}

/// A claimed notice.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// What acknowledges it.
    pub token: String,
    /// What it says and where it goes.
    pub post: Post,
}

/// What became of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It arrived.
    Delivered,
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
}
