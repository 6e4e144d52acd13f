//! The store as the engine writes to it.

use gmbot_engine::event::Recorded;
use gmbot_engine::model::{AccountKey, ClanId, PersonId, Platform, SpaceKey, WarId, names};
use gmbot_engine::reply::Post;
use gmbot_engine::store::{LinkCode, Pending, SideText, Store, Stored};

use crate::db::parsed_if_any;
use crate::projection::person::canonical;
use crate::statements as sql;
use crate::{Connection, log, outbox};

impl Store for Connection {
    fn apply(&mut self, recorded: &Recorded) -> Stored<()> {
        log::record(&self.db, recorded)
    }

    fn keep_account(
        &mut self,
        account: &AccountKey,
        platform: &Platform,
        id: &str,
        name: &str,
    ) -> Stored<()> {
        let same = self.db.one(sql::NEWEST_NAME, [account.as_str()], |row| {
            let texts: [String; 4] = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?];
            Ok(texts == [account.as_str(), &platform.0, id, name])
        })?;
        if same == Some(true) {
            // Most requests change no name: they needn't write a row.
            return Ok(());
        }
        let row = (account.as_str(), &platform.0, id, name, names::key(name));
        self.db.run(sql::KEEP_NAME, row).map(|_| ())
    }

    fn keep_text(&mut self, text: &SideText) -> Stored<()> {
        let SideText { id, war, author, at, until, text } = text;
        let until = until.map(|until| until.0);
        let row = (id.as_str(), war.as_str(), author.as_str(), at.0, until, text);
        self.db.run(sql::KEEP_TEXT, row).map(|_| ())
    }

    fn keep_image(&mut self, sha256: &str, by: PersonId, bytes: &[u8]) -> Stored<()> {
        self.db.run(sql::KEEP_IMAGE, (sha256, bytes))?;
        self.db.run(sql::KEEP_FILER, (by.as_str(), sha256)).map(|_| ())
    }

    fn keep_link_code(&mut self, code: &LinkCode) -> Stored<()> {
        let LinkCode { hash, person, clan, until } = code;
        let clan = clan.as_ref().map(ClanId::as_str);
        self.db.run(sql::KEEP_LINK_CODE, (hash, person.as_str(), clan, until.0)).map(|_| ())
    }

    fn spend_link_code(&mut self, hash: &str) -> Stored<()> {
        self.db.run(sql::SPEND_LINK_CODE, [hash]).map(|_| ())
    }

    fn forget(&mut self, person: PersonId) -> Stored<()> {
        let person = canonical(&self.db, person)?;
        // The images before their filers: who filed them decides which go.
        let erasures = [
            sql::FORGET_NAMES,
            sql::FORGET_TEXTS,
            sql::FORGET_IMAGES,
            sql::FORGET_FILERS,
            sql::FORGET_REPLIES,
        ];
        for erase in erasures {
            self.db.run(erase, [person.as_str()])?;
        }
        Ok(())
    }

    fn post(&mut self, post: &Post) -> Stored<()> {
        outbox::post(&self.db, post)
    }

    fn move_notices(&mut self, clan: ClanId, from: &SpaceKey, to: &SpaceKey) -> Stored<()> {
        outbox::move_notices(&self.db, clan, from, to)
    }

    fn broadcast(&mut self, war: WarId) -> Stored<()> {
        self.db.run(sql::BROADCAST, [war.as_str()]).map(|_| ())
    }

    fn pending_broadcast(&self, war: WarId) -> Stored<Option<Pending>> {
        self.db.one(sql::BROADCAST_CURSOR, [war.as_str()], |row| {
            Ok(Pending { after: parsed_if_any(row, 0)? })
        })
    }

    fn advance_broadcast(&mut self, war: WarId, cursor: Option<ClanId>) -> Stored<()> {
        let war = war.as_str();
        match cursor {
            Some(clan) => self.db.run(sql::ADVANCE_BROADCAST, (war, clan.as_str())),
            None => self.db.run(sql::END_BROADCAST, [war]),
        }?;
        Ok(())
    }
}
