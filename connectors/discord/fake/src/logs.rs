//! Catches what serenity writes about events that it could not read.
//!
//! It drops such an event with a line in the log and nothing else, so that a test which does not
//! look would pass over it.

use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::subscriber::{Interest, set_global_default};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt as _};

/// Who writes the lines.
const SOURCE: &str = "serenity";
/// How the lines begin.
const UNREADABLE: [&str; 3] =
    ["An unknown event was received", "Err deserializing", "Err decompressing"];

/// A layer that collects lines about events that could not be read.
#[derive(Clone, Debug, Default)]
pub struct Unreadable(Arc<Mutex<Vec<String>>>);

/// The lines of this process.
static EVERYWHERE: LazyLock<Unreadable> = LazyLock::new(|| {
    let all = Unreadable::default();
    let subscriber = tracing_subscriber::registry().with(all.clone());
    set_global_default(subscriber).expect("nobody else listens to the whole process");
    all
});

impl Unreadable {
    /// The lines of all of this process, from the first call on.
    ///
    /// # Panics
    /// If something else listens to the whole process already.
    pub fn everywhere() -> &'static Self {
        &EVERYWHERE
    }

    /// The lines so far.
    pub fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asserts that there is none.
    ///
    /// # Panics
    /// If there is.
    #[track_caller]
    pub fn assert_none(&self) {
        let lines = self.lines();
        assert!(lines.is_empty(), "serenity could not read: {lines:#?}");
    }
}

impl<S: Subscriber> Layer<S> for Unreadable {
    /// Whatever else is written costs nothing.
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if metadata.target().starts_with(SOURCE) { Interest::always() } else { Interest::never() }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if !event.metadata().target().starts_with(SOURCE) {
            return;
        }
        let mut line = Line(String::new());
        event.record(&mut line);
        if UNREADABLE.iter().any(|start| line.0.starts_with(start)) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line.0);
        }
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}
