//! Reading bodies: JSON, within a size and a time.

use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use crate::problem::Problem;
use crate::settings::Settings;

/// The largest body of a command, in bytes.
pub(crate) const COMMAND: usize = 64 * 1024;
/// The largest body of a whole request, in bytes: an image of 8 MiB in base64, and room to spare.
pub(crate) const REQUEST: usize = 12 * 1024 * 1024;

/// A body as it came.
pub(crate) async fn bytes(body: Body, most: usize, settings: &Settings) -> Result<Bytes, Problem> {
    let all = timeout(settings.body, Limited::new(body, most).collect()).await;
    match all {
        Err(_late) => Err(Problem::Slow(settings.body)),
        Ok(Ok(all)) => Ok(all.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Problem::TooLarge(most)),
        Ok(Err(error)) => Err(Problem::BadBody(format!("the body broke off: {error}"))),
    }
}

/// A body that holds a value as JSON.
pub(crate) async fn json<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: Body,
    most: usize,
    settings: &Settings,
) -> Result<T, Problem> {
    if !is_json(headers) {
        return Err(Problem::NotJson);
    }
    let bytes = bytes(body, most, settings).await?;
    serde_json::from_slice(&bytes)
        .map_err(|error| Problem::BadBody(format!("the body can't be read: {error}")))
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    let essence = kind.split(';').next().unwrap_or("").trim();
    essence.eq_ignore_ascii_case("application/json")
}
