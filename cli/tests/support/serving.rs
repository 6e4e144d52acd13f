//! The real program while it serves, in a process of its own, and plain HTTP to it.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

/// How long anybody waits for an answer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A process that serves; it is killed if it is still there when this goes.
pub(crate) struct Serving {
    pub(crate) child: Child,
    pub(crate) address: SocketAddr,
    /// Open for as long as the process: it may say more.
    _out: BufReader<ChildStdout>,
}

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Header lines, each with its end.
    pub(crate) headers: String,
    pub(crate) body: String,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// A request on its way, on a connection of its own.
#[derive(Debug)]
pub(crate) struct Sent(TcpStream);

impl Serving {
    /// Starts a command, and reads where it listens.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the binary runs");
        let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut said = String::new();
        out.read_line(&mut said).expect("it says something");
        let address = said.trim().strip_prefix("listening at http://");
        let address = address.unwrap_or_else(|| panic!("it says `{said}`")).parse();
        Self { child, address: address.expect("an address"), _out: out }
    }

    /// Sends a request, and reads the answer.
    pub(crate) fn call(&self, call: &Call) -> Answer {
        let sent = call.send(self.address).expect("the server listens");
        sent.answer().expect("the server answers").expect("a whole answer")
    }
}

impl Call {
    pub(crate) fn get(path: &str, headers: &str) -> Self {
        let (path, headers) = (path.to_owned(), headers.to_owned());
        Self { method: "GET".to_owned(), path, headers, body: String::new() }
    }

    /// Sends it, and does not wait for the answer.
    ///
    /// # Errors
    /// When nobody listens.
    pub(crate) fn send(&self, to: SocketAddr) -> io::Result<Sent> {
        let mut stream = TcpStream::connect(to)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        // A server that has refused already may not read all of it.
        stream.write_all(&self.bytes()).ok();
        Ok(Sent(stream))
    }

    /// The request as it goes over a connection that ends after it.
    fn bytes(&self) -> Vec<u8> {
        let Self { method, path, headers, body } = self;
        let length = body.len();
        let text = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             {headers}content-length: {length}\r\n\r\n{body}"
        );
        text.into_bytes()
    }
}

impl Sent {
    /// Waits for the answer; none if the connection broke before it was whole.
    ///
    /// # Errors
    /// When there is none in time.
    pub(crate) fn answer(mut self) -> io::Result<Option<Answer>> {
        let mut bytes = Vec::new();
        match self.0.read_to_end(&mut bytes) {
            Err(late) if late.kind() == io::ErrorKind::WouldBlock => Err(late),
            // What came before a connection was reset has come.
            Ok(_) | Err(_) => Ok(Answer::parse(&bytes)),
        }
    }
}

impl Answer {
    /// Reads an answer; none if the end is missing.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let mut headers = head.lines().filter_map(|line| line.split_once(": "));
        let length = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        let whole = length.is_none_or(|(_, length)| length.parse() == Ok(body.len()));
        whole.then(|| Self { status, body: body.to_owned() })
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
