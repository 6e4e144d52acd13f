//! What is told of a program that runs for long: a log on standard error, and spans for a collector.

mod fields;
mod json;
#[cfg(feature = "otlp")]
mod spans;

use std::io;
use std::panic::PanicHookInfo;

use tracing::level_filters::LevelFilter;
use tracing::{Subscriber, error};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer, fmt, registry};

use crate::config::{Profile, Settings};
use crate::failure::Failure;
#[cfg(feature = "otlp")]
pub(crate) use spans::Otlp;

/// The library that speaks Matrix: it tells of each request, and of what is usual as of an error. What
/// matters of that its face tells.
const MATRIX: &str = "matrix_sdk";
/// How much of it is logged.
const QUIET: [(&str, LevelFilter); 3] = [
    (MATRIX, LevelFilter::WARN),
    ("matrix_sdk::http_client", LevelFilter::OFF),
    ("matrix_sdk_crypto::backups", LevelFilter::ERROR),
];

/// What is logged, and how.
#[derive(Debug, Clone)]
pub(crate) struct Log {
    pub(crate) format: Format,
    /// From which level on, by module if need be.
    pub(crate) level: Targets,
}

/// How a line of the log looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs: an object a line.
    Json,
}

impl Format {
    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }

    /// The format of a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Text, Self::Json].into_iter().find(|format| format.name() == name)
    }
}

impl Log {
    /// What is usual: people read along where things are tried, and programs where a community plays.
    pub(crate) fn of(profile: Profile) -> Self {
        let format = match profile {
            Profile::Development => Format::Text,
            Profile::Production => Format::Json,
        };
        Self { format, level: Targets::new().with_default(LevelFilter::INFO) }
    }

    /// What is logged: of talkative libraries only what they warn of, unless they are named.
    fn wanted(&self) -> Targets {
        let named = self.level.clone().into_iter().any(|(target, _)| target.starts_with(MATRIX));
        let level = self.level.clone();
        if named { level } else { level.with_targets(QUIET) }
    }

    /// What writes the log.
    fn layer<S>(&self) -> Box<dyn Layer<S> + Send + Sync>
    where
        S: Subscriber + for<'s> LookupSpan<'s>,
    {
        let layer = fmt::layer().with_writer(io::stderr);
        // Whoever wants to see stages wants to see how long each took.
        let stages = self.level.would_enable("gmbot_backend", &tracing::Level::DEBUG);
        let closed = if stages { FmtSpan::CLOSE } else { FmtSpan::NONE };
        match self.format {
            Format::Text => layer.with_span_events(closed).fmt_fields(fields::Plain).boxed(),
            Format::Json => layer
                .with_span_events(closed)
                .fmt_fields(json::Json)
                .event_format(json::Json)
                .boxed(),
        }
    }
}

/// The log while it is written. What was not sent yet leaves when this goes.
#[derive(Debug)]
pub(crate) struct Logging {
    #[cfg(feature = "otlp")]
    _spans: Option<spans::Sending>,
}

/// Begins to log as the settings say.
pub(crate) fn start(settings: &Settings) -> Result<Logging, Failure> {
    let log = settings.log.layer().with_filter(settings.log.wanted());
    let registry = registry().with(log);
    #[cfg(feature = "otlp")]
    let sending = settings.otlp.start()?;
    #[cfg(feature = "otlp")]
    let registry = registry.with(sending.as_ref().map(spans::Sending::layer));
    // It fails only where something logs already, and this is the one place that begins to.
    registry.try_init().ok();
    std::panic::set_hook(Box::new(tell_panic));
    Ok(Logging {
        #[cfg(feature = "otlp")]
        _spans: sending,
    })
}

/// Logs that something panicked. Words that were put together may hold what somebody wrote, so only
/// those are told that stand in the program.
fn tell_panic(panic: &PanicHookInfo<'_>) {
    let words = panic.payload().downcast_ref::<&'static str>().copied();
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    error!(place, words, "gmbot panicked");
}
