//! A program of others that runs beside the server, on ports of this machine.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long anything that has to come about may take, and how long a look for it rests.
const PATIENCE: Duration = Duration::from_secs(120);
const REST: Duration = Duration::from_millis(100);

/// A process that is killed when this goes.
#[derive(Debug)]
pub(crate) struct Counterpart(Child);

impl Counterpart {
    /// Starts a command.
    pub(crate) fn start(command: &mut Command) -> Self {
        let started = command.stdin(Stdio::null()).spawn();
        Self(started.unwrap_or_else(|cause| panic!("{command:?} can't be run: {cause}")))
    }

    /// The process's number.
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// Whether it has ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.0.try_wait().is_ok_and(|ended| ended.is_some())
    }

    /// Waits until it has ended.
    pub(crate) fn wait(&mut self) {
        self.0.wait().ok();
    }
}

impl Drop for Counterpart {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// How many bytes of memory a process takes.
pub(crate) fn memory(process: u32) -> usize {
    let file = format!("/proc/{process}/status");
    let status = fs::read_to_string(file).expect("the system tells of processes in /proc");
    let kib =
        status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB"));
    kib.expect("its resident memory").trim().parse::<usize>().expect("a number") << 10
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    listener.local_addr().expect("it has one").port()
}

/// Looks until there is something; it has to come in time.
#[track_caller]
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "{what} did not come about");
        thread::sleep(REST);
    }
}
