//! One request inside a transaction: once per client and key, decided by the engine, remembered
//! with its reply.

use std::io;

use gmbot_engine::Reply;
use gmbot_engine::model::ids::hex;
use gmbot_engine::model::{AccountKey, AtMs, PersonId};
use gmbot_engine::reply::{Address, Code, Legend, Post};
use gmbot_engine::request::{Fact, Input, Request};
use gmbot_engine::rules;
use gmbot_engine::store::{StoreError, StoreErrorKind, Stored};
use gmbot_store::{Connection, Processed};
use sha2::{Digest, Sha256};

use crate::observing::Course;

/// The client name of what the backend itself has to say.
const CLOCK: &str = "clock";

/// A request that is ready to be carried out, as often as its transaction is tried.
#[derive(Debug)]
pub(crate) struct Submission {
    request: Request,
    body_hash: String,
    entropy: [u8; 32],
}

impl Submission {
    /// Prepares a request; `entropy` stays the same for all tries.
    pub(crate) fn new(mut request: Request, entropy: [u8; 32]) -> Stored<Self> {
        let body_hash = body_hash(&mut request)?;
        Ok(Self { request, body_hash, entropy })
    }

    /// Carries the request out, unless that was done before, and fills in the names and texts of the
    /// reply: here, where their pages are at hand, and not on a reader that the commit has just made
    /// read anew.
    pub(crate) fn carry_out(&self, db: &mut Connection, now: AtMs) -> Stored<Option<Reply>> {
        let mut reply = self.carry_out_once(db, now)?;
        if let Some(reply) = &mut reply {
            rules::fill_legend(db.as_read(), reply)?;
        }
        Ok(reply)
    }

    /// The reply without names and texts, which is how it is stored.
    fn carry_out_once(&self, db: &mut Connection, now: AtMs) -> Stored<Option<Reply>> {
        if let Some(before) = db.processed(&self.request.client, &self.request.key)? {
            return self.answer_again(&before);
        }
        let mut reply = self.decide(db, now)?;
        if let Some(reply) = &mut reply {
            // Names and texts may be erased later: they are kept nowhere but in their own tables.
            reply.legend = Legend::default();
            self.post_answer(db, reply, now)?;
        }
        let processed =
            Processed { body_hash: self.body_hash.clone(), reply: to_json(&self.request, &reply)? };
        let actor = self.actor(db)?;
        db.remember(&self.request.client, &self.request.key, now, actor, &processed)?;
        Ok(reply)
    }

    fn decide(&self, db: &mut Connection, now: AtMs) -> Stored<Option<Reply>> {
        rules::decide(db.as_store(), &self.request, now, self.entropy, &Course::default())
    }

    /// The answer to a request whose key was used before.
    fn answer_again(&self, before: &Processed) -> Stored<Option<Reply>> {
        if before.body_hash != self.body_hash {
            return Ok(Some(Reply::new(Code::KeyReused).say(
                "this key belongs to another request of this client; send this one with a new key",
            )));
        }
        if before.reply.is_empty() {
            return Ok(Some(Reply::new(Code::ReplyForgotten).say(
                "this was done before, and its answer was erased since; nothing was done again",
            )));
        }
        serde_json::from_str(&before.reply)
            .map_err(|error| self.failed("the stored answer can't be read", &error))
    }

    /// Puts the answer into the outbox as well, where a chat wants it that way: then a crash
    /// between the commit and the sending loses nothing.
    fn post_answer(&self, db: &mut Connection, reply: &Reply, now: AtMs) -> Stored<()> {
        let Some(space) = self.request.answer_to.clone() else { return Ok(()) };
        db.as_store().post(&Post {
            to: Address::Answer { space, key: self.request.key.clone() },
            war: None,
            at: now,
            reply: reply.clone(),
            receipt: None,
        })
    }

    /// The person who asked, so that `forget` finds the stored reply.
    fn actor(&self, db: &Connection) -> Stored<Option<PersonId>> {
        match &self.request.actor {
            Some(account) => {
                db.as_read().person_of_account(&AccountKey::new(&account.platform, &account.id))
            }
            None => Ok(None),
        }
    }

    fn failed(&self, what: &str, error: &serde_json::Error) -> StoreError {
        json_failed(&self.request, what, error)
    }
}

/// A fact of the backend's own, about no space and by nobody.
pub(crate) fn fact(key: String, fact: Fact) -> Request {
    Request::new(CLOCK, key, Input::Fact(fact))
}

fn to_json(request: &Request, reply: &Option<Reply>) -> Stored<String> {
    serde_json::to_string(reply)
        .map_err(|error| json_failed(request, "the answer can't be stored", &error))
}

/// SHA-256 of all that was asked. Its age is no part of it: that differs from try to try.
fn body_hash(request: &mut Request) -> Stored<String> {
    let age_ms = std::mem::take(&mut request.age_ms);
    let mut body = HashingWriter(Sha256::new());
    let written = serde_json::to_writer(&mut body, request);
    request.age_ms = age_ms;
    written.map_err(|error| json_failed(request, "the request can't be stored", &error))?;
    Ok(hex(&body.0.finalize()))
}

fn json_failed(request: &Request, what: &str, error: &serde_json::Error) -> StoreError {
    let (client, key) = (&request.client, &request.key);
    let message = format!("{what} (client `{client}`, key `{key}`): {error}; please report it");
    StoreError { kind: StoreErrorKind::Failed, message }
}

/// Hashes what is written to it, so that a request with images is never held as text.
struct HashingWriter(Sha256);

impl io::Write for HashingWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use gmbot_engine::model::WarId;

    use super::*;

    #[test]
    fn the_body_hash_ignores_age_alone() {
        let war: WarId = "k3xp2".parse().unwrap();
        let mut request = fact("a".to_owned(), Fact::Tick { war });
        let hash = body_hash(&mut request).unwrap();
        request.age_ms = 900;
        assert_eq!(body_hash(&mut request).unwrap(), hash);
        assert_eq!(request.age_ms, 900);
        request.input = Input::Line("gmbot status".to_owned());
        assert_ne!(body_hash(&mut request).unwrap(), hash);
    }
}
