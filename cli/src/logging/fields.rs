//! The fields of a log line, without those that only OpenTelemetry wants, whose names have a dot:
//! for people as `name=value`, for programs as JSON.

use std::fmt::{self, Debug};

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::span::Record;
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::FormattedFields;
use tracing_subscriber::fmt::format::{FormatFields, Writer};

/// Whether a field is for the log.
fn is_told(field: &Field) -> bool {
    !field.name().contains('.') || field.name().starts_with("time.")
}

/// Writes fields for people.
#[derive(Debug)]
pub(super) struct Plain;

/// Writes the fields of spans for programs.
#[derive(Debug)]
pub(super) struct Json;

impl<'w> FormatFields<'w> for Plain {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'w>, fields: R) -> fmt::Result {
        let mut line = Line { writer, begun: false, outcome: Ok(()) };
        fields.record(&mut line);
        line.outcome
    }

    fn add_fields(
        &self,
        current: &'w mut FormattedFields<Self>,
        fields: &Record<'_>,
    ) -> fmt::Result {
        let begun = !current.fields.is_empty();
        let mut line = Line { writer: current.as_writer(), begun, outcome: Ok(()) };
        fields.record(&mut line);
        line.outcome
    }
}

/// A line that is being written.
struct Line<'w> {
    writer: Writer<'w>,
    begun: bool,
    outcome: fmt::Result,
}

impl Visit for Line<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        // What is not there needs no mention.
        if !value.is_empty() {
            self.record_debug(field, &value);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if !is_told(field) {
            return;
        }
        let space = if self.begun { " " } else { "" };
        self.begun = true;
        self.outcome = self.outcome.and_then(|()| match field.name() {
            "message" => write!(self.writer, "{space}{value:?}"),
            name => write!(self.writer, "{space}{name}={value:?}"),
        });
    }
}

impl<'w> FormatFields<'w> for Json {
    fn format_fields<R: RecordFields>(&self, mut writer: Writer<'w>, fields: R) -> fmt::Result {
        let mut object = Object::default();
        fields.record(&mut object);
        write!(writer, "{}", Value::Object(object.0))
    }

    fn add_fields(
        &self,
        current: &'w mut FormattedFields<Self>,
        fields: &Record<'_>,
    ) -> fmt::Result {
        let mut object = Object::default();
        fields.record(&mut object);
        if !object.0.is_empty() {
            // It was written above, or is empty.
            let mut all: Map<_, _> = serde_json::from_str(&current.fields).unwrap_or_default();
            all.append(&mut object.0);
            current.fields = Value::Object(all).to_string();
        }
        Ok(())
    }
}

/// Fields as an object.
#[derive(Default)]
struct Object(Map<String, Value>);

impl Object {
    fn add(&mut self, field: &Field, value: Value) {
        if is_told(field) {
            self.0.insert(field.name().to_owned(), value);
        }
    }
}

impl Visit for Object {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // Only what is told is worth its words.
        if is_told(field) {
            self.add(field, format!("{value:?}").into());
        }
    }
}
