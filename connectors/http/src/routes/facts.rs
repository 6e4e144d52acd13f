//! `POST /facts`: what a platform says happened: a space was seen, renamed, moved or lost, has another
//! owner, or a member less. What became of a notice is said by acknowledging it.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use gmbot_backend::Scope;
use gmbot_client::wire::{Told, path};
use gmbot_engine::request::{Input, Request};

use super::submit::{idempotency_key, submit};
use crate::app::App;
use crate::body;
use crate::caller::Caller;
use crate::document::Answers;
use crate::problem::Problem;

/// Notes a fact.
#[utoipa::path(
    post, path = path::FACTS, tag = "commands", operation_id = "facts", request_body = Told,
    responses(Answers)
)]
pub(crate) async fn tell(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    caller.needs(Scope::Trusted, "say what happened on its platform")?;
    let told: Told = body::json(&headers, body, body::REQUEST, &app.settings).await?;
    let Told { space, fact } = told;
    let key = idempotency_key(&headers)?;
    let request = Request { space, ..Request::new("", key, Input::Fact(fact)) };
    submit(&app, &caller, request).await
}
