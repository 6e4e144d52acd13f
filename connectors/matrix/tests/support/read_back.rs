//! Messages as a person reads them, from the JSON that the homeserver was sent.

use ruma_html::{Html, NodeRef};
use serde_json::Value;

/// What a message says as HTML and as plain text.
pub(crate) struct Read {
    pub(crate) rich: String,
    pub(crate) plain: String,
}

/// What a message says.
pub(crate) fn read_back(content: &Value) -> Read {
    let text = |field: &str| content[field].as_str().unwrap_or_default();
    let html = Html::parse(text("formatted_body"));
    let mut rich = String::new();
    html.children().for_each(|node| shown(&node, &mut rich));
    Read { rich, plain: text("body").to_owned() }
}

fn shown(node: &NodeRef, read: &mut String) {
    if let Some(text) = node.as_text() {
        return read.push_str(&text.borrow());
    }
    let name = node.as_element().map(|element| element.name.local.to_string());
    node.children().for_each(|child| shown(&child, read));
    if matches!(name.as_deref(), Some("p" | "br" | "pre" | "li")) {
        read.push('\n');
    }
}
