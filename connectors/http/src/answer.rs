//! Replies as responses: JSON, with the status that follows from the code.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use gmbot_client::wire;
use gmbot_engine::Reply;
use gmbot_engine::reply::Status;

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
            (status(reply.code.status()), Json(wire::Answer::from(reply))).into_response()
        }
        None => StatusCode::NO_CONTENT.into_response(),
    }
}
