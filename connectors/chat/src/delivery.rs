//! Delivery from the outbox: each clan's notices in order, answers each on its own way.

use std::fmt;
use std::sync::Arc;

use gmbot_backend::{Delivery, Fate};
use gmbot_engine::model::{Platform, WarId};
use gmbot_engine::reply::Address;
use tokio::task::JoinSet;

use crate::way::Way;

/// How many notices are claimed at a time.
const PAGE: usize = 100;

/// A platform, as far as delivery is concerned.
pub trait Deliver: Send + Sync + 'static {
    /// The way to the backend.
    fn way(&self) -> &Way;

    /// Whose notices it delivers.
    fn platform(&self) -> Platform;

    /// What may go wrong there.
    type Trouble: Trouble;

    /// Delivers one notice, and says whether it arrived where it should. What was delivered before and
    /// is handed out again has to stay one message.
    fn deliver(
        &self,
        delivery: &Delivery,
    ) -> impl Future<Output = Result<Fate, Self::Trouble>> + Send;
}

/// Why a platform did not take a notice.
pub trait Trouble: fmt::Display + Send {
    /// Whether the same may succeed a moment later.
    fn passes(&self) -> bool;
}

/// Delivers until it is aborted.
pub async fn deliver<D: Deliver>(platform: Arc<D>) {
    let mut running = JoinSet::new();
    loop {
        let name = platform.platform();
        match platform.way().ask(move |backend| backend.claim(&name, None, PAGE)).await {
            Ok(page) if page.is_empty() => platform.way().rest().await,
            Ok(page) => {
                for queue in queues(page) {
                    running.spawn(deliver_queue(Arc::clone(&platform), queue));
                }
            }
            Err(cause) => {
                tracing::warn!("notices can't be claimed: {cause}");
                platform.way().rest().await;
            }
        }
        // What has ended is forgotten, and what is under way is not waited for.
        while running.try_join_next().is_some() {}
    }
}

/// Delivers what is for one clan, or one space's answers, in order.
async fn deliver_queue<D: Deliver>(platform: Arc<D>, queue: Vec<Delivery>) {
    for delivery in queue {
        let fate = fate(&delivery, platform.deliver(&delivery).await);
        let token = delivery.token;
        let noted = platform.way().ask(move |backend| backend.acknowledge(&token, fate)).await;
        if let Err(cause) = noted {
            // It is handed out again after its lease; the platform then has it already.
            tracing::warn!("a notice's fate can't be noted: {cause}");
            return;
        }
    }
    platform.way().wake();
}

/// What became of a notice, also where it was not taken.
fn fate<T: Trouble>(delivery: &Delivery, delivered: Result<Fate, T>) -> Fate {
    match delivered {
        Ok(fate) => fate,
        Err(cause) if cause.passes() => {
            tracing::info!(notice = delivery.notice, "a notice has to wait: {cause}");
            Fate::Failed
        }
        Err(cause) => {
            tracing::warn!(notice = delivery.notice, "a notice can't be delivered: {cause}");
            Fate::Undeliverable
        }
    }
}

/// Notices by where they go, in order; each answer goes its own way.
fn queues(page: Vec<Delivery>) -> Vec<Vec<Delivery>> {
    let mut queues: Vec<(Address, Vec<Delivery>)> = Vec::new();
    for delivery in page {
        match queues.iter_mut().find(|(to, _)| *to == delivery.post.to) {
            Some((_, queue)) => queue.push(delivery),
            None => queues.push((delivery.post.to.clone(), vec![delivery])),
        }
    }
    queues.into_iter().map(|(_, queue)| queue).collect()
}

/// The war that a notice or an answer is about: what one may do next names it.
pub fn war_of(delivery: &Delivery) -> Option<WarId> {
    let named = || {
        let actions = delivery.post.reply.actions.iter();
        actions.filter_map(|action| action.command.war()).find_map(|war| war.0.parse().ok())
    };
    delivery.post.war.or_else(named)
}
