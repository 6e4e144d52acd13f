//! One call over HTTP: sent, sent again with jittered pauses while the server is away, and read.

use std::io::{BufRead as _, BufReader};
use std::ops::ControlFlow;
use std::time::Duration;

use backon::{BlockingRetryable as _, ExponentialBuilder};
use gmbot_backend::{BackendError, Secret};
use gmbot_engine::Reply;
use gmbot_engine::store::{StoreError, StoreErrorKind};
use serde::Serialize;
use serde::de::DeserializeOwned;
use ureq::http::{Response, StatusCode};
use ureq::{Agent, RequestBuilder};

use crate::wire::{self, Problem, Told, path};

/// How long one try may take.
const ONE_TRY: Duration = Duration::from_secs(60);
/// How long finding the server may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How often a call is tried again.
const RETRIES: usize = 5;
/// The first pause; each further one is twice as long, and chance adds up to as much again.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// The largest answer that is read: a proof image, and room to spare.
const MOST_BYTES: u64 = 32 * 1024 * 1024;

/// Where calls go, and as whom.
#[derive(Debug, Clone)]
pub(crate) struct Transport {
    agent: Agent,
    url: String,
    client: String,
    key: Secret,
}

/// What a try came to.
type Got = Result<Response<ureq::Body>, ureq::Error>;

/// Why a try failed.
enum Failed {
    /// It may succeed if it is tried again.
    ForNow(BackendError),
    /// It won't.
    ForGood(BackendError),
}

impl From<Failed> for BackendError {
    fn from(failed: Failed) -> Self {
        let (Failed::ForNow(error) | Failed::ForGood(error)) = failed;
        error
    }
}

impl Transport {
    pub(crate) fn new(url: &str, client: &str, key: Secret) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(ONE_TRY))
            .timeout_connect(Some(CONNECT))
            .max_redirects(0)
            .user_agent(concat!("gmbot/", env!("CARGO_PKG_VERSION")))
            .build();
        let url = url.trim_end_matches('/').to_owned();
        Self { agent: config.into(), url, client: client.to_owned(), key }
    }

    /// Sends a body and reads the answer as JSON.
    pub(crate) fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, BackendError> {
        let bytes = self.post_for_bytes(path, body)?;
        self.parse(&bytes)
    }

    /// Sends a body and reads the answer as it is.
    pub(crate) fn post_for_bytes(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<Vec<u8>, BackendError> {
        let body = serde_json::to_vec(body).map_err(|error| self.unreachable(&error))?;
        self.retried(|| {
            let sent = self.request(self.agent.post(format!("{}{path}", self.url)));
            self.read(sent.content_type("application/json").send(&body[..]))
        })
    }

    /// Tells what happened, under a key; a rule's refusal is a reply as well.
    pub(crate) fn tell(&self, told: &Told, key: &str) -> Result<Reply, BackendError> {
        let body = serde_json::to_vec(told).map_err(|error| self.unreachable(&error))?;
        let bytes = self.retried(|| {
            let sent = self.request(self.agent.post(format!("{}{}", self.url, path::FACTS)));
            let sent = sent.header(wire::IDEMPOTENCY_KEY, key).content_type("application/json");
            let (status, bytes) = self.received(sent.send(&body[..]))?;
            if serde_json::from_slice::<Reply>(&bytes).is_ok() {
                return Ok(bytes);
            }
            self.succeeded(status, bytes)
        })?;
        self.parse(&bytes)
    }

    /// Asks once for events, and calls `heard` at each line of what comes until it says that nobody
    /// listens, or the stream ends.
    pub(crate) fn listen(
        &self,
        path: &str,
        mut heard: impl FnMut(&str) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, BackendError> {
        let got = self.request(self.agent.get(format!("{}{path}", self.url))).call();
        let mut response = got.map_err(|error| self.unreachable(&error))?;
        if !response.status().is_success() {
            let (status, bytes) = self.received(Ok(response))?;
            return Err(self.refused(status, &bytes).into());
        }
        let lines = BufReader::new(response.body_mut().as_reader()).lines();
        // A connection ends after a while, and then there is another: how does not matter.
        for line in lines.map_while(Result::ok) {
            if heard(&line).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Sends a body once, and reads the answer as JSON: for what is not worth waiting for.
    pub(crate) fn post_once<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, BackendError> {
        let body = serde_json::to_vec(body).map_err(|error| self.unreachable(&error))?;
        let sent = self.request(self.agent.post(format!("{}{path}", self.url)));
        let bytes = self.read(sent.content_type("application/json").send(&body[..]))?;
        self.parse(&bytes)
    }

    /// Asks once for something.
    pub(crate) fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, BackendError> {
        let got = self.request(self.agent.get(format!("{}{path}", self.url))).call();
        let bytes = self.read(got)?;
        self.parse(&bytes)
    }

    /// Tries a call until it succeeds, or has failed too often. The idempotency key is in its body,
    /// so that it is carried out once however often it arrives.
    fn retried(&self, call: impl Fn() -> Result<Vec<u8>, Failed>) -> Result<Vec<u8>, BackendError> {
        let pauses = ExponentialBuilder::default()
            .with_min_delay(FIRST_PAUSE)
            .with_max_times(RETRIES)
            .with_jitter();
        let tried = call.retry(pauses).when(|failed| matches!(failed, Failed::ForNow(_)));
        tried.call().map_err(BackendError::from)
    }

    /// A request with the headers that say who sends it.
    fn request<B>(&self, request: RequestBuilder<B>) -> RequestBuilder<B> {
        request.header(wire::CLIENT, &self.client).header(wire::KEY, self.key.expose())
    }

    fn read(&self, got: Got) -> Result<Vec<u8>, Failed> {
        let (status, bytes) = self.received(got)?;
        self.succeeded(status, bytes)
    }

    fn received(&self, got: Got) -> Result<(StatusCode, Vec<u8>), Failed> {
        let mut response = got.map_err(|error| Failed::ForNow(self.unreachable(&error)))?;
        let status = response.status();
        let read = response.body_mut().with_config().limit(MOST_BYTES).read_to_vec();
        let bytes = read.map_err(|error| Failed::ForNow(self.unreachable(&error)))?;
        Ok((status, bytes))
    }

    fn succeeded(&self, status: StatusCode, bytes: Vec<u8>) -> Result<Vec<u8>, Failed> {
        if status.is_success() { Ok(bytes) } else { Err(self.refused(status, &bytes)) }
    }

    /// What an answer means that is no success.
    fn refused(&self, status: StatusCode, bytes: &[u8]) -> Failed {
        let Ok(Problem { code, text }) = serde_json::from_slice(bytes) else {
            let error = self.unreachable(&format!("it answers {status}, and not as gmbot does"));
            let passing = status.is_server_error();
            return if passing { Failed::ForNow(error) } else { Failed::ForGood(error) };
        };
        match status {
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => {
                let kind = StoreErrorKind::Busy;
                Failed::ForNow(StoreError { kind, message: text }.into())
            }
            _ if code == "E_UNKNOWN_TOKEN" => Failed::ForGood(BackendError::UnknownToken),
            _ => Failed::ForGood(BackendError::Denied(text)),
        }
    }

    fn parse<T: DeserializeOwned>(&self, bytes: &[u8]) -> Result<T, BackendError> {
        serde_json::from_slice(bytes).map_err(|error| self.unreachable(&error))
    }

    fn unreachable(&self, cause: &impl ToString) -> BackendError {
        BackendError::Unreachable { url: self.url.clone(), cause: cause.to_string() }
    }
}
