//! Replies as responses: JSON, with the status that follows from the code.

use axum::Json;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use gmbot_client::wire;
use gmbot_engine::Reply;
use gmbot_engine::reply::Status;

/// In how many seconds to come back where a rule found something too often: none allows more sooner,
/// and the text says what the rule is.
const A_RULES_PAUSE: u64 = 60;

/// What a reply's status is in HTTP.
pub(crate) fn status(status: Status) -> StatusCode {
    match status {
        Status::Done => StatusCode::OK,
        Status::Created => StatusCode::CREATED,
        Status::NotUnderstood => StatusCode::BAD_REQUEST,
        Status::Forbidden => StatusCode::FORBIDDEN,
        Status::NotFound => StatusCode::NOT_FOUND,
        Status::Conflict => StatusCode::CONFLICT,
        Status::Refused => StatusCode::UNPROCESSABLE_ENTITY,
        Status::TooMany => StatusCode::TOO_MANY_REQUESTS,
    }
}

/// A reply as a response; nothing where the line was not for the bot.
pub(crate) fn answer(reply: Option<&Reply>) -> Response {
    match reply {
        Some(reply) => {
            let status = status(reply.code.status());
            let mut response = (status, Json(wire::Answer::from(reply))).into_response();
            if status == StatusCode::TOO_MANY_REQUESTS {
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(A_RULES_PAUSE));
            }
            response
        }
        None => StatusCode::NO_CONTENT.into_response(),
    }
}
