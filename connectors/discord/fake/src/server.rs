//! The HTTP server: requests are read, written down, harmed on demand, and carried out.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::stream;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use hyper::http::request::Parts;
use hyper::service::service_fn;
use hyper::{HeaderMap, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;

use crate::Shared;
use crate::call::{Call, Reply};
use crate::faults::{self, Harm};
use crate::refusal::{NO_ROUTE, NOT_JSON, Refusal, UNAUTHORIZED};
use crate::requests;
use crate::routes::{Match, Routes};
use crate::state::{File, State};

const BASE: &str = "/api/v10";

pub(crate) async fn listen(listener: TcpListener, shared: Arc<Shared>) {
    let routes = Arc::new(Routes::new());
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve(stream, Arc::clone(&shared), Arc::clone(&routes)));
    }
}

/// Answers what comes over a connection.
pub(crate) async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    shared: Arc<Shared>,
    routes: Arc<Routes>,
) {
    let service = service_fn(|request| answer(&shared, &routes, request));
    let http = hyper::server::conn::http1::Builder::new();
    // A connection that ends early is the bot's matter, or was asked for.
    drop(http.serve_connection(TokioIo::new(stream), service).await);
}

type Answered = Result<Response<Full<Bytes>>, io::Error>;

/// Answers a request. An error ends the connection without an answer.
async fn answer(shared: &Shared, routes: &Routes, request: Request<Incoming>) -> Answered {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    if let Some(file) = head.uri.path().strip_prefix("/attachments/") {
        return Ok(shared.read(|state| respond(fetch(state, file))));
    }
    let path = head.uri.path().strip_prefix(BASE);
    let found = path.and_then(|path| routes.find(&head.method, path));
    let path = found.as_ref().map_or(head.uri.path(), |found| found.path);
    let route = format!("{} {path}", head.method);
    let (json, files) = split(&head.headers, body).await;
    let number = shared.change(|state| state.note(&route, &head, &json, &files));
    let harm = shared.change(|state| faults::harm(&mut state.faults, &route));
    match harm {
        Some(Harm::Broken) => return Err(broken()),
        Some(Harm::Slow(by)) => tokio::time::sleep(by).await,
        _ => {}
    }
    let response = shared.change(|state| {
        let response = match harm {
            Some(Harm::RateLimit { after, global }) => rate_limited(after, global),
            Some(Harm::Status(status)) => failed(status),
            _ => respond(carry_out(state, &head, found, &json, files)),
        };
        state.note_status(number, response.status(), harm == Some(Harm::Lost));
        response
    });
    match harm {
        Some(Harm::Lost) => return Err(broken()),
        Some(Harm::Late(by)) => tokio::time::sleep(by).await,
        _ => {}
    }
    Ok(response)
}

/// Lets the endpoint of a request do its work.
fn carry_out(
    state: &mut State,
    head: &Parts,
    found: Option<Match>,
    json: &Bytes,
    files: Vec<File>,
) -> Result<Reply, Refusal> {
    let found = found.ok_or(NO_ROUTE)?;
    authorised(state, &head.headers, found.path)?;
    let call = call(found.named, head.uri.query().unwrap_or_default(), json, files)?;
    (found.endpoint)(state, &call)
}

impl State {
    /// Writes a request down, and gives its number.
    fn note(&mut self, route: &str, head: &Parts, json: &Bytes, files: &[File]) -> u64 {
        self.requested += 1;
        self.requests.push(requests::Request {
            at: Instant::now(),
            route: route.to_owned(),
            path: head.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
            body: json.to_vec(),
            files: files.iter().map(|file| (file.name.clone(), file.bytes.len())).collect(),
            status: None,
            lost: false,
            number: self.requested,
        });
        self.requested
    }

    /// Writes down how a request was answered, unless a test forgot it meanwhile.
    fn note_status(&mut self, number: u64, status: StatusCode, lost: bool) {
        let mut requests = self.requests.iter_mut().rev();
        if let Some(request) = requests.find(|request| request.number == number) {
            request.status = Some(status.as_u16());
            request.lost = lost;
        }
    }
}

fn broken() -> io::Error {
    io::Error::from(io::ErrorKind::ConnectionAborted)
}

