//! Reads the fields of a body, and notes what is missing, of the wrong type, too long or unknown.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::refusal::Errors;

/// An object of a body and the path to it.
pub(crate) struct Form<'a> {
    fields: Option<&'a Map<String, Value>>,
    at: String,
}

impl<'a> Form<'a> {
    /// Takes an object that may have these fields and no others. Discord itself passes over some
    /// that it does not know; a test is better off if a misspelt one is refused.
    pub(crate) fn read(value: &'a Value, at: &str, known: &[&str], errors: &mut Errors) -> Self {
        let fields = value.as_object();
        match fields {
            None => errors.add(at, "MODEL_TYPE_CONVERT", "Only dictionaries may be used."),
            Some(fields) => {
                for name in fields.keys().filter(|name| !known.contains(&name.as_str())) {
                    errors.add(&join(at, name), "UNKNOWN_FIELD", "This field is not known.");
                }
            }
        }
        Self { fields, at: at.to_owned() }
    }

    /// The path to a field.
    pub(crate) fn at(&self, name: &str) -> String {
        join(&self.at, name)
    }

    /// A field, unless it is absent or null.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        self.fields?.get(name).filter(|value| !value.is_null())
    }

    /// Notes an error if the field is absent.
    pub(crate) fn require(&self, name: &str, errors: &mut Errors) {
        if self.fields.is_some() && self.get(name).is_none() {
            errors.add(&self.at(name), "BASE_TYPE_REQUIRED", "This field is required");
        }
    }

    /// Text whose length in characters, without space at its ends, lies in a range.
    pub(crate) fn text(
        &self,
        name: &str,
        length: RangeInclusive<usize>,
        errors: &mut Errors,
    ) -> Option<&'a str> {
        let value = self.get(name)?;
        let Some(text) = value.as_str() else {
            errors.add(&self.at(name), "STRING_TYPE_CONVERT", "Could not interpret as string.");
            return None;
        };
        let text = text.trim();
        check_length(&self.at(name), text.chars().count(), &length, errors);
        Some(text)
    }

    /// A whole number in a range.
    pub(crate) fn number(
        &self,
        name: &str,
        range: RangeInclusive<i64>,
        errors: &mut Errors,
    ) -> Option<i64> {
        let value = self.get(name)?;
        let Some(number) = value.as_i64() else {
            errors.add(&self.at(name), "NUMBER_TYPE_COERCE", "Value is not int.");
            return None;
        };
        if number < *range.start() {
            let words = format!("int value should be greater than or equal to {}.", range.start());
            errors.add(&self.at(name), "NUMBER_TYPE_MIN", words);
        }
        if number > *range.end() {
            let words = format!("int value should be less than or equal to {}.", range.end());
            errors.add(&self.at(name), "NUMBER_TYPE_MAX", words);
        }
        Some(number)
    }

    /// Yes or no; absent is no.
    pub(crate) fn truth(&self, name: &str, errors: &mut Errors) -> bool {
        let Some(value) = self.get(name) else { return false };
        value.as_bool().unwrap_or_else(|| {
            errors.add(&self.at(name), "BOOLEAN_TYPE_CONVERT", "Must be either true or false.");
            false
        })
    }

    /// A list whose length lies in a range, each item with its path.
    pub(crate) fn list(
        &self,
        name: &str,
        length: RangeInclusive<usize>,
        errors: &mut Errors,
    ) -> Vec<(String, &'a Value)> {
        let Some(value) = self.get(name) else { return Vec::new() };
        let Some(items) = value.as_array() else {
            errors.add(&self.at(name), "LIST_TYPE_CONVERT", "Only iterables may be used.");
            return Vec::new();
        };
        check_length(&self.at(name), items.len(), &length, errors);
        items
            .iter()
            .enumerate()
            .map(|(n, item)| (join(&self.at(name), &n.to_string()), item))
            .collect()
    }

    /// An id: digits in a string, or a number.
    pub(crate) fn id(&self, name: &str, errors: &mut Errors) -> Option<u64> {
        let value = self.get(name)?;
        let id = snowflake(value);
        if id.is_none() {
            let words = format!("Value \"{value}\" is not snowflake.");
            errors.add(&self.at(name), "NUMBER_TYPE_COERCE", words);
        }
        id
    }
}

/// An id as Discord takes it.
pub(crate) fn snowflake(value: &Value) -> Option<u64> {
    value
        .as_str()
        .and_then(|text| text.parse().ok())
        .or_else(|| value.as_u64())
        .filter(|id| *id > 0)
}

fn join(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
}

fn check_length(at: &str, found: usize, range: &RangeInclusive<usize>, errors: &mut Errors) {
    if range.contains(&found) {
        return;
    }
    let (least, most) = (*range.start(), *range.end());
    if found == 0 {
        errors.add(at, "BASE_TYPE_REQUIRED", "This field is required");
    } else if found > most {
        let words = format!("Must be {most} or fewer in length.");
        errors.add(at, "BASE_TYPE_MAX_LENGTH", words);
    } else {
        errors.add(at, "BASE_TYPE_MIN_LENGTH", format!("Must be {least} or more in length."));
    }
}
