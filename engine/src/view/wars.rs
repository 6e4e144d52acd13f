//! Wars as a list in pages, for programs.

use serde::{Deserialize, Serialize};

use super::Viewer;
use super::line::WarLine;
use super::lookup::Lookup;
use super::secrecy;
use crate::model::{AtMs, ClanId, GameId, Phase, War, WarId};
use crate::rules;
use crate::store::{Read, Stored, WarFilter};

/// How many pages of the store are looked through for one page of what may be seen.
const MOST_PAGES: usize = 4;

/// Which wars are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WarsAsked {
    /// Those in which this clan is host or guest, or is named.
    pub clan: Option<ClanId>,
    /// Those at this game.
    pub game: Option<GameId>,
    /// Those at this stage.
    pub stage: Option<Stage>,
    /// Those that are older than this one.
    pub before: Option<WarId>,
    /// At most how many, 1 to 100; others are brought into that range.
    pub limit: u32,
}

/// The great stages of a war.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// A challenge that nobody has accepted yet.
    Open,
    /// Scheduled, being played, voted on or disputed.
    Running,
    /// Over, however.
    Ended,
}

/// A page of wars, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WarsView {
    /// The wars.
    pub wars: Vec<WarLine>,
    /// What to ask for as `before` to go on; none: that was all.
    pub next: Option<WarId>,
}

impl Stage {
    fn of(phase: Phase) -> Self {
        match phase {
            Phase::Open => Self::Open,
            Phase::Scheduled | Phase::Ongoing | Phase::Voting | Phase::Disputed => Self::Running,
            Phase::Settled | Phase::Withdrawn | Phase::Lapsed | Phase::Declined => Self::Ended,
        }
    }
}

impl WarsView {
    /// None if the war to go on from is not there, or the viewer may not see it.
    pub(super) fn see(
        read: &dyn Read,
        asked: &WarsAsked,
        viewer: &Viewer,
        now: AtMs,
    ) -> Stored<Option<Self>> {
        let before = match asked.before {
            None => None,
            Some(id) => match read.war(id)?.filter(|war| secrecy::may_see(war, viewer)) {
                Some(war) => Some((war.created_at, war.id)),
                None => return Ok(None),
            },
        };
        let stage = |wanted| asked.stage == Some(wanted);
        let limit = asked.limit.clamp(1, super::MOST_ROWS) as usize;
        let mut page = WarFilter {
            of: asked.clan,
            game: asked.game,
            open: stage(Stage::Open),
            running: stage(Stage::Running),
            ended: stage(Stage::Ended),
            before,
            limit,
            ..WarFilter::default()
        };
        let mut lookup = Lookup::new(read)?;
        let mut view = Self { wars: Vec::new(), next: None };
        // What may not be seen is left out of a page, and is never what to go on from: that would tell
        // its id. A page ends after some of the store's even so.
        for _ in 0..MOST_PAGES {
            let found = read.wars(&page)?;
            for war in found.iter().filter(|war| secrecy::may_see(war, viewer)) {
                if view.wars.len() == limit {
                    return Ok(Some(view));
                }
                view.next = Some(war.id);
                if let Some(war) = at_stage(read, war, asked.stage, now)? {
                    view.wars.push(WarLine::of(&mut lookup, &war)?);
                }
            }
            match found.last() {
                Some(last) if found.len() == page.limit => {
                    page.before = Some((last.created_at, last.id));
                    page.limit = super::MOST_ROWS as usize;
                }
                _ => {
                    view.next = None;
                    return Ok(Some(view));
                }
            }
        }
        Ok(Some(view))
    }
}

/// A war as it stands now, if it is still at the stage that is asked for.
fn at_stage(read: &dyn Read, war: &War, asked: Option<Stage>, now: AtMs) -> Stored<Option<War>> {
    let war = rules::as_of(read, war, now)?;
    let fits = asked.is_none_or(|stage| stage == Stage::of(war.phase));
    Ok(Some(war).filter(|_| fits))
}
