//! Who is there: clans to play against, the members of a clan, and games to play.

use serde::{Deserialize, Serialize};

use super::Viewer;
use super::lookup::{ClanName, Lookup, legend};
use crate::grammar::{Access, TABLE};
use crate::model::{Clan, ClanId, Format, Game, PersonId, Profile, Role};
use crate::reply::{Block, Code, Inline, Legend, Reply, Text};
use crate::rules;
use crate::store::{ClanFilter, Read, Stored};

/// The most members that are listed.
const MOST_MEMBERS: usize = 50;

/// A clan as others find it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ClanListing {
    /// Which.
    pub clan: ClanName,
    /// What it tells of itself.
    pub profile: Profile,
    /// The games whose challenges it hears of.
    pub games: Vec<Game>,
    /// Its glory.
    pub glory: i64,
}

/// Public clans to play against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ClansView {
    /// The clans, the most recently active first.
    pub clans: Vec<ClanListing>,
}

/// The match formats that have a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FormatsView {
    /// The formats, in order of their numbers.
    pub formats: Vec<Preset>,
}

/// A match format that has a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Preset {
    /// Its number.
    pub number: u8,
    /// How it is written: `ft3`.
    pub code: String,
    /// What it means: `first to 3 wins`.
    pub words: String,
}

/// A member of a clan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MemberSeen {
    /// Who.
    pub person: PersonId,
    /// What they are.
    pub role: Role,
    /// Whether they can be put in a line-up.
    pub available: bool,
}

/// Who is who in a clan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RolesView {
    /// Which clan.
    pub clan: ClanName,
    /// Its members, the leader first; at most 50.
    pub members: Vec<MemberSeen>,
    /// Whether there are more.
    pub more: bool,
    /// The members' names.
    pub legend: Legend,
}

/// The games that can be played.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct GamesView {
    /// The games, in order of id.
    pub games: Vec<Game>,
}

impl ClansView {
    /// Nobody plays against their own clan, so the viewer's is left out.
    pub(super) fn see(read: &dyn Read, filter: &ClanFilter, viewer: &Viewer) -> Stored<Self> {
        let lookup = Lookup::new(read)?;
        let found = read.find_clans(filter)?.into_iter();
        let others = found.filter(|clan| viewer.clan != Some(clan.id));
        Ok(Self { clans: others.map(|clan| ClanListing::of(&lookup, clan)).collect() })
    }

    pub(super) fn phrase(&self) -> Reply {
        let reply = Reply::new(Code::Clans).title("clans to play against");
        if self.clans.is_empty() {
            return reply.say("none found").hint("ask for less: fewer of game, language, location");
        }
        let head = ["Clan", "Glory", "Location", "Languages", "Games", "Contact"];
        let rows = self.clans.iter().map(ClanListing::row);
        reply
            .block(Block::Table { head: head.map(str::to_owned).into(), rows: rows.collect() })
            .hint(
                Text::from("challenge one with ")
                    .code("gmbot createwar @player -game GAME -clan CLAN"),
            )
    }
}

impl FormatsView {
    pub(super) fn all() -> Self {
        let preset = |(number, format): (u8, Format)| Preset {
            number,
            code: format.code(),
            words: format.words(),
        };
        Self { formats: Format::PRESETS.into_iter().map(preset).collect() }
    }
}

impl ClanListing {
    /// A clan that does not want to be listed is seen from inside, and by the operator.
    pub(super) fn see(read: &dyn Read, clan: ClanId, viewer: &Viewer) -> Stored<Option<Self>> {
        let inside = viewer.operator || viewer.clan == Some(clan);
        let found = read.clan(clan)?.filter(|clan| clan.profile.public || inside);
        match found {
            Some(clan) => Ok(Some(Self::of(&Lookup::new(read)?, clan))),
            None => Ok(None),
        }
    }

    fn of(lookup: &Lookup<'_>, clan: Clan) -> Self {
        Self {
            clan: ClanName::from(&clan),
            games: clan.subscriptions.iter().map(|game| lookup.game(*game)).collect(),
            glory: clan.glory,
            profile: clan.profile,
        }
    }

    fn row(&self) -> Vec<Text> {
        let user = |words: &str| Text::new().user(words);
        vec![
            Text::from(&self.clan),
            Text::from(self.glory.to_string()),
            user(&self.profile.location),
            user(&self.profile.languages.join(", ")),
            match self.games.as_slice() {
                [] => Text::from("–"),
                games => Text::list(games.iter().map(|game| Inline::User(game.name.clone()))),
            },
            self.profile.contact.as_deref().map_or_else(|| Text::from("–"), user),
        ]
    }
}

