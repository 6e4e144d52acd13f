//! A challenge to everybody: its notices are written in pages, after the challenge itself.

use super::context::Context;
use super::refusal::Stop;
use super::{challenge, notices};
use crate::model::{Phase, WarId};
use crate::store::{StoreError, Stored};

/// How many clans a page looks at.
const PAGE: usize = 100;

/// Writes the next page of a broadcast, unless another backend has come to its end meanwhile: to each awake, unsuspended clan that hears of the game, but
/// for the host and clans with a block between them.
pub(super) fn expand(context: &mut Context<'_>, war: WarId) -> Stored<()> {
    let Some(pending) = context.store().pending_broadcast(war)? else { return Ok(()) };
    let open = context.war(war)?.filter(|war| war.phase == Phase::Open);
    let Some(war) = open else { return context.store().advance_broadcast(war, None) };
    let host = context.clan(war.host)?;
    let game = match challenge::game(context.read(), war.game) {
        Ok(game) => game,
        Err(Stop::Failed(error)) => return Err(error),
        Err(Stop::Refused(_)) => return Err(unknown_game(war.id)),
    };
    let clans = context.read().subscribers(war.game, pending.after, PAGE)?;
    for id in &clans {
        let Some(clan) = context.read().clan(*id)? else { continue };
        if clan.id != host.id
            && !clan.blocked.contains(&host.id)
            && !host.blocked.contains(&clan.id)
        {
            context.notify(*id, Some(war.id), notices::challenge(&war, &host, &game))?;
        }
    }
    let cursor = clans.last().copied().filter(|_| clans.len() == PAGE);
    context.store().advance_broadcast(war.id, cursor)
}

fn unknown_game(war: WarId) -> StoreError {
    super::context::missing("game of war", war.as_str())
}
