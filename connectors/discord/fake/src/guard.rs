//! A proxy that lets nothing through: whatever the bot wants from elsewhere ends here.

use std::convert::Infallible;
use std::sync::Arc;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::Shared;

pub(crate) async fn listen(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            let service = service_fn(|request| std::future::ready(refuse(&shared, &request)));
            let http = hyper::server::conn::http1::Builder::new();
            drop(http.serve_connection(TokioIo::new(stream), service).await);
        });
    }
}

/// Notes who was wanted, and refuses.
fn refuse(
    shared: &Shared,
    request: &Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let wanted = format!("{} {}", request.method(), request.uri());
    shared.change(|state| state.foreign.push(wanted));
    let mut response = Response::new(Full::default());
    *response.status_mut() = StatusCode::FORBIDDEN;
    Ok(response)
}
