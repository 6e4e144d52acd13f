//! Servers in threads of this process: gmbot's own, and a bare one.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use axum::Router;
use axum::serve::ListenerExt as _;
use gmbot_backend::{Clock, Local, Options, Scope};
use gmbot_bench::{Failure, world};
use gmbot_engine::request::Origin;
use gmbot_http::{Server, Settings};
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::oneshot;

use crate::load::Caller;

/// A client that shares the clans of terminals, and so those of the measured world.
const CLIENT: &str = "terminal";

/// How many queries `gmbot serve` answers at a time.
const READERS: usize = 8;

/// A server; it has stopped when this is gone.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Any free port.
fn anywhere() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
}

/// gmbot's server over a database, and a client of it.
pub(crate) fn gmbot(path: &Path) -> Result<(Running, Caller), Failure> {
    // As `gmbot serve` opens it, without its counts of statements, and without the thread that hands
    // challenges on to whoever hears of them: that comes after the answer, and is not measured.
    let backend = Options::file(path).with_new_clock(Clock::Manual).with_readers(READERS).open()?;
    backend.set_now(world::NOW)?;
    let backend = Arc::new(backend);
    let key = key(&backend)?;
    let plenty = NonZeroU32::MAX;
    let settings =
        Settings { calls_per_key: plenty, calls_per_person: plenty, ..Settings::at(anywhere()) };
    let server = Server::bind(settings)?;
    let address = server.address();
    let running = Running::start(address, move |stopped| {
        server.run(backend, async {
            stopped.await.ok();
        });
    });
    Ok((running, Caller { client: CLIENT, key }))
}

fn key(backend: &Local) -> Result<String, Failure> {
    let origin = Origin::new(CLIENT, CLIENT)?;
    Ok(backend.add_key(&origin, Scope::Trusted)?.1.expose().to_owned())
}

/// A bare server with these routes.
pub(crate) fn bare(router: Router) -> Result<Running, Failure> {
    let runtime = Builder::new_multi_thread().enable_all().build()?;
    let listener = runtime.block_on(TcpListener::bind(anywhere()))?;
    let address = listener.local_addr()?;
    let listener = listener.tap_io(|stream| {
        stream.set_nodelay(true).ok();
    });
    Ok(Running::start(address, move |stopped| {
        runtime.block_on(async {
            tokio::select! {
                _ = axum::serve(listener, router) => {}
                _ = stopped => {}
            }
        });
    }))
}

impl Running {
    fn start(
        address: SocketAddr,
        run: impl FnOnce(oneshot::Receiver<()>) + Send + 'static,
    ) -> Self {
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || run(stopped));
        Self { address, stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}
