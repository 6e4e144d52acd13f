//! Images as evidence. `POST /api/v1/wars/{id}/proof` files one: the body is the image itself; what it
//! is the engine sees from its content, and nothing is unpacked to find out.
//! `GET /api/v1/wars/{id}/proof/{hash}` shows it to whom the engine lets see it.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use gmbot_backend::Scope;
use gmbot_engine::model::{SpaceKey, WarId};
use gmbot_engine::request::{
    AccountRef, Attachment, Field, FieldValue, Form, Input, Onlooker, Request, SpaceRef,
};
use serde::Deserialize;

use super::people;
use super::reads::{named, nothing};
use super::submit::{idempotency_key, submit};
use crate::app::App;
use crate::body;
use crate::caller::Caller;
use crate::document::{Answers, Image, NotFound};
use crate::problem::Problem;

/// Who files it, where, and what it shows.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The id of whoever files it.
    #[param(min_length = 1, max_length = 128)]
    actor: String,
    /// Their name.
    #[param(min_length = 1, max_length = 128)]
    actor_name: String,
    /// The id of the server where it is filed.
    #[param(min_length = 1, max_length = 128)]
    server: Option<String>,
    /// Its name; the id unless given.
    #[param(min_length = 1, max_length = 128)]
    server_name: Option<String>,
    /// What the image shows.
    #[param(min_length = 1)]
    note: Option<String>,
}

impl Params {
    /// Refuses ids and names that are too short or too long.
    fn check(&self) -> Result<(), Problem> {
        let Self { actor, actor_name, server, server_name, note: _ } = self;
        let given = [("actor", Some(actor)), ("actor_name", Some(actor_name))];
        let where_ = [("server", server.as_ref()), ("server_name", server_name.as_ref())];
        for (name, text) in given.into_iter().chain(where_) {
            if text.is_some_and(|text| !people::fits(text)) {
                let words = format!("`{name}` must be 1 to {} characters long", people::LONGEST);
                return Err(Problem::BadQuery(words));
            }
        }
        Ok(())
    }
}

/// Files an image.
#[utoipa::path(
    post, path = "/api/v1/wars/{id}/proof", tag = "commands",
    params(("id" = WarId, Path, description = "the war"), Params),
    request_body(content_type = "application/octet-stream", content = Image),
    responses(Answers)
)]
pub(crate) async fn file(
    State(app): State<Arc<App>>,
    war: Result<Path<String>, PathRejection>,
    caller: Caller,
    params: Result<Query<Params>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let Query(params) = params?;
    params.check()?;
    let Params { actor, actor_name, server, server_name, note } = params;
    let war = named(war)?;
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

/// Who looks, and from where.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Looking {
    /// The id of whoever looks; a stranger unless given.
    #[param(min_length = 1, max_length = 128)]
    actor: Option<String>,
    /// The id of the server from which they look.
    #[param(min_length = 1, max_length = 128)]
    server: Option<String>,
}

impl Looking {
    /// The onlooker, as far as the caller's key goes.
    fn onlooker(self, caller: &Caller) -> Result<Onlooker, Problem> {
        let Self { actor, server } = self;
        if actor.is_some() || server.is_some() {
            caller.needs(Scope::Act, "name a `server` or an `actor`")?;
        }
        let platform = caller.origin().namespace();
        let name = String::new();
        Ok(Onlooker {
            actor: actor.map(|id| AccountRef { platform: platform.clone(), id, name }),
            space: server.map(|id| SpaceKey { platform, id }),
            operator: caller.scope() >= Scope::Operator,
        })
    }
}

/// Shows an image.
#[utoipa::path(
    get, path = "/api/v1/wars/{id}/proof/{hash}", tag = "reads",
    params(
        ("id" = WarId, Path, description = "the war"),
        ("hash" = String, Path, description = "the first characters of the image's hash"),
        Looking
    ),
    responses(
        (
            status = 200, description = "the image",
            content((Image = "image/png"), (Image = "image/jpeg"), (Image = "image/webp"))
        ),
        NotFound
    )
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    image: Result<Path<(WarId, String)>, PathRejection>,
    caller: Caller,
    looking: Result<Query<Looking>, QueryRejection>,
) -> Result<Response, Problem> {
    let (war, hash) = named(image)?;
    let Query(looking) = looking?;
    let onlooker = looking.onlooker(&caller)?;
    let found = app.ask(move |backend| backend.image(war, &hash, &onlooker)).await?;
    let bytes = found.ok_or_else(nothing)?;
    let headers = [
        (CONTENT_TYPE, Attachment::media_type(&bytes)),
        // Somebody has sent it: it is an image to browsers, whatever else is in it.
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        // Who may see it now may not for ever.
        (CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, bytes).into_response())
}
