//! Handing a request to the engine, and its reply back, under an idempotency key.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use gmbot_backend::{BackendError, Scope};
use gmbot_client::wire;
use gmbot_engine::Reply;
use gmbot_engine::grammar::{Kind, kind_of};
use gmbot_engine::model::ids::hex;
use gmbot_engine::request::Request;

use crate::answer::answer;
use crate::app::App;
use crate::caller::{Caller, single};
use crate::observe::note_code;
use crate::problem::Problem;

/// The idempotency key of a request: the client's, or a new one.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<String, Problem> {
    if let Some(key) = single(headers, wire::IDEMPOTENCY_KEY)? {
        return Ok(key.to_owned());
    }
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| BackendError::NoEntropy(error.to_string()))?;
    Ok(hex(&bytes))
}

/// Carries a request out that a caller makes, as far as the caller's key goes, and answers.
pub(crate) async fn submit(
    app: &Arc<App>,
    caller: &Caller,
    mut request: Request,
) -> Result<Response, Problem> {
    vouch(caller, &mut request)?;
    let key = request.key.clone();
    let reply = carry_out(app, caller, request).await?;
    let mut response = answer(reply.as_ref());
    // Its letters were checked, or made here.
    if let Ok(key) = HeaderValue::from_str(&key) {
        response.headers_mut().insert(HeaderName::from_static(wire::IDEMPOTENCY_KEY), key);
    }
    Ok(response)
}

/// Checks that the key may do this, and adds what it vouches for.
fn vouch(caller: &Caller, request: &mut Request) -> Result<(), Problem> {
    if request.actor.is_some() || request.space.is_some() {
        // Some things are shown to a clan, or to a person, alone.
        caller.needs(Scope::Act, "name a `server` or an `actor`")?;
    }
    if kind_of(&request.input) == Kind::Change {
        caller.needs(Scope::Act, "change anything")?;
        if request.actor.is_none() {
            caller.needs(Scope::Trusted, "act for itself; name the person as `actor`")?;
        }
    }
    request.authority.operator = caller.scope() >= Scope::Operator;
    Ok(())
}

/// Has the engine carry a request out, inside the client's name space.
pub(crate) async fn carry_out(
    app: &Arc<App>,
    caller: &Caller,
    request: Request,
) -> Result<Option<Reply>, Problem> {
    if let Some(actor) = &request.actor {
        app.per_person.count(&format!("{}/{}", caller.key_id(), actor.id))?;
    }
    let request = caller.origin().admit(request)?;
    let reply = app.ask(move |backend| backend.submit(request)).await?;
    if let Some(reply) = &reply {
        note_code(reply.code.as_str());
    }
    Ok(reply)
}
