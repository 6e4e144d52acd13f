//! A line of the log for programs: an object, written once as it goes.

use std::fmt::{self, Debug};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, Writer};
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormattedFields};
use tracing_subscriber::registry::{LookupSpan, Scope};

use super::fields::is_told;

/// Writes events, and keeps the fields of spans as they stand in an object, each with a comma
/// behind it, so that nothing has to be read again when an event is written.
#[derive(Debug)]
pub(super) struct Json;

impl<S> FormatEvent<S, Self> for Json
where
    S: Subscriber + for<'s> LookupSpan<'s>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, Self>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let about = event.metadata();
        writer.write_str("{\"timestamp\":\"")?;
        SystemTime.format_time(&mut writer)?;
        write!(writer, "\",\"level\":\"{}\",", about.level())?;
        self.format_fields(writer.by_ref(), event)?;
        write!(writer, "\"target\":\"{}\",\"spans\":[", about.target())?;
        let spans = context.event_scope().into_iter().flat_map(Scope::from_root);
        for (number, span) in spans.enumerate() {
            let comma = if number == 0 { "" } else { "," };
            let extensions = span.extensions();
            let fields = extensions.get::<FormattedFields<Self>>();
            let fields = fields.map_or("", |kept| kept.fields.as_str());
            write!(writer, "{comma}{{{fields}\"name\":\"{}\"}}", span.name())?;
        }
        writer.write_str("]}\n")
    }
}

impl<'w> FormatFields<'w> for Json {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'w>, fields: R) -> fmt::Result {
        let mut object = Object { writer, outcome: Ok(()) };
        fields.record(&mut object);
        object.outcome
    }
}

/// The inside of an object that is being written.
struct Object<'w> {
    writer: Writer<'w>,
    outcome: fmt::Result,
}

impl Object<'_> {
    /// Adds a field whose value is JSON as it is; its name is a word of the program's.
    fn add(&mut self, field: &Field, json: fmt::Arguments<'_>) {
        if is_told(field) {
            let writer = &mut self.writer;
            self.outcome =
                self.outcome.and_then(|()| write!(writer, "\"{}\":{json},", field.name()));
        }
    }
}

impl Visit for Object<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        match serde_json::to_string(value) {
            Ok(text) => self.add(field, format_args!("{text}")),
            Err(_) => self.outcome = Err(fmt::Error),
        }
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, format_args!("{value}"));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, format_args!("{value}"));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, format_args!("{value}"));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if value.is_finite() {
            self.add(field, format_args!("{value:?}"));
        } else {
            self.add(field, format_args!("null"));
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // Only what is told is worth its words.
        if is_told(field) {
            self.record_str(field, &format!("{value:?}"));
        }
    }
}
