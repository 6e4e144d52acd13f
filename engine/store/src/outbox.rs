//! Notices on their way out. Whoever delivers them takes queues, not rows: a clan's notices (or a
//! space's answers) are handed out under one lease and in order.

use std::collections::BTreeSet;
use std::ops::ControlFlow::{Break, Continue};

use gmbot_engine::model::{AtMs, ClanId, Platform, SpaceKey};
use gmbot_engine::reply::{Address, Post};
use gmbot_engine::store::Stored;

use crate::db::{Db, Row, json, to_json};
use crate::statements as sql;
use crate::{Claimed, Connection, limited};

/// Puts a notice at the end of its queue.
pub(crate) fn post(db: &Db, post: &Post) -> Stored<()> {
    let (queue, space) = match &post.to {
        Address::Clan { clan, space } => (queue_of(*clan), space),
        Address::Answer { space, .. } => (format!("space/{}/{}", space.platform, space.id), space),
    };
    let body = to_json(post)?;
    db.run(sql::POST, (queue, &space.platform.0, &space.id, post.at.0, body)).map(|_| ())
}

/// Has a clan's notices that wait for the space `from` go to `to`.
pub(crate) fn move_notices(db: &Db, clan: ClanId, from: &SpaceKey, to: &SpaceKey) -> Stored<()> {
    let queue = queue_of(clan);
    let (from, to, address) =
        ((&from.platform.0, &from.id), (&to.platform.0, &to.id), to_json(to)?);
    db.run(sql::MOVE_NOTICES, (queue, from.0, from.1, to.0, to.1, address)).map(|_| ())
}

/// The queue of a clan's notices.
fn queue_of(clan: ClanId) -> String {
    format!("clan/{clan}")
}

impl Connection {
    /// Leases the queues of clans that have notices for a platform (or for one space of it) and
    /// returns their oldest notices, each clan's in order. `token` identifies the lease.
    ///
    /// # Errors
    /// When the database fails.
    pub fn claim(
        &mut self,
        platform: &Platform,
        space: Option<&SpaceKey>,
        token: &str,
        now: AtMs,
        lease_until: AtMs,
        limit: usize,
    ) -> Stored<Vec<Claimed>> {
        let free = self.free(platform, space, token, now, limit)?;
        for (queue, notice) in &free {
            self.db.run(sql::LEASE, (queue, token, lease_until.0))?;
            self.db.run(sql::HAND_OUT, (notice.id, token))?;
        }
        Ok(free.into_iter().map(|(_, notice)| notice).collect())
    }

    /// When the next notice of a platform can be claimed, the past included; none if none waits.
    ///
    /// # Errors
    /// When the database fails.
    pub fn next_notice(&self, platform: &Platform, now: AtMs) -> Stored<Option<AtMs>> {
        let (mut seen, mut next) = (BTreeSet::new(), None);
        self.db.walk(sql::FREE_AT, [&platform.0], |row| {
            // The later ones of a queue wait for its first.
            if seen.insert(row.get::<String>(0)?) {
                let at = AtMs(row.get(1)?);
                next = Some(next.map_or(at, |next: AtMs| next.min(at)));
            }
            Ok(if next.is_some_and(|next| next <= now) { Break(()) } else { Continue(()) })
        })?;
        Ok(next)
    }

    /// How many notices wait for a space, handed out or not.
    ///
    /// # Errors
    /// When the database fails.
    pub fn waiting_for(&self, space: &SpaceKey) -> Stored<u64> {
        self.db.value(sql::WAITING_COUNT, (&space.platform.0, &space.id))
    }

    /// The oldest notices that nothing keeps from being handed out, with their queues. What one of
    /// them waits for, the later ones of its queue wait for too.
    fn free(
        &self,
        platform: &Platform,
        space: Option<&SpaceKey>,
        token: &str,
        now: AtMs,
        limit: usize,
    ) -> Stored<Vec<(String, Claimed)>> {
        let (mut free, mut held) = (Vec::new(), BTreeSet::new());
        let sort = |row: &Row<'_>| {
            let (queue, blocked) = queue(row)?;
            if blocked {
                held.insert(queue);
            } else if !held.contains(&queue) {
                free.push((queue, claimed(row)?));
            }
            Ok(if free.len() < limit { Continue(()) } else { Break(()) })
        };
        match space {
            Some(space) => {
                let asked = (&platform.0, now.0, token, &space.id);
                self.db.walk(sql::WAITING_IN_SPACE, asked, sort)?;
            }
            None => self.db.walk(sql::WAITING, (&platform.0, now.0, token), sort)?,
        }
        Ok(free)
    }

    /// The claimed notice `id`, if `token` still holds its lease.
    ///
    /// # Errors
    /// When the database fails.
    pub fn claimed(&self, id: i64, token: &str) -> Stored<Option<Claimed>> {
        self.db.one(sql::CLAIMED, (id, token), claimed)
    }

    /// Removes a delivered notice; a clan whose claimed notices are all settled is free again.
    ///
    /// # Errors
    /// When the database fails.
    pub fn delivered(&mut self, id: i64) -> Stored<()> {
        self.settle(id, |db| db.run(sql::DELIVERED, [id]))
    }

    /// Notes that a space could not be told something in a channel, since `now` unless that is known.
    ///
    /// # Errors
    /// When the database fails.
    pub fn close_channel(&mut self, space: &SpaceKey, channel: &str, now: AtMs) -> Stored<()> {
        let closed = (&space.platform.0, &space.id, channel, now.0);
        self.db.run(sql::CLOSE_CHANNEL, closed).map(|_| ())
    }

    /// Notes that a space was told something where it wants to be told things.
    ///
    /// # Errors
    /// When the database fails.
    pub fn open_channel(&mut self, space: &SpaceKey) -> Stored<()> {
        self.db.run(sql::OPEN_CHANNEL, (&space.platform.0, &space.id)).map(|_| ())
    }

    /// Puts a notice back to be tried again at `not_before`, or parks it where that is `None`.
    /// Until then the later ones of its queue wait too; a parked one lets them pass.
    ///
    /// # Errors
    /// When the database fails.
    pub fn postpone(&mut self, id: i64, not_before: Option<AtMs>) -> Stored<()> {
        self.settle(id, |db| match not_before {
            Some(at) => db.run(sql::POSTPONE, (id, at.0)),
            None => db.run(sql::PARK, [id]),
        })
    }

    /// Says what became of a notice, and gives its queue back after the last that was handed out.
    fn settle(&self, id: i64, change: impl FnOnce(&Db) -> Stored<usize>) -> Stored<()> {
        let queue: Option<String> = self.db.one(sql::QUEUE_OF, [id], |row| row.get(0))?;
        change(&self.db)?;
        queue.map_or(Ok(()), |queue| self.db.run(sql::RELEASE, [queue]).map(|_| ()))
    }

    /// Notices that were refused for good, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn parked(&self, limit: usize) -> Stored<Vec<Claimed>> {
        self.db.all(sql::PARKED, [limited(limit)], claimed)
    }
}

fn claimed(row: &Row<'_>) -> Stored<Claimed> {
    Ok(Claimed { id: row.get(0)?, tries: row.get(1)?, post: json(row, 2)? })
}

/// The queue of a notice that waits, and whether something keeps it there: another's lease, or a
/// try that is still to come.
fn queue(row: &Row<'_>) -> Stored<(String, bool)> {
    let (early, leased): (bool, bool) = (row.get(4)?, row.get(5)?);
    Ok((row.get(3)?, early || leased))
}
