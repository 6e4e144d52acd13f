//! Connections: accepted up to a number, bounded in time, and ended in order.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use gmbot_backend::Operations;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};

use crate::app::App;
use crate::files;
use crate::settings::Settings;

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1_024;
/// How long accepting rests when the system has no more connections to give.
const REST: Duration = Duration::from_millis(100);

/// Why a server can't run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address can't be listened at.
    #[error(
        "can't listen at {address}: {cause}; choose another address with `http.listen` in the settings, or `--listen`"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        cause: io::Error,
    },
    /// The system gives no threads.
    #[error("can't start: {0}")]
    Start(#[source] io::Error),
}

/// A server that listens, and does not answer yet.
#[derive(Debug)]
pub struct Server {
    runtime: Runtime,
    listener: TcpListener,
    address: SocketAddr,
    settings: Settings,
}

impl Server {
    /// Listens at the address of the settings.
    ///
    /// # Errors
    /// When the address can't be listened at.
    pub fn bind(settings: Settings) -> Result<Self, ServeError> {
        let runtime = Builder::new_multi_thread().enable_all().thread_name("gmbot-http").build();
        let runtime = runtime.map_err(ServeError::Start)?;
        let failed = |cause| ServeError::Listen { address: settings.listen, cause };
        let listener = {
            let _context = runtime.enter();
            listen(settings.listen).map_err(failed)?
        };
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { runtime, listener, address, settings })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves a backend until `stop` is there, and then finishes what was accepted, at most for the
    /// grace of the settings. Blocks all the while.
    pub fn run(self, backend: Arc<dyn Operations>, stop: impl Future<Output = ()>) {
        let Self { runtime, listener, settings, address: _ } = self;
        runtime.block_on(serve(listener, settings, backend, stop));
        // What still runs has had its time.
        runtime.shutdown_background();
    }
}

async fn serve(
    listener: TcpListener,
    settings: Settings,
    backend: Arc<dyn Operations>,
    stop: impl Future<Output = ()>,
) {
    let (close, closing) = watch::channel(false);
    let changes = follow(&backend);
    let (grace, head) = (settings.grace, settings.head);
    let open = Arc::new(Semaphore::new(files::room_for(settings.connections)));
    let app = App::new(backend, settings, changes, closing);
    let router = Arc::clone(&app).router();
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let (stream, permit) = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &open) => accepted,
        };
        let watched = graceful.watch(connection(stream, router.clone(), head));
        let counted = app.metrics.connected();
        tokio::spawn(async move {
            // A connection that breaks is its client's matter.
            watched.await.ok();
            drop((permit, counted));
        });
    }
    drop(listener);
    close.send(true).ok();
    timeout(grace, graceful.shutdown()).await.ok();
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A server that was just stopped may start again at once.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// The next connection, once there is room for it.
async fn accept(
    listener: &TcpListener,
    open: &Arc<Semaphore>,
) -> (TcpStream, Option<tokio::sync::OwnedSemaphorePermit>) {
    let permit = Arc::clone(open).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, _peer)) => {
                stream.set_nodelay(true).ok();
                return (stream, permit);
            }
            // Out of file handles, or the peer left while it waited: neither lasts.
            Err(_cause) => sleep(REST).await,
        }
    }
}

fn connection(
    stream: TcpStream,
    router: Router,
    head: Duration,
) -> http1::Connection<TokioIo<TcpStream>, TowerToHyperService<Router>> {
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .max_headers(64)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
}

/// Counts the backend's changes, in a thread that ends with the backend.
fn follow(backend: &Arc<dyn Operations>) -> watch::Receiver<u64> {
    let (count, counted) = watch::channel(0);
    let changes = backend.watch();
    let spawned =
        std::thread::Builder::new().name("gmbot-http-changes".to_owned()).spawn(move || {
            while changes.recv().is_ok() && !count.is_closed() {
                count.send_modify(|seen| *seen += 1);
            }
        });
    // Without the thread those who wait for changes hear of none before their time is over.
    drop(spawned);
    counted
}
