//! What all routes share, and the table of routes.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderValue, Method, header};
use axum::middleware::from_fn_with_state;
use axum::routing::post;
use gmbot_backend::{BackendError, Operations};
use gmbot_client::wire;
use tokio::sync::{Semaphore, watch};
use tower_http::cors::{AllowOrigin, CorsLayer};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::document;
use crate::limits::Limit;
use crate::metrics::Metrics;
use crate::observe::observe;
use crate::pool::Pool;
use crate::problem::Problem;
use crate::routes::{
    changes, command, due, facts, health, line, metrics, outbox, proof, reads, requests,
};
use crate::settings::Settings;

/// What part of the connections connectors may keep to be told of what is due.
const LISTENERS: usize = 4;

/// What all routes share.
pub(crate) struct App {
    pub(crate) backend: Arc<dyn Operations>,
    pub(crate) pool: Pool,
    pub(crate) per_key: Limit,
    pub(crate) per_person: Limit,
    pub(crate) settings: Settings,
    pub(crate) metrics: Metrics,
    /// The API document, as JSON.
    pub(crate) document: Bytes,
    /// How many more connectors can be told of what is due.
    pub(crate) listeners: Arc<Semaphore>,
    /// How often something may have changed since the server began.
    pub(crate) changes: watch::Receiver<u64>,
    /// Whether the server takes no more requests.
    pub(crate) closing: watch::Receiver<bool>,
}

impl App {
    pub(crate) fn new(
        backend: Arc<dyn Operations>,
        settings: Settings,
        changes: watch::Receiver<u64>,
        closing: watch::Receiver<bool>,
    ) -> Arc<Self> {
        Arc::new(Self {
            backend,
            pool: Pool::new(settings.workers, settings.patience),
            per_key: Limit::per_second(settings.calls_per_key),
            per_person: Limit::per_second(settings.calls_per_person),
            document: document::written(described(&settings)),
            listeners: Arc::new(Semaphore::new(settings.connections / LISTENERS)),
            settings,
            metrics: Metrics::new(),
            changes,
            closing,
        })
    }

    /// Asks the backend for something, on a thread on which that may block.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        what: impl FnOnce(&dyn Operations) -> Result<T, BackendError> + Send + 'static,
    ) -> Result<T, Problem> {
        let backend = Arc::clone(&self.backend);
        self.pool.run(move || what(&*backend)).await
    }

    /// Everything that answers.
    pub(crate) fn router(self: Arc<Self>) -> Router {
        let origins: Vec<HeaderValue> =
            self.settings.origins.iter().filter_map(|origin| origin.parse().ok()).collect();
        let (router, _document) = routes().split_for_parts();
        let router = self
            .add_commands(router)
            .method_not_allowed_fallback(|| async { Problem::Method })
            .layer(from_fn_with_state(Arc::clone(&self), observe))
            .with_state(self);
        if origins.is_empty() { router } else { router.layer(cors(origins)) }
    }

    /// Adds the commands, the pages beside them if there are any, and the answer to all other paths.
    fn add_commands(self: &Arc<Self>, router: Router<Arc<Self>>) -> Router<Arc<Self>> {
        let commands = post(command::run);
        #[cfg(feature = "web")]
        if self.settings.pages.shown {
            return crate::pages::beside(router, commands, self);
        }
        router.route("/{command}", commands).fallback(|| async { Problem::nothing_there() })
    }
}

/// All routes but the commands, each with its description.
fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(document::begun())
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .routes(routes!(metrics::scrape))
        .routes(routes!(document::json))
        .routes(routes!(line::say))
        .routes(routes!(facts::tell))
        .routes(routes!(reads::wars))
        .routes(routes!(reads::war))
        .routes(routes!(proof::file))
        .routes(routes!(proof::show))
        .routes(routes!(reads::clan))
        .routes(routes!(reads::leaderboard))
        .routes(routes!(reads::games))
        .routes(routes!(reads::formats))
        .routes(routes!(reads::log))
        .routes(routes!(requests::submit))
        .routes(routes!(requests::view))
        .routes(routes!(requests::image))
        .routes(routes!(requests::complete))
        .routes(routes!(outbox::claim))
        .routes(routes!(outbox::acknowledge))
        .routes(routes!(outbox::waiting))
        .routes(routes!(due::tell))
        .routes(routes!(changes::wait))
}

/// The descriptions of all routes, and of the pages beside them if there are any.
#[cfg(feature = "web")]
fn described(settings: &Settings) -> OpenApi {
    let routes = routes().into_openapi();
    if settings.pages.shown { routes.merge_from(crate::pages::described()) } else { routes }
}

/// The descriptions of all routes.
#[cfg(not(feature = "web"))]
fn described(_settings: &Settings) -> OpenApi {
    routes().into_openapi()
}

/// Lets the scripts of some web sites call.
fn cors(origins: Vec<HeaderValue>) -> CorsLayer {
    let headers =
        [wire::CLIENT, wire::KEY, wire::IDEMPOTENCY_KEY].map(header::HeaderName::from_static);
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(headers.into_iter().chain([header::CONTENT_TYPE]).collect::<Vec<_>>())
        .expose_headers([
            header::HeaderName::from_static(wire::IDEMPOTENCY_KEY),
            header::HeaderName::from_static(wire::REQUEST_ID),
            header::RETRY_AFTER,
        ])
}