/// The JSON and the files of a body.
async fn split(headers: &HeaderMap, body: Bytes) -> (Bytes, Vec<File>) {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let Ok(boundary) = multer::parse_boundary(kind) else { return (body, Vec::new()) };
    let whole = stream::iter([Ok::<_, Infallible>(body)]);
    let mut form = multer::Multipart::new(whole, boundary);
    let (mut json, mut files) = (Bytes::new(), Vec::new());
    while let Ok(Some(field)) = form.next_field().await {
        let named = field.file_name().map(str::to_owned);
        let kind = field.content_type().map_or(String::new(), ToString::to_string);
        let is_json = field.name() == Some("payload_json");
        let Ok(bytes) = field.bytes().await else { break };
        match named {
            Some(name) => files.push(File { name, kind, bytes: bytes.to_vec() }),
            None if is_json => json = bytes,
            None => {}
        }
    }
    (json, files)
}

fn call(
    named: std::collections::BTreeMap<String, String>,
    query: &str,
    json: &Bytes,
    files: Vec<File>,
) -> Result<Call, Refusal> {
    let decode = |text: String| percent_decode_str(&text).decode_utf8_lossy().into_owned();
    let body = match json.is_empty() {
        true => None,
        false => Some(serde_json::from_slice(json).map_err(|_not_json| NOT_JSON)?),
    };
    Ok(Call {
        named: named.into_iter().map(|(name, value)| (name, decode(value))).collect(),
        query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        body,
        files,
    })
}

/// Checks the bot's token; what has a token in its path needs none besides.
fn authorised(state: &State, headers: &HeaderMap, path: &str) -> Result<(), Refusal> {
    let by_path = path.contains("_token}");
    let expected = format!("Bot {}", state.token);
    let given =
        headers.get(AUTHORIZATION).is_some_and(|given| given.as_bytes() == expected.as_bytes());
    if by_path || given { Ok(()) } else { Err(UNAUTHORIZED) }
}

/// The file of a path: channel, id and name.
fn fetch(state: &State, path: &str) -> Result<Reply, Refusal> {
    let id = path.split('/').nth(1).and_then(|id| id.parse::<u64>().ok()).filter(|id| *id > 0);
    let file = id.and_then(|id| state.files.get(&id.into()));
    file.map(|file| Reply::File(file.clone())).ok_or(NO_ROUTE)
}

fn respond(answer: Result<Reply, Refusal>) -> Response<Full<Bytes>> {
    match answer {
        Ok(Reply::Json(status, value)) => json_response(status, &value),
        Ok(Reply::Nothing) => {
            let mut response = Response::new(Full::default());
            *response.status_mut() = StatusCode::NO_CONTENT;
            response
        }
        Ok(Reply::File(file)) => {
            let mut response = Response::new(Full::from(file.bytes));
            if let Ok(kind) = file.kind.parse() {
                response.headers_mut().insert(CONTENT_TYPE, kind);
            }
            response
        }
        Err(refusal) => json_response(refusal.status, &refusal.body()),
    }
}

fn json_response(status: StatusCode, value: &Value) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(value.to_string()));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static("application/json"));
    response
}

fn failed(status: u16) -> Response<Full<Bytes>> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    json_response(status, &json!({ "code": 0, "message": format!("{status}") }))
}

fn rate_limited(after: Duration, global: bool) -> Response<Full<Bytes>> {
    let seconds = after.as_secs_f64();
    let body = json!({
        "code": 0,
        "message": "You are being rate limited.",
        "retry_after": seconds,
        "global": global,
    });
    let mut response = json_response(StatusCode::TOO_MANY_REQUESTS, &body);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let reset = now.map_or(0.0, |now| now.as_secs_f64()) + seconds;
    let mut headers = vec![
        ("retry-after", format!("{}", seconds.ceil())),
        ("x-ratelimit-limit", "5".to_owned()),
        ("x-ratelimit-remaining", "0".to_owned()),
        ("x-ratelimit-reset", format!("{reset:.3}")),
        ("x-ratelimit-reset-after", format!("{seconds:.3}")),
        ("x-ratelimit-bucket", "fake".to_owned()),
        ("x-ratelimit-scope", if global { "global" } else { "user" }.to_owned()),
    ];
    if global {
        headers.push(("x-ratelimit-global", "true".to_owned()));
    }
    for (name, value) in headers {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
