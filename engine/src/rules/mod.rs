//! Every decision that gmbot makes: a file per family of commands.

use crate::model::AtMs;
use crate::reply::Reply;
use crate::request::Request;
use crate::store::{Read, Store, Stored};

/// Carries a request out inside a transaction: settles what is due of what it touches, reads,
/// checks access, decides, records events and writes notices. `now` is the backend's clock when the
/// transaction began; `entropy` is fresh for each request and the same for each retry of it.
/// `None`: the line was not for the bot.
///
/// # Errors
/// When the store failed; the transaction must be rolled back.
pub fn decide(
    store: &mut dyn Store,
    request: &Request,
    now: AtMs,
    entropy: [u8; 32],
) -> Stored<Option<Reply>> {
    unimplemented!("{now:?} {entropy:?} {request:?} {}", store.games()?.len())
}

/// Answers a request that is a query (see [`crate::grammar::kind_of`]), or a line that can't be
/// read, without writing anything.
///
/// # Errors
/// When the store failed.
pub fn answer(read: &dyn Read, request: &Request, now: AtMs) -> Stored<Option<Reply>> {
    unimplemented!("{now:?} {request:?} {}", read.games()?.len())
}

/// Fills in the names and texts that a reply's ids stand for, at the moment it leaves.
///
/// # Errors
/// When the store failed.
pub fn fill_legend(read: &dyn Read, reply: &mut Reply) -> Stored<()> {
    unimplemented!("{reply:?} {}", read.games()?.len())
}
