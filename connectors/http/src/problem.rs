//! What the server itself refuses, before the engine is asked or when it can't be.

use std::time::Duration;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use gmbot_backend::{BackendError, Scope};
use gmbot_client::wire;
use gmbot_engine::request::NotAdmitted;
use gmbot_engine::store::StoreErrorKind;
use tracing::{error, warn};

use crate::observe::note_code;

/// How long a client waits at least before it tries again when the backend can't answer now.
const PAUSE: Duration = Duration::from_secs(1);

/// What is told when the database fails: its path and its state are the operator's matter.
const UNUSABLE: &str = "the database can't be used now; nothing was changed, try again";

/// Why the server does not carry a request out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Problem {
    #[error(
        "this needs a key: send it as `x-api-key`, and the client's name as `client`; an operator makes keys with `gmbot keys add`"
    )]
    NoKey,
    #[error("no key is called that; check `x-api-key`, or ask the operator for another")]
    UnknownKey,
    #[error("this key was revoked; ask the operator for another")]
    RevokedKey,
    #[error("this key is not the key of the client `{0}`; check the header `client`")]
    OtherClient(String),
    #[error("a key of scope `{has}` can't {what}; that takes `{needs}`")]
    Scope { has: Scope, needs: Scope, what: &'static str },
    #[error(transparent)]
    NotAdmitted(#[from] NotAdmitted),
    #[error("{0}")]
    BadBody(String),
    #[error("the query string can't be read: {0}")]
    BadQuery(String),
    #[error("the body must come as it is, without `content-encoding`")]
    Packed,
    #[error("the body is larger than the {0} bytes that this takes")]
    TooLarge(usize),
    #[error("the body did not arrive within {} seconds", .0.as_secs())]
    Slow(Duration),
    #[error("the body must be JSON, sent as `content-type: application/json`")]
    NotJson,
    #[error("the header `{0}` must be 1 to 255 visible ASCII characters")]
    BadHeader(&'static str),
    #[error("{0}")]
    NotFound(String),
    #[error("this path takes another method; commands are sent with POST")]
    Method,
    #[error("too many calls; go on in {} s", .0.as_secs().max(1))]
    TooFast(Duration),
    #[error("too much is going on; try again")]
    Busy,
    #[error("the server is shutting down; try again")]
    Closing,
    #[error(transparent)]
    Backend(BackendError),
    #[error("gmbot failed inside; nothing was changed, please report it")]
    Broken,
}

impl Problem {
    /// A path that leads nowhere.
    pub(crate) fn nothing_there() -> Self {
        Self::NotFound("there is nothing at this path".to_owned())
    }

    /// A stable name for programs, and the status.
    fn kind(&self) -> (&'static str, StatusCode) {
        match self {
            Self::NoKey => ("E_NO_KEY", StatusCode::UNAUTHORIZED),
            Self::UnknownKey => ("E_UNKNOWN_KEY", StatusCode::UNAUTHORIZED),
            Self::RevokedKey => ("E_REVOKED_KEY", StatusCode::UNAUTHORIZED),
            Self::OtherClient(_) => ("E_OTHER_CLIENT", StatusCode::FORBIDDEN),
            Self::Scope { .. } => ("E_SCOPE", StatusCode::FORBIDDEN),
            Self::NotAdmitted(_) => ("E_NOT_ADMITTED", StatusCode::FORBIDDEN),
            Self::BadBody(_) => ("E_BAD_BODY", StatusCode::BAD_REQUEST),
            Self::BadQuery(_) => ("E_BAD_QUERY", StatusCode::BAD_REQUEST),
            Self::Packed => ("E_PACKED", StatusCode::UNSUPPORTED_MEDIA_TYPE),
            Self::BadHeader(_) => ("E_BAD_HEADER", StatusCode::BAD_REQUEST),
            Self::TooLarge(_) => ("E_TOO_LARGE", StatusCode::PAYLOAD_TOO_LARGE),
            Self::Slow(_) => ("E_SLOW", StatusCode::REQUEST_TIMEOUT),
            Self::NotJson => ("E_NOT_JSON", StatusCode::UNSUPPORTED_MEDIA_TYPE),
            Self::NotFound(_) => ("E_NOT_FOUND", StatusCode::NOT_FOUND),
            Self::Method => ("E_METHOD", StatusCode::METHOD_NOT_ALLOWED),
            Self::TooFast(_) => ("E_TOO_MANY_CALLS", StatusCode::TOO_MANY_REQUESTS),
            Self::Busy => ("E_BUSY", StatusCode::SERVICE_UNAVAILABLE),
            Self::Closing => ("E_CLOSING", StatusCode::SERVICE_UNAVAILABLE),
            Self::Backend(error) => failure(error),
            Self::Broken => ("E_BROKEN", StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    /// What is told; what went wrong inside stays inside.
    pub(crate) fn text(&self) -> String {
        if let Self::Backend(error) = self {
            match error {
                BackendError::Panicked(_) => return Self::Broken.to_string(),
                BackendError::Store(_) => return UNUSABLE.to_owned(),
                BackendError::Stopped
                | BackendError::UnknownToken
                | BackendError::SystemClock
                | BackendError::NoEntropy(_)
                | BackendError::NoThread(_)
                | BackendError::Unreachable { .. }
                | BackendError::Denied(_) => {}
            }
        }
        self.to_string()
    }
}

/// A failure of the backend.
fn failure(error: &BackendError) -> (&'static str, StatusCode) {
    match error {
        BackendError::UnknownToken => ("E_UNKNOWN_TOKEN", StatusCode::CONFLICT),
        BackendError::Panicked(_) => ("E_BROKEN", StatusCode::INTERNAL_SERVER_ERROR),
        BackendError::Store(error) if error.kind == StoreErrorKind::Busy => {
            ("E_BUSY", StatusCode::SERVICE_UNAVAILABLE)
        }
        BackendError::Denied(_) => ("E_DENIED", StatusCode::BAD_GATEWAY),
        BackendError::Store(_)
        | BackendError::Stopped
        | BackendError::SystemClock
        | BackendError::NoEntropy(_)
        | BackendError::NoThread(_)
        | BackendError::Unreachable { .. } => ("E_UNAVAILABLE", StatusCode::SERVICE_UNAVAILABLE),
    }
}

/// Tells the operator what clients are not told. What a panic said may hold what somebody wrote.
fn log(failure: &BackendError) {
    let busy = matches!(failure, BackendError::Store(error) if error.kind == StoreErrorKind::Busy);
    if let BackendError::Panicked(_) = failure {
        error!("gmbot failed inside; nothing was changed, please report it");
    } else if busy {
        // Nothing is broken, and the client comes again.
        warn!(%failure, "the database is busy");
    } else {
        error!(%failure, "the backend failed");
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::BadQuery(rejection.body_text())
    }
}

impl From<BackendError> for Problem {
    fn from(error: BackendError) -> Self {
        Self::Backend(error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (code, status) = self.kind();
        let told = wire::Problem { code: code.to_owned(), text: self.text() };
        note_code(code);
        if let Self::Backend(error) = &self
            && status.is_server_error()
        {
            log(error);
        }
        let mut response = (status, Json(told)).into_response();
        let away = (status == StatusCode::SERVICE_UNAVAILABLE).then_some(PAUSE);
        let pause = if let Self::TooFast(pause) = self { Some(pause) } else { away };
        if let Some(pause) = pause {
            let seconds = HeaderValue::from(pause.as_secs().max(1));
            response.headers_mut().insert(RETRY_AFTER, seconds);
        }
        response
    }
}
