//! `POST /line`: a line of text as somebody typed it, with the people that its mentions mean.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use gmbot_engine::request::{Input, Request};

use super::command::who_and_where;
use super::people::{self, bad};
use super::submit::{idempotency_key, submit};
use crate::app::App;
use crate::body;
use crate::caller::Caller;
use crate::document::{Answers, Line};
use crate::json::{Json, Object};
use crate::problem::Problem;

/// Reads a line, and carries out what it says.
#[utoipa::path(
    post, path = "/line", tag = "commands",
    request_body(content_type = "application/json", content = Line), responses(Answers, (status = 204, description = "the line was not for the bot"))
)]
pub(crate) async fn say(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let mut fields: Object = body::json(&headers, body, body::COMMAND, &app.settings).await?;
    let text = match fields.take("text") {
        Some(Json::Text(text)) => text,
        Some(other) => return Err(bad(format!("`text` must be a text, not {}", other.kind()))),
        None => return Err(bad("`text` is missing: the line as it was typed".to_owned())),
    };
    let mut request = Request::new("", idempotency_key(&headers)?, Input::Line(text));
    who_and_where(&mut request, &mut fields, &caller)?;
    match fields.take("mentions") {
        None => {}
        Some(Json::Object(mentions)) => {
            for (written, value) in mentions.0 {
                let person = people::person(&format!("mentions.{written}"), value, &caller)?;
                request.mentions.push(person.mentioned(written, &caller));
            }
        }
        Some(other) => {
            let kind = other.kind();
            let wanted = "an object: what was written, and whom it means";
            return Err(bad(format!("`mentions` must be {wanted}; it is {kind}")));
        }
    }
    match fields.0.first() {
        Some((name, _)) => Err(bad(format!("unknown field `{name}`"))),
        None => submit(&app, &caller, request).await,
    }
}
