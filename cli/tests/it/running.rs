//! Faces that run in the real binary, and how they end.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use wait_timeout::ChildExt as _;

use crate::Program;

/// How long a test waits for anything.
const PATIENCE: Duration = Duration::from_secs(30);

/// A process that serves; it is killed if it is still there when this goes.
struct Serving {
    child: Child,
    address: SocketAddr,
}

impl Serving {
    /// Starts a line, and reads where it listens.
    fn start(program: &Program, line: &str) -> Self {
        let mut command = program.command(line.split(' '));
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the binary runs");
        let mut said = String::new();
        let out = child.stdout.take().expect("it is piped");
        BufReader::new(out).read_line(&mut said).expect("it says something");
        let address = said.trim().strip_prefix("listening at http://");
        let address = address.unwrap_or_else(|| panic!("it says {said}")).parse();
        Self { child, address: address.expect("an address") }
    }

    /// Asks for something that needs no key.
    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(self.address).expect("somebody listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time");
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
    }

    /// Sends a signal, and waits for the end.
    fn ended_by(&mut self, signal: Signal) -> ExitStatus {
        let id = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        kill_process(id.expect("it has an id"), signal).expect("it runs");
        self.child.wait_timeout(PATIENCE).expect("it is ours").expect("it ends in time")
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[test]
fn what_is_asked_to_end_ends_in_order_and_frees_its_port() {
    for signal in [Signal::TERM, Signal::INT] {
        let program = Program::new();
        let settings = "faces = [\"http\"]\n[http]\nlisten = \"127.0.0.1:0\"\n";
        fs::write(program.path("gmbot.toml"), settings).expect("a file can be written");
        let mut serving = Serving::start(&program, "run");
        let answer = serving.get("/healthz");
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert_eq!(serving.ended_by(signal).code(), Some(0), "{signal:?}");
        TcpStream::connect(serving.address).expect_err("nobody listens any more");
        assert!(program.done("verify").starts_with("sound"));
    }
}

#[test]
fn serve_is_run_with_one_face_and_its_own_options() {
    let program = Program::new();
    // The option wins over the file, whose address nobody could take.
    let settings = "[http]\nlisten = \"192.0.2.1:1\"\n";
    fs::write(program.path("gmbot.toml"), settings).expect("a file can be written");
    let mut serving = Serving::start(&program, "serve --listen 127.0.0.1:0");
    assert_eq!(serving.ended_by(Signal::TERM).code(), Some(0));
}

#[test]
fn a_port_that_is_taken_is_told_before_anything_begins() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = taken.local_addr().expect("it has one");
    let program = Program::new();
    let ended = program.line(&format!("--set faces=http --set http.listen={address} run"));
    assert_eq!((ended.status, ended.out.as_str()), (Some(3), ""), "{ended:?}");
    assert!(ended.err.contains(&format!("can't listen at {address}")), "{ended:?}");
    assert!(!program.db().exists(), "no database was made");
}
