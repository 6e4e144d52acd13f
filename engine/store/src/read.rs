//! The store as the engine reads it.

use gmbot_engine::model::{
    AccountKey, AtMs, Clan, ClanId, Game, GameId, Member, Person, PersonId, Platform, SpaceKey,
    TextId, War, WarId, names,
};
use gmbot_engine::store::{
    ClanFilter, LinkCode, Ranked, Read, Record, SideText, Stored, WarFilter,
};

use crate::db::{Row, json, parsed, parsed_if_any};
use crate::projection::person::canonical;
use crate::projection::{clan, war};
use crate::statements as sql;
use crate::{Connection, limited, standing, wars};

impl Read for Connection {
    fn clan_of_space(&self, space: &SpaceKey) -> Stored<Option<ClanId>> {
        self.db.one(sql::CLAN_OF_SPACE, (&space.platform.0, &space.id), |row| parsed(row, 0))
    }

    fn person_of_account(&self, account: &AccountKey) -> Stored<Option<PersonId>> {
        self.db.one(sql::PERSON_OF_ACCOUNT, [account.as_str()], |row| parsed(row, 0))
    }

    fn person(&self, person: PersonId) -> Stored<Option<Person>> {
        self.db.one(sql::PERSON, [person.as_str()], |row| {
            Ok(Person { id: parsed(row, 0)?, available: row.get(1)? })
        })
    }

    fn person_name(&self, person: PersonId) -> Stored<Option<String>> {
        self.db.one(sql::PERSON_NAME, [person.as_str()], |row| row.get(0))
    }

    fn accounts_on(&self, person: PersonId, platform: &Platform) -> Stored<Vec<String>> {
        let person = canonical(&self.db, person)?;
        self.db.all(sql::ACCOUNTS_ON, (person.as_str(), &platform.0), |row| row.get(0))
    }

    fn clan(&self, clan: ClanId) -> Stored<Option<Clan>> {
        clan::load(&self.db, clan)
    }

    fn clan_named(&self, name_key: &str) -> Stored<Option<ClanId>> {
        self.db.one(sql::CLAN_NAMED, [name_key], |row| parsed(row, 0))
    }

    fn clan_names(&self, key_prefix: &str, limit: usize) -> Stored<Vec<String>> {
        // No key that begins like this sorts after it with the last character behind.
        let end = format!("{key_prefix}{}", char::MAX);
        self.db.all(sql::CLAN_NAMES, (key_prefix, end, limited(limit)), |row| row.get(0))
    }

    fn member(&self, clan: ClanId, person: PersonId) -> Stored<Option<Member>> {
        self.db.one(sql::MEMBER, (clan.as_str(), person.as_str()), member)
    }

    fn members(&self, clan: ClanId, limit: usize) -> Stored<Vec<Member>> {
        self.db.all(sql::MEMBERS, (clan.as_str(), limited(limit)), member)
    }

    fn members_named(&self, clan: ClanId, name_key: &str) -> Stored<Vec<PersonId>> {
        self.db.all(sql::MEMBERS_NAMED, (clan.as_str(), name_key), |row| parsed(row, 0))
    }

    fn clans_of(&self, person: PersonId) -> Stored<Vec<ClanId>> {
        let person = canonical(&self.db, person)?;
        self.db.all(sql::CLANS_OF, [person.as_str()], |row| parsed(row, 0))
    }

    fn games(&self) -> Stored<Vec<Game>> {
        self.db.all(sql::GAMES, (), |row| {
            let (min_players, max_players) = (row.get(2)?, row.get(3)?);
            Ok(Game { id: GameId(row.get(0)?), name: row.get(1)?, min_players, max_players })
        })
    }

    fn war(&self, war: WarId) -> Stored<Option<War>> {
        war::load(&self.db, war)
    }

    fn wars(&self, filter: &WarFilter) -> Stored<Vec<War>> {
        let player = filter.player.map(|player| canonical(&self.db, player)).transpose()?;
        wars::list(&self.db, &WarFilter { player, ..filter.clone() })
    }

    fn open_count(&self, host: ClanId) -> Stored<u32> {
        self.db.value(sql::OPEN_COUNT, [host.as_str()])
    }

    fn created_since(&self, host: ClanId, since: AtMs) -> Stored<u32> {
        self.db.value(sql::CREATED_SINCE, (host.as_str(), since.0))
    }

    fn recent_between(&self, one: ClanId, other: ClanId, since: AtMs) -> Stored<u32> {
        self.db.value(sql::RECENT_BETWEEN, (one.as_str(), other.as_str(), since.0))
    }

