//! Whether an answer is one of those that the API document tells of; every answer in the tests is
//! looked up in it.

use serde_json::Value;

use super::Response;

/// Panics if the document does not tell of this answer. Paths and methods that are not in it are
/// refused by the server with nothing but 404 and 405.
pub(crate) fn check(document: &Value, request: &[u8], response: &Response) {
    let text = String::from_utf8_lossy(request);
    let mut words = text.lines().next().unwrap_or_default().split(' ');
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return };
    // What breaks off, or is refused before there is a request, has no place in it.
    if response.status == 0 || response.header("content-type").is_none() && response.status >= 400 {
        return;
    }
    let path = target.split('?').next().unwrap_or_default();
    let Some(operation) = operation(document, method, path) else {
        assert!(
            [404, 405].contains(&response.status) || method == "OPTIONS",
            "{method} {path} answers {} and is not in the API document",
            response.status
        );
        return;
    };
    let found = &operation["responses"][response.status.to_string()];
    let told = resolved(document, found);
    assert!(told.is_object(), "{method} {path}: {} is not in the API document", response.status);
    let kind = response.header("content-type").and_then(|kind| kind.split(';').next());
    match (&told["content"], kind) {
        (Value::Object(kinds), Some(kind)) => {
            let fits = kinds.contains_key(kind) || kinds.contains_key("*/*");
            assert!(fits, "{method} {path}: {kind} is not in the API document");
        }
        (content, kind) => {
            assert!(content.is_null() && kind.is_none(), "{method} {path}: {kind:?}, {content}");
        }
    }
    for name in told["headers"].as_object().into_iter().flat_map(|headers| headers.keys()) {
        let header = response.header(name);
        assert!(header.is_some(), "{method} {path}: {} without `{name}`", response.status);
    }
}

/// The operation of a path, whatever stands for its parameters.
fn operation<'d>(document: &'d Value, method: &str, path: &str) -> Option<&'d Value> {
    let paths = document["paths"].as_object()?;
    let method = if method == "HEAD" { "get".to_owned() } else { method.to_ascii_lowercase() };
    let by_name = paths.get(path).and_then(|item| item.get(&method));
    let fits = |template: &str| {
        let (wanted, given) = (template.split('/'), path.split('/'));
        template.matches('/').count() == path.matches('/').count()
            && wanted.zip(given).all(|(wanted, given)| wanted.starts_with('{') || wanted == given)
    };
    let by_template = || paths.iter().find(|(template, _)| fits(template))?.1.get(&method);
    by_name.or_else(by_template)
}

/// A part of the document, or the shared part that it refers to.
pub(crate) fn resolved<'d>(document: &'d Value, part: &'d Value) -> &'d Value {
    match part["$ref"].as_str().and_then(|place| place.strip_prefix('#')) {
        Some(place) => document.pointer(place).unwrap_or(&Value::Null),
        None => part,
    }
}
