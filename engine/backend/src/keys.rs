//! Keys by which clients are known over HTTP: made here, shown once, kept as a hash, compared in
//! constant time.

use std::fmt;
use std::str::FromStr;

use gmbot_engine::model::AtMs;
use gmbot_engine::model::ids::hex;
use gmbot_engine::request::Origin;
use gmbot_engine::store::{StoreError, StoreErrorKind, Stored};
use gmbot_store::{ApiKey, Connection};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq as _;
use tracing::debug_span;

use crate::entropy::system_bytes;
use crate::writer::News;
use crate::{BackendError, Local};

/// What each key begins with, so that programs which look for leaked secrets know it.
const PREFIX: &str = "gmbot";

/// What a key's holder may do; each scope may do what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Look at what everybody may see.
    Read,
    /// Act for the persons that it names; it vouches for nothing.
    Act,
    /// Vouch for what its platform says (owners, roles, who is there), act for itself, and deliver
    /// notices.
    Trusted,
    /// Vouch for the operator.
    Operator,
}

impl Scope {
    /// All scopes, the least first.
    pub const ALL: &[Self] = &[Self::Read, Self::Act, Self::Trusted, Self::Operator];

    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Act => "act",
            Self::Trusted => "trusted",
            Self::Operator => "operator",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl FromStr for Scope {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.iter().copied().find(|scope| scope.word() == text).ok_or_else(|| {
            format!("there is no scope `{text}`; take `read`, `act`, `trusted` or `operator`")
        })
    }
}

/// A client's key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The part that may be shown.
    pub id: String,
    /// Whose it is, and for which platform it speaks.
    pub origin: Origin,
    /// What it may do.
    pub scope: Scope,
    /// When it was made.
    pub created_at: AtMs,
    /// When it was revoked, if it was.
    pub revoked_at: Option<AtMs>,
}

/// A text that nobody may see by accident: it is not in any `Debug` output.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text itself, for whoever it is for.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Local {
    /// Makes a key. Its text is returned once and kept nowhere.
    ///
    /// # Errors
    /// When the store failed, or the system gave no random bytes.
    pub fn add_key(&self, origin: &Origin, scope: Scope) -> Result<(Key, Secret), BackendError> {
        let id = hex(&system_bytes::<6>()?);
        let secret = hex(&system_bytes::<32>()?);
        let text = Secret(format!("{PREFIX}_{id}_{secret}"));
        let kept = ApiKey {
            id,
            client: origin.client().to_owned(),
            platform: origin.platform().0.clone(),
            scope: scope.word().to_owned(),
            hash: hex(&Sha256::digest(&secret)),
            created_at: self.now(),
            revoked_at: None,
        };
        let made = key(kept.clone())?;
        self.inner.writer.call(News::Quiet, move |db, _| db.add_key(&kept))?;
        Ok((made, text))
    }

    /// All keys, by client and platform.
    ///
    /// # Errors
    /// When the store failed.
    pub fn keys(&self) -> Result<Vec<Key>, BackendError> {
        self.inner.readers.read(|db| db.keys()?.into_iter().map(key).collect())
    }

    /// Revokes a key from now on, for good; false if there is none with this id, or it was revoked
    /// before.
    ///
    /// # Errors
    /// When the store failed.
    pub fn revoke_key(&self, id: &str) -> Result<bool, BackendError> {
        let id = id.to_owned();
        self.inner.writer.call(News::Quiet, move |db, now| db.revoke_key(&id, now))
    }
}

/// The key with this text, revoked or not; none if no key has it.
pub(crate) fn find(db: &Connection, text: &str) -> Stored<Option<Key>> {
    let _span = debug_span!("authenticate").entered();
    let Some((id, secret)) = parts(text) else { return Ok(None) };
    let Some(found) = db.key(id)? else { return Ok(None) };
    let hash = hex(&Sha256::digest(secret));
    let same: bool = hash.as_bytes().ct_eq(found.hash.as_bytes()).into();
    if same { key(found).map(Some) } else { Ok(None) }
}

/// A key's id and its secret.
fn parts(text: &str) -> Option<(&str, &str)> {
    let (prefix, rest) = text.split_once('_')?;
    let (id, secret) = rest.split_once('_')?;
    (prefix == PREFIX).then_some((id, secret))
}

fn key(found: ApiKey) -> Stored<Key> {
    let ApiKey { id, client, platform, scope, created_at, revoked_at, hash: _ } = found;
    let damaged = |error: &dyn fmt::Display| StoreError {
        kind: StoreErrorKind::NotADatabase,
        message: format!("the key `{id}` can't be read: {error}; revoke it and make another"),
    };
    let origin = Origin::new(&client, &platform).map_err(|error| damaged(&error))?;
    let scope = scope.parse().map_err(|error: String| damaged(&error))?;
    Ok(Key { id, origin, scope, created_at, revoked_at })
}
