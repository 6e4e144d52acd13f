//! The API document, OpenAPI 3.1: the routes' own descriptions, the command table and the types, with
//! what all answers have in common added here.

mod bodies;
mod commands;
mod numbers;
mod refusals;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use gmbot_client::wire;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{Info, OpenApi, Paths, RefOr, Required};

use crate::app::App;
pub(crate) use bodies::{Due, Image, Line};
pub(crate) use refusals::{Answers, NotFound};

/// What the two parts of a key are called among the security schemes.
const CLIENT: &str = "client";
const KEY: &str = "key";

/// The kind of routes whose answer is the engine's reply.
const COMMANDS: &str = "commands";
/// The kinds of routes.
const TAGS: [(&str, &str); 6] = [
    (COMMANDS, "what people say: every command by the names of its parameters, and whole lines"),
    ("reads", "what everybody may see, with a key of any scope"),
    ("connectors", "what a chat's connector needs, with a key of scope `trusted`"),
    ("operation", "what operators may see, with a key of scope `operator`"),
    ("pages", "what browsers see, where pages are shown"),
    ("open", "what answers without a key"),
];

/// `GET /openapi.json`: this document.
#[utoipa::path(
    get, path = "/openapi.json", tag = "open", security(()),
    responses((status = 200, description = "this document", body = Object))
)]
pub(crate) async fn json(State(app): State<Arc<App>>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], app.document.clone())
}

/// The document before any route is in it.
pub(crate) fn begun() -> OpenApi {
    let mut info = Info::new("gmbot", env!("CARGO_PKG_VERSION"));
    info.description = Some(env!("CARGO_PKG_DESCRIPTION").to_owned());
    let mut document = OpenApi::new(info, Paths::new());
    let tag = |(name, words)| TagBuilder::new().name(name).description(Some(words)).build();
    document.tags = Some(TAGS.map(tag).into());
    let components = document.components.get_or_insert_default();
    let header = |name, words| {
        SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(name, words)))
    };
    components.add_security_scheme(CLIENT, header(wire::CLIENT, "the name of the client"));
    components.add_security_scheme(KEY, header(wire::KEY, "a key of this client"));
    components
        .add_security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    document
}

/// The document as JSON, once all routes are in it.
pub(crate) fn written(document: OpenApi) -> Bytes {
    // It holds no map but those of strings, and no number that JSON lacks.
    let mut document = serde_json::to_value(completed(document)).unwrap_or_default();
    numbers::bound(&mut document);
    document.to_string().into()
}

/// Adds the commands, and what all answers have in common.
fn completed(mut document: OpenApi) -> OpenApi {
    commands::add(&mut document.paths);
    let components = document.components.get_or_insert_default();
    bodies::add(components);
    refusals::add_shared(components);
    for item in document.paths.paths.values_mut() {
        for operation in [&mut item.get, &mut item.post].into_iter().flatten() {
            complete(operation);
        }
    }
    document
}

/// Adds who may ask, and what every answer of this kind can be.
fn complete(operation: &mut Operation) {
    let both = || vec![SecurityRequirement::new(CLIENT, [""; 0]).add(KEY, [""; 0])];
    let security = operation.security.get_or_insert_with(both);
    let is_open = security.contains(&SecurityRequirement::default());
    refusals::add(operation, is_open);
    if operation.tags.iter().flatten().any(|tag| tag == COMMANDS) {
        operation.parameters.get_or_insert_default().push(RefOr::T(idempotency_key()));
    }
}

fn idempotency_key() -> Parameter {
    let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[!-~]{1,255}$"));
    ParameterBuilder::new()
        .name(wire::IDEMPOTENCY_KEY)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("the same request under the same key is carried out once"))
        .schema(Some(text))
        .build()
}
