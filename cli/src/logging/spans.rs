//! Spans for a collector that speaks OTLP over HTTP: of one request in so many all that was done for
//! it, down to the statement.

use std::cell::Cell;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::span::Id;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, Filter};
use tracing_subscriber::registry::LookupSpan;
use ureq::Agent;

use crate::config::Profile;
use crate::failure::Failure;

/// Where collectors take spans, below the address that is set.
const PATH: &str = "/v1/traces";
/// How long sending may take, also what is left at the end.
const PATIENCE: Duration = Duration::from_secs(5);
/// What spans may begin with: a request, and a deadline that is met.
const ROOTS: [&str; 2] = ["request", "due"];

/// Where spans go, and how many.
#[derive(Debug, Clone)]
pub(crate) struct Otlp {
    /// The collector; none: nowhere.
    pub(crate) url: Option<String>,
    /// Of how many requests one is sent.
    pub(crate) every: NonZeroU32,
}

impl Otlp {
    /// What is usual: all where things are tried, some where a community plays.
    pub(crate) fn of(profile: Profile) -> Self {
        const ALL: NonZeroU32 = NonZeroU32::MIN;
        const SOME: NonZeroU32 = NonZeroU32::new(16).expect("not zero");
        let every = match profile {
            Profile::Development => ALL,
            Profile::Production => SOME,
        };
        Self { url: None, every }
    }

    /// Begins to send, if there is somewhere to send to.
    pub(super) fn start(&self) -> Result<Option<Sending>, Failure> {
        let Some(url) = &self.url else { return Ok(None) };
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .build();
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Client(config.into()))
            .with_endpoint(format!("{}{PATH}", url.trim_end_matches('/')))
            .with_timeout(PATIENCE)
            .build()
            .map_err(|error| Failure::Otlp { url: url.clone(), cause: error.to_string() })?;
        let version = opentelemetry::KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let resource = Resource::builder().with_service_name("gmbot").with_attribute(version);
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource.build())
            .build();
        Ok(Some(Sending { provider, every: self.every }))
    }
}

/// What sends. When it goes, it sends what is left.
#[derive(Debug)]
pub(super) struct Sending {
    provider: SdkTracerProvider,
    every: NonZeroU32,
}

impl Sending {
    /// What collects the spans.
    pub(super) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'s> LookupSpan<'s>,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer("gmbot"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_target(false)
            .with_level(false)
            .with_filter(Some { every: self.every, begun: AtomicU32::new(0) })
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        // A collector that is away was told of in the log.
        self.provider.shutdown_with_timeout(PATIENCE).ok();
    }
}

thread_local! {
    /// How many spans this thread is in that were let through. Asking the subscriber each time would
    /// cost the requests that are not sent more than all else.
    static INSIDE: Cell<u32> = const { Cell::new(0) };
}

/// Lets one request in so many through, with all that is inside.
struct Some {
    every: NonZeroU32,
    /// How many began.
    begun: AtomicU32,
}

impl<S: Subscriber + for<'s> LookupSpan<'s>> Filter<S> for Some {
    fn enabled(&self, metadata: &Metadata<'_>, _context: &Context<'_, S>) -> bool {
        if INSIDE.get() > 0 {
            return metadata.target().starts_with("gmbot");
        }
        metadata.is_span()
            && ROOTS.contains(&metadata.name())
            && self.begun.fetch_add(1, Ordering::Relaxed).is_multiple_of(self.every.get())
    }

    fn on_enter(&self, _id: &Id, _context: Context<'_, S>) {
        INSIDE.set(INSIDE.get() + 1);
    }

    fn on_exit(&self, _id: &Id, _context: Context<'_, S>) {
        INSIDE.set(INSIDE.get().saturating_sub(1));
    }
}

/// Sends over the same library as all else. The thread that it blocks is the sender's own.
#[derive(Debug)]
struct Client(Agent);

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answer = self.0.run(request.map(Vec::from))?;
        let (head, mut body) = answer.into_parts();
        Ok(Response::from_parts(head, body.read_to_vec()?.into()))
    }
}
