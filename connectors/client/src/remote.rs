//! The backend of a server elsewhere.

use std::sync::mpsc::Receiver;

use gmbot_backend::{Backend, BackendError, Delivery, Fate, Secret};
use gmbot_engine::Reply;
use gmbot_engine::grammar::complete::Completion;
use gmbot_engine::model::{Platform, SpaceKey, WarId};
use gmbot_engine::request::{Attachment, Input, Onlooker, Request, SpaceRef};
use gmbot_engine::view::{Query, View};

use crate::changes;
use crate::transport::Transport;
use crate::wire::{
    Acknowledgement, Claim, ImageOf, Look, Submitted, Told, Waiting, WaitingFor, Writing, path,
};

/// The address of a server, and as whom to speak to it.
#[derive(Debug, Clone)]
pub struct Address {
    /// The server's address: `https://gmbot.example.org`.
    pub url: String,
    /// The client's name, as its key was made for.
    pub client: String,
    /// The client's key; it has to be a trusted one.
    pub key: Secret,
}

/// The backend of a server elsewhere. What fails is tried again under the same key for a few
/// seconds, so that it is carried out once.
#[derive(Debug, Clone)]
pub struct Remote {
    transport: Transport,
}

impl Remote {
    /// A backend at an address; nothing is sent yet.
    pub fn new(address: Address) -> Self {
        let Address { url, client, key } = address;
        Self { transport: Transport::new(&url, &client, key) }
    }

    /// What may come next in a terminal's words, of which the last is being written. It is asked once:
    /// whoever writes does not wait.
    ///
    /// # Errors
    /// When the world outside failed.
    pub fn complete_words(
        &self,
        words: &[String],
        onlooker: &Onlooker,
    ) -> Result<Completion, BackendError> {
        let writing = Writing { words: words.to_vec(), onlooker: onlooker.clone() };
        self.transport.post_once(path::COMPLETE, &writing)
    }

    /// How many notices wait for a space. It is asked once.
    ///
    /// # Errors
    /// When the world outside failed.
    pub fn notices_for(&self, space: &SpaceKey) -> Result<u64, BackendError> {
        let asked = WaitingFor { space: space.clone() };
        let Waiting { notices } = self.transport.post_once(path::WAITING, &asked)?;
        Ok(notices)
    }
}

impl Backend for Remote {
    fn submit(&self, mut request: Request) -> Result<Option<Reply>, BackendError> {
        if let Some(told) = bare_fact(&request) {
            return self.transport.tell(&told, &request.key).map(Some);
        }
        request.attachments.iter_mut().for_each(Attachment::cut);
        let Submitted { reply } = self.transport.post(path::REQUESTS, &request)?;
        Ok(reply)
    }

    fn view(&self, query: &Query, onlooker: &Onlooker) -> Result<View, BackendError> {
        let look = Look { query: query.clone(), onlooker: onlooker.clone() };
        self.transport.post(path::VIEW, &look)
    }

    fn image(
        &self,
        war: WarId,
        hash: &str,
        onlooker: &Onlooker,
    ) -> Result<Option<Vec<u8>>, BackendError> {
        let asked = ImageOf { war, hash: hash.to_owned(), onlooker: onlooker.clone() };
        // No image has no bytes.
        let image = self.transport.post_for_bytes(path::IMAGE, &asked)?;
        Ok(Some(image).filter(|image| !image.is_empty()))
    }

    fn watch(&self) -> Receiver<()> {
        changes::watch(self.transport.clone())
    }

    fn watch_notices(&self, _platform: &Platform) -> Receiver<()> {
        // The key is of one platform.
        changes::watch_notices(self.transport.clone())
    }

    fn claim(
        &self,
        platform: &Platform,
        space: Option<&SpaceRef>,
        limit: usize,
    ) -> Result<Vec<Delivery>, BackendError> {
        let claim = Claim { platform: platform.clone(), space: space.cloned(), limit };
        self.transport.post(path::CLAIM, &claim)
    }

    fn acknowledge(&self, token: &str, fate: Fate) -> Result<(), BackendError> {
        let acknowledgement = Acknowledgement { token: token.to_owned(), fate };
        self.transport.post(path::ACKNOWLEDGE, &acknowledgement)
    }
}

/// The fact that a request tells, if it says nothing besides, under a key that a header can hold.
fn bare_fact(request: &Request) -> Option<Told> {
    let Input::Fact(fact) = &request.input else { return None };
    let bare = Request {
        space: request.space.clone(),
        ..Request::new(request.client.clone(), request.key.clone(), request.input.clone())
    };
    let fits = (1..=255).contains(&request.key.len());
    let is_visible = request.key.bytes().all(|byte| byte.is_ascii_graphic());
    let told = Told { space: request.space.clone(), fact: fact.clone() };
    Some(told).filter(|_| fits && is_visible && *request == bare)
}
