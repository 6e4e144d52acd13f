//! Who may see what of a war: the one place where that is decided for every face.

use super::Viewer;
use crate::model::war::Ballots;
use crate::model::{Phase, Side, Sides, War};
use crate::rules;
use crate::store::{Read, Stored};

/// Whether a viewer may know of a war at all.
pub(super) fn may_see(war: &War, viewer: &Viewer) -> bool {
    rules::may_see(war, &viewer.who())
}

/// Whether a viewer belongs to a side: they act as its clan and are known there, or play for it.
/// A client that acts for itself counts as its clan.
fn is_of(read: &dyn Read, war: &War, side: Side, viewer: &Viewer) -> Stored<bool> {
    let Some(clan) = war.clan(side) else { return Ok(false) };
    let acts_as_it = viewer.clan == Some(clan);
    let Some(person) = viewer.person else { return Ok(acts_as_it) };
    if war.player_side(person) == Some(side) {
        return Ok(true);
    }
    Ok(acts_as_it && war.player_side(person).is_none() && read.member(clan, person)?.is_some())
}

/// What a viewer may see of a war besides its public face.
pub(super) struct Insight {
    side: Sides<bool>,
    operator: bool,
    settled: bool,
}

impl Insight {
    pub(super) fn of(read: &dyn Read, war: &War, viewer: &Viewer) -> Stored<Self> {
        let host = is_of(read, war, Side::Host, viewer)?;
        let guest = is_of(read, war, Side::Guest, viewer)?;
        let side = Sides { host, guest };
        Ok(Self { side, operator: viewer.operator, settled: war.phase == Phase::Settled })
    }

    /// The deciding ballots: sealed until the war is settled, but for one's own side.
    pub(super) fn ballots(&self, war: &War) -> Sides<Option<Ballots>> {
        Sides::each(|side| {
            let open = self.settled || *self.side.of(side);
            open.then(|| war.ballots.of(side).clone())
        })
    }

    /// The ballots cast after the settlement: sealed, but for one's own side.
    pub(super) fn appeals(&self, war: &War) -> Sides<Option<Ballots>> {
        Sides::each(|side| self.side.of(side).then(|| war.appeals.of(side).clone()))
    }

    /// Proof and notes: for the two clans and the operator.
    pub(super) fn proof(&self) -> bool {
        self.side.host || self.side.guest || self.operator
    }
}
