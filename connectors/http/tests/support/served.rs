//! A server on a port of this machine, over a backend in memory, and plain HTTP to it.

#[path = "documented.rs"]
pub(crate) mod documented;

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::num::NonZeroU32;
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::Duration;

use gmbot_backend::{Clock, Local, Options, Scope};
use gmbot_engine::model::AtMs;
use gmbot_engine::request::Origin;
use gmbot_http::{Server, Settings};
use tokio::sync::oneshot;

/// When the tests' manual clocks begin.
pub(crate) const START: AtMs = AtMs(1_767_636_000_000);
/// How long a test waits for anything.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A server that runs; it stops when this is dropped.
pub(crate) struct Served {
    pub(crate) backend: Arc<Local>,
    pub(crate) address: SocketAddr,
    document: OnceLock<serde_json::Value>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// An answer over plain HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

/// Settings for tests: a free port, and no limit that a busy machine could reach.
pub(crate) fn settings() -> Settings {
    let plenty = NonZeroU32::new(100_000).unwrap();
    Settings {
        calls_per_key: plenty,
        calls_per_person: plenty,
        ..Settings::at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
    }
}

impl Served {
    /// A server over a new database in memory.
    pub(crate) fn new() -> Self {
        Self::with(settings())
    }

    pub(crate) fn with(settings: Settings) -> Self {
        let backend =
            Options::memory().with_new_clock(Clock::Manual).with_metrics().open().unwrap();
        backend.set_now(START).unwrap();
        Self::over(Arc::new(backend), settings)
    }

    /// A server over a backend.
    pub(crate) fn over(backend: Arc<Local>, settings: Settings) -> Self {
        let server = Server::bind(settings).unwrap();
        let address = server.address();
        let (stop, stopped) = oneshot::channel();
        let served = Arc::clone(&backend);
        let thread = std::thread::spawn(move || {
            server.run(served, async {
                stopped.await.ok();
            });
        });
        Self { backend, address, document: OnceLock::new(), stop: Some(stop), thread: Some(thread) }
    }

    /// Tells the server to stop; it finishes what it accepted.
    pub(crate) fn begin_to_stop(&mut self) {
        drop(self.stop.take());
    }

    /// A new key of a client.
    pub(crate) fn key(&self, client: &str, platform: &str, scope: Scope) -> String {
        let origin = Origin::new(client, platform).unwrap();
        self.backend.add_key(&origin, scope).unwrap().1.expose().to_owned()
    }

    /// A caller with a new key.
    pub(crate) fn caller(&self, client: &str, platform: &str, scope: Scope) -> Caller<'_> {
        let key = self.key(client, platform, scope);
        Caller { served: self, client: client.to_owned(), key }
    }

    /// A connection of its own.
    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// The API document.
    pub(crate) fn document(&self) -> &serde_json::Value {
        let get = b"GET /openapi.json HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        self.document.get_or_init(|| self.send(get).json())
    }

    /// Sends bytes as they are on a connection of their own, and reads the answer to its end. It has to
    /// be one that the API document tells of.
    pub(crate) fn raw(&self, request: &[u8]) -> Response {
        let response = self.send(request);
        documented::check(self.document(), request, &response);
        response
    }

    fn send(&self, request: &[u8]) -> Response {
        let mut stream = self.connect();
        // A server that has refused already may not read all of it.
        stream.write_all(request).ok();
        read(&mut stream)
    }

    /// Calls without a key.
    pub(crate) fn call(&self, method: &str, path: &str, headers: &str, body: &str) -> Response {
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             content-length: {length}\r\n{headers}\r\n{body}"
        );
        self.raw(request.as_bytes())
    }
}

/// Reads an answer from a connection that the server closes after it.
pub(crate) fn read(stream: &mut TcpStream) -> Response {
    let mut bytes = Vec::new();
    // A connection that was reset has still given what came before.
    stream.read_to_end(&mut bytes).ok();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Response { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
}

impl Response {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The code in the body.
    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The plain text in the body.
    pub(crate) fn text(&self) -> String {
        self.json()["text"].as_str().unwrap_or_default().to_owned()
    }
}

/// A client with its key.
pub(crate) struct Caller<'s> {
    served: &'s Served,
    client: String,
    pub(crate) key: String,
}

impl Caller<'_> {
    /// The headers that say who calls.
    pub(crate) fn headers(&self) -> String {
        format!("client: {}\r\nx-api-key: {}\r\n", self.client, self.key)
    }

    /// Posts JSON.
    pub(crate) fn post(&self, path: &str, body: &str) -> Response {
        self.post_with("", path, body)
    }

    /// Posts JSON with more headers.
    pub(crate) fn post_with(&self, headers: &str, path: &str, body: &str) -> Response {
        let headers = format!("{}content-type: application/json\r\n{headers}", self.headers());
        self.served.call("POST", path, &headers, body)
    }

    /// Gets something.
    pub(crate) fn get(&self, path: &str) -> Response {
        self.served.call("GET", path, &self.headers(), "")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.begin_to_stop();
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}
