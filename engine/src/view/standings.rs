//! Glory and records: the leaderboard, and how a clan or a player fared.

use serde::{Deserialize, Serialize};

use super::Viewer;
use super::lookup::{ClanName, Lookup};
use crate::model::{ClanId, Game, GameId, PersonId};
use crate::reply::{Block, Code, Reply, Text};
use crate::store::{Ranked, Read, Record, Stored};

/// A row of the leaderboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Standing {
    /// 1 for the most glory; equal glory shares a rank.
    pub rank: u64,
    /// The clan.
    pub clan: ClanName,
    /// Its glory.
    pub glory: i64,
    /// Its wars won.
    pub won: u32,
}

/// The clans with the most glory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LeaderboardView {
    /// The one game that it is about; none: all.
    pub game: Option<Game>,
    /// The first ranks.
    pub rows: Vec<Standing>,
    /// The viewer's own clan, if it is not among them.
    pub own: Option<Standing>,
    /// What to ask for as `after` to go on; none: that was all.
    #[serde(default)]
    pub next: Option<ClanId>,
}

/// How a clan or a player fared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct StatsView {
    /// Who.
    pub whose: Whose,
    /// The one game that it is about; none: all.
    pub game: Option<Game>,
    /// Wars won.
    pub won: u32,
    /// Wars lost.
    pub lost: u32,
    /// Wars drawn.
    pub drawn: u32,
    /// Wars void.
    pub void: u32,
    /// Wars that were disputed, however they ended.
    pub disputed: u32,
    /// Glory that these wars gave.
    pub glory: i64,
    /// A clan's rank; none for a player, and for a clan without wars.
    pub rank: Option<u64>,
}

/// Whose record is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// A clan's.
    Clan(ClanName),
    /// A player's.
    Player {
        /// Who.
        person: PersonId,
        /// Their name as last seen; none if never seen or forgotten.
        name: Option<String>,
    },
}

impl Standing {
    /// A row of the leaderboard, where public clans alone stand.
    fn among_leaders(ranked: Ranked) -> Self {
        let Ranked { rank, clan, name, glory, won } = ranked;
        Self { rank, clan: ClanName { id: clan, name, public: true }, glory, won }
    }

    fn of(lookup: &mut Lookup<'_>, ranked: &Ranked) -> Stored<Self> {
        let Ranked { rank, clan, glory, won, .. } = *ranked;
        Ok(Self { rank, clan: lookup.name(clan)?, glory, won })
    }
}

impl LeaderboardView {
    pub(super) fn see(
        read: &dyn Read,
        game: Option<GameId>,
        after: Option<ClanId>,
        limit: u32,
        viewer: &Viewer,
    ) -> Stored<Option<Self>> {
        let mut lookup = Lookup::new(read)?;
        let limit = limit as usize;
        // One more tells whether there are more.
        let Some(leaders) = read.leaders(game, after, limit + 1)? else { return Ok(None) };
        let goes_on = leaders.len() > limit;
        let rows = leaders.into_iter().take(limit).map(Standing::among_leaders);
        let rows: Vec<Standing> = rows.collect();
        let next = rows.last().filter(|_| goes_on).map(|row| row.clan.id);
        let own = match viewer.clan {
            Some(clan) if rows.iter().all(|row| row.clan.id != clan) => read.rank(clan, game)?,
            Some(_) | None => None,
        };
        let own = own.map(|own| Standing::of(&mut lookup, &own)).transpose()?;
        let game = game.map(|game| lookup.game(game));
        Ok(Some(Self { game, rows, own, next }))
    }

    pub(super) fn phrase(&self) -> Reply {
        let title = Text::from("most glory").join(in_game(self.game.as_ref()));
        let reply = Reply::new(Code::Leaderboard).title(title);
        if self.rows.is_empty() && self.own.is_none() {
            return reply.say("no clan has any yet");
        }
        let head = ["Rank", "Clan", "Glory", "Won"].map(str::to_owned).into();
        let rows = self.rows.iter().chain(&self.own).map(|row| {
            vec![
                Text::from(row.rank.to_string()),
                Text::from(&row.clan),
                Text::from(row.glory.to_string()),
                Text::from(row.won.to_string()),
            ]
        });
        let reply = reply.block(Block::Table { head, rows: rows.collect() });
        match &self.own {
            Some(own) => reply.hint(Text::from("the last row is yours, ").and(&own.clan)),
            None => reply,
        }
    }
}

impl StatsView {
    pub(super) fn of_clan(read: &dyn Read, clan: ClanId, game: Option<GameId>) -> Stored<Self> {
        let mut lookup = Lookup::new(read)?;
        let record = read.clan_record(clan, game)?;
        let rank = read.rank(clan, game)?.map(|ranked| ranked.rank);
        let whose = Whose::Clan(lookup.name(clan)?);
        Ok(Self { rank, ..Self::new(&lookup, whose, game, record) })
    }

    pub(super) fn of_player(
        read: &dyn Read,
        person: PersonId,
        game: Option<GameId>,
    ) -> Stored<Self> {
        let record = read.person_record(person, game)?;
        let whose = Whose::Player { person, name: read.person_name(person)? };
        Ok(Self::new(&Lookup::new(read)?, whose, game, record))
    }

    fn new(lookup: &Lookup<'_>, whose: Whose, game: Option<GameId>, record: Record) -> Self {
        let Record { won, lost, drawn, void, disputed, glory } = record;
        let game = game.map(|game| lookup.game(game));
        Self { whose, game, won, lost, drawn, void, disputed, glory, rank: None }
    }

    pub(super) fn phrase(&self) -> Reply {
        let who = match &self.whose {
            Whose::Clan(clan) => Text::from(clan),
            Whose::Player { person, .. } => Text::from(*person),
        };
        let title = Text::from("how ").join(who).and(" fared").join(in_game(self.game.as_ref()));
        let number = |name: &str, value: u32| (name.to_owned(), Text::from(value.to_string()));
        let mut fields = vec![("Glory".to_owned(), Text::from(self.glory.to_string()))];
        fields.extend(self.rank.map(|rank| ("Rank".to_owned(), Text::from(rank.to_string()))));
        fields.extend([
            number("Won", self.won),
            number("Lost", self.lost),
            number("Drawn", self.drawn),
            number("Void", self.void),
            number("Disputed", self.disputed),
        ]);
        Reply::new(Code::Stats).title(title).block(Block::Fields(fields))
    }
}

/// ` in Mini Militia`, or nothing.
fn in_game(game: Option<&Game>) -> Text {
    match game {
        Some(game) => Text::from(" in ").user(game.name.clone()),
        None => Text::new(),
    }
}
