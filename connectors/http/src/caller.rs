//! Who calls: the key, its client, its scope.
//!
//! Most routes take a [`Caller`], who was found out about before anything else is done. What only looks
//! takes a [`Presented`] key, so that finding out and looking are one piece of work.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use gmbot_backend::{Key, Scope, Secret};
use gmbot_client::wire;
use gmbot_engine::request::Origin;

use crate::app::App;
use crate::observe::note_client;
use crate::problem::Problem;

/// The longest header that is looked at.
const LONGEST: usize = 255;

/// A key as it came, before anybody knows whether there is such a one.
#[derive(Debug)]
pub(crate) struct Presented {
    text: Secret,
    /// Whose it has to be.
    client: Option<String>,
}

impl Presented {
    fn new(text: &str, client: Option<&str>) -> Self {
        Self { text: Secret::from(text.to_owned()), client: client.map(str::to_owned) }
    }

    /// The text by which a backend finds it.
    pub(crate) fn text(&self) -> &str {
        self.text.expose()
    }

    /// The caller, if what was found is a good key of the client who says so.
    pub(crate) fn check(&self, found: Option<Key>) -> Result<Caller, Problem> {
        let key = found.ok_or(Problem::UnknownKey)?;
        if let Some(other) = self.client.as_ref().filter(|client| *client != key.origin.client()) {
            return Err(Problem::OtherClient(other.clone()));
        }
        if key.revoked_at.is_some() {
            return Err(Problem::RevokedKey);
        }
        Ok(Caller { key })
    }
}

/// A client whose key was found good.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    key: Key,
}

impl Caller {
    /// What the key may do.
    pub(crate) fn scope(&self) -> Scope {
        self.key.scope
    }

    /// Where the client's ids live.
    pub(crate) fn origin(&self) -> &Origin {
        &self.key.origin
    }

    /// The key's name, which is no secret.
    pub(crate) fn key_id(&self) -> &str {
        &self.key.id
    }

    /// The caller of what is built for one kind of program, which sends its key as a bearer's and
    /// knows no other headers; those do as well.
    pub(crate) async fn bearing(headers: &HeaderMap, app: &App) -> Result<Self, Problem> {
        if headers.contains_key(wire::KEY) {
            let text = single(headers, wire::KEY)?.ok_or(Problem::NoKey)?;
            return Self::known(app, Presented::new(text, single(headers, wire::CLIENT)?)).await;
        }
        let sent = headers.get(AUTHORIZATION).ok_or(Problem::NoKey)?.to_str().ok();
        let text = sent.and_then(|sent| sent.strip_prefix("Bearer "));
        Self::known(app, Presented::new(text.ok_or(Problem::UnknownKey)?, None)).await
    }

    /// Whose key it is, which has to be the client's who says so.
    async fn known(app: &App, key: Presented) -> Result<Self, Problem> {
        let (key, found) = app
            .ask(move |backend| {
                let found = backend.authenticate(key.text())?;
                Ok((key, found))
            })
            .await?;
        let caller = key.check(found)?;
        note_client(caller.origin().client());
        app.per_key.count(caller.key_id())?;
        Ok(caller)
    }

    /// Refuses a key that may not do something.
    pub(crate) fn needs(&self, needs: Scope, what: &'static str) -> Result<(), Problem> {
        let has = self.scope();
        if has >= needs { Ok(()) } else { Err(Problem::Scope { has, needs, what }) }
    }
}

impl FromRequestParts<Arc<App>> for Presented {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _app: &Arc<App>) -> Result<Self, Problem> {
        let text = single(&parts.headers, wire::KEY)?.ok_or(Problem::NoKey)?;
        let client = single(&parts.headers, wire::CLIENT)?.ok_or(Problem::NoKey)?;
        Ok(Self::new(text, Some(client)))
    }
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let key = Presented::from_request_parts(parts, app).await?;
        Self::known(app, key).await
    }
}

/// The one value of a header; several, or other letters than visible ASCII, are refused.
pub(crate) fn single<'h>(
    headers: &'h HeaderMap,
    name: &'static str,
) -> Result<Option<&'h str>, Problem> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let text = value.to_str().ok().filter(|text| {
        (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
    });
    match (text, values.next()) {
        (Some(text), None) => Ok(Some(text)),
        _ => Err(Problem::BadHeader(name)),
    }
}
