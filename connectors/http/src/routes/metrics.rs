//! `GET /metrics`: what was counted and measured, in the text format of Prometheus.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use prometheus::{TEXT_FORMAT, TextEncoder};

use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;

/// Answers with all there is. A key of any scope will do, since it names nobody; Prometheus sends it
/// as `authorization: Bearer KEY`.
#[utoipa::path(
    get, path = "/metrics", tag = "operation", security(("bearer" = []), ("client" = [], "key" = [])),
    responses((status = 200, description = "counts and times", content_type = "text/plain", body = String))
)]
pub(crate) async fn scrape(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Caller::bearing(&headers, &app).await?;
    let mut families = app.ask(|backend| Ok(backend.metrics())).await?;
    families.extend(app.metrics.gather());
    let text = TextEncoder::new().encode_to_string(&families);
    Ok(([(CONTENT_TYPE, TEXT_FORMAT)], text.map_err(|_unwritable| Problem::Broken)?)
        .into_response())
}
