//! The brackets around stages and statements: each is a span for `tracing`, and a time.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Instant;

use gmbot_engine::rules::{Observer, Stage};
use gmbot_store::Watch;
use tracing::span::EnteredSpan;
use tracing::{debug_span, trace_span};

use crate::metrics::Metrics;
use crate::timing::{note, since};

/// Follows a request through the engine.
#[derive(Default)]
pub(crate) struct Course(RefCell<Option<Begun>>);

/// A stage that was not left yet.
struct Begun {
    stage: Stage,
    at: Instant,
    _span: EnteredSpan,
}

impl Course {
    /// Leaves the stage that the request is in.
    fn leave(&self) {
        let Some(Begun { stage, at, _span }) = self.0.take() else { return };
        let took = since(at);
        note(|noted| match stage {
            Stage::Parse => noted.parse += took,
            Stage::Access => noted.access += took,
            Stage::Rule => noted.rule += took,
        });
    }
}

impl Observer for Course {
    fn begins(&self, stage: Stage) {
        self.leave();
        let span = match stage {
            Stage::Parse => debug_span!("parse"),
            Stage::Access => debug_span!("access"),
            Stage::Rule => debug_span!("rule"),
        };
        self.0.replace(Some(Begun { stage, at: Instant::now(), _span: span.entered() }));
    }

    fn named(&self, command: &'static str) {
        note(|noted| noted.command = Some(command));
    }
}

impl Drop for Course {
    fn drop(&mut self) {
        self.leave();
    }
}

/// Measures each statement.
pub(crate) struct Statements(pub(crate) Arc<Metrics>);

impl Watch for Statements {
    fn around(&self, statement: &'static str, run: &mut dyn FnMut()) {
        // `otel.name` is what OpenTelemetry shows as the span's name.
        let _span = trace_span!("statement", otel.name = statement, statement).entered();
        let begun = Instant::now();
        run();
        let took = since(begun);
        note(|noted| {
            noted.statements += took;
            noted.ran += 1;
        });
        self.0.statement(statement, took);
    }
}
