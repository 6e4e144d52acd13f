//! The answers that many routes share: the engine's replies by their status, and the server's own
//! refusals.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use gmbot_client::wire;
use gmbot_engine::reply::Status;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{AnyOfBuilder, Components, ObjectBuilder, Schema, Type};
use utoipa::openapi::{Content, Header, Ref, RefOr};
use utoipa::{IntoResponses, PartialSchema, ToSchema};

use crate::answer;

/// The answers to whatever the engine replies to.
pub(crate) struct Answers;

/// The answer where there is nothing to be seen.
pub(crate) struct NotFound;

/// The engine's replies: status, name and meaning.
const REPLIES: [(Status, &str, &str); 8] = [
    (Status::Done, "Done", "done, or the answer"),
    (Status::Created, "Created", "done, and something new exists"),
    (Status::NotUnderstood, "NotUnderstood", "not understood"),
    (Status::Forbidden, "Forbidden", "the person, or the key, may not"),
    (Status::NotFound, "Unknown", "no such thing, or none that may be seen"),
    (
        Status::Conflict,
        "Conflict",
        "it does not fit how things stand, or the idempotency key belongs to another request",
    ),
    (Status::Refused, "Refused", "a rule refuses it"),
    (Status::TooMany, "TooMany", "too often, or too many"),
];

/// What the server itself refuses: status, name, codes and meaning.
const REFUSALS: [(StatusCode, &str, &str); 10] = [
    (
        StatusCode::BAD_REQUEST,
        "BadRequest",
        "`E_BAD_BODY`, `E_BAD_QUERY`, `E_BAD_HEADER`: it can't be read; the text says what and where",
    ),
    (StatusCode::UNAUTHORIZED, "NoKey", "`E_NO_KEY`, `E_UNKNOWN_KEY`, `E_REVOKED_KEY`"),
    (
        StatusCode::FORBIDDEN,
        "NotThisKey",
        "`E_SCOPE`, `E_OTHER_CLIENT`, `E_NOT_ADMITTED`: not with this key",
    ),
    (StatusCode::NOT_FOUND, "NotFound", "`E_NOT_FOUND`: no such thing, or none that may be seen"),
    (StatusCode::REQUEST_TIMEOUT, "TooSlow", "`E_SLOW`: the body did not arrive in time"),
    (StatusCode::PAYLOAD_TOO_LARGE, "TooLarge", "`E_TOO_LARGE`: the body is too large"),
    (
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "NotPlain",
        "`E_NOT_JSON`, `E_PACKED`: the body is of another type, or packed",
    ),
    (StatusCode::TOO_MANY_REQUESTS, "TooManyCalls", "`E_TOO_MANY_CALLS`: too often"),
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        "Broken",
        "`E_BROKEN`: gmbot failed inside, and nothing was changed",
    ),
    (
        StatusCode::SERVICE_UNAVAILABLE,
        "Unavailable",
        "`E_BUSY`, `E_CLOSING`, `E_UNAVAILABLE`: not now",
    ),
];

/// Adds all of these under their names, with the schemas that they need.
pub(super) fn add_shared(components: &mut Components) {
    let mut schemas = vec![
        (wire::Problem::name().into_owned(), wire::Problem::schema()),
        (wire::Answer::name().into_owned(), wire::Answer::schema()),
    ];
    wire::Answer::schemas(&mut schemas);
    components.schemas.extend(schemas);
    for (status, name, words) in REPLIES {
        let status = answer::status(status);
        let (reply, problem) = (reference::<wire::Answer>(), reference::<wire::Problem>());
        // A status that both use has either's body.
        let by_both = REFUSALS.iter().any(|(refused, ..)| *refused == status);
        let body = match by_both {
            true => RefOr::T(Schema::from(AnyOfBuilder::new().item(reply).item(problem).build())),
            false => RefOr::Ref(reply),
        };
        let response = response(status, words, body);
        components.responses.insert(name.to_owned(), RefOr::T(response));
    }
    for (status, name, words) in REFUSALS {
        let response = response(status, words, RefOr::Ref(reference::<wire::Problem>()));
        components.responses.insert(name.to_owned(), RefOr::T(response));
    }
}

/// Adds what the server may refuse of an operation, unless that is said already.
pub(super) fn add(operation: &mut Operation, is_open: bool) {
    let takes_body = operation.request_body.is_some();
    for (status, name, _) in REFUSALS {
        let fits = match status {
            StatusCode::INTERNAL_SERVER_ERROR | StatusCode::SERVICE_UNAVAILABLE => true,
            StatusCode::NOT_FOUND => false,
            StatusCode::REQUEST_TIMEOUT
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::UNSUPPORTED_MEDIA_TYPE => takes_body,
            _ => !is_open,
        };
        if fits {
            let number = status.as_str().to_owned();
            operation.responses.responses.entry(number).or_insert_with(|| shared(name));
        }
    }
}

/// A reply of the engine's by its status.
pub(super) fn of_engine(status: Status) -> (String, RefOr<Response>) {
    let named = REPLIES.iter().find(|(known, ..)| *known == status);
    let name = named.map_or("Done", |(_, name, _)| name);
    (answer::status(status).as_str().to_owned(), shared(name))
}

impl IntoResponses for Answers {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        Status::ALL.into_iter().map(of_engine).collect()
    }
}

impl IntoResponses for NotFound {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        BTreeMap::from([("404".to_owned(), shared("NotFound"))])
    }
}

fn shared(name: &str) -> RefOr<Response> {
    RefOr::Ref(Ref::from_response_name(name))
}

fn reference<T: ToSchema>() -> Ref {
    Ref::from_schema_name(T::name())
}

fn response(status: StatusCode, words: &str, body: RefOr<Schema>) -> Response {
    let response = ResponseBuilder::new().description(words);
    let response = response.content("application/json", Content::new(Some(body)));
    let away = [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE].contains(&status);
    match away {
        true => response.header("retry-after", pause()).build(),
        false => response.build(),
    }
}

fn pause() -> Header {
    let seconds = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1));
    HeaderBuilder::new()
        .schema(Some(seconds))
        .description(Some("in how many seconds to come back"))
        .build()
}
