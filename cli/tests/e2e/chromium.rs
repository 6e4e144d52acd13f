//! A real Chromium without a screen, driven over its DevTools protocol.

use std::fs;
use std::net::TcpStream;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;
use tungstenite::{Message, WebSocket, client};

use crate::counterpart::{Counterpart, until};
use crate::installed;
use crate::serving::PATIENCE;

/// How it is started: headless, and without asking anybody anything.
const FLAGS: &[&str] = &[
    "--headless",
    "--hide-scrollbars",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
];

/// A browser with one page.
pub(crate) struct Chromium {
    socket: WebSocket<TcpStream>,
    session: Option<String>,
    calls: u64,
    /// What pages complained of.
    complaints: Vec<String>,
    _process: Counterpart,
    _profile: TempDir,
}

impl Chromium {
    pub(crate) fn start() -> Self {
        let profile = tempfile::tempdir().expect("a temporary folder can be made");
        let mut command = Command::new(installed::system("chromium"));
        command.args(FLAGS).arg(format!("--user-data-dir={}", profile.path().display()));
        let process = Counterpart::start(
            command.arg("about:blank").stdout(Stdio::null()).stderr(Stdio::null()),
        );
        let port = profile.path().join("DevToolsActivePort");
        let (port, path) = until("Chromium", || {
            let text = fs::read_to_string(&port).ok()?;
            let (port, path) = text.split_once('\n')?;
            Some((port.parse::<u16>().ok()?, path.to_owned()))
        });
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("Chromium listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time");
        let (socket, _) =
            client(format!("ws://127.0.0.1:{port}{path}"), stream).expect("it speaks WebSocket");
        let mut started = Self {
            socket,
            session: None,
            calls: 0,
            complaints: Vec::new(),
            _process: process,
            _profile: profile,
        };
        let page = started.call("Target.createTarget", json!({"url": "about:blank"}));
        let attached = json!({"targetId": page["targetId"], "flatten": true});
        let attached = started.call("Target.attachToTarget", attached);
        started.session = attached["sessionId"].as_str().map(str::to_owned);
        started.call("Log.enable", json!({}));
        started.call("Runtime.enable", json!({}));
        started
    }

    /// Calls a method of the protocol, and waits for what it returns.
    fn call(&mut self, method: &str, params: Value) -> Value {
        self.calls += 1;
        let mut call = json!({"id": self.calls, "method": method, "params": params});
        if let Some(session) = &self.session {
            call["sessionId"] = json!(session);
        }
        self.socket.send(Message::Text(call.to_string())).expect("Chromium listens");
        loop {
            let message = self.socket.read().expect("Chromium answers");
            let Ok(text) = message.to_text() else { continue };
            let Ok(mut told) = serde_json::from_str::<Value>(text) else { continue };
            if told["id"] == self.calls {
                assert!(told["error"].is_null(), "{method}: {}", told["error"]);
                return told["result"].take();
            }
            if let Some("Log.entryAdded" | "Runtime.exceptionThrown") = told["method"].as_str() {
                self.complaints.push(told["params"].to_string());
            }
        }
    }

    /// Opens a page, and waits until it is loaded.
    pub(crate) fn open(&mut self, url: &str) {
        self.call("Page.navigate", json!({"url": url}));
        let loaded = format!("document.readyState === 'complete' && location.href === '{url}'");
        until(url, || (self.evaluate(&loaded) == json!(true)).then_some(()));
    }

    /// What an expression is on the page.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Value {
        let asked = json!({"expression": expression, "returnByValue": true});
        self.call("Runtime.evaluate", asked)["result"]["value"].take()
    }

    /// Waits until an expression is true on the page.
    pub(crate) fn wait_for(&mut self, expression: &str) {
        until(expression, || (self.evaluate(expression) == json!(true)).then_some(()));
    }

    /// Looks at pages through a window so wide, in a light or a dark room.
    pub(crate) fn look(&mut self, width: u32, scheme: &str) {
        let mobile = width < 600;
        let window =
            json!({"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": mobile});
        self.call("Emulation.setDeviceMetricsOverride", window);
        let feature = json!({"name": "prefers-color-scheme", "value": scheme});
        self.call("Emulation.setEmulatedMedia", json!({"features": [feature]}));
    }

    /// A picture of the whole page, as PNG.
    pub(crate) fn picture(&mut self) -> Vec<u8> {
        let whole = json!({"format": "png", "captureBeyondViewport": true});
        let taken = self.call("Page.captureScreenshot", whole);
        STANDARD.decode(taken["data"].as_str().expect("base64")).expect("base64")
    }

    /// What pages complained of since the last time: scripts that failed, files that were refused.
    pub(crate) fn complaints(&mut self) -> Vec<String> {
        std::mem::take(&mut self.complaints)
    }
}