impl RolesView {
    pub(super) fn see(read: &dyn Read, clan: ClanId) -> Stored<Option<Self>> {
        let Some(clan) = read.clan(clan)? else { return Ok(None) };
        let known = read.members(clan.id, MOST_MEMBERS + 1)?;
        let officers = clan.leader.into_iter().chain(clan.co_leaders.iter().copied());
        let mut people: Vec<PersonId> = officers.collect();
        people.extend(
            known
                .iter()
                .map(|member| member.person)
                .filter(|person| clan.office(*person).is_none()),
        );
        let more = people.len() > MOST_MEMBERS;
        people.truncate(MOST_MEMBERS);
        let mut members = Vec::with_capacity(people.len());
        for person in people {
            let role = clan.office(person).unwrap_or(Role::Member);
            let available = read.person(person)?.is_none_or(|known| known.available);
            members.push(MemberSeen { person, role, available });
        }
        let legend = legend(read, members.iter().map(|member| member.person), [])?;
        Ok(Some(Self { clan: ClanName::from(&clan), members, more, legend }))
    }

    pub(super) fn phrase(&self) -> Reply {
        let head = ["Who", "Role", "Can play"].map(str::to_owned).into();
        let rows = self.members.iter().map(|member| {
            vec![
                Text::from(member.person),
                Text::from(member.role.word()),
                Text::from(if member.available { "yes" } else { "no" }),
            ]
        });
        let mut reply = Reply::new(Code::Roles)
            .title(Text::from("who is who in ").and(&self.clan))
            .block(Block::Table { head, rows: rows.collect() });
        if self.more {
            reply = reply.hint("there are more members than fit here");
        }
        powers(reply)
    }
}

/// Adds what each role may do, by the command table.
pub(super) fn powers(reply: Reply) -> Reply {
    let may = |access: &[Access]| {
        let rows = TABLE.iter().filter(|row| access.contains(&row.access));
        Text::list(rows.map(|row| Inline::Code(row.name.to_owned())))
    };
    reply.title("what each may do").block(Block::Fields(vec![
        ("Leader alone".to_owned(), may(&[Access::Leader])),
        ("Leader, co-leaders".to_owned(), may(&[Access::Officers])),
        ("Players of a war".to_owned(), may(&[Access::Player, Access::PlayerOrOfficers])),
        ("Members".to_owned(), may(&[Access::Member])),
        ("The space's owner".to_owned(), may(&[Access::Owner])),
        ("Anyone".to_owned(), may(&[Access::Anyone])),
    ]))
}

impl GamesView {
    pub(super) fn see(read: &dyn Read) -> Stored<Self> {
        Ok(Self { games: Lookup::new(read)?.into_games() })
    }

    pub(super) fn phrase(&self) -> Reply {
        let head = ["Id", "Game", "Players a side"].map(str::to_owned).into();
        let rows = self.games.iter().map(|game| {
            vec![
                Text::from(game.id.to_string()),
                Text::new().user(game.name.clone()),
                Text::from(format!("{}–{}", game.min_players, game.max_players)),
            ]
        });
        Reply::new(Code::Games)
            .title("games")
            .block(Block::Table { head, rows: rows.collect() })
            .hint(Text::new().code("gmbot subscribe GAME").and(" hears of challenges at one"))
    }
}

/// The match formats: presets by number, and the ranges of all others.
pub(super) fn formats() -> Reply {
    let head = ["Number", "Write", "Meaning"].map(str::to_owned).into();
    let preset = |(number, format): (u8, Format)| {
        vec![
            Text::from(number.to_string()),
            Text::new().code(format.code()),
            Text::from(format.words()),
        ]
    };
    let range = |write: &str, meaning: &str| {
        vec![Text::from("–"), Text::new().code(write), Text::from(meaning)]
    };
    let mut rows: Vec<_> = Format::PRESETS.into_iter().map(preset).collect();
    rows.push(range("ftN", "first to N wins, N from 1 to 25"));
    rows.push(range("boN", "best of N, N odd, from 1 to 49"));
    Reply::new(Code::Formats).title("match formats").block(Block::Table { head, rows })
}

/// The games that the viewer's clan hears of.
pub(super) fn my_games(read: &dyn Read, clan: ClanId) -> Stored<Option<Reply>> {
    let Some(clan) = read.clan(clan)? else { return Ok(None) };
    Ok(Some(rules::subscriptions(&clan, &read.games()?)))
}
