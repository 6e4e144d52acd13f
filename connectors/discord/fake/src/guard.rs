//! A proxy that lets nothing through: what the bot wants of Discord it gets here, over TLS as there,
//! and whatever it wants from elsewhere is noted and refused.

use std::convert::Infallible;
use std::sync::Arc;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio_native_tls::TlsAcceptor;

use crate::routes::Routes;
use crate::{Shared, server};

/// Where serenity finds Discord.
pub(crate) const DISCORD: &str = "discord.com";

#[derive(Clone)]
pub(crate) struct Guard {
    pub(crate) shared: Arc<Shared>,
    pub(crate) tls: TlsAcceptor,
    routes: Arc<Routes>,
}

impl Guard {
    pub(crate) fn new(shared: Arc<Shared>, tls: TlsAcceptor) -> Self {
        Self { shared, tls, routes: Arc::new(Routes::new()) }
    }

    pub(crate) async fn listen(self, listener: TcpListener) {
        while let Ok((stream, _)) = listener.accept().await {
            let guard = self.clone();
            tokio::spawn(async move {
                let service = service_fn(|request| std::future::ready(guard.answer(request)));
                let http = hyper::server::conn::http1::Builder::new();
                let connection = http.serve_connection(TokioIo::new(stream), service);
                drop(connection.with_upgrades().await);
            });
        }
    }

    fn answer(&self, mut request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
        let mut response = Response::new(Full::default());
        let to_discord = request.uri().host() == Some(DISCORD);
        if request.method() == Method::CONNECT && to_discord {
            tokio::spawn(self.clone().tunnel(hyper::upgrade::on(&mut request)));
            return Ok(response);
        }
        let wanted = format!("{} {}", request.method(), request.uri());
        self.shared.change(|state| state.foreign.push(wanted));
        *response.status_mut() = StatusCode::FORBIDDEN;
        Ok(response)
    }

    /// Is Discord at the end of a tunnel.
    async fn tunnel(self, upgrade: OnUpgrade) {
        let Ok(stream) = upgrade.await else { return };
        if let Ok(stream) = self.tls.accept(TokioIo::new(stream)).await {
            server::serve(stream, self.shared, self.routes).await;
        }
    }
}
