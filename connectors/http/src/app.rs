//! What all routes share, and the table of routes.

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, Method, header};
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use gmbot_backend::{BackendError, Operations};
use gmbot_client::wire::{self, path};
use tokio::sync::watch;
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::limits::Limit;
use crate::metrics::Metrics;
use crate::observe::observe;
use crate::pool::Pool;
use crate::problem::Problem;
use crate::routes::{changes, command, health, line, metrics, outbox, proof, reads, requests};
use crate::settings::Settings;

/// What all routes share.
pub(crate) struct App {
    pub(crate) backend: Arc<dyn Operations>,
    pub(crate) pool: Pool,
    pub(crate) per_key: Limit,
    pub(crate) per_person: Limit,
    pub(crate) settings: Settings,
    pub(crate) metrics: Metrics,
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

    /// All routes.
    pub(crate) fn router(self: Arc<Self>) -> Router {
        let origins: Vec<HeaderValue> =
            self.settings.origins.iter().filter_map(|origin| origin.parse().ok()).collect();
        let router = Router::new()
            .route("/healthz", get(health::alive))
            .route("/readyz", get(health::ready))
            .route("/metrics", get(metrics::scrape))
            .route("/line", post(line::say))
            .route("/api/v1/wars", get(reads::wars))
            .route("/api/v1/wars/{id}", get(reads::war))
            .route("/api/v1/wars/{id}/proof", post(proof::file))
            .route("/api/v1/clans/{id}", get(reads::clan))
            .route("/api/v1/leaderboard", get(reads::leaderboard))
            .route("/api/v1/games", get(reads::games))
            .route("/api/v1/formats", get(reads::formats))
            .route("/api/v1/log", get(reads::log))
            .route(path::REQUESTS, post(requests::submit))
            .route(path::VIEW, post(requests::view))
            .route(path::IMAGE, post(requests::image))
            .route(path::CLAIM, post(outbox::claim))
            .route(path::ACKNOWLEDGE, post(outbox::acknowledge))
            .route(path::CHANGES, get(changes::wait));
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
