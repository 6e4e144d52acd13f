//! `GET /api`: the API document for people, from the document itself.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use serde_json::Value;

use super::Site;
use super::failure::{Failure, NoPage, html};
use super::frame::Frame;
use crate::problem::Problem;

#[derive(Template)]
#[template(path = "api.html")]
struct Page {
    frame: Frame,
    groups: Vec<Group>,
}

/// The operations of a kind.
struct Group {
    name: String,
    words: String,
    operations: Vec<Operation>,
}

/// What can be asked of a path.
struct Operation {
    id: String,
    method: String,
    path: String,
    words: Vec<String>,
    takes: Vec<Field>,
    answers: Vec<(String, String)>,
}

/// A parameter, or a field of a body.
struct Field {
    name: String,
    place: String,
    required: bool,
    words: String,
}

/// Every path, what it takes, and what it answers.
#[utoipa::path(
    get, path = "/api", tag = "pages", security(()), operation_id = "page_api",
    responses((status = 200, description = "this document, for people", content_type = "text/html", body = String), NoPage)
)]
pub(super) async fn page(State(site): State<Arc<Site>>) -> Result<Html<String>, Failure> {
    let document = serde_json::from_slice(&site.app.document).map_err(|_error| Problem::Broken)?;
    html(&Page { frame: Frame::at("/api"), groups: groups(&document) })
}

fn groups(document: &Value) -> Vec<Group> {
    let tags = document["tags"].as_array().into_iter().flatten();
    let group = |tag: &Value| {
        let name = text(&tag["name"]);
        let operations = operations(document, &name);
        Group { words: text(&tag["description"]), operations, name }
    };
    tags.map(group).filter(|group| !group.operations.is_empty()).collect()
}

/// The operations with a tag, by their paths.
fn operations(document: &Value, tag: &str) -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if operation.pointer("/tags/0").and_then(Value::as_str) == Some(tag) {
                found.push(described(document, method, path, operation));
            }
        }
    }
    found
}

fn described(document: &Value, method: &str, path: &str, operation: &Value) -> Operation {
    let words = [&operation["summary"], &operation["description"]].map(text);
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let parameter = |parameter: &Value| Field {
        name: text(&parameter["name"]),
        place: text(&parameter["in"]),
        required: parameter["required"] == true,
        words: text(&parameter["description"]),
    };
    let mut takes: Vec<_> = parameters.map(parameter).collect();
    let content = operation.pointer("/requestBody/content").and_then(Value::as_object);
    let content = content.into_iter().flatten();
    for (kind, body) in content {
        takes.extend(fields(kind, resolved(document, &body["schema"])));
    }
    let answers = operation["responses"].as_object().into_iter().flatten();
    let answer = |(status, response): (&String, &Value)| {
        (status.clone(), text(&resolved(document, response)["description"]))
    };
    Operation {
        id: text(&operation["operationId"]),
        method: method.to_uppercase(),
        path: path.to_owned(),
        words: words.into_iter().filter(|words| !words.is_empty()).collect(),
        takes,
        answers: answers.map(answer).collect(),
    }
}

/// The fields of a body, or the body itself where it has none.
fn fields(kind: &str, schema: &Value) -> Vec<Field> {
    let Some(fields) = schema["properties"].as_object() else {
        let (name, words) = ("body".to_owned(), text(&schema["description"]));
        return vec![Field { name, place: kind.to_owned(), required: true, words }];
    };
    let required = schema["required"].as_array();
    let field = |(name, field): (&String, &Value)| Field {
        name: name.clone(),
        place: "body".to_owned(),
        required: required.is_some_and(|all| all.iter().any(|known| known == name.as_str())),
        words: text(&field["description"]),
    };
    fields.iter().map(field).collect()
}

/// A part of the document, or the shared part that it refers to.
fn resolved<'d>(document: &'d Value, part: &'d Value) -> &'d Value {
    let place = part["$ref"].as_str().and_then(|place| place.strip_prefix('#'));
    place.and_then(|place| document.pointer(place)).unwrap_or(part)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