    fn novice_wins(&self, clan: ClanId, since: AtMs) -> Stored<u32> {
        self.db.value(sql::NOVICE_WINS, (clan.as_str(), since.0))
    }

    fn shares_person(&self, one: ClanId, other: ClanId, since: AtMs) -> Stored<bool> {
        self.db.value(sql::SHARES_PERSON, (one.as_str(), other.as_str(), since.0))
    }

    fn messages_since(&self, war: WarId, from: ClanId, since: AtMs) -> Stored<u32> {
        self.db.value(sql::MESSAGES_SINCE, (war.as_str(), from.as_str(), since.0))
    }

    fn text(&self, text: TextId) -> Stored<Option<SideText>> {
        self.db.one(sql::TEXT, [text.as_str()], side_text)
    }

    fn messages(&self, war: WarId, limit: usize) -> Stored<Vec<SideText>> {
        let newest_first = self.db.all(sql::MESSAGES, (war.as_str(), limited(limit)), side_text)?;
        Ok(newest_first.into_iter().rev().collect())
    }

    fn image(&self, sha256: &str) -> Stored<Option<Vec<u8>>> {
        self.db.one(sql::IMAGE, [sha256], |row| row.get(0))
    }

    fn subscribers(
        &self,
        game: GameId,
        after: Option<ClanId>,
        limit: usize,
    ) -> Stored<Vec<ClanId>> {
        let after = after.as_ref().map_or("", ClanId::as_str);
        self.db.all(sql::SUBSCRIBERS, (game.0, after, limited(limit)), |row| parsed(row, 0))
    }

    fn leaders(
        &self,
        game: Option<GameId>,
        after: Option<ClanId>,
        limit: usize,
    ) -> Stored<Option<Vec<Ranked>>> {
        standing::leaders(&self.db, game, after, limit)
    }

    fn rank(&self, clan: ClanId, game: Option<GameId>) -> Stored<Option<Ranked>> {
        standing::rank(&self.db, clan, game)
    }

    fn clan_record(&self, clan: ClanId, game: Option<GameId>) -> Stored<Record> {
        let standing = standing::load(&self.db, clan, standing::number(game))?;
        Ok(standing.map(|standing| standing.record).unwrap_or_default())
    }

    fn glory_by_day(
        &self,
        clan: ClanId,
        game: Option<GameId>,
        since: AtMs,
    ) -> Stored<Vec<(AtMs, i64)>> {
        standing::glory_by_day(&self.db, clan, game, since)
    }

    fn person_record(&self, person: PersonId, game: Option<GameId>) -> Stored<Record> {
        let person = canonical(&self.db, person)?;
        let game = game.map(|game| game.0);
        let record = self.db.one(sql::PERSON_RECORD, (person.as_str(), game), |row| {
            let (won, lost, drawn) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let (void, disputed, glory) = (row.get(3)?, row.get(4)?, row.get(5)?);
            Ok(Record { won, lost, drawn, void, disputed, glory })
        })?;
        Ok(record.unwrap_or_default())
    }

    fn find_clans(&self, filter: &ClanFilter) -> Stored<Vec<Clan>> {
        let game = filter.game.map(|game| game.0);
        let language = filter.language.as_deref().map(names::key);
        let location = filter.location.as_deref().map(names::key);
        let asked = (game, language, location, limited(filter.limit));
        self.db.all(sql::FIND_CLANS, asked, |row| json(row, 0))
    }

    fn link_code(&self, hash: &str, now: AtMs) -> Stored<Option<LinkCode>> {
        self.db.one(sql::LINK_CODE, (hash, now.0), |row| {
            let (person, clan) = (parsed(row, 1)?, parsed_if_any(row, 2)?);
            Ok(LinkCode { hash: row.get(0)?, person, clan, until: AtMs(row.get(3)?) })
        })
    }
}

fn member(row: &Row<'_>) -> Stored<Member> {
    Ok(Member { clan: parsed(row, 0)?, person: parsed(row, 1)?, joined_at: AtMs(row.get(2)?) })
}

pub(crate) fn side_text(row: &Row<'_>) -> Stored<SideText> {
    let (war, author, at) = (parsed(row, 1)?, parsed(row, 2)?, AtMs(row.get(3)?));
    let until = row.get::<Option<i64>>(4)?.map(AtMs);
    Ok(SideText { id: parsed(row, 0)?, war, author, at, until, text: row.get(5)? })
}
