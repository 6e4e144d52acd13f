//! Delivering notices: a trusted connector takes what is due for its platform, and says what became
//! of it.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use gmbot_backend::Scope;
use gmbot_client::wire::{self, Acknowledgement, Claim, Notice, Waiting, WaitingFor, path};
use gmbot_engine::reply::Address;

use crate::app::App;
use crate::body;
use crate::caller::Caller;
use crate::problem::Problem;

/// The most notices that are handed out at a time.
const MOST: usize = 100;

/// `POST /api/v1/outbox/claim`: takes what is due.
#[utoipa::path(
    post, path = path::CLAIM, tag = "connectors", request_body = Claim,
    responses((status = 200, description = "notices", body = Vec<Notice>))
)]
pub(crate) async fn claim(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Vec<Notice>>, Problem> {
    caller.needs(Scope::Trusted, "deliver notices")?;
    let Claim { mut platform, mut space, limit } =
        body::json(&headers, body, body::COMMAND, &app.settings).await?;
    caller.origin().enter(&mut platform)?;
    if let Some(space) = &mut space {
        caller.origin().enter(&mut space.key.platform)?;
    }
    let limit = limit.min(MOST);
    let mut claimed =
        app.ask(move |backend| backend.claim(&platform, space.as_ref(), limit)).await?;
    for delivery in &mut claimed {
        let (Address::Clan { space, .. } | Address::Answer { space, .. }) = &mut delivery.post.to;
        caller.origin().leave(&mut space.platform);
    }
    Ok(Json(claimed.into_iter().map(Notice::from).collect()))
}

/// `POST /api/v1/outbox/acknowledge`: says what became of a notice.
#[utoipa::path(
    post, path = path::ACKNOWLEDGE, tag = "connectors", request_body = Acknowledgement,
    responses(
        (status = 200, description = "noted", body = ()),
        (status = 409, description = "`E_UNKNOWN_TOKEN`: no notice is claimed with this token", body = wire::Problem)
    )
)]
pub(crate) async fn acknowledge(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<()>), Problem> {
    caller.needs(Scope::Trusted, "deliver notices")?;
    let Acknowledgement { token, fate } =
        body::json(&headers, body, body::COMMAND, &app.settings).await?;
    app.ask(move |backend| backend.acknowledge(&token, fate)).await?;
    Ok((StatusCode::OK, Json(())))
}

/// `POST /api/v1/outbox/waiting`: counts what waits for a space, and takes nothing.
#[utoipa::path(
    post, path = path::WAITING, tag = "connectors", request_body = WaitingFor,
    responses((status = 200, description = "how many notices wait", body = Waiting))
)]
pub(crate) async fn waiting(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Waiting>, Problem> {
    caller.needs(Scope::Trusted, "deliver notices")?;
    let WaitingFor { mut space } = body::json(&headers, body, body::COMMAND, &app.settings).await?;
    caller.origin().enter(&mut space.platform)?;
    let notices = app.ask(move |backend| backend.notices_for(&space)).await?;
    Ok(Json(Waiting { notices }))
}
