//! `POST /{command}`: every command of the table, its parameters by their names.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use gmbot_engine::grammar::table;
use gmbot_engine::request::{Authority, Field, FieldValue, Form, Input, Mention, Request};

use super::people::{self, bad};
use super::reads::named;
use super::submit::{idempotency_key, submit};
use crate::app::App;
use crate::body;
use crate::caller::Caller;
use crate::json::{Json, Object};
use crate::problem::Problem;

/// Carries out the command that the path names.
pub(crate) async fn run(
    State(app): State<Arc<App>>,
    command: Result<Path<String>, PathRejection>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let command = named(command)?;
    let Some(row) = table::find(&command) else {
        return Err(Problem::NotFound(format!(
            "there is no command `{command}`; `POST /help` lists all"
        )));
    };
    let mut fields: Object = body::json(&headers, body, body::COMMAND, &app.settings).await?;
    let mut request = Request::new("", idempotency_key(&headers)?, Input::Words(Vec::new()));
    who_and_where(&mut request, &mut fields, &caller)?;
    let mut filled = Vec::new();
    for (name, value) in fields.0 {
        match field(&name, value, &mut request.mentions, &caller)? {
            Some(value) => filled.push(Field { name, value }),
            None if row.param(&name).is_some() => {}
            // Nothing is said for a parameter that there is not: that is a mistake as well.
            None => filled.push(Field { name, value: FieldValue::Text(String::new()) }),
        }
    }
    request.input = Input::Form(Form { command: row.name.to_owned(), fields: filled });
    submit(&app, &caller, request).await
}

/// Takes out of a body who speaks, and where.
pub(crate) fn who_and_where(
    request: &mut Request,
    fields: &mut Object,
    caller: &Caller,
) -> Result<(), Problem> {
    if let Some(server) = fields.take("server") {
        request.space = Some(people::space("server", server, caller.origin().platform())?);
    }
    if let Some(actor) = fields.take("actor") {
        let actor = people::person("actor", actor, caller)?;
        if actor.bot {
            return Err(bad("`actor.bot`: a bot can't speak".to_owned()));
        }
        let (owner, stated_role) = (actor.owner, actor.role);
        request.authority = Authority { owner, stated_role, ..Authority::default() };
        request.actor = Some(actor.account);
    }
    Ok(())
}

/// A field as a form fills it in; nothing for `null`. People in it become mentions.
fn field(
    name: &str,
    value: Json,
    mentions: &mut Vec<Mention>,
    caller: &Caller,
) -> Result<Option<FieldValue>, Problem> {
    Ok(Some(match value {
        Json::Null => return Ok(None),
        Json::Truth(truth) => FieldValue::Truth(truth),
        Json::Number(number) => FieldValue::Number(number),
        Json::Text(text) => FieldValue::Text(text),
        Json::List(values) => {
            let mut list = Vec::new();
            for value in values {
                list.extend(field(name, value, mentions, caller)?);
            }
            FieldValue::List(list)
        }
        object @ Json::Object(_) => {
            let person = people::person(name, object, caller)?;
            let written = person.written()?;
            mentions.push(person.mentioned(written.clone(), caller));
            FieldValue::Mention(written)
        }
    }))
}
