//! What strangers and the other side see: never a ballot before the result, never a private war.

use std::collections::BTreeSet;

use gmbot_backend::{Backend as _, Local};
use gmbot_engine::grammar::{Command, WarRef};
use gmbot_engine::model::{ClanId, PersonId, Side};
use gmbot_engine::reply::Code;
use gmbot_engine::view::{Query, View, Viewer};

use super::cast::{Cast, House};
use super::dice::Dice;
use super::rulebook::{Bout, Rulebook, Stage};
use super::{Trouble, broken};

/// Lets somebody look at a war, and at the lists of a clan that fights it.
///
/// # Errors
/// When the backend failed, or something is seen that should not be.
pub(super) fn look(
    local: &Local,
    book: &Rulebook,
    cast: &mut Cast,
    dice: &mut Dice,
) -> Result<(), Trouble> {
    let wars: Vec<_> = book.live.iter().chain(book.over.iter().rev().take(5)).collect();
    let Some(bout) = dice.pick(&wars).and_then(|war| book.wars.get(war)) else { return Ok(()) };
    let clans: Vec<_> = book.clans.iter().collect();
    let Some((clan, club)) = dice.pick(&clans).copied() else { return Ok(()) };
    let members: Vec<_> = club.members.iter().copied().collect();
    let person = dice.pick(&members).copied();
    let viewer = Viewer { person, clan: Some(*clan), operator: false };
    war(local, bout, &viewer, own_side(bout, *clan, person))?;
    reply(local, book, cast, bout, &viewer)?;
    lists(local, book, bout.host, &viewer)
}

/// `show` and `explain` know nothing of a private war in a space that it does not concern.
fn reply(
    local: &Local,
    book: &Rulebook,
    cast: &mut Cast,
    bout: &Bout,
    viewer: &Viewer,
) -> Result<(), Trouble> {
    let at_home = |house: &House| book.spaces.get(&house.key()).copied() == viewer.clan;
    let Some(house) = cast.houses.iter().position(at_home) else { return Ok(()) };
    let accounts = viewer.person.and_then(|person| book.accounts.get(&person));
    let name = accounts.and_then(|accounts| cast.name(accounts, house)).cloned();
    let who = Viewer { person: viewer.person.filter(|_| name.is_some()), ..*viewer };
    let war = Some(WarRef(bout.id.to_string()));
    for command in [Command::Show { war: war.clone() }, Command::Explain { war }] {
        let request = cast.saying(house, name.as_deref(), command, true);
        let code = local.submit(request)?.map(|reply| reply.code);
        let unknown = code == Some(Code::UnknownWar);
        if unknown == may_see(bout, &who) {
            return broken(format!("{who:?} asked for {} and got {code:?}", bout.id));
        }
    }
    Ok(())
}

/// The side whose secrets a member of a clan knows.
fn own_side(bout: &Bout, clan: ClanId, person: Option<PersonId>) -> Option<Side> {
    let plays = person.and_then(|person| bout.plays_for(person));
    let belongs = if bout.host == clan {
        Some(Side::Host)
    } else {
        (bout.guest == Some(clan)).then_some(Side::Guest)
    };
    plays.or(belongs)
}

fn may_see(bout: &Bout, viewer: &Viewer) -> bool {
    let plays = viewer.person.is_some_and(|person| bout.plays_for(person).is_some());
    !bout.private || plays || viewer.clan.is_some_and(|clan| bout.concerns(clan))
}

fn war(local: &Local, bout: &Bout, viewer: &Viewer, own: Option<Side>) -> Result<(), Trouble> {
    let may_see = may_see(bout, viewer);
    let View::War(seen) = local.look(&Query::War(bout.id), viewer)? else {
        return if may_see {
            broken(format!("{viewer:?} does not see the war {}", bout.id))
        } else {
            Ok(())
        };
    };
    if !may_see {
        return broken(format!("{viewer:?} sees the private war {}", bout.id));
    }
    for side in Side::BOTH {
        let open = bout.stage == Stage::Settled || own == Some(side);
        if seen.ballots.of(side).is_some() && !open {
            return broken(format!("{viewer:?} sees the {}'s ballots of {}", side.word(), bout.id));
        }
        if seen.appeals.of(side).is_some() && own != Some(side) {
            return broken(format!("{viewer:?} sees the {}'s new ballots", side.word()));
        }
    }
    Ok(())
}

/// No list of a clan names a private war to somebody whom it does not concern.
fn lists(local: &Local, book: &Rulebook, of: ClanId, viewer: &Viewer) -> Result<(), Trouble> {
    for query in [Query::Status(of), Query::History { clan: of, limit: 20 }] {
        let shown = format!("{:?}", local.look(&query, viewer)?);
        let apart = |c: char| !c.is_ascii_alphanumeric();
        let words: BTreeSet<&str> = shown.split(apart).collect();
        let recent = book.live.iter().chain(book.over.iter().rev().take(50));
        let hidden =
            recent.filter_map(|war| book.wars.get(war)).filter(|bout| !may_see(bout, viewer));
        for bout in hidden {
            if words.contains(bout.id.as_str()) {
                return broken(format!("{viewer:?} sees {} in {query:?}", bout.id));
            }
        }
    }
    Ok(())
}
