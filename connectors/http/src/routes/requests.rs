//! What trusted connectors ask for: whole requests, and looks with a person's eyes.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use gmbot_backend::Scope;
use gmbot_client::wire::{ImageOf, Look, Submitted, Writing, path};
use gmbot_engine::grammar::complete::Completion;
use gmbot_engine::request::{Onlooker, Request};
use gmbot_engine::view::View;

use super::submit::carry_out;
use crate::app::App;
use crate::body;
use crate::caller::Caller;
use crate::document::Image;
use crate::problem::Problem;

/// `POST /api/v1/requests`: carries a whole request out.
#[utoipa::path(
    post, path = path::REQUESTS, tag = "connectors", request_body = Request,
    responses((status = 200, description = "the reply, if there is one", body = Submitted))
)]
pub(crate) async fn submit(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Submitted>, Problem> {
    caller.needs(Scope::Trusted, "send whole requests")?;
    let request: Request = body::json(&headers, body, body::REQUEST, &app.settings).await?;
    if request.authority.operator {
        caller.needs(Scope::Operator, "speak for the operator")?;
    }
    let reply = carry_out(&app, &caller, request).await?;
    Ok(Json(Submitted { reply }))
}

/// `POST /api/v1/view`: looks at something.
#[utoipa::path(
    post, path = path::VIEW, tag = "connectors", request_body = Look,
    responses((status = 200, description = "what the onlooker may see", body = View))
)]
pub(crate) async fn view(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<View>, Problem> {
    caller.needs(Scope::Trusted, "look with others' eyes")?;
    let look: Look = body::json(&headers, body, body::COMMAND, &app.settings).await?;
    let onlooker = admit(&caller, look.onlooker)?;
    Ok(Json(app.ask(move |backend| backend.view(&look.query, &onlooker)).await?))
}

/// `POST /api/v1/complete`: completes words as far as their writer may see.
#[utoipa::path(
    post, path = path::COMPLETE, tag = "connectors", request_body = Writing,
    responses((status = 200, description = "what may come next", body = Completion))
)]
pub(crate) async fn complete(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Completion>, Problem> {
    caller.needs(Scope::Trusted, "look with others' eyes")?;
    let Writing { words, onlooker } =
        body::json(&headers, body, body::COMMAND, &app.settings).await?;
    let onlooker = admit(&caller, onlooker)?;
    Ok(Json(app.ask(move |backend| backend.complete_words(&words, &onlooker)).await?))
}

/// `POST /api/v1/image`: reads an image; no bytes where there is none to be seen.
#[utoipa::path(
    post, path = path::IMAGE, tag = "connectors", request_body = ImageOf,
    responses((
        status = 200, description = "the image, or no bytes",
        content_type = "application/octet-stream", body = Image
    ))
)]
pub(crate) async fn image(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    caller.needs(Scope::Trusted, "look with others' eyes")?;
    let asked: ImageOf = body::json(&headers, body, body::COMMAND, &app.settings).await?;
    let onlooker = admit(&caller, asked.onlooker)?;
    let image = app.ask(move |backend| backend.image(asked.war, &asked.hash, &onlooker)).await?;
    let kind = [(CONTENT_TYPE, "application/octet-stream")];
    Ok((kind, image.unwrap_or_default()).into_response())
}

/// An onlooker as the engine knows them, inside the client's name space.
fn admit(caller: &Caller, mut onlooker: Onlooker) -> Result<Onlooker, Problem> {
    if onlooker.operator {
        caller.needs(Scope::Operator, "look as the operator")?;
    }
    if let Some(actor) = &mut onlooker.actor {
        caller.origin().enter(&mut actor.platform)?;
    }
    if let Some(space) = &mut onlooker.space {
        caller.origin().enter(&mut space.platform)?;
    }
    Ok(onlooker)
}
