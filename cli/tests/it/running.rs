//! Faces that run in the real binary, and how they end.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::process::ExitStatus;

use rustix::process::{Pid, Signal, kill_process};
use wait_timeout::ChildExt as _;

use crate::Program;
use crate::serving::{Call, PATIENCE, Serving};

/// Starts a line that serves.
fn start(program: &Program, line: &str) -> Serving {
    Serving::start(&mut program.command(line.split(' ')))
}

/// Sends a signal, and waits for the end.
pub(crate) fn ended_by(serving: &mut Serving, signal: Signal) -> ExitStatus {
    let id = i32::try_from(serving.child.id()).ok().and_then(Pid::from_raw);
    kill_process(id.expect("it has an id"), signal).expect("it runs");
    serving.child.wait_timeout(PATIENCE).expect("it is ours").expect("it ends in time")
}

#[test]
fn what_is_asked_to_end_ends_in_order_and_frees_its_port() {
    for signal in [Signal::TERM, Signal::INT] {
        let program = Program::new();
        let settings = "faces = [\"http\"]\n[http]\nlisten = \"127.0.0.1:0\"\n";
        fs::write(program.path("gmbot.toml"), settings).expect("a file can be written");
        let mut serving = start(&program, "run --log-level warn");
        assert_eq!(serving.call(&Call::get("/healthz", "")).status, 200);
        assert_eq!(ended_by(&mut serving, signal).code(), Some(0), "{signal:?}");
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
    let mut serving = start(&program, "serve --log-level warn --listen 127.0.0.1:0");
    assert_eq!(ended_by(&mut serving, Signal::TERM).code(), Some(0));
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
