//! Pages for browsers: what a stranger may see, rendered here, without a build step. They work
//! without scripts; nothing on them comes from elsewhere.
//!
//! They answer the GETs that no other route does, so that `GET /leaderboard` is a page beside the
//! command `POST /leaderboard`.

mod api;
mod assets;
mod challenges;
mod chart;
mod clan;
mod commands;
mod eyes;
mod failure;
mod frame;
mod games;
mod home;
mod leaderboard;
mod live;
mod piece;
mod rows;
mod war;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use gmbot_engine::grammar::table;
use tokio::sync::Semaphore;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::observe::note_route;
use crate::pool::Pool;
use crate::problem::Problem;
use failure::Failure;

/// What part of the server's threads and connections visitors without a key may take.
const SHARE: usize = 4;

/// What all pages share.
struct Site {
    app: Arc<App>,
    /// Threads for reading, apart from the clients', who are not to wait for visitors.
    pool: Pool,
    /// How many more visitors can be told of changes.
    listeners: Arc<Semaphore>,
}

/// Adds the pages to the server's routes: below whatever else answers, and beside the commands.
pub(crate) fn beside(
    router: Router<Arc<App>>,
    commands: MethodRouter<Arc<App>>,
    app: &Arc<App>,
) -> Router<Arc<App>> {
    // The methods that a page takes are known outside of the pages alone.
    let pages = Router::new().fallback_service(site(app)).layer(from_fn(with_commands));
    router
        // Pages that no command has the name of.
        .route_service("/api", pages.clone())
        .route_service("/challenges", pages.clone())
        .route("/{command}", commands.fallback_service(pages.clone()))
        .fallback_service(pages)
}

/// All pages, each with its description.
fn routes() -> OpenApiRouter<Arc<Site>> {
    OpenApiRouter::new()
        .routes(routes!(home::page))
        .routes(routes!(commands::page))
        .routes(routes!(api::page))
        .routes(routes!(challenges::page))
        .routes(routes!(leaderboard::page))
        .routes(routes!(clan::page))
        .routes(routes!(war::page))
        .routes(routes!(live::war))
        .routes(routes!(live::challenges))
        .routes(routes!(assets::file))
}

/// The descriptions of all pages, for the API document.
pub(crate) fn described() -> OpenApi {
    routes().into_openapi()
}

fn site(app: &Arc<App>) -> Router {
    let settings = &app.settings;
    let site = Arc::new(Site {
        pool: Pool::new(settings.workers / SHARE, settings.patience),
        listeners: Arc::new(Semaphore::new(settings.connections / SHARE)),
        app: Arc::clone(app),
    });
    let (pages, _described) = routes().split_for_parts();
    pages
        .fallback(nothing)
        .method_not_allowed_fallback(|| async { Problem::Method })
        .layer(map_response(guard))
        .layer(from_fn(note_route))
        .with_state(site)
}

/// Whether there is a command at a path.
fn is_command(uri: &Uri) -> bool {
    uri.path().strip_prefix('/').and_then(table::find).is_some()
}

/// Says of a path that is a command's what it takes besides pages' methods.
async fn with_commands(request: Request, next: Next) -> Response {
    let is_command = is_command(request.uri());
    let mut response = next.run(request).await;
    if is_command && response.status() == StatusCode::METHOD_NOT_ALLOWED {
        let headers = response.headers_mut();
        let both = if headers.contains_key(header::ALLOW) { "GET,HEAD,POST" } else { "POST" };
        headers.insert(header::ALLOW, HeaderValue::from_static(both));
    }
    response
}

/// The answer where there is no page: a page for people, JSON for programs.
async fn nothing(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if is_command(&uri) {
        return Problem::Method.into_response();
    }
    let accepts = headers.get(header::ACCEPT).and_then(|accepts| accepts.to_str().ok());
    let is_browser = accepts.is_some_and(|kinds| kinds.contains("text/html"));
    match (method, is_browser) {
        (Method::GET | Method::HEAD, true) => Failure::Nothing.into_response(),
        (Method::GET | Method::HEAD | Method::POST, _) => Problem::nothing_there().into_response(),
        _ => Problem::Method.into_response(),
    }
}

/// What browsers are told besides: nothing but this server's own files is loaded or run, and nobody
/// shows a page inside theirs.
async fn guard(mut response: Response) -> Response {
    const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
        connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; \
        frame-ancestors 'none'";
    const HEADERS: [(HeaderName, &str); 6] = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-cache"));
    response
}
