//! `POST /api/v1/wars/{id}/proof`: files an image as evidence. The body is the image itself; what it
//! is the engine sees from its content, and nothing is unpacked to find out.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use gmbot_engine::model::SpaceKey;
use gmbot_engine::request::{
    AccountRef, Attachment, Field, FieldValue, Form, Input, Request, SpaceRef,
};
use serde::Deserialize;

use super::submit::{idempotency_key, submit};
use crate::app::App;
use crate::body;
use crate::caller::Caller;
use crate::problem::Problem;

/// Who files it, where, and what it shows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    actor: String,
    actor_name: String,
    server: Option<String>,
    server_name: Option<String>,
    note: Option<String>,
}

/// Files an image.
pub(crate) async fn file(
    State(app): State<Arc<App>>,
    Path(war): Path<String>,
    caller: Caller,
    params: Result<Query<Params>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let Query(Params { actor, actor_name, server, server_name, note }) = params?;
    let bytes = body::bytes(&headers, body, body::IMAGE, &app.settings).await?.to_vec();
    let field = |name: &str, text| Field { name: name.to_owned(), value: FieldValue::Text(text) };
    let mut fields = vec![field("war", war)];
    fields.extend(note.map(|note| field("note", note)));
    let form = Form { command: "proof".to_owned(), fields };
    let platform = caller.origin().platform();
    let space = server.map(|id| SpaceRef {
        name: server_name.unwrap_or_else(|| id.clone()),
        key: SpaceKey { platform: platform.clone(), id },
        direct: false,
    });
    let actor = AccountRef { platform: platform.clone(), id: actor, name: actor_name };
    let request = Request {
        space,
        actor: Some(actor),
        attachments: vec![Attachment { name: "proof".to_owned(), bytes }],
        ..Request::new("", idempotency_key(&headers)?, Input::Form(form))
    };
    submit(&app, &caller, request).await
}
