//! Thousands of connections that say nothing, clients that send a byte a second, and bodies that are
//! too large: the server answers everybody else, and lets go of all of them in time.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::json;

use crate::Extent;
use crate::client::{Client, person, server};
use crate::counterpart::memory;
use crate::program::Program;
use crate::report::Report;
use crate::serving::{Call, PATIENCE, Serving};

/// How many connections are idle, how many send a byte a second, and how many calls are made beside
/// them.
const IDLE: usize = 5_000;
const SLOW: usize = 50;
const CALLS: usize = 500;
/// How many files this process opens besides.
const OTHERS: u64 = 500;
/// How many bytes an idle connection may take in the server.
const BYTES_A_CONNECTION: usize = 32 << 10;
/// A byte more than a body may have.
const TOO_LARGE: usize = (64 << 10) + 1;
/// Long enough to open all connections on a busy machine before the first is let go.
const HEAD: u64 = 30;

pub(crate) fn run(_extent: Extent, report: &Report) {
    make_room();
    let program = Program::new();
    let client = Client::new(&program);
    let serve = format!(
        "--set http.calls_per_key=1000000 --set http.head={HEAD}s serve --listen 127.0.0.1:0"
    );
    let serving = program.serve(&serve);
    let call = |n: usize| create(n, &client);
    assert_eq!(serving.call(&call(0)).status, 201);
    let before = memory(serving.child.id());

    let mut idle: Vec<TcpStream> = (0..IDLE).map(|_| connect(&serving)).collect();
    let mut slow: Vec<Slow> = (0..SLOW).map(|_| Slow::new(connect(&serving))).collect();
    // The last one is accepted when all are.
    assert_eq!(serving.call(&call(1)).status, 201);
    let held = open_files(&serving);
    assert!(held >= IDLE + SLOW, "the server holds {held} files");
    let grown = memory(serving.child.id()).saturating_sub(before);

    let large = Call { body: format!("\"{}\"", "x".repeat(TOO_LARGE - 2)), ..call(0) };
    let mut took = Vec::new();
    for n in 2..CALLS + 2 {
        slow.iter_mut().for_each(Slow::go_on);
        let begun = Instant::now();
        assert_eq!(serving.call(&call(n)).status, 201);
        took.push(begun.elapsed());
        if n % 5 == 0 {
            let refused = serving.call(&large);
            assert_eq!((refused.status, refused.code().as_str()), (413, "E_TOO_LARGE"));
        }
    }
    assert!(grown <= (IDLE + SLOW) * BYTES_A_CONNECTION, "{grown} bytes more");

    // Each of them ends without its doing; what the server may say before does not matter.
    for stream in &mut idle {
        stream.read_to_end(&mut Vec::new()).ok();
    }
    while slow.iter().any(|one| !one.ended) {
        slow.iter_mut().for_each(Slow::go_on);
    }
    assert_eq!(serving.call(&Call::get("/healthz", "")).status, 200);
    let left = open_files(&serving);
    assert!(left < IDLE / 10, "the server still holds {left} files");

    took.sort();
    let add = |what, value: String| report.add("idle", what, value);
    add("idle connections, and such that send a byte a second", format!("{IDLE}, {SLOW}"));
    add(
        "memory of the server before them, and for each",
        format!("{} MiB, {:.1} KiB", before >> 20, grown as f64 / 1024.0 / (IDLE + SLOW) as f64),
    );
    add(
        "createwar beside them: median, longest",
        format!("{:?}, {:?}", took[took.len() / 2], took[took.len() - 1]),
    );
}

/// Lets this process, and the server that it starts, have as many files as the system allows.
fn make_room() {
    let limit = getrlimit(Resource::Nofile);
    let wanted = IDLE as u64 + OTHERS;
    let most = limit.maximum.unwrap_or(u64::MAX);
    assert!(
        most >= wanted,
        "this takes {wanted} open files: raise the hard limit (`ulimit -Hn`), which is {most}"
    );
    if limit.current.is_some_and(|current| current < wanted) {
        setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), ..limit })
            .expect("it is below the hard limit");
    }
}

fn create(n: usize, client: &Client) -> Call {
    let id = n.to_string();
    let body = json!({"server": server(&id), "players": [person(&id)], "game": 4});
    client.post("/createwar", Some(&format!("create-{n}")), &body)
}

fn connect(to: &Serving) -> TcpStream {
    let stream = TcpStream::connect(to.address).expect("the server listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time");
    stream
}

/// How many files and connections the server has open.
fn open_files(serving: &Serving) -> usize {
    let folder = format!("/proc/{}/fd", serving.child.id());
    fs::read_dir(folder).expect("the system tells of open files in /proc").count()
}

/// A client that begins a request and sends a byte a second.
struct Slow {
    stream: TcpStream,
    sent_at: Option<Instant>,
    ended: bool,
}

impl Slow {
    fn new(mut stream: TcpStream) -> Self {
        stream.write_all(b"GET /healthz HTTP/1.1\r\nx-slow: ").expect("the server listens");
        stream.set_nonblocking(true).expect("a stream");
        Self { stream, sent_at: None, ended: false }
    }

    /// Sends its next byte when it is time, and looks whether the server has had enough.
    fn go_on(&mut self) {
        if self.sent_at.is_some_and(|at| at.elapsed() < Duration::from_secs(1)) {
            return;
        }
        self.sent_at = Some(Instant::now());
        let ended = matches!(self.stream.read(&mut [0; 512]), Ok(0))
            || self.stream.write_all(b"x").is_err();
        self.ended |= ended;
    }
}
