//! The bounds of whole numbers: a format like `uint32` says them to those who know it, so they are
//! written out for all others.

use serde_json::Value;

/// The formats, each with its least and its largest number.
const FORMATS: [(&str, i128, i128); 8] = [
    ("int8", i8::MIN as i128, i8::MAX as i128),
    ("int16", i16::MIN as i128, i16::MAX as i128),
    ("int32", i32::MIN as i128, i32::MAX as i128),
    ("int64", i64::MIN as i128, i64::MAX as i128),
    ("uint8", 0, u8::MAX as i128),
    ("uint16", 0, u16::MAX as i128),
    ("uint32", 0, u32::MAX as i128),
    ("uint64", 0, u64::MAX as i128),
];

/// Adds the bounds of each number in a document that has none.
pub(super) fn bound(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let format = fields.get("format").and_then(Value::as_str);
            let known = FORMATS.into_iter().find(|(name, ..)| Some(*name) == format);
            if let Some((_, least, largest)) = known {
                for (name, number) in [("minimum", least), ("maximum", largest)] {
                    // All of these fit into one of the two.
                    let number = i64::try_from(number).map_or(Value::from(u64::MAX), Value::from);
                    fields.entry(name).or_insert(number);
                }
            }
            fields.values_mut().for_each(bound);
        }
        Value::Array(items) => items.iter_mut().for_each(bound),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
