//! The wars of a clan that are over.

use serde::{Deserialize, Serialize};

use super::Viewer;
use super::line::WarLine;
use super::lookup::{ClanName, Lookup};
use super::secrecy;
use crate::model::{ClanId, Side};
use crate::reply::{Block, Code, Reply, Text};
use crate::store::{Read, Stored, WarFilter};

/// A clan's wars that are over, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct HistoryView {
    /// Which clan.
    pub clan: ClanName,
    /// The wars.
    pub wars: Vec<WarLine>,
}

impl HistoryView {
    pub(super) fn see(read: &dyn Read, clan: ClanId, limit: u32, viewer: &Viewer) -> Stored<Self> {
        let limit = limit as usize;
        let mut lookup = Lookup::new(read)?;
        let mut view = Self { clan: lookup.name(clan)?, wars: Vec::new() };
        let mut page =
            WarFilter { of: Some(clan), ended: true, limit: limit.max(1), ..WarFilter::default() };
        // Private wars are left out of a page, so that one page need not be enough.
        loop {
            let wars = read.wars(&page)?;
            for war in wars.iter().filter(|war| secrecy::may_see(war, viewer)) {
                if view.wars.len() == limit {
                    return Ok(view);
                }
                view.wars.push(WarLine::of(&mut lookup, war)?);
            }
            match wars.last() {
                Some(last) if wars.len() == page.limit => {
                    page.before = Some((last.created_at, last.id));
                }
                _ => return Ok(view),
            }
        }
    }

    pub(super) fn phrase(&self) -> Reply {
        let reply = Reply::new(Code::History).title(Text::from("past wars of ").and(&self.clan));
        if self.wars.is_empty() {
            return reply.say("none is over yet");
        }
        let head = ["War", "Against", "Game", "Result", "Glory"].map(str::to_owned).into();
        let rows = self.wars.iter().map(|war| self.row(war)).collect();
        reply
            .block(Block::Table { head, rows })
            .hint(Text::new().code("gmbot explain WAR").and(" says how a result came about"))
    }

    fn row(&self, war: &WarLine) -> Vec<Text> {
        let side = if war.host.id == self.clan.id { Side::Host } else { Side::Guest };
        let given = war.settlement.as_ref().map(|settled| settled.given.of(side));
        let mut result = war.state();
        if let Some(score) = war.settlement.as_ref().and_then(|settled| settled.score) {
            result = result.and(format!(" {score}"));
        }
        vec![
            Text::from(war.id),
            war.against(&self.clan),
            Text::new().user(war.game.name.clone()),
            result,
            Text::from(given.map_or_else(|| "–".to_owned(), |given| format!("+{given}"))),
        ]
    }
}
