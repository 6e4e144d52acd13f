//! What tells one set of command definitions from another, whatever Discord adds when it gives them
//! back: so that they are registered only when they changed.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// What a definition says, in an order that does not depend on anybody's JSON.
const SAID: [&str; 9] = [
    "type",
    "name",
    "description",
    "required",
    "autocomplete",
    "min_value",
    "max_value",
    "max_length",
    "channel_types",
];

/// The fingerprint of command definitions, those that were made or those that Discord gave back.
pub fn fingerprint(definitions: &[Value]) -> String {
    let mut hash = Sha256::new();
    for definition in sorted(definitions) {
        add(&mut hash, definition);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Commands have no order; their options do.
fn sorted(definitions: &[Value]) -> Vec<&Value> {
    let mut sorted: Vec<_> = definitions.iter().collect();
    sorted.sort_by_key(|definition| definition["name"].as_str().unwrap_or_default());
    sorted
}

fn add(hash: &mut Sha256, definition: &Value) {
    let nothing = Map::new();
    let said = definition.as_object().unwrap_or(&nothing);
    for name in SAID {
        let value = said.get(name).and_then(said_of);
        hash.update(format!("{name}={};", value.unwrap_or_default()));
    }
    for list in ["choices", "options"] {
        let items = said.get(list).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        hash.update(format!("{list}={}[", items.len()));
        for item in items {
            if list == "choices" {
                hash.update(format!("{}:{};", item["name"], item["value"]));
            } else {
                add(hash, item);
            }
        }
        hash.update("]");
    }
}

/// A value as it is compared: what says nothing is the same as what is left out, and a whole number
/// the same with a point or without.
fn said_of(value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::Bool(false) => None,
        Value::Array(values) if values.is_empty() => None,
        Value::Number(number) => number.as_f64().map(|number| number.to_string()),
        Value::Bool(true) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            Some(value.to_string())
        }
    }
}
