//! Waiting until something may have changed, so that connectors need not ask for notices all the
//! time.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use gmbot_backend::Scope;
use gmbot_client::wire::{Changes, path};
use serde::Deserialize;
use tokio::time::timeout;

use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;

/// What the caller has seen.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// Answer when the count is another than this; at once unless given.
    after: Option<u64>,
}

/// `GET /api/v1/changes?after=N`: answers when the count is another, or after some seconds.
#[utoipa::path(
    get, path = path::CHANGES, tag = "connectors", params(Asked),
    responses((status = 200, description = "the count now", body = Changes))
)]
pub(crate) async fn wait(
    State(app): State<Arc<App>>,
    caller: Caller,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<Changes>, Problem> {
    let Query(Asked { after }) = asked?;
    caller.needs(Scope::Trusted, "watch for changes")?;
    let (mut changes, mut closing) = (app.changes.clone(), app.closing.clone());
    if let Some(after) = after {
        let changed = changes.wait_for(|seen| *seen != after);
        let closed = closing.wait_for(|closing| *closing);
        let either = async {
            tokio::select! {
                seen = changed => drop(seen),
                end = closed => drop(end),
            }
        };
        // Nothing changed for so long: the caller asks again.
        timeout(app.settings.poll, either).await.ok();
    }
    let seen = *app.changes.borrow();
    Ok(Json(Changes { seen }))
}
