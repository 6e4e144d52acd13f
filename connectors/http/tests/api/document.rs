//! The API document: complete, consistent, and as it was when somebody last looked at it. That every
//! answer of every test is in it, `served` checks.

use std::collections::BTreeSet;

use gmbot_engine::grammar::TABLE;
use serde_json::Value;

use crate::served::documented::resolved;
use crate::served::{Served, settings};

/// Calls `look` with each value in a document and the name that it has there.
fn walk<'d>(name: &'d str, value: &'d Value, look: &mut impl FnMut(&'d str, &'d Value)) {
    look(name, value);
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, field)| walk(name, field, look)),
        Value::Array(items) => items.iter().for_each(|item| walk(name, item, look)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn the_document_is_what_was_looked_at() {
    let served = Served::new();
    let mut lines = Vec::new();
    for (path, item) in served.document()["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            lines.push(format!("{method} {path} {operation}"));
        }
    }
    for (kind, parts) in served.document()["components"].as_object().unwrap() {
        for (name, part) in parts.as_object().unwrap() {
            lines.push(format!("{kind} {name} {part}"));
        }
    }
    insta::assert_snapshot!("openapi", lines.join("\n"));
}

#[test]
fn every_command_is_in_it_with_all_its_parameters() {
    let served = Served::new();
    let document = served.document();
    assert_eq!(document["openapi"], "3.1.0");
    for row in TABLE {
        for name in std::iter::once(&row.name).chain(row.aliases) {
            let operation = &document["paths"][format!("/{name}")]["post"];
            let body = &operation["requestBody"]["content"]["application/json"]["schema"];
            for param in row.params {
                for given in std::iter::once(&param.name).chain(param.aliases) {
                    assert!(body["properties"][given].is_object(), "{name} -{given}");
                }
            }
            assert_eq!(body["additionalProperties"], false, "{name}");
        }
    }
}

#[test]
fn nothing_in_it_is_missing_or_there_twice() {
    let with_pages = settings();
    #[cfg(feature = "web")]
    let with_pages = {
        let pages = gmbot_http::Pages { shown: true, ..gmbot_http::Pages::default() };
        gmbot_http::Settings { pages, ..with_pages }
    };
    for served in [Served::new(), Served::with(with_pages)] {
        let document = served.document();
        let (mut ids, mut used) = (BTreeSet::new(), BTreeSet::new());
        walk("", document, &mut |name, value| match (name, value) {
            ("$ref", Value::String(place)) => {
                let part = serde_json::json!({ "$ref": place });
                assert!(resolved(document, &part).is_object(), "{place} is missing");
                used.insert(place.clone());
            }
            ("operationId", Value::String(id)) => {
                assert!(ids.insert(id.clone()), "{id} is there twice");
            }
            _ => {}
        });
        for kind in ["schemas", "responses"] {
            for name in document["components"][kind].as_object().unwrap().keys() {
                let place = format!("#/components/{kind}/{name}");
                assert!(used.contains(&place), "{place} is used nowhere");
            }
        }
    }
}

#[test]
fn only_what_needs_no_key_says_so() {
    let served = Served::new();
    let paths = served.document()["paths"].as_object().unwrap();
    for (path, item) in paths {
        for (method, operation) in item.as_object().unwrap() {
            let path = path.replace("{id}", "k3xp2");
            let headers = "content-type: application/json\r\n";
            let answer = served.call(&method.to_uppercase(), &path, headers, "{}");
            let is_open = operation["security"] == serde_json::json!([{}]);
            assert_eq!(answer.status != 401, is_open, "{method} {path}: {answer:?}");
        }
    }
}
