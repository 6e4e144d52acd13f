//! Moving: what is read out of one database, in a fixed order, and written into an empty one.
//! Leases, notices and requests that were carried out stay behind; a backup has them.

use gmbot_engine::event::Recorded;
use gmbot_engine::model::{AccountKey, Clan, ClanId, PersonId, Platform, TextId};
use gmbot_engine::store::{SideText, StoreError, StoreErrorKind, Stored};

use crate::db::{Row, json, parsed};
use crate::log::record_as;
use crate::migrate::make_projections_anew;
use crate::numbers::{self, NUMBERED};
use crate::read::side_text;
use crate::statements as sql;
use crate::{Connection, limited};

/// How an account calls itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountName {
    /// Its place in the order in which names were last seen.
    pub seen: i64,
    /// Whose it is.
    pub account: AccountKey,
    /// Where.
    pub platform: Platform,
    /// The platform's id of it.
    pub id: String,
    /// The name.
    pub name: String,
}

/// An image that was filed as proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// SHA-256 of its bytes, as hexadecimal digits.
    pub sha256: String,
    /// The persons who filed it.
    pub filers: Vec<PersonId>,
    /// What it consists of.
    pub bytes: Vec<u8>,
}

/// For reading everything, in pages; `begin_read` around them shows all of it at one moment.
impl Connection {
    /// All clans in order of id, after one.
    ///
    /// # Errors
    /// When the database fails, as everywhere here.
    pub fn all_clans(&self, after: Option<ClanId>, limit: usize) -> Stored<Vec<Clan>> {
        let after = after.as_ref().map_or("", ClanId::as_str);
        self.db.all(sql::CLANS_AFTER, (after, limited(limit)), |row| json(row, 0))
    }

    /// The names of all accounts in the order in which they were last seen, after one's place.
    ///
    /// # Errors
    /// When the database fails.
    pub fn all_names(&self, after: i64, limit: usize) -> Stored<Vec<AccountName>> {
        self.db.all(sql::NAMES_AFTER, (after, limited(limit)), account_name)
    }

    /// All messages, notes and links in order of id, after one.
    ///
    /// # Errors
    /// When the database fails.
    pub fn all_texts(&self, after: Option<TextId>, limit: usize) -> Stored<Vec<SideText>> {
        let after = after.as_ref().map_or("", TextId::as_str);
        self.db.all(sql::TEXTS_AFTER, (after, limited(limit)), side_text)
    }

    /// The next image in order of its hash, after one.
    ///
    /// # Errors
    /// When the database fails.
    pub fn next_image(&self, after: &str) -> Stored<Option<Image>> {
        let image = self.db.one(sql::IMAGE_AFTER, [after], |row| {
            Ok(Image { sha256: row.get(0)?, filers: Vec::new(), bytes: row.get(1)? })
        })?;
        let Some(image) = image else { return Ok(None) };
        let filers = self.db.all(sql::FILERS, [&image.sha256], |row| parsed(row, 0))?;
        Ok(Some(Image { filers, ..image }))
    }
}

/// For writing everything, inside one transaction.
impl Connection {
    /// Takes out of an untouched database what it was made with, so that a whole log can follow.
    ///
    /// # Errors
    /// When something happened in it already, which stays as it is; or when the database fails.
    pub fn begin_import(&mut self) -> Stored<()> {
        if !self.is_untouched()? {
            let message =
                format!("{} is not empty, and was left as it is; name a new one", self.db.name);
            return Err(StoreError { kind: StoreErrorKind::Failed, message });
        }
        self.db.run(sql::DROP_LOG, ())?;
        make_projections_anew(&self.db)
    }

    /// Ends what `begin_import` began, still before the commit: numbers go on behind those that came.
    ///
    /// # Errors
    /// When the database fails.
    pub fn end_import(&mut self) -> Stored<()> {
        NUMBERED.iter().try_for_each(|numbered| numbers::go_on_after(&self.db, *numbered, 0))
    }

    /// Appends an event under the number that it had, and changes the projections as it says.
    ///
    /// # Errors
    /// When the number is there already, the event contradicts those before it, or the database
    /// fails.
    pub fn import_event(&mut self, number: i64, recorded: &Recorded) -> Stored<()> {
        record_as(&self.db, Some(number), recorded)
    }
}

fn account_name(row: &Row<'_>) -> Stored<AccountName> {
    let (platform, id, name) = (Platform(row.get(1)?), row.get::<String>(2)?, row.get(3)?);
    Ok(AccountName {
        account: AccountKey::new(&platform, &id),
        platform,
        id,
        name,
        seen: row.get(0)?,
    })
}
