//! Reading bodies: JSON, within a size and a time.

use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use gmbot_engine::request::Attachment;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use crate::problem::Problem;
use crate::settings::Settings;

/// The largest body of a command, in bytes.
pub(crate) const COMMAND: usize = 64 * 1024;
/// The largest body of a whole request, in bytes: two of the largest images in base64, and room to
/// spare.
pub(crate) const REQUEST: usize = 3 * Attachment::LARGEST_IMAGE;

/// The largest image, in bytes; one more than the engine takes, so that it can say so.
pub(crate) const IMAGE: usize = Attachment::LARGEST_IMAGE + 1;

/// A body as it came. None is unpacked: a small one can't become a large one.
pub(crate) async fn bytes(
    headers: &HeaderMap,
    body: Body,
    most: usize,
    settings: &Settings,
) -> Result<Bytes, Problem> {
    if headers.get(CONTENT_ENCODING).is_some_and(|packed| packed != "identity") {
        return Err(Problem::Packed);
    }
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
    let bytes = bytes(headers, body, most, settings).await?;
    serde_json::from_slice(&bytes)
        .map_err(|error| Problem::BadBody(format!("the body can't be read: {error}")))
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    let essence = kind.split(';').next().unwrap_or("").trim();
    essence.eq_ignore_ascii_case("application/json")
}
