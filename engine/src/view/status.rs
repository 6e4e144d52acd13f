//! The wars of a clan that are not over, and the challenges that it can accept.

use serde::{Deserialize, Serialize};

use super::Viewer;
use super::line::WarLine;
use super::lookup::{ClanName, Lookup};
use super::secrecy;
use crate::model::{AtMs, Clan, ClanId, Game, Phase, War};
use crate::reply::{Block, Code, Inline, Reply, Text};
use crate::rules;
use crate::store::{Read, Stored, WarFilter};

/// The most wars of a kind that are looked at.
const MOST: usize = 100;
/// The most challenges to accept that are shown.
const MOST_ACCEPTABLE: usize = 20;

/// How a clan stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct StatusView {
    /// Which clan.
    pub clan: ClanName,
    /// Why the operator suspended it, while it is suspended.
    pub suspended: Option<String>,
    /// Wars being played, voted on or disputed.
    pub running: Vec<WarLine>,
    /// Wars that start later.
    pub scheduled: Vec<WarLine>,
    /// Its challenges that nobody has accepted yet.
    pub open: Vec<WarLine>,
    /// Challenges that it can accept; empty unless it is the viewer's own.
    pub acceptable: Vec<WarLine>,
    /// The games whose challenges it hears of.
    pub subscriptions: Vec<Game>,
}

impl StatusView {
    pub(super) fn see(
        read: &dyn Read,
        clan: ClanId,
        viewer: &Viewer,
        now: AtMs,
    ) -> Stored<Option<Self>> {
        let mut lookup = Lookup::new(read)?;
        let Some(clan) = lookup.clan(clan)?.cloned() else { return Ok(None) };
        let mut view = Self {
            clan: ClanName::from(&clan),
            suspended: clan.suspended.clone(),
            running: Vec::new(),
            scheduled: Vec::new(),
            open: Vec::new(),
            acceptable: Vec::new(),
            subscriptions: clan.subscriptions.iter().map(|game| lookup.game(*game)).collect(),
        };
        for war in unfinished(read, clan.id, now)? {
            if !secrecy::may_see(&war, viewer) {
                continue;
            }
            let list = match war.phase {
                Phase::Open if war.host == clan.id => &mut view.open,
                Phase::Scheduled => &mut view.scheduled,
                Phase::Ongoing | Phase::Voting | Phase::Disputed => &mut view.running,
                Phase::Open
                | Phase::Settled
                | Phase::Withdrawn
                | Phase::Lapsed
                | Phase::Declined => continue,
            };
            list.push(WarLine::of(&mut lookup, &war)?);
        }
        if viewer.clan == Some(clan.id) {
            for war in acceptable(read, &mut lookup, &clan, now)? {
                view.acceptable.push(WarLine::of(&mut lookup, &war)?);
            }
        }
        Ok(Some(view))
    }

    pub(super) fn phrase(&self) -> Reply {
        let mut reply = Reply::new(Code::ClanStatus).title(Text::from("wars of ").and(&self.clan));
        if let Some(reason) = &self.suspended {
            reply = reply.say(Text::from("suspended by the operator: ").user(reason.clone()));
        }
        let sections =
            [("ongoing", &self.running), ("scheduled", &self.scheduled), ("open", &self.open)];
        for (title, wars) in sections {
            if !wars.is_empty() {
                reply = reply.title(title).block(self.table(wars));
            }
        }
        if sections.iter().all(|(_, wars)| wars.is_empty()) {
            reply = reply.say("no war runs, and no challenge is out");
        }
        if !self.acceptable.is_empty() {
            let next = Text::from("accept with ").code("gmbot accept WAR @player");
            reply = reply.title("to accept").block(self.table(&self.acceptable)).hint(next);
        }
        reply.say(self.hears_of())
    }

    fn hears_of(&self) -> Text {
        if self.subscriptions.is_empty() {
            return Text::from("it hears of no challenges; ")
                .code("gmbot subscribe GAME")
                .and(" changes that");
        }
        let games = self.subscriptions.iter().map(|game| Inline::User(game.name.clone()));
        Text::from("it hears of challenges at ").join(Text::list(games))
    }

    fn table(&self, wars: &[WarLine]) -> Block {
        let head = ["War", "Against", "Game", "Players", "State"].map(str::to_owned).into();
        let rows = wars.iter().map(|war| {
            vec![
                Text::from(war.id),
                war.against(&self.clan),
                Text::new().user(war.game.name.clone()),
                Text::from(war.players.to_string()),
                if war.private { war.state().and(", private") } else { war.state() },
            ]
        });
        Block::Table { head, rows: rows.collect() }
    }
}

/// The wars of a clan that are not over at `now`, the newest first.
fn unfinished(read: &dyn Read, clan: ClanId, now: AtMs) -> Stored<Vec<War>> {
    let of = WarFilter { of: Some(clan), limit: MOST, ..WarFilter::default() };
    let mut wars = read.wars(&WarFilter { running: true, ..of.clone() })?;
    wars.extend(read.wars(&WarFilter { open: true, ..of })?);
    wars.iter().map(|war| rules::as_of(read, war, now)).collect()
}

/// The challenges that a clan can accept at `now`: those that name it, then public ones at games
/// that it hears of.
fn acceptable(
    read: &dyn Read,
    lookup: &mut Lookup<'_>,
    clan: &Clan,
    now: AtMs,
) -> Stored<Vec<War>> {
    if clan.suspended.is_some() {
        return Ok(Vec::new());
    }
    let of = WarFilter { of: Some(clan.id), open: true, limit: MOST, ..WarFilter::default() };
    let named = read.wars(&of)?.into_iter().filter(|war| war.named == Some(clan.id));
    let mut wars: Vec<_> = named.collect();
    let everybody = WarFilter { open: true, limit: MOST, ..WarFilter::default() };
    for game in &clan.subscriptions {
        let at_game = WarFilter { game: Some(*game), ..everybody.clone() };
        wars.extend(read.wars(&at_game)?.into_iter().filter(|war| war.named.is_none()));
    }
    let mut can = Vec::new();
    for war in wars.into_iter().filter(|war| war.phase == Phase::Open && war.host != clan.id) {
        let war = rules::as_of(read, &war, now)?;
        if war.phase == Phase::Open && welcome(lookup, clan, &war)? {
            can.push(war);
        }
    }
    can.truncate(MOST_ACCEPTABLE);
    Ok(can)
}

/// Whether a clan and the host of a challenge have to do with each other.
fn welcome(lookup: &mut Lookup<'_>, clan: &Clan, war: &War) -> Stored<bool> {
    Ok(lookup.clan(war.host)?.is_some_and(|host| {
        host.awake()
            && host.suspended.is_none()
            && !host.blocked.contains(&clan.id)
            && !clan.blocked.contains(&host.id)
    }))
}
