//! Whether the server lives, and whether it can do its work; for load balancers, without a key.

use std::sync::Arc;

use axum::extract::State;

use crate::app::App;
use crate::problem::Problem;

/// `GET /healthz`: the process answers.
#[utoipa::path(
    get, path = "/healthz", tag = "open", security(()),
    responses((status = 200, description = "the process answers", body = String))
)]
pub(crate) async fn alive() -> &'static str {
    "alive\n"
}

/// `GET /readyz`: the backend answers too, and the server is not shutting down.
#[utoipa::path(
    get, path = "/readyz", tag = "open", security(()),
    responses((status = 200, description = "the backend answers too", body = String))
)]
pub(crate) async fn ready(State(app): State<Arc<App>>) -> Result<&'static str, Problem> {
    if *app.closing.borrow() {
        return Err(Problem::Closing);
    }
    app.ask(move |backend| backend.trouble().map_or(Ok("ready\n"), Err)).await
}
