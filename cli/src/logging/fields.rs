//! The fields of a log line, without those that only OpenTelemetry wants, whose names have a dot; for
//! people they are written as `name=value`.

use std::fmt::{self, Debug};

use tracing::field::{Field, Visit};
use tracing::span::Record;
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::FormattedFields;
use tracing_subscriber::fmt::format::{FormatFields, Writer};

/// Whether a field is for the log.
pub(super) fn is_told(field: &Field) -> bool {
    !field.name().contains('.') || field.name().starts_with("time.")
}

/// Writes fields for people.
#[derive(Debug)]
pub(super) struct Plain;

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
