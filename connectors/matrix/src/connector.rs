//! The connector as a whole: it logs in, hears and delivers until it is told to stop.

use std::collections::BTreeSet;
use std::sync::Arc;

use gmbot_backend::Backend;
use matrix_sdk::ruma::{OwnedUserId, UserId};
use tokio::runtime::{Builder, Runtime};

use crate::bot::Bot;
use crate::invites::Inviters;
use crate::session::{ConnectError, Session};
use crate::settings::Settings;

/// The connector, before it connects.
#[derive(Debug)]
pub struct Matrix {
    runtime: Runtime,
    settings: Settings,
}

impl Matrix {
    /// Takes what it needs of the system.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn new(settings: Settings) -> Result<Self, ConnectError> {
        let runtime = Builder::new_multi_thread().enable_all().thread_name("gmbot-matrix").build();
        Ok(Self { runtime: runtime.map_err(ConnectError::Start)?, settings })
    }

    /// Runs until `stop` is ready, or the homeserver does not want the bot any more.
    ///
    /// # Errors
    /// When the homeserver does not let the bot in.
    pub fn run(
        self,
        backend: Arc<dyn Backend>,
        stop: impl Future<Output = ()>,
    ) -> Result<(), ConnectError> {
        let Self { runtime, settings } = self;
        runtime.block_on(connect(settings, backend, stop))
    }
}

/// Runs the connector on this runtime until `stop` is ready.
///
/// # Errors
/// When the homeserver does not let the bot in.
pub async fn connect(
    settings: Settings,
    backend: Arc<dyn Backend>,
    stop: impl Future<Output = ()>,
) -> Result<(), ConnectError> {
    let inviters = Inviters::of(&settings.inviters)?;
    let operators = operators(&settings.operators)?;
    tokio::pin!(stop);
    let opened = tokio::select! {
        opened = Session::open(&settings) => opened?,
        () = &mut stop => return Ok(()),
    };
    let Session { client, me, new_device, lock: _lock } = opened;
    tracing::info!(user = %me, "connected to the homeserver");
    let began_ms = new_device.then(gmbot_chat::now_ms);
    let bot = Arc::new(Bot::new(backend, client, me, operators, inviters, began_ms));
    bot.way.follow("gmbot-matrix-news");
    let delivering = Arc::clone(&bot);
    let delivery = tokio::spawn(async move {
        delivering.synced.notified().await;
        gmbot_chat::deliver(delivering).await;
    });
    let ended = tokio::select! {
        ended = bot.listen() => ended,
        () = &mut stop => Ok(()),
    };
    delivery.abort();
    ended
}

fn operators(names: &[String]) -> Result<BTreeSet<OwnedUserId>, ConnectError> {
    let user =
        |name: &String| UserId::parse(name).map_err(|_error| ConnectError::Operator(name.clone()));
    names.iter().map(user).collect()
}
