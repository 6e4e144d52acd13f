//! Handing notices out, under leases, and what their fate means.

use gmbot_engine::model::ids::hex;
use gmbot_engine::model::{AtMs, DurationMs, Platform};
use gmbot_engine::reply::{Address, Post, Receipt};
use gmbot_engine::request::{Fact, SpaceRef};
use gmbot_engine::rules;
use gmbot_engine::store::{Read, Stored};
use gmbot_store::{Claimed, Connection};

use crate::inner::Inner;
use crate::observing::Course;
use crate::submission::fact;
use crate::writer::News;
use crate::{BackendError, Delivery, Fate, entropy};

/// How long a claimed clan is nobody else's.
const LEASE: DurationMs = DurationMs::minutes(1);
/// How long a notice rests after its first failure; twice as long after each further one.
const FIRST_REST_MS: i64 = 10_000;
/// After how many failures a notice is parked.
const MAX_TRIES: u32 = 6;

/// Which claimed notice: its lease and its place in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Token {
    lease: String,
    id: i64,
}

impl Token {
    fn parse(text: &str) -> Option<Self> {
        let (lease, id) = text.split_once('.')?;
        Some(Self { lease: lease.to_owned(), id: id.parse().ok()? })
    }
}

impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.lease, self.id)
    }
}

/// Claims notices and fills their legends in.
pub(crate) fn claim(
    inner: &Inner,
    platform: &Platform,
    space: Option<&SpaceRef>,
    limit: usize,
) -> Result<Vec<Delivery>, BackendError> {
    // Always from the operating system: two processes on one rehearsal must not share a lease.
    let lease = hex(&entropy::system_bytes::<8>()?);
    let (token, platform) = (lease.clone(), platform.clone());
    let space = space.map(|space| space.key.clone());
    let claimed = inner.writer.call(News::Quiet, move |db, now| {
        db.claim(&platform, space.as_ref(), &token, now, now + LEASE, limit)
    })?;
    if claimed.is_empty() {
        return Ok(Vec::new());
    }
    inner.readers.read(|db| {
        let delivery = |claimed: &Claimed| -> Stored<Delivery> {
            let mut post = claimed.post.clone();
            rules::fill_legend(db.as_read(), &mut post.reply)?;
            let token = Token { lease: lease.clone(), id: claimed.id }.to_string();
            let channel = channel(db.as_read(), &post.to)?;
            Ok(Delivery { token, notice: claimed.id, channel, post })
        };
        claimed.iter().map(delivery).collect()
    })
}

/// The channel that a clan chose for its notices in the space where it is told things.
fn channel(read: &dyn Read, to: &Address) -> Stored<Option<String>> {
    let Address::Clan { clan, space } = to else { return Ok(None) };
    let spaces = read.clan(*clan)?.map(|clan| clan.spaces).unwrap_or_default();
    Ok(spaces.into_iter().find(|known| known.key == *space).and_then(|known| known.channel))
}

/// Notes what became of a notice; what that means to a war happens in the same transaction.
pub(crate) fn acknowledge(inner: &Inner, token: &str, fate: Fate) -> Result<(), BackendError> {
    let Some(token) = Token::parse(token) else { return Err(BackendError::UnknownToken) };
    let key = format!("fate/{}", token.id);
    let entropy = inner.entropy.draw_for_fact(&key)?;
    let known = inner.writer.call(News::Tell, move |db, now| {
        let Some(claimed) = db.claimed(token.id, &token.lease)? else { return Ok(false) };
        let meaning = match after(&fate, claimed.tries, now) {
            After::Remove => {
                db.delivered(claimed.id)?;
                note_channel(db, &claimed.post.to, &fate, now)?;
                delivered(&claimed.post)
            }
            After::Rest(until) => {
                db.postpone(claimed.id, Some(until))?;
                None
            }
            After::Park => {
                db.postpone(claimed.id, None)?;
                refused(&claimed.post)
            }
        };
        if let Some(meaning) = meaning {
            let fact = fact(key.clone(), meaning);
            rules::decide(db.as_store(), &fact, now, entropy, &Course::default())?;
        }
        Ok(true)
    })?;
    if known { Ok(()) } else { Err(BackendError::UnknownToken) }
}

/// What happens to a notice next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    /// It is done.
    Remove,
    /// It is tried again then.
    Rest(AtMs),
    /// An operator has to look at it.
    Park,
}

/// What happens next to a notice that was tried `tries` times before and now met this fate.
fn after(fate: &Fate, tries: u32, now: AtMs) -> After {
    match fate {
        Fate::Delivered | Fate::Elsewhere { .. } => After::Remove,
        Fate::Failed if tries < MAX_TRIES - 1 => {
            After::Rest(now + DurationMs(FIRST_REST_MS << tries))
        }
        Fate::Failed | Fate::Undeliverable => After::Park,
    }
}

/// Keeps in mind for an operator whether a clan is told things where it wants to be.
fn note_channel(db: &mut Connection, to: &Address, fate: &Fate, now: AtMs) -> Stored<()> {
    let Address::Clan { space, .. } = to else { return Ok(()) };
    match fate {
        Fate::Elsewhere { closed } => db.close_channel(space, closed, now),
        Fate::Delivered => db.open_channel(space),
        Fate::Failed | Fate::Undeliverable => Ok(()),
    }
}

/// What the engine must be told when a notice arrived.
fn delivered(post: &Post) -> Option<Fact> {
    let Receipt::Question { war, side } = post.receipt?;
    Some(Fact::QuestionDelivered { war, side })
}

/// What the engine must be told when a notice is parked.
fn refused(post: &Post) -> Option<Fact> {
    match post.to {
        Address::Clan { clan, .. } => Some(Fact::Undeliverable { clan }),
        Address::Answer { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_nothing_else_reads() {
        let token = Token { lease: "0a1b".to_owned(), id: 42 };
        assert_eq!(Token::parse(&token.to_string()), Some(token));
        for text in ["", "42", "0a1b.", "0a1b.x", "0a1b.99999999999999999999"] {
            assert_eq!(Token::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_failed_notice_rests_longer_each_time_and_is_parked_after_the_sixth() {
        let rests = (0..7).map(|tries| after(&Fate::Failed, tries, AtMs(0)));
        let seconds = [10, 20, 40, 80, 160].map(|s| After::Rest(AtMs(s * 1000)));
        let parked = [After::Park, After::Park];
        assert_eq!(rests.collect::<Vec<_>>(), [&seconds[..], &parked[..]].concat());
        assert_eq!(after(&Fate::Undeliverable, 0, AtMs(0)), After::Park);
        assert_eq!(after(&Fate::Delivered, 5, AtMs(0)), After::Remove);
    }
}
